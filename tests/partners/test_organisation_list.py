"""The directory of partners: what narrows it, in what order it stands, and its counts."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.core.cache import caches
from django.http import QueryDict
from django.test import Client
from django.utils import timezone, translation

from crm.models import User
from partners.filters import OrganisationFilter
from partners.models import City, Organisation
from tests.factories import make_city, make_meeting, make_organisation, make_sector, make_user

pytestmark = pytest.mark.django_db
URL = "/partners/"


def listed(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    return [organisation.name for organisation in response.context["page"].rows]


def counts(client: Client, facet: str, query: str = "") -> dict[str, int]:
    response = client.get(f"{URL}?{query}")
    panel = next(panel for panel in response.context["panels"] if panel.name == facet)
    options = [*panel.options, *panel.folded]
    return {one.label: one.count for option in options for one in (option, *option.children)}


@pytest.fixture
def japan(nagoya: City, tokyo: City, genoa: City, officer: User) -> dict[str, Organisation]:
    """Two in Nagoya, one in Tokyo, one at home, one in France whose city nobody knows."""
    research = make_sector("Research")
    startups = make_sector("Start-ups", research)
    robotics = make_sector("Robotics", research)
    finance = make_sector("Finance")
    kind = Organisation.Kind
    return {
        one.name: one
        for one in [
            make_organisation(
                "Nagoya University",
                nagoya,
                [startups, robotics],
                kind=kind.UNIVERSITY,
                native_name="名古屋大学",
                tier=1,
                owner=officer,
            ),
            make_organisation("Garage", nagoya, [startups], kind=kind.INCUBATOR, tier=2),
            make_organisation("Japan Finance Corporation", tokyo, [finance], tier=1),
            make_organisation(
                "University of Genoa", genoa, [research], kind=kind.UNIVERSITY, side="home"
            ),
            make_organisation("Pôle Mer", country="FR", kind=kind.AGENCY, short_name="PMM"),
        ]
    }


def test_a_partner_is_found_by_its_name_in_either_script_its_short_name_or_its_city(
    japan, reader_client
):
    assert listed(reader_client, "q=nagoya+univ") == ["Nagoya University"]
    assert listed(reader_client, "q=名古屋大") == ["Nagoya University"]
    assert listed(reader_client, "q=pmm") == ["Pôle Mer"]
    assert listed(reader_client, "q=Genova") == ["University of Genoa"]


def test_values_of_one_facet_widen_and_facets_narrow_each_other(japan, nagoya, reader_client):
    assert listed(reader_client, "country=JP&country=FR&tier=1&tier=none") == [
        "Japan Finance Corporation",
        "Nagoya University",
        "Pôle Mer",
    ]
    assert listed(reader_client, f"city={nagoya.pk}&tier=2") == ["Garage"]


def test_a_sector_includes_the_sectors_below_it(japan, reader_client):
    assert listed(reader_client, "sector=research") == [
        "Garage",
        "Nagoya University",
        "University of Genoa",
    ]
    assert counts(reader_client, "sector")["Research"] == 3


def test_nobody_s_partners_and_those_without_a_city_or_tier_can_be_asked_for(japan, reader_client):
    assert listed(reader_client, "city=none") == ["Pôle Mer"]
    assert "Nagoya University" not in listed(reader_client, "owner=none")
    assert listed(reader_client, "tier=none") == ["Pôle Mer", "University of Genoa"]


def test_last_contact_is_asked_for_by_age(japan, nagoya, reader_client):
    today = timezone.localdate()
    make_meeting([japan["Garage"]], local_date=today - timedelta(days=20), time_zone="Asia/Tokyo")
    make_meeting(
        [japan["Pôle Mer"]], local_date=today - timedelta(days=200), time_zone="Europe/Paris"
    )
    make_meeting(
        [japan["Nagoya University"]],
        local_date=today - timedelta(days=800),
        time_zone="Asia/Tokyo",
    )
    make_meeting([japan["Japan Finance Corporation"]], time_zone="Asia/Tokyo")
    assert listed(reader_client, "contact=recent") == ["Garage"]
    assert listed(reader_client, "contact=year") == ["Pôle Mer"]
    assert listed(reader_client, "contact=old") == ["Nagoya University"]
    assert listed(reader_client, "contact=undated") == ["Japan Finance Corporation"]
    assert listed(reader_client, "contact=never") == ["University of Genoa"]


@pytest.mark.parametrize("query", ["", "country=JP", "sector=research&tier=1", "kind=university"])
def test_a_count_says_what_one_would_get_by_choosing_that_value(japan, reader_client, query):
    panels = reader_client.get(f"{URL}?{query}").context["panels"]
    assert {panel.name for panel in panels} >= {"country", "sector", "kind", "side", "contact"}
    for panel in panels:
        for option in [*panel.options, *(c for o in panel.options for c in o.children)]:
            other = QueryDict(query, mutable=True)
            other.setlist(panel.name, [option.value])
            assert option.count == len(listed(reader_client, other.urlencode())), option


def test_a_count_follows_every_change(japan, reader_client, genoa):
    assert counts(reader_client, "tier")["2 Priority"] == 1
    make_organisation("Acquario di Genova", genoa, tier=2)
    assert counts(reader_client, "tier")["2 Priority"] == 2
    japan["Garage"].archive(None)
    assert counts(reader_client, "tier")["2 Priority"] == 1
    make_meeting([japan["Pôle Mer"]], time_zone="Europe/Paris")
    assert counts(reader_client, "contact")["Met, date unknown"] == 1


def test_past_the_bound_a_number_is_not_exact(japan, reader_client, monkeypatch):
    monkeypatch.setattr("crm.counts.BOUND", 3)
    monkeypatch.setattr("crm.filters.BOUND", 3)
    content = reader_client.get(URL).content.decode()
    assert "3+ partners" in content


def test_every_option_and_every_chip_leads_back(japan, reader_client):
    response = reader_client.get(f"{URL}?country=JP&tier=1&q=j&sort=tier")
    filterset = response.context["filterset"]
    assert [(str(chip.name), chip.value) for chip in filterset.chips] == [
        ("Search", "j"),
        ("Country", "Japan"),
        ("Tier", "Strategic"),
    ]
    assert filterset.chips[1].url == "?q=j&tier=1&sort=tier"
    assert filterset.cleared == "?sort=tier"
    tier = next(panel for panel in response.context["panels"] if panel.name == "tier")
    assert [option.url for option in tier.options[:2]] == [
        "?q=j&country=JP&sort=tier",
        "?q=j&country=JP&sort=tier&tier=1&tier=2",
    ]


def test_a_sector_takes_the_place_of_the_one_above_it(japan, reader_client):
    response = reader_client.get(f"{URL}?sector=research")
    sectors = next(panel for panel in response.context["panels"] if panel.name == "sector")
    below = {child.value: child.url for child in sectors.options[0].children}
    assert below["start-ups"] == "?sector=start-ups"


def test_the_list_is_sorted_both_ways_with_what_is_not_known_last(japan, reader_client):
    by_city = ["University of Genoa", "Garage", "Nagoya University", "Japan Finance Corporation"]
    assert listed(reader_client, "sort=city") == [*by_city, "Pôle Mer"]
    assert listed(reader_client, "sort=-name")[0] == "University of Genoa"
    assert listed(reader_client, "sort=tier")[:3] == [
        "Japan Finance Corporation",
        "Nagoya University",
        "Garage",
    ]


def test_the_most_recently_met_come_first_by_last_contact(japan, reader_client):
    make_meeting([japan["Garage"]], local_date=date(2026, 3, 9), time_zone="Asia/Tokyo")
    make_meeting([japan["Pôle Mer"]], local_date=date(2026, 5, 2), time_zone="Europe/Paris")
    assert listed(reader_client, "sort=contact")[:2] == ["Pôle Mer", "Garage"]


def test_archived_partners_are_listed_and_counted_only_when_asked_for(japan, reader_client):
    japan["Garage"].archive(None, "Closed")
    assert "Garage" not in listed(reader_client)
    assert "Garage" in listed(reader_client, "archived=1")
    assert counts(reader_client, "country")["Japan"] == 2
    assert counts(reader_client, "country", "archived=1")["Japan"] == 3


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("city=abc&page=-1&sort=drop", ["city=abc", "page=-1", "sort=drop"]),
        ("q=a%00b", ["q=a�b"]),
        (f"city={10**30}&after={10**30}", [f"city={10**30}"]),
        (f"q={'x' * 5000}", [f"q={'x' * 60}…"]),
        ("city=999999&owner=0&sector=none&country=XX", ["city=999999", "country=XX"]),
        ("page=9", ["page=9"]),
        ("after=999999&before=1", ["after=999999"]),
        ("city=%C2%B2&tier=1%00&archived=maybe", ["city=²", "archived=maybe"]),
        ("sort=--name", ["sort=--name"]),
        (f"page={'0' * 19}1{'9' * 5000}", [f"page={'0' * 19}1{'9' * 40}…"]),
        ("ctiy=5&Country=JP", ["ctiy=5", "Country=JP"]),
    ],
)
def test_an_absurd_address_gives_a_sane_page_that_says_what_was_left_out(
    japan, reader_client, query, said
):
    response = reader_client.get(f"{URL}?{query}")
    assert response.status_code == 200
    assert len(response.context["page"].rows) == 5
    for part in said:
        assert part in response.context["filterset"].ignored
        assert part in response.content.decode()


def test_an_absurd_filter_is_not_valid_for_an_export(japan):
    assert not OrganisationFilter(QueryDict("city=abc")).is_valid()
    assert OrganisationFilter(QueryDict("country=JP&page=")).is_valid()


def test_what_was_chosen_is_said_in_the_reader_s_language(japan):
    query = "country=JP&tier=1&tier=2"
    assert OrganisationFilter(QueryDict(query)).words == (
        "Country: Japan; Tier: Strategic, Priority"
    )
    with translation.override("it"):
        assert "Giappone" in OrganisationFilter(QueryDict(query)).words


def test_the_page_of_an_organisation_of_our_own_side_is_reachable(japan, reader_client):
    assert "1 of our own side" in reader_client.get(URL).content.decode()
    assert listed(reader_client, "side=home") == ["University of Genoa"]


def test_each_row_names_the_partner_in_both_scripts_with_its_last_contact(japan, reader_client):
    content = reader_client.get(f"{URL}?q=nagoya+univ").content.decode()
    assert '<span class="native" lang="ja" dir="auto">名古屋大学</span>' in content
    assert "Never" in content
    assert "1 partner<" in content


def test_only_those_who_may_are_offered_to_add_a_partner(japan, reader_client, officer_client):
    assert 'href="/partners/new/"' not in reader_client.get(URL).content.decode()
    assert 'href="/partners/new/"' in officer_client.get(URL).content.decode()


def test_a_row_leads_to_logging_a_meeting_for_those_who_may(japan, reader_client, officer_client):
    log = f'href="/meetings/log/?organisation={japan["Garage"].pk}"'
    assert log in officer_client.get(URL).content.decode()
    assert log not in reader_client.get(URL).content.decode()


def test_an_empty_directory_says_what_would_fill_it(officer_client):
    content = officer_client.get(URL).content.decode()
    assert "The institutions we know gather here" in content
    assert content.count('href="/partners/new/"') == 2


def test_a_search_without_result_offers_the_way_back(japan, reader_client):
    content = reader_client.get(f"{URL}?q=zzz").content.decode()
    assert "0 partners" in content
    assert "Clear all" in content


def test_the_list_costs_the_same_at_1_row_and_at_20(reader_client, django_assert_max_num_queries):
    def fill(number: int) -> None:
        for place in range(number):
            sector = make_sector(f"Sector {number} {place}")
            city = make_city(f"City {number} {place}", "IT")
            owner = make_user(f"u{number}-{place}@example.org")
            make_organisation(f"Partner {number} {place}", city, [sector], owner=owner)

    fill(1)
    caches["counts"].clear()
    with django_assert_max_num_queries(20) as one:
        reader_client.get(URL)
    fill(19)
    caches["counts"].clear()
    with django_assert_max_num_queries(20) as many:
        reader_client.get(URL)
    with django_assert_max_num_queries(20) as again:
        reader_client.get(URL)
    assert len(one) == len(many)
    assert len(again) <= 10


def test_fifty_rows_make_a_page(reader_client):
    for place in range(51):
        make_organisation(f"Partner {place:03}")
    first = reader_client.get(URL)
    assert len(first.context["page"].rows) == 50
    assert first.context["filterset"].following_url == "?page=2"
    assert listed(reader_client, "page=2") == ["Partner 050"]
    assert "51 to 51 of 51" in reader_client.get(f"{URL}?{urlencode({'page': 2})}").content.decode()


SIMILAR = "Nothing is called exactly that: these are similar."


def test_a_slip_is_forgiven_where_nothing_is_called_so(japan, reader_client, officer_client):
    assert listed(reader_client, "q=univresity+nagoya") == ["Nagoya University"]
    page = reader_client.get(f"{URL}?q=univresity")
    assert SIMILAR in page.content.decode()
    assert page.context["filterset"].found == len(page.context["page"].rows) == 2
    assert counts(reader_client, "country", "q=univresity") == {"Japan": 1, "Italy": 1}
    file = officer_client.get(f"{URL}export/?q=univresity&format=csv")
    rows = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 3


@pytest.mark.parametrize("query", ["q=university&country=FR", "q=univrezitq", "q=nagoya"])
def test_nothing_similar_stands_for_what_is_called_so_or_for_nothing(japan, reader_client, query):
    assert SIMILAR not in reader_client.get(f"{URL}?{query}").content.decode()


def test_forgiving_a_slip_costs_one_query(japan, reader_client, django_assert_max_num_queries):
    for query in ("q=univ", "q=univresity"):
        caches["counts"].clear()
        with django_assert_max_num_queries(20) as with_slip:
            reader_client.get(f"{URL}?{query}")
    caches["counts"].clear()
    with django_assert_max_num_queries(20) as plain:
        reader_client.get(f"{URL}?q=na")
    assert len(with_slip) <= len(plain) + 1
