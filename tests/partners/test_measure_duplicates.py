"""How well likely duplicates are told from others, on the labelled pairs."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from partners.duplicates import refresh
from partners.duplicates.measuring import figures, labelled_pairs
from partners.models import Affiliation, City, Organisation, OrganisationPair, Person, PersonPair

DATA = Path(__file__).parent.parent / "data"


def test_there_are_enough_pairs_of_both_kinds():
    pairs = list(labelled_pairs(DATA))
    assert len(pairs) >= 300
    assert min(sum(p.is_one for p in pairs), sum(not p.is_one for p in pairs)) >= 150


@pytest.mark.parametrize("kind", ["organisation", "person"])
def test_what_is_found_is_right_and_little_is_missed(kind):
    told = figures([pair for pair in labelled_pairs(DATA) if pair.kind == kind])
    assert told.precision >= 0.95
    assert told.recall >= 0.90


@pytest.mark.parametrize(("part", "recall"), [("Held out", 0.90), ("Later", 0.90), ("Fresh", 0.80)])
def test_the_pairs_that_it_was_not_made_for_do_nearly_as_well(part, recall):
    told = figures([pair for pair in labelled_pairs(DATA) if pair.part == part])
    assert told.pairs >= 60
    assert told.precision >= 0.95
    assert told.recall >= recall


def test_the_fresh_pairs_are_not_shown_to_whoever_tunes():
    out = StringIO()
    call_command("measure_duplicates", stdout=out)
    fresh = [pair.line for pair in labelled_pairs(DATA) if pair.part == "Fresh"]
    assert not any(line in out.getvalue() for line in fresh)


@pytest.mark.django_db
def test_the_database_finds_them_by_their_keys():
    pairs = [pair for pair in labelled_pairs(DATA) if pair.is_one]
    records = [record for pair in pairs for record in (pair.first, pair.second)]
    organisations = [record for record in records if isinstance(record, Organisation)]
    people = [record for record in records if isinstance(record, Person)]
    posts = [post for person in people for post in vars(person)["current_affiliations"]]
    employers = {post.organisation.name: post.organisation for post in posts}
    for employer in employers.values():
        employer.pk = None
    cities = {record.city.name: record.city for record in organisations if record.city}
    City.objects.bulk_create(cities.values())
    for record in organisations:
        record.city = record.city and cities[record.city.name]
    Organisation.objects.bulk_create([*organisations, *employers.values()])
    Person.objects.bulk_create(people)
    for post in posts:
        post.person_id, post.organisation_id = post.person.pk, post.organisation.pk
    Affiliation.objects.bulk_create(posts)
    refresh(organisations)
    refresh(people)
    stored = {
        kind: {frozenset(ids) for ids in model.objects.values_list("first", "second")}
        for kind, model in (("organisation", OrganisationPair), ("person", PersonPair))
    }
    found = [frozenset((p.first.pk, p.second.pk)) in stored[p.kind] for p in pairs]
    assert sum(found) / len(found) >= 0.90


def test_a_command_prints_the_figures_and_the_misses():
    out = StringIO()
    call_command("measure_duplicates", stdout=out)
    assert "Held out" in out.getvalue()
    assert "recall 0.9" in out.getvalue()
