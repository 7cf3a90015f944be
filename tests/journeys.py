"""A whole invented journey for tests and for looking at pages: every noun that a mission has.

Its people, dates and promises are made up; the demonstration data holds none of them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from crm.models import User
from missions.contact import settle_meeting
from missions.models import Agreement, Delegate, FollowUp, Initiative, Meeting, Mission, Stop
from partners.models import City, Organisation, Person, Sector
from tests.factories import (
    make_agreement,
    make_city,
    make_delegate,
    make_followup,
    make_initiative,
    make_meeting,
    make_mission,
    make_organisation,
    make_organiser,
    make_person,
    make_sector,
    make_stop,
    make_task,
)


@dataclass
class Journey:
    """The mission of March 2027 to Tokyo, Nagoya and Tokyo again, and what belongs to it."""

    mission: Mission
    stops: list[Stop]
    meetings: list[Meeting]
    delegates: list[Delegate]
    home: dict[str, Organisation]
    partners: dict[str, Organisation]
    people: dict[str, Person]
    follow_ups: list[FollowUp]
    agreement: Agreement


def the_city(name: str, country: str = "JP", **fields: Any) -> City:
    """The city of that name, made where there is none."""
    return City.objects.filter(name=name, country=country).first() or make_city(
        name, country, **fields
    )


def _organisations(
    tokyo: City, nagoya: City, genoa: City
) -> tuple[dict[str, Organisation], dict[str, Organisation]]:
    finance, robotics = (
        Sector.objects.filter(slug=name.lower()).first() or make_sector(name)
        for name in ("Finance", "Robotics")
    )
    home = {
        "region": make_organisation("Regione Liguria", genoa, side="home", kind="authority"),
        "iit": make_organisation(
            "Istituto Italiano di Tecnologia", genoa, [robotics], side="home", kind="research"
        ),
    }
    partners = {
        "jfc": make_organisation(
            "Japan Finance Corporation",
            tokyo,
            [finance],
            native_name="日本政策金融公庫",
            website="https://www.jfc.example",
            phone="+81 3 5253 1111",
            tier=1,
        ),
        "garage": make_organisation(
            "Nagoya Innovator’s Garage",
            nagoya,
            [robotics],
            native_name="ナゴヤ イノベーターズ ガレージ",
            kind="incubator",
        ),
        "federation": make_organisation(
            "Central Japan Economic Federation",
            nagoya,
            native_name="中部経済連合会",
            kind="federation",
        ),
        "embassy": make_organisation("Embassy of Italy in Japan", tokyo, kind="embassy"),
    }
    return home, partners


def _people(home: dict[str, Organisation], partners: dict[str, Organisation]) -> dict[str, Person]:
    return {
        "head": make_person(
            "Giulia", "Parodi", home["region"], "Councillor", email="parodi@example.it"
        ),
        "engineer": make_person(
            "Luca", "Canepa", home["iit"], "Researcher", mobile="+39 333 1234567"
        ),
        "interpreter": make_person("Aiko", "Morelli", languages="it, ja"),
        "tanabe": make_person(
            "Haruka",
            "Tanabe",
            partners["jfc"],
            "Director",
            native_name="田辺 遥",
            native_reading="たなべ はるか",
            name_order="family",
            form_of_address="Ms",
            languages="ja, en",
            email="tanabe@example.jp",
            phone="+81 3 5253 1112",
        ),
        "suzuki": make_person(
            "Kenji",
            "Suzuki",
            partners["garage"],
            "Manager",
            native_name="鈴木 健二",
            native_reading="すずき けんじ",
            name_order="family",
            form_of_address="Dr",
        ),
    }


def make_journey(officer: User | None = None, **fields: Any) -> Journey:
    """The journey, planned; `fields` are the mission's own."""
    tokyo = the_city("Tokyo", native_name="東京", latitude=35.6895, longitude=139.6917)
    nagoya = the_city("Nagoya", native_name="名古屋", latitude=35.1815, longitude=136.9064)
    genoa = the_city("Genoa", "IT", name_it="Genova", latitude=44.4063, longitude=8.9339)
    home, partners = _organisations(tokyo, nagoya, genoa)
    people = _people(home, partners)
    mission = make_mission(
        **{
            "title": "Spring mission to Japan",
            "status": Mission.Status.PLANNED,
            "initiative": Initiative.objects.first() or make_initiative(),
            "starts_on": date(2027, 3, 8),
            "ends_on": date(2027, 3, 12),
            "aims": "To open two joint laboratories, and to learn how small firms are financed.",
            "emergency": "Embassy of Italy in Japan: +81 3 3453 5291",
            **fields,
        }
    )
    make_organiser(mission, home["region"])
    stops = [
        make_stop(mission, tokyo, 1, starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 9)),
        make_stop(mission, nagoya, 2, starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 11)),
        make_stop(mission, tokyo, 3, starts_on=date(2027, 3, 12), ends_on=date(2027, 3, 12)),
    ]

    def meet(who: str, stop: int, day: int | None, at: str, title: str, **more: Any) -> Meeting:
        made = make_meeting(
            [partners[who]],
            mission=mission,
            stop=stops[stop],
            status=Meeting.Status.PLANNED,
            title=title,
            local_date=date(2027, 3, day) if day else None,
            local_time=time.fromisoformat(at) if at else None,
            duration=60 if at else None,
            author=officer,
            **more,
        )
        settle_meeting(made)
        return made

    meetings = [
        meet("embassy", 0, 8, "09:30", "Welcome by the Ambassador", place="Mita 2-5-4, Minato"),
        meet(
            "jfc", 0, 8, "14:00", "How small firms are financed", purpose="A joint guarantee fund"
        ),
        meet("federation", 1, 10, "10:00", "Round table with the federation"),
        meet("garage", 1, 10, "10:45", "Visit to the Garage", format="site-visit"),
        meet("garage", 1, None, "", "Laboratories, second talk"),
        meet("jfc", 2, 12, "11:00", "Conclusions", is_confidential=True, notes="Ask for the rate."),
    ]
    delegates = [
        make_delegate(mission, home["region"], person=people["head"], role="head"),
        make_delegate(mission, home["iit"], person=people["engineer"], status="confirmed"),
        make_delegate(mission, home["iit"]),
        make_delegate(mission, home["region"], person=people["interpreter"], role="interpreter"),
    ]
    delegates[0].status = delegates[3].status = Delegate.Status.CONFIRMED
    for delegate in delegates:
        delegate.save()
    delegates[1].missed_meetings.add(meetings[0])
    delegates[2].missed_stops.add(stops[2])
    earlier = make_meeting(
        [partners["jfc"]],
        [people["tanabe"]],
        title="First talk in Genoa",
        status=Meeting.Status.HELD,
        local_date=date(2026, 5, 20),
        local_time=time(15, 0),
        time_zone="Europe/Rome",
        city=genoa,
        outcome="They would like to see the laboratories.",
    )
    settle_meeting(earlier)
    follow_ups = [
        make_followup(
            partners["jfc"],
            meeting=earlier,
            what="Send the list of laboratories",
            due_on=date(2026, 6, 30),
            assignee=officer,
        ),
        make_followup(
            partners["jfc"],
            meeting=earlier,
            what="Send the terms of the guarantee",
            promised_by=FollowUp.By.THEM,
            person=people["tanabe"],
            due_on=date(2027, 1, 31),
        ),
        make_followup(
            partners["jfc"],
            meeting=earlier,
            what="Thank the Director",
            due_on=date(2026, 5, 30),
            done_at=datetime(2026, 5, 28, 9, 0, tzinfo=UTC),
        ),
    ]
    agreement = make_agreement(
        "Memorandum on the financing of small firms",
        [home["region"], partners["jfc"]],
        status=Agreement.Status.SIGNED,
        signed_on=date(2026, 6, 15),
        in_force_until=date(2028, 6, 14),
        meeting=earlier,
    )
    make_task(mission, "Book the interpreter", due_on=date(2027, 2, 1), assignee=officer)
    make_task(mission, "Letters of invitation")
    return Journey(
        mission, stops, meetings, delegates, home, partners, people, follow_ups, agreement
    )
