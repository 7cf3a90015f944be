"""The list of agreements."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from missions.models import Agreement
from tests.factories import make_agreement, make_organisation
from tests.reading import words


def titles(client, query=""):
    response = client.get(f"/agreements/{query}")
    assert response.status_code == 200
    return [agreement.title for agreement in response.context["page"].rows]


def test_the_last_signed_come_first_and_those_not_signed_last(reader_client):
    make_agreement("Draft")
    make_agreement("Old", signed_on=date(2020, 1, 1), status="signed")
    make_agreement("New", signed_on=date(2026, 1, 1), status="signed")
    assert titles(reader_client) == ["New", "Old", "Draft"]


def test_each_filter_leaves_what_it_names(reader_client):
    partner = make_organisation()
    soon = timezone.localdate() + timedelta(days=20)
    make_agreement(
        "A",
        [partner],
        status="signed",
        kind="letter",
        protocol_number="LI 2025/118",
        signed_on=date(2025, 1, 1),
        in_force_until=soon,
    )
    make_agreement("B", in_force_until=soon)
    for query, left in (
        ("?state=expiring", ["A"]),
        ("?kind=letter", ["A"]),
        ("?year=2025", ["A"]),
        ("?year=none", ["B"]),
        ("?expiring=1", ["A"]),
        (f"?organisation={partner.pk}", ["A"]),
        ("?q=2025/118", ["A"]),
    ):
        assert titles(reader_client, query) == left, query


def test_each_state_counts_and_leaves_its_own(reader_client):
    today = timezone.localdate()
    make_agreement("draft")
    old = make_agreement("renewed", status="signed", in_force_until=today)
    make_agreement("signed", status="signed", in_force_from=today + timedelta(days=1), renews=old)
    make_agreement("in-force", status="signed")
    make_agreement("expiring", status="signed", in_force_until=today)
    make_agreement("ended", status="ended")
    make_agreement("withdrawn", status="withdrawn")
    for state in Agreement.State.values:
        assert titles(reader_client, f"?state={state}") == [state]
    panel = reader_client.get("/agreements/").context["panels"][0]
    assert [(option.value, option.count) for option in [*panel.options, *panel.folded]] == [
        (state, 1) for state in Agreement.State.values
    ]


def test_those_asleep_are_left_by_the_filter(reader_client):
    long_ago = timezone.localdate() - timedelta(days=400)
    make_agreement("asleep", [make_organisation()], status="signed", signed_on=long_ago)
    make_agreement("young", [make_organisation()], status="signed")
    assert titles(reader_client, "?dormant=1") == ["asleep"]


def test_those_about_to_end_come_soonest_first(reader_client):
    for days in (80, 10, 40):
        end = timezone.localdate() + timedelta(days=days)
        make_agreement(str(days), status="signed", in_force_until=end)
    assert titles(reader_client, "?expiring=1") == ["10", "40", "80"]


def test_an_empty_list_says_what_would_fill_it(reader_client):
    assert "Memoranda, letters of intent and contracts" in words(reader_client.get("/agreements/"))


def test_addresses_that_make_no_sense_give_a_sane_page(reader_client):
    make_agreement("A")
    for query in (
        "?state=x&status=y&kind=%00&expiring=yes&organisation=abc&page=-1",
        "?after=99&sort=z",
    ):
        assert titles(reader_client, query) == ["A"]


def test_one_row_and_twenty_cost_the_same(reader_client, django_assert_max_num_queries):
    def fill(count):
        for number in range(count):
            make_agreement(organisations=[make_organisation(f"P{number}"), make_organisation()])

    fill(2)
    with django_assert_max_num_queries(13) as few:
        titles(reader_client)
    fill(20)
    with django_assert_max_num_queries(13) as many:
        titles(reader_client)
    assert len(few) == len(many)


@pytest.mark.parametrize("typed", ["citta finance", "MEMORANDUM 118", "financ memorandom"])
def test_the_administration_finds_as_the_page_does(officer_client, typed):
    make_agreement("Memorandum: la Città", [make_organisation()], protocol_number="LI 2025/118")
    page = officer_client.get("/admin/missions/agreement/", {"q": typed})
    assert page.context["cl"].result_count == 1
