"""Search: one page over everything, and what is suggested while one types."""

from datetime import date

import pytest

from tests.factories import (
    make_agreement,
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_sector,
    make_stop,
    make_user,
)
from tests.reading import words

pytestmark = pytest.mark.django_db


def test_one_box_finds_every_kind(officer_client, nagoya):
    garage = make_organisation("Nagoya Innovator’s Garage", nagoya)
    make_person("Haruka", "Tanabe", garage)
    make_mission("Spring mission to Nagoya")
    make_meeting([garage], title="Visit to the Garage")
    make_followup(garage, "Send the list of start-ups")
    make_agreement("Memorandum of Nagoya")
    make_sector("Nagoya studies")
    page = words(officer_client.get("/search/?q=nagoya"))
    for found in (
        "Nagoya Innovator’s Garage",
        "Haruka Tanabe",
        "Spring mission to Nagoya",
        "Visit to the Garage",
        "Send the list of start-ups",
        "Memorandum of Nagoya",
        "Nagoya studies",
    ):
        assert found in page


def test_the_match_is_marked_whatever_its_accents_and_width(officer_client):
    make_organisation("Città della Scienza", country="IT", kind="research")
    page = officer_client.get("/search/?q=ＣＩＴＴＡ").content.decode()
    assert "<mark>Città</mark> della Scienza" in page


@pytest.mark.parametrize("typed", ["suzuki", "すずき", "ｽｽﾞｷ", "鈴木"])
def test_a_person_is_found_and_marked_in_every_script(officer_client, typed):
    make_person("Hanako", "Suzuki", native_name="鈴木 花子", native_reading="すずき はなこ")
    page = officer_client.get("/search/", {"q": typed}).content.decode()
    assert "<mark>鈴木</mark> 花子" in page or "Hanako <mark>Suzuki</mark>" in page


def test_the_best_comes_first(officer_client, nagoya):
    for name in ("The Renagoya Shop", "Old Nagoya Fund", "Nagoya Garage", "Nagoya"):
        make_organisation(name)
    make_organisation("Around the corner", nagoya)
    page = words(officer_client.get("/search/?q=nagoya&kind=organisations"))
    places = [
        page.index(name)
        for name in ("Nagoya Public", "Nagoya Garage", "Old Nagoya", "Around the corner")
    ]
    assert places == sorted(places)
    assert places[2] < page.index("Renagoya")


def test_a_person_found_by_a_place_shows_the_place(officer_client, nagoya):
    make_person("Haruka", "Tanabe", make_organisation("Central Japan Federation", nagoya))
    page = officer_client.get("/search/?q=nagoya&kind=people").content.decode()
    assert "Central Japan Federation</a>, <mark>Nagoya</mark>, Japan" in page


def test_a_slip_is_forgiven_where_nothing_is_called_so(officer_client):
    make_person("Hanako", "Suzuki")
    page = officer_client.get("/search/?q=suzuky")
    assert "Nothing is called exactly that: these are similar." in words(page)
    assert "<mark>Suzuki</mark>" in page.content.decode()
    assert "/people/new/?name=suzuky" in page.content.decode()
    assert "Suzuki" in officer_client.get("/search/suggestions/?q=suzuky").content.decode()


def test_a_slip_that_is_a_name_too_is_forgiven_where_asked_for(officer_client):
    make_person("Marco", "Rossi")
    make_organisation("Rosignano Works")
    page = words(officer_client.get("/search/?q=rosi"))
    assert "Rosignano" in page
    assert "Marco Rossi" not in page
    assert "Similar spellings too" in page
    page = words(officer_client.get("/search/?q=rosi&similar=1"))
    assert "Rosignano" in page
    assert "Marco Rossi" in page
    assert "Nothing is called exactly that" not in page


def test_markup_in_a_name_and_in_what_is_typed_stays_text(officer_client):
    make_organisation("Rossi <i>& Figli")
    page = officer_client.get("/search/?q=<i>%26").content.decode()
    assert "<i>" not in page
    assert "&lt;i&gt;" in page


def test_each_kind_is_a_tab_with_its_number(officer_client, tokyo):
    make_organisation("Japan Finance Corporation", tokyo)
    make_organisation("Tokyo Institute", tokyo)
    page = officer_client.get("/search/?q=tokyo")
    assert [(str(tab.label), tab.number) for tab in page.context["tabs"]] == [
        ("All", "3"),
        ("Organisations", "2"),
        ("Cities", "1"),
    ]
    cities = words(officer_client.get("/search/?q=tokyo&kind=cities"))
    assert "Japan Finance Corporation" not in cities


