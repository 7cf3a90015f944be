"""Records that become one, and are told apart again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from simple_history.models import HistoricalChanges

from crm.jobs import Refused
from missions.models import Agreement, Attendance, Delegate, FollowUp, Meeting, Party
from partners.duplicates import refresh
from partners.merging.joining import Changed, Wish, join
from partners.merging.relations import pointers
from partners.merging.undoing import undo
from partners.models import Membership, Merge, Organisation, OrganisationPair, Person, PersonPair
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

pytestmark = pytest.mark.django_db
NOT_COMPARED = {"version", "updated_at"}


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours, but for history, merges and what counts changes."""
    tables = {}
    for app in ("crm", "partners", "missions"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if issubclass(model, HistoricalChanges) or model is Merge:
                continue
            left_out = NOT_COMPARED | ({"id", "found_at"} if hasattr(model, "COMPUTED") else set())
            columns = [f.attname for f in model._meta.fields if f.attname not in left_out]
            rows = model._base_manager.order_by("pk").values(*columns)
            tables[model._meta.label] = sorted(rows, key=repr)
    return tables


def say_two(first: Any, second: Any, user: Any) -> None:
    """Somebody said that these look alike and are two."""
    model = OrganisationPair if isinstance(first, Organisation) else PersonPair
    said = {"score": 0.6, "dismissed_at": timezone.now(), "dismissed_by": user}
    model.objects.update_or_create(first=first, second=second, defaults=said)


def pointing_at(record: Any) -> list[str]:
    """What still points at the record, as “model.column”."""
    return [
        f"{to.label}.{column}"
        for to in pointers(type(record))
        for column in to.columns
        if to.model._base_manager.filter(**{column: record.pk}).exists()
    ]


def merge(steward: Any, survivor: Any, *others: Any, **picks: Any) -> Merge:
    wish = Wish(survivor.pk, [one.pk for one in others], picks=picks)
    made = join(type(survivor), wish, steward)
    for record in (survivor, *others):
        record.refresh_from_db()
    return made


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


@pytest.mark.parametrize("pair", ["twins", "doubles"])
def test_everything_that_points_at_one_points_at_the_other(pair, request, steward):
    """A new relation fails this until the fixture has a row of it."""
    survivor, other = request.getfixturevalue(pair)
    assert set(pointing_at(other)) == {
        f"{to.label}.{column}" for to in pointers(type(other)) for column in to.columns
    }
    merge(steward, survivor, other)
    assert pointing_at(other) == []
    call_command("check_derived")


@pytest.mark.parametrize("pair", ["twins", "doubles"])
def test_a_merge_that_is_undone_leaves_no_trace(pair, request, steward):
    survivor, other = request.getfixturevalue(pair)
    before = dump()
    made = merge(steward, survivor, other)
    assert dump() != before
    assert undo(made.pk, steward) == []
    assert dump() == before
    call_command("check_derived")


@pytest.mark.parametrize("pair", ["twins", "doubles"])
def test_it_leaves_no_trace_the_other_way_round(pair, request, steward):
    other, survivor = request.getfixturevalue(pair)
    before = dump()
    made = merge(steward, survivor, other)
    call_command("check_derived")
    undo(made.pk, steward)
    assert dump() == before


def test_an_error_half_way_leaves_everything_as_it_was(twins, steward, monkeypatch):
    before = dump()

    def fail(*given: Any) -> None:
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr("partners.merging.joining.settle", fail)
    with pytest.raises(RuntimeError):
        merge(steward, *twins)
    assert dump() == before
    assert not Merge.objects.filter(user=steward).exists()


def test_the_survivor_keeps_its_own_and_takes_what_it_lacks(twins, steward):
    survivor, other = twins
    merge(steward, survivor, other)
    assert (survivor.name, survivor.email) == ("Japan Finance Corporation", "info@jfc.example")
    assert survivor.phone == "+81 3 5253 1111"
    assert set(survivor.sectors.values_list("slug", flat=True)) == {"finance", "robotics"}
    assert other.merged_into == survivor
    assert (other.archived_by, other.archived_why) == (
        steward,
        "Merged into Japan Finance Corporation",
    )


def test_a_field_is_taken_from_whom_one_picks_and_notes_from_both(steward):
    one = make_organisation("Rengo", notes="First.", tier=1)
    two = make_organisation("Rengo Co.", notes="Second.", tier=2)
    merge(steward, one, two, name=str(two.pk), tier=str(two.pk))
    assert (one.name, one.tier, one.notes) == ("Rengo Co.", 2, "First.\n\nSecond.")


def test_who_was_twice_at_a_meeting_was_there_once(doubles, steward):
    tanabe, double = doubles
    earlier = Meeting.objects.get(title="First talk in Genoa")
    merge(steward, tanabe, double)
    assert [one.person for one in earlier.attendances.all()] == [tanabe]


def test_who_had_two_places_goes_wherever_one_of_them_went(doubles, steward, journey):
    tanabe, double = doubles
    merge(steward, tanabe, double)
    place = Delegate.objects.get(mission=journey.mission, person=tanabe)
    assert place.status == "confirmed"
    assert [*place.missed_stops.all()] == [journey.stops[1]]
    assert place.private_links.filter(revoked_at=None).count() == 1


def test_the_same_post_twice_is_one_post(doubles, steward, journey):
    tanabe, double = doubles
    merge(steward, tanabe, double)
    posts = {(one.organisation, one.job_title, one.is_primary) for one in tanabe.affiliations.all()}
    assert posts == {
        (journey.partners["jfc"], "Director", True),
        (journey.partners["garage"], "Adviser", False),
    }


def test_no_organisation_belongs_to_itself_after_a_merge(twins, steward):
    survivor, other = twins
    merge(steward, survivor, other)
    assert not Membership.objects.filter(member=survivor, group=survivor).exists()
    assert survivor.memberships.get().role == "Founder"


def test_no_organisation_becomes_part_of_itself(steward):
    head = make_organisation("Chubu Bank")
    unit = make_organisation("Chubu Bank Nagoya", parent=head)
    branch = make_organisation("Chubu Bank Nagoya branch", parent=unit)
    merge(steward, branch, head)
    unit.refresh_from_db()
    assert (branch.parent, unit.parent) == (None, branch)


def test_last_contact_is_that_of_all(twins, steward):
    survivor, other = twins
    merge(steward, survivor, other)
    assert survivor.last_contact_on == date(2026, 9, 1)
    assert not other.is_met


def test_whom_an_organisation_of_ours_spoke_for_is_met(steward):
    partner = make_organisation("Japan Finance Corporation")
    ours = make_organisation("JFC Genoa", side="home")
    meeting = make_meeting([], [make_person("Ken", "Mori", ours)])
    before = dump()
    made = merge(steward, partner, ours)
    assert [*meeting.organisations.all()] == [partner]
    undo(made.pk, steward)
    assert dump() == before


def test_the_account_goes_along(steward):
    one, two = make_person("Stella", "Steward"), make_person("S.", "Steward", user=steward)
    made = merge(steward, one, two)
    assert (one.user, two.user) == (steward, None)
    undo(made.pk, steward)
    two.refresh_from_db()
    assert two.user == steward


def test_two_who_sign_in_are_two_people(steward, officer):
    one, two = make_person(user=officer), make_person(user=steward)
    with pytest.raises(Refused, match="both sign in with an account of their own"):
        merge(steward, one, two)


def test_a_record_is_not_merged_with_itself(steward):
    one = make_person()
    with pytest.raises(Refused, match="can’t be merged with itself"):
        merge(steward, one, one)


def test_a_record_merged_by_somebody_else_is_left_alone(steward, officer):
    one, two, three = make_person(), make_person("Hana"), make_person("Hiro")
    merge(officer, one, two)
    with pytest.raises(Refused, match="was merged into “Haruka Tanabe” meanwhile"):
        merge(steward, three, two)


def test_a_record_changed_by_somebody_else_is_left_alone(steward):
    one, two = make_person(), make_person("Hana")
    two.save()
    with pytest.raises(Changed, match="Hana Tanabe"):
        join(Person, Wish(one.pk, [two.pk], {one.pk: 1, two.pk: 1}), steward)


def test_every_record_it_touches_says_so_in_its_history(twins, steward):
    survivor, other = twins
    meeting = other.meetings.get(title="At the fair")
    versions = {one: one.version for one in (survivor, other, meeting)}
    made = merge(steward, survivor, other)
    meeting.refresh_from_db()
    for one, version in versions.items():
        last = one.history.first()
        assert (last.history_change_reason, last.history_user) == (f"merge {made.pk}", steward)
        assert one.version == last.version == version + 1
    assert [row.organisation_id for row in meeting.history.first().organisations.all()] == [
        survivor.pk
    ]


def test_what_somebody_changed_since_stays_and_is_told(twins, steward):
    survivor, other = twins
    promise = other.follow_ups.get()
    made = merge(steward, survivor, other)
    survivor.email = "new@jfc.example"
    survivor.save()
    FollowUp.objects.filter(pk=promise.pk).update(
        organisation=survivor.parent or other.children.model.objects.get(name="Regione Liguria")
    )
    stayed = undo(made.pk, steward)
    survivor.refresh_from_db()
    assert survivor.email == "new@jfc.example"
    assert {(one["name"], *one["columns"], one["why"]) for one in stayed} == {
        ("Japan Finance Corporation", "email", "changed"),
        (promise.what, "organisation_id", "changed"),
    }


def test_what_was_linked_to_the_survivor_since_stays_with_it(twins, steward):
    survivor, other = twins
    made = merge(steward, survivor, other)
    new = make_followup(survivor, "Send flowers")
    assert undo(made.pk, steward) == []
    new.refresh_from_db()
    assert new.organisation == survivor


def test_a_row_whose_meeting_is_gone_is_told_when_it_is_undone(doubles, steward):
    tanabe, double = doubles
    made = merge(steward, tanabe, double)
    earlier = Meeting.objects.get(title="First talk in Genoa")
    FollowUp.objects.filter(meeting=earlier).delete()
    Agreement.objects.filter(meeting=earlier).delete()
    earlier.delete()
    stayed = undo(made.pk, steward)
    assert [(one["model"], one["why"]) for one in stayed] == [("missions.attendance", "missing")]


def test_merges_of_one_record_are_undone_the_last_first(steward):
    one, two, three = make_person(), make_person("Hana"), make_person("Hiro")
    first = merge(steward, one, two)
    second = merge(steward, one, three)
    with pytest.raises(Refused, match="merged again on 22 November 2026: undo that merge first"):
        undo(first.pk, steward)
    undo(second.pk, steward)
    undo(first.pk, steward)
    two.refresh_from_db()
    assert two.merged_into is None
    assert not two.is_archived


def test_the_chain_is_always_one_step(steward):
    one, two, three = make_person(), make_person("Hana"), make_person("Hiro")
    merge(steward, two, three)
    made = merge(steward, one, two)
    three.refresh_from_db()
    assert three.merged_into == one
    undo(made.pk, steward)
    three.refresh_from_db()
    assert three.merged_into == two


def test_after_ninety_days_it_stays(steward):
    made = merge(steward, make_person(), make_person("Hana"))
    Merge.objects.filter(pk=made.pk).update(created_at=made.created_at - timedelta(days=90))
    with pytest.raises(Refused, match="could be undone until 22 November 2026"):
        undo(made.pk, steward)


def test_a_country_goes_back_with_its_city_or_not_at_all(steward, nagoya, genoa):
    """Whoever chose a city since chose it for the country that the merge had left."""
    japan, italy = make_organisation("Garage", country="JP"), make_organisation(country="IT")
    made = merge(steward, japan, italy, city=str(italy.pk))
    assert japan.country == "IT"
    japan.city = genoa
    japan.save()
    stayed = undo(made.pk, steward)
    japan.refresh_from_db()
    assert (japan.country, japan.city) == ("IT", genoa)
    assert stayed[0]["columns"] == ["city_id", "country"]


def test_no_organisation_becomes_part_of_itself_when_it_is_undone(steward):
    """A unit of one that went: since, what the other is part of was put below that unit."""
    kept, gone, group = make_organisation("A"), make_organisation("B"), make_organisation("C")
    unit = make_organisation("D", parent=gone)
    Organisation.objects.filter(pk=gone.pk).update(parent=group)
    made = merge(steward, kept, gone, parent=str(kept.pk))
    group.parent = Organisation.objects.get(pk=unit.pk)
    group.full_clean()
    group.save()
    stayed = undo(made.pk, steward)
    assert [(one["id"], one["why"]) for one in stayed] == [(unit.pk, "clash")]
    unit.refresh_from_db()
    assert unit.lineage_ids() == [unit.pk, kept.pk]


def test_a_merge_is_undone_once(steward):
    made = merge(steward, make_person(), make_person("Hana"))
    undo(made.pk, steward)
    with pytest.raises(Refused, match="was undone on 22 November 2026"):
        undo(made.pk, steward)


def test_ten_records_become_one(steward):
    first, *others = [make_person(f"Haruka {number}") for number in range(10)]
    merge(steward, first, *others)
    assert [*Person.objects.active()] == [first]


def test_eleven_records_are_too_many(steward):
    first, *others = [make_person(f"Haruka {number}") for number in range(11)]
    with pytest.raises(Refused, match="From 2 to 10 records"):
        merge(steward, first, *others)


def queries_of_merging(steward: Any, names: list[str], count: int) -> tuple[int, int]:
    """Queries of a merge that moves so many meetings, and of its undoing."""
    one, two = [make_organisation(name) for name in names]
    for number in range(count):
        make_meeting([two], title=f"Talk {number}")
    with CaptureQueriesContext(connection) as merging:
        made = merge(steward, one, two)
    with CaptureQueriesContext(connection) as undoing:
        undo(made.pk, steward)
    return len(merging), len(undoing)


def test_many_rows_cost_no_more_queries(steward):
    few = queries_of_merging(steward, ["Rengo", "Kansai Club"], 1)
    assert queries_of_merging(steward, ["Hokkai", "Shikoku League"], 20) == few
