"""Records that became one are told apart again."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from crm.jobs import Refused
from missions.models import Agreement, FollowUp, Meeting
from partners.merging.undoing import undo
from partners.models import Merge, Organisation, Person
from tests.factories import make_followup, make_meeting, make_organisation, make_person
from tests.merging import dump, merge

pytestmark = pytest.mark.django_db


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


def test_what_is_given_back_to_a_record_merged_since_goes_to_what_it_became(steward):
    """Their posts at G were one post; then G became S; then they are told apart."""
    group, bank = make_organisation("G"), make_organisation("S")
    one, two = make_person("Haruka", "Tanabe", group), make_person("H.", "Tanabe", group)
    made = merge(steward, one, two)
    merge(steward, bank, group)
    assert undo(made.pk, steward) == []
    assert [post.organisation for post in two.affiliations.all()] == [bank]
    call_command("check_derived")


def test_a_whole_that_was_merged_since_is_what_it_became(steward):
    """The unit took the parent of its twin; since then its own one was merged."""
    old, new, bank = make_organisation("Old"), make_organisation("New"), make_organisation("Bank")
    unit, twin = make_organisation("Unit", parent=old), make_organisation("Twin", parent=new)
    made = merge(steward, unit, twin, parent=str(twin.pk))
    assert unit.parent == new
    merge(steward, bank, old)
    assert undo(made.pk, steward) == []
    unit.refresh_from_db()
    assert unit.parent == bank


def test_a_unit_that_became_one_with_its_whole_is_a_unit_again(steward):
    whole = make_organisation("Chubu Bank", notes="First.")
    unit = make_organisation("Chubu Bank Nagoya", parent=whole, notes="Second.")
    before = dump()
    made = merge(steward, unit, whole)
    assert undo(made.pk, steward) == []
    assert dump() == before


def test_whom_somebody_given_back_spoke_for_is_among_those_met(steward):
    """Told apart in another order than they were merged in."""
    bank, twin = make_organisation("Bank"), make_organisation("Twin")
    one, two = make_person("Haruka", "Tanabe", twin), make_person("H.", "Tanabe", twin)
    meeting = make_meeting([twin], [one, two])
    first = merge(steward, bank, twin)
    second = merge(steward, one, two)
    undo(first.pk, steward)
    undo(second.pk, steward)
    assert {one.pk for one in meeting.organisations.all()} == {bank.pk, twin.pk}
    call_command("check_derived")


def test_an_administrator_deletes_a_survivor_with_what_was_kept_of_its_merges(
    administrator_client, steward
):
    one, two = make_person(), make_person("Hana")
    merge(steward, one, two)
    for record in (two, one):
        url = f"/admin/partners/person/{record.pk}/delete/"
        assert administrator_client.post(url, {"post": "yes"}).status_code == 302
    assert not Person.objects.exists()
    assert not Merge.objects.exists()