def test_a_kind_is_shown_page_by_page(officer_client):
    for number in range(51):
        make_organisation(f"Robotics {number:02}")
    first = officer_client.get("/search/?q=robotics&kind=organisations")
    assert "1 to 50 of 51" in words(first)
    assert "Robotics 50" in words(
        officer_client.get(f"/search/{first.context['groups'][0].following_url}")
    )


def test_the_archived_are_found_only_where_asked_for(officer_client, officer):
    make_organisation("Filse").archive(by=officer)
    assert "Nothing is called that" in words(officer_client.get("/search/?q=filse"))
    assert "Filse Archived" in words(officer_client.get("/search/?q=filse&archived=1"))


def test_what_was_merged_away_is_never_found(officer_client, officer):
    survivor, other = make_organisation("Filse S.p.A."), make_organisation("Finanziaria Ligure")
    other.archive(by=officer)
    type(other).objects.filter(pk=other.pk).update(merged_into=survivor)
    assert "Nothing is called that" in words(
        officer_client.get("/search/?q=finanziaria&archived=1")
    )


def test_a_confidential_title_is_not_found_by_a_reader(reader_client, officer_client):
    filse = make_organisation("Filse")
    make_meeting([filse], title="Guarantee for Acme", is_confidential=True)
    assert "Guarantee for Acme" in words(officer_client.get("/search/?q=acme"))
    for address in ("/search/?q=acme", "/search/suggestions/?q=acme"):
        assert "Guarantee" not in reader_client.get(address).content.decode()
    by_name = words(reader_client.get("/search/?q=filse&kind=meetings"))
    assert "Confidential" in by_name
    assert "Guarantee" not in by_name


def test_what_was_promised_in_confidence_is_not_found_by_a_reader(reader_client):
    filse = make_organisation("Filse")
    meeting = make_meeting([filse], is_confidential=True)
    make_followup(filse, "Send the guarantee", meeting=meeting)
    assert "Send the guarantee" not in words(reader_client.get("/search/?q=guarantee"))


def test_kinds_that_one_may_not_see_are_neither_found_nor_counted(client):
    make_organisation("Filse")
    client.force_login(make_user("nobody@example.org"))
    page = client.get("/search/?q=filse")
    assert page.status_code == 200
    assert "Nothing is called that" in words(page)
    assert "Filse" not in client.get("/search/suggestions/?q=filse").content.decode()


def test_nothing_found_offers_to_add_it(officer_client, reader_client):
    page = officer_client.get("/search/?q=Haruka+Tanabe").content.decode()
    assert 'href="/partners/new/?name=Haruka+Tanabe"' in page
    assert 'href="/people/new/?name=Haruka+Tanabe"' in page
    assert "/new/" not in words(reader_client.get("/search/?q=Haruka+Tanabe"))


def test_the_form_that_adds_it_is_filled_in(officer_client):
    page = officer_client.get("/people/new/?name=Haruka+Tanabe").content.decode()
    assert 'value="Haruka"' in page
    assert 'value="Tanabe"' in page
    native = officer_client.get("/partners/new/?name=日本政策金融公庫")
    assert native.context["form"]["native_name"].value() == "日本政策金融公庫"


@pytest.mark.parametrize("typed", ["", "   ", "%00", "%00%00%20"])
def test_nothing_typed_says_what_can_be_looked_for(officer_client, typed):
    make_organisation("Filse")
    page = officer_client.get(f"/search/?q={typed}")
    assert "One box for everything" in words(page)


def test_a_very_long_query_is_cut_and_says_so(officer_client):
    page = words(officer_client.get("/search/", {"q": "nagoya " * 1000}))
    assert "Only the first 200 characters are looked for" in page


@pytest.mark.parametrize(
    "odd", ["kind=spaceships", "page=-1", "page=99999999999999999999", "archived=x"]
)
def test_an_address_that_makes_no_sense_is_named(officer_client, odd):
    make_organisation("Filse")
    page = officer_client.get(f"/search/?q=filse&{odd}")
    assert page.status_code == 200
    assert "Left out, because it makes no sense here" in words(page)
    assert "Filse" in words(page)


def test_a_page_beyond_the_last_is_the_last(officer_client):
    make_organisation("Filse")
    assert "Filse" in words(officer_client.get("/search/?q=filse&kind=organisations&page=7"))


