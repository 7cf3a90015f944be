"""Pages of a list: numbers for the first ones, then from row to row."""

import pytest
from django.http import QueryDict

from crm import pagination
from partners.filters import OrganisationFilter
from partners.models import Organisation
from tests.factories import make_city, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Twenty-three organisations with ties, on pages of four, two of them numbered."""
    monkeypatch.setattr(pagination, "PAGE_SIZE", 4)
    monkeypatch.setattr("crm.filters.PAGE_SIZE", 4)
    monkeypatch.setattr(pagination, "LAST_NUMBERED", 2)
    monkeypatch.setattr("crm.filters.LAST_NUMBERED", 2)
    cities = [make_city("Nagoya"), make_city("Tokyo"), None]
    for place in range(23):
        organisation = make_organisation(
            f"Partner {place % 5}", cities[place % 3], tier=[1, 2, None][place % 3]
        )
        Organisation.objects.filter(pk=organisation.pk).update(
            contact_order=[-739000, 0, 1, 1][place % 4]
        )
    return [organisation.name for organisation in Organisation.objects.all()]


def page(query: str) -> OrganisationFilter:
    return OrganisationFilter(QueryDict(query), queryset=Organisation.objects.all())


def walk(query: str, way: str) -> tuple[list[list[int]], list[str]]:
    """The ids on every page from this one on, and the addresses taken."""
    pages, addresses = [], []
    while True:
        shown = page(query)
        pages.append([row.pk for row in shown.rows_page.rows])
        addresses.append(query)
        query = getattr(shown, way).removeprefix("?")
        if not getattr(shown, way):
            return pages, addresses
        assert len(pages) < 20, "it goes round in circles"


SORTS = ["name", "-name", "tier", "-tier", "city", "-city", "contact", "-contact"]


@pytest.mark.parametrize("sort", SORTS)
def test_walking_on_and_back_visits_every_row_once_in_order(many, sort):
    expected = [row.pk for row in page(f"sort={sort}").ordered]
    pages, addresses = walk(f"sort={sort}", "following_url")
    assert [pk for rows in pages for pk in rows] == expected
    assert ["after=" in address for address in addresses] == [False] * 2 + [True] * 4
    back, _ = walk(addresses[-1], "previous_url")
    assert [pk for rows in reversed(back) for pk in rows] == expected


def test_a_row_that_has_gone_leaves_the_first_page(many):
    shown = page("after=999999")
    assert shown.rows_page.number == 1
    assert shown.ignored == ["after=999999"]


def test_a_page_after_a_row_keeps_what_was_chosen(many):
    rows, addresses = walk("tier=1&sort=-name", "following_url")
    assert sum(map(len, rows)) == 8
    assert all("tier=1&sort=-name" in address for address in addresses)


def test_deep_pages_skip_no_rows_by_counting_them(many, django_assert_num_queries):
    anchor = page("").ordered[15]
    sort = OrganisationFilter.sorts["city"]
    with django_assert_num_queries(1) as queries:
        pagination.beside(Organisation.objects.all(), sort, False, anchor, backwards=False)
    assert "OFFSET" not in queries[0]["sql"]
    assert ") > (" in queries[0]["sql"]
