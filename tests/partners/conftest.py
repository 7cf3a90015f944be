"""Two records that are one, with a row of everything that can point at either."""

from datetime import date

import pytest

from missions.models import Attendance, Meeting, Party
from partners.duplicates import refresh
from partners.merging.joining import Wish, join
from partners.models import Organisation, Person
from tests.factories import (
    make_affiliation,
    make_agreement,
    make_delegate,
    make_followup,
    make_meeting,
    make_membership,
    make_organisation,
    make_organiser,
    make_person,
    make_private_link,
)
from tests.merging import say_two


@pytest.fixture
def twins(journey) -> tuple[Organisation, Organisation]:
    """Japan Finance Corporation twice, with a row of everything that can point at either."""
    jfc, garage = journey.partners["jfc"], journey.partners["garage"]
    robotics = jfc.sectors.model.objects.get(slug="robotics")
    twin = make_organisation(
        "JFC",
        jfc.city,
        [*jfc.sectors.all(), robotics],
        phone="03-5253-1111",
        email="info@jfc.example",
        notes="Met at the fair.",
        parent=garage,
    )
    unit = make_organisation("JFC Nagoya branch", parent=twin)
    make_membership(twin, garage, role="Founder")
    make_membership(jfc, garage)
    make_membership(jfc, twin)
    make_membership(unit, twin)
    make_affiliation(journey.people["tanabe"], twin, job_title="Director", is_primary=False)
    make_person("Ken", "Mori", twin, "Clerk")
    make_meeting([jfc, twin], [journey.people["tanabe"]], mission=journey.mission)
    make_meeting([twin], title="At the fair", local_date=date(2026, 9, 1), time_zone="Asia/Tokyo")
    make_followup(twin)
    make_agreement("Letter on guarantees", [twin])
    Party.objects.create(agreement=journey.agreement, organisation=twin)
    make_organiser(journey.mission, twin, role="lead")
    make_organiser(journey.mission, jfc, role="collaborating")
    make_delegate(journey.mission, twin)
    Attendance.objects.create(
        meeting=journey.meetings[0], person=journey.people["tanabe"], organisation=twin
    )
    officer = journey.follow_ups[0].assignee
    for first, second in [(jfc, twin), (garage, twin), (twin, unit)]:
        say_two(first, second, officer)
    older = make_organisation("Japan Finance Corp.", phone="03 5253 1111")
    join(Organisation, Wish(twin.pk, [older.pk]), officer)
    twin.refresh_from_db()
    refresh(Organisation.objects.all())
    return jfc, twin


@pytest.fixture
def doubles(journey) -> tuple[Person, Person]:
    """Haruka Tanabe twice, with a row of everything that can point at either."""
    tanabe, jfc = journey.people["tanabe"], journey.partners["jfc"]
    double = make_person(
        "H.", "Tanabe", jfc, native_name="田辺 遥", mobile="+81 90 1234 5678", notes="Likes tea."
    )
    make_affiliation(double, journey.partners["garage"], job_title="Adviser")
    earlier = Meeting.objects.get(title="First talk in Genoa")
    Attendance.objects.create(meeting=earlier, person=double)
    make_meeting([jfc], [double], title="At the fair", local_date=date(2026, 9, 1), time_zone="UTC")
    make_followup(jfc, person=double)
    places = [
        make_delegate(journey.mission, jfc, person=tanabe),
        make_delegate(journey.mission, jfc, person=double, status="confirmed"),
    ]
    places[0].missed_stops.add(journey.stops[0], journey.stops[1])
    places[1].missed_stops.add(journey.stops[1], journey.stops[2])
    for place in places:
        make_private_link(delegate=place)
    officer = journey.follow_ups[0].assignee
    older = make_person("Haruca", "Tanabe")
    namesake = make_person("Hana", "Tanabe")
    for first, second in [
        (tanabe, double),
        (journey.people["suzuki"], double),
        (double, namesake),
    ]:
        say_two(first, second, officer)
    join(Person, Wish(double.pk, [older.pk]), officer)
    double.refresh_from_db()
    refresh(Person.objects.all())
    return tanabe, double
