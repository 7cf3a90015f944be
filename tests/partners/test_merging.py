"""Records that become one."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.jobs import Refused
from missions.models import Delegate, Meeting
from partners.merging.joining import Changed, Wish, join
from partners.merging.relations import pointers
from partners.merging.undoing import undo
from partners.models import Membership, Merge, Person
from tests.factories import make_meeting, make_organisation, make_person
from tests.merging import dump, merge, pointing_at

pytestmark = pytest.mark.django_db


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