# Percent-encoded, as an address brings it.
HOSTILE = {
    "wildcards": "%25_%5C",
    "quotes": "'%22%60%E2%80%99",
    "operators": "* AND (b OR NEAR(c, 3)) -d col:e ^f",
    "PostgreSQL's operators": "a:* %26 !b | (c <-> d) '",
    "punctuation": ".,;:!?…()[]{}",
    "NUL": "fil%00se%00",
    "a lone surrogate": "%ED%A0%80filse",
    "half a letter": "%E6%9D",
    "emoji": "%F0%9F%98%80 %F0%9F%8F%B4%E2%80%8D%E2%98%A0%EF%B8%8F",
    "right to left": "%D9%85%D8%B1%D8%AD%D8%A8%D8%A7 %E2%80%AEeslif",
    "marks alone": "%CC%81%CC%82%E3%82%99%EF%BE%9E",
    "what grows when folded": "%EF%B7%BA" * 200,
    "200 words": "a " * 200,
    "long words": "abcdefghijklmnopqrstuvwx " * 8,
    "a word of 5,000 letters": "a" * 5000,
    "5,000 digits": "1" * 5000,
    "kanji without end": "%E6%9D%B1%E4%BA%AC" * 300,
}


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_typed_is_only_characters(administrator_client, typed):
    make_person("Hanako", "Suzuki", make_organisation("Filse"))
    for address in (
        "/search/?q=",
        "/search/?kind=organisations&q=",
        "/search/suggestions/?q=",
        "/partners/?q=",
        "/people/?q=",
        "/choices/organisations/?q=",
        "/admin/partners/person/?q=",
    ):
        assert administrator_client.get(address + typed).status_code == 200, address


def test_suggestions_are_links_with_kind_and_place_and_lead_to_all(officer_client, nagoya):
    garage = make_organisation("Nagoya Innovator’s Garage", nagoya, native_name="ナゴヤ")
    html = officer_client.get("/search/suggestions/?q=nagoya").content.decode()
    assert f'href="{garage.get_absolute_url()}"' in html
    assert "Organisation" in html
    assert "Nagoya</mark>, Japan" in html
    assert html.index("See all results") > html.index("Garage")
    assert 'href="/search/?q=nagoya"' in html
    assert "<html" not in html


def test_suggestions_put_the_exact_name_first(officer_client, nagoya):
    make_organisation("Association of Nagoya", nagoya)
    html = officer_client.get("/search/suggestions/?q=nagoya").content.decode()
    assert html.index("City") < html.index("Association")


@pytest.mark.parametrize("typed", ["", "%00", "a" * 5000])
def test_suggestions_for_nothing_sensible_are_none(officer_client, typed):
    html = officer_client.get(f"/search/suggestions/?q={typed}").content.decode()
    assert "No suggestion" in html


@pytest.mark.parametrize("address", ["/search/?q=nagoya", "/search/suggestions/?q=nagoya"])
def test_the_number_of_queries_does_not_depend_on_the_rows(
    address, officer_client, nagoya, django_assert_max_num_queries, django_assert_num_queries
):
    def make(number):
        organisation = make_organisation(f"Nagoya {number}", nagoya, sectors=[sector])
        person = make_person("Haruka", f"Nagoya {number}", organisation)
        mission = make_mission(f"Nagoya {number}")
        stop = make_stop(mission, nagoya)
        meeting = make_meeting(
            [organisation], [person], mission=mission, stop=stop, local_date=date(2026, 3, 9)
        )
        make_followup(organisation, f"Nagoya {number}", meeting=meeting)
        make_agreement(f"Nagoya {number}", [organisation])

    sector = make_sector("Nagoya studies")
    make(0)
    officer_client.get(address)
    with django_assert_max_num_queries(40) as few:
        officer_client.get(address)
    for number in range(1, 20):
        make(number)
    with django_assert_num_queries(len(few)):
        officer_client.get(address)


def test_a_slip_of_the_hand_still_finds_and_the_page_says_so(reader_client):
    make_organisation("Nagoya University")
    page = words(reader_client.get("/search/?q=univresity"))
    assert "Nagoya University" in page
    assert "similar" in page


def test_a_link_copied_from_a_page_finds_whose_it_is(reader_client):
    make_person("Marco", "Rossi", phone="+39 010 548 5000", email="m.rossi@raise.example")
    for copied in ("tel:%2B390105485000", "mailto:m.rossi@raise.example"):
        assert "Marco Rossi" in words(reader_client.get(f"/search/?q={copied}"))


def test_where_nothing_is_suggested_the_list_says_so(reader_client):
    html = reader_client.get("/search/suggestions/?q=zzqqzz").content.decode()
    assert "Nothing is called that" in html
    assert "See all results" not in html
