"""The briefing book of 60 meetings: `python -m benchmarks.briefing`, also a part of `make bench`.

Says, as a section of docs/benchmarks.md, how long a book takes beside typst setting as many pages
of the same words without a design, and beside a book of a tenth of the meetings. Uses a database
of its own, made for the run and dropped again.
"""

import json
import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

import typst
from django.db import connection

from benchmarks.report import table
from crm.models import User
from missions.briefing.making import Wanted, make
from missions.briefing.pages import book
from missions.briefing.records import gather
from missions.models import FollowUp, Mission
from tests.factories import (
    make_agreement,
    make_city,
    make_delegate,
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_stop,
    make_user,
)

MEETINGS, ROUNDS = 60, 5
PLAIN = """
#let data = json(bytes(sys.inputs.data))
#for stop in data.stops { for one in stop.meetings { pagebreak(weak: true)
  heading(one.title)
  for part in (one.when, one.clocks, one.purpose) { par(part) } } }
"""


def journey(size: int, reader: User) -> Mission:
    """A mission of so many meetings, each with all that its page can show."""
    city = make_city(f"Nagoya {size}", native_name="名古屋")
    home = make_organisation("Regione Liguria", make_city("Genoa", "IT"), side="home")
    mission = make_mission(
        "Mission to Japan",
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 3, 30),
        aims="Aims. " * 99,
    )
    stop = make_stop(mission, city)
    for number in range(12):
        make_delegate(mission, home, person=make_person(f"Giulia {number}", "Parodi", home))
    for number in range(size):
        firm = make_organisation(f"Firm {number}", city, native_name=f"日本政策金融公庫 {number}")
        people = [
            make_person(f"Haruka {one}", "Tanabe", firm, "Director", native_name="田辺 遥")
            for one in range(3)
        ]
        for month in range(1, 6):
            earlier = make_meeting(
                [firm],
                people,
                title="A talk",
                local_date=date(2026, month, 9),
                outcome="Agreed. " * 30,
            )
        for by in FollowUp.By.values:
            make_followup(firm, meeting=earlier, promised_by=by, assignee=reader)
        make_agreement(
            f"Memorandum {number}", [home, firm], status="signed", signed_on=date(2026, 6, 1)
        )
        make_meeting(
            [firm],
            people,
            mission=mission,
            stop=stop,
            title=f"Meeting {number}",
            status="planned",
            local_date=date(2027, 3, 1) + timedelta(days=number // 4),
            purpose="To agree how a fund could stand behind small firms. " * 8,
            notes="Ours alone. " * 10,
        )
    return mission


def seconds(act: Callable[[], Any]) -> float:
    """This process's own time: other work on the machine does not count."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


def section(first: float, rounds: list[dict[str, float]]) -> list[str]:
    """The figures as Markdown."""
    rows = []
    for file_format in ("pdf", "docx"):
        taken = median(one[file_format] for one in rounds)
        beside = median(one[file_format] / one["plain"] for one in rounds)
        rows.append([file_format, f"{taken:.2f}", f"{beside:.1f}"])
    growth = median(one["pdf"] / one["few"] for one in rounds)
    return [
        "## The briefing book",
        "",
        f"A book of {MEETINGS} meetings, each with its history, promises and agreements: the "
        "process's own seconds, beside typst setting as many pages of the same words without a "
        "design.",
        "",
        *table(["format", "seconds", "× plain typst"], rows),
        f"The first PDF of a process, its fonts read, takes {first:.2f} s; "
        f"{MEETINGS} meetings take {growth:.1f} times as long as {MEETINGS // 10}.",
        "",
    ]


def main() -> None:
    connection.creation.create_test_db(verbosity=0)
    try:
        reader = make_user("officer@example.org", "Officer", name="Olga Officer")
        missions = {size: journey(size, reader) for size in (MEETINGS // 10, MEETINGS)}

        def made(size: int, file_format: str) -> Callable[[], Any]:
            return lambda: make(missions[size], reader, Wanted(file_format, "it", "staff"), "")

        words = json.dumps(book(gather(missions[MEETINGS], reader, for_delegates=False)))

        def plain() -> bytes:
            text: bytes = typst.compile(PLAIN.encode(), sys_inputs={"data": words})
            return text

        first = seconds(made(MEETINGS, "pdf"))
        rounds = []
        for number in range(ROUNDS):
            # Another title each time, so that typst finds nothing set before.
            Mission.objects.update(aims=f"Aims of round {number}. " * 40)
            for mission in missions.values():
                mission.refresh_from_db()
            rounds.append(
                {
                    "pdf": seconds(made(MEETINGS, "pdf")),
                    "docx": seconds(made(MEETINGS, "docx")),
                    "few": seconds(made(MEETINGS // 10, "pdf")),
                    "plain": seconds(plain),
                }
            )
        print("\n".join(section(first, rounds)))
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
