"""Search: what is found by what is typed, alike on every database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.search import (
    best,
    likest,
    marked,
    matching,
    nearby,
    ranked,
    ranking,
    slipped,
)
from missions.models import Meeting
from partners.models import Organisation, Person, Sector
from tests.factories import make_meeting, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(tokyo, nagoya, genoa):
    """People and organisations that are easily taken for one another, by a short name."""
    bank = make_organisation(
        "Japan Finance Corporation",
        short_name="JFC",
        native_name="日本政策金融公庫",
        city=tokyo,
        phone="03-5253-1111",
        website="https://www.jfc.example/n/english/",
        email="info@japan-finance.example",
    )
    garage = make_organisation("Nagoya Innovator’s Garage", city=nagoya, kind="incubator")
    university = make_organisation("Nagoya University", city=nagoya, kind="university")
    culture = make_organisation("Ente Città della Scienza", city=genoa, country="IT")
    people = {
        "kanji": make_person("Ichirō", "Suzuki", native_name="鈴木 一郎"),
        "reading": make_person("", "", native_name="鈴木 花", native_reading="スズキ ハナ"),
        "latin": make_person("Jiro", "SUZUKI"),
        "ohno": make_person("Ken", "Ohno"),
        "satō": make_person("Yūki", "Satō", organisation=bank),
        "saitoh": make_person("Mari", "Saitoh", native_name="斎藤 真理"),
    }
    return {"bank": bank, "garage": garage, "university": university, "culture": culture, **people}


FOUND = [
    ("鈴木", {"kanji", "reading"}),
    ("鈴木一郎", {"kanji"}),
    ("鈴木 一郎", {"kanji"}),
    ("すずき", {"kanji", "reading", "latin"}),
    ("スズキ", {"kanji", "reading", "latin"}),
    ("ｽｽﾞｷ", {"kanji", "reading", "latin"}),
    ("SUZUKI", {"kanji", "reading", "latin"}),
    ("suzuki", {"kanji", "reading", "latin"}),
    ("ｓｕｚｕｋｉ", {"kanji", "reading", "latin"}),
    ("uzuk", {"kanji", "reading", "latin"}),
    ("suzuki hana", {"reading"}),
    ("花", {"reading"}),
    ("郎", {"kanji"}),
    ("木", {"kanji", "reading"}),
    ("ono", {"ohno"}),
    ("oono", {"ohno"}),
    ("Ōno", {"ohno"}),
    ("おおの", {"ohno"}),
    ("satou", {"satō"}),
    ("Sato", {"satō"}),
    ("Satoh", {"satō"}),
    ("yuuki", {"satō"}),
    ("saito", {"saitoh"}),
    ("さいとう", {"saitoh"}),
    ("citta", {"culture"}),
    ("CITTÀ", {"culture"}),
    ("citt scienz", {"culture"}),
    ("東京", {"bank", "satō"}),
    ("京", {"bank", "satō"}),
    ("Tōkyō", {"bank", "satō"}),
    ("政策金融", {"bank", "satō"}),
    ("日本 公庫", {"bank", "satō"}),
    ("vator", {"garage"}),
    ("innovator's", {"garage"}),
    ("innovator’s", {"garage"}),
    ("Nagoya incubator", {"garage"}),
    ("incubatore nagoya", {"garage"}),
    ("ga na", {"garage"}),
    ("nagoya", {"garage", "university"}),
    ("Genova", {"culture"}),
    ("Giappone incubatore", {"garage"}),
    ("university Japan", {"university"}),
    ("scienza italia", {"culture"}),
    ("03 5253 1111", {"bank"}),
    ("(0)3-5253-1111", {"bank"}),
    ("+81 (0)3 5253 1111", {"bank"}),
    ("0081352531111", {"bank"}),
    ("+81-3-5253-1111", {"bank"}),
    ("５２５３１１１１", {"bank"}),
    ("５２５３ー１１１１", {"bank"}),
    ("jfc 5253-1111", {"bank"}),
    ("jfc.example", {"bank"}),
    ("https://www.jfc.example/it/", {"bank"}),
    ("www.jfc.example", {"bank"}),
    ("info@japan-finance.example", {"bank"}),
    ("suzuky", set()),
    ("tour", set()),
    ("%", set()),
    ("_", set()),
    ('"', set()),
    ('a" OR b', set()),
    ("nagoya*", {"garage", "university"}),
    ("&", set()),
]


@pytest.mark.parametrize(("typed", "names"), FOUND)
def test_what_is_typed_finds(directory, typed, names):
    found = {
        name
        for name, record in directory.items()
        if type(record).objects.matching(typed).filter(pk=record.pk).exists()
    }
    assert found == names


NEAR = [
    ("Suzuku", {"kanji", "reading", "latin"}),
    ("Szuki", {"kanji", "reading", "latin"}),
    ("Suzzuki", {"kanji", "reading", "latin"}),
    ("uSzuki", {"kanji", "reading", "latin"}),
    ("Nagyoa Univresity", {"university"}),
    ("Nagoya Univresitz", set()),
    ("Gwnova", {"culture"}),
    ("Oho", set()),
    ("鈴本", set()),
]


@pytest.mark.parametrize(("typed", "names"), NEAR)
def test_one_slip_in_a_latin_word_still_finds_it(directory, typed, names):
    found = set()
    for name, record in directory.items():
        rows, is_similar = nearby(type(record).objects.filter(pk=record.pk), typed)
        if rows.exists():
            assert is_similar
            found.add(name)
    assert found == names


def test_nothing_similar_is_shown_where_something_matches(directory, django_assert_num_queries):
    make_person("Jiro", "Suzuka")
    with django_assert_num_queries(1):
        people, is_similar = nearby(Person.objects.all(), "suzuki")
    assert not is_similar
    assert not people.filter(family_name="Suzuka").exists()


def test_names_that_are_so_come_before_those_that_begin_or_contain_it():
    names = ["Sub Portofino", "Port of Genoa", "Airport Genoa", "Port", "Big Port", "Ports Agency"]
    for name in names:
        make_organisation(name)
    found = ranked(Organisation.objects.matching("port"), "port")
    assert [one.name for one in found] == [
        "Port",
        "Port of Genoa",
        "Ports Agency",
        "Big Port",
        "Sub Portofino",
        "Airport Genoa",
    ]


@pytest.mark.parametrize(
    "typed",
    ["port", "po", "p", "port of", "genoa port", "港", "みなと", "東京", "tokyo", "no such"],
)
@pytest.mark.parametrize("start", [0, 3])
def test_many_come_in_the_same_order_as_few(typed, start, tokyo, genoa, monkeypatch):
    for number, name in enumerate(["Port", "Port of Genoa", "Big Port", "Airport", "Tokyo Port"]):
        make_organisation(f"{name} {number}", tokyo, native_name=f"東京{number}")
        make_organisation(name, genoa, native_name="港", short_name=f"P{number}")
        make_organisation(f"Min {number}", tokyo, native_name="みなと 港")
    rows = Organisation.objects.all()
    few = best(rows, matching(rows, typed), typed, start, start + 8)
    monkeypatch.setattr(ranking, "FEW", 0)
    many = best(rows, matching(rows, typed), typed, start, start + 8)
    assert [(one.near, one.name) for one in many] == [(one.near, one.name) for one in few]
    assert [one.pk for one in many] == [one.pk for one in few]


def test_what_is_called_so_comes_before_what_is_there(nagoya):
    make_organisation("Aichi Fund", city=nagoya)
    make_organisation("Nagoya University")
    found = ranked(Organisation.objects.matching("nagoya"), "nagoya")
    assert [one.name for one in found] == ["Nagoya University", "Aichi Fund"]


@pytest.mark.parametrize(
    ("few", "names"),
    [
        (500, ["Nagoya", "Nagoya University", "Old Nagoya Fund"]),
        (0, ["Aichi Fund", "Nagoya", "Nagoya University"]),
    ],
)
def test_of_similar_ones_those_called_so_come_before_those_that_are_there(
    few, names, nagoya, monkeypatch
):
    monkeypatch.setattr(ranking, "FEW", few)
    for name in ("Aichi Fund", "Old Nagoya Fund", "Nagoya University", "Nagoya"):
        make_organisation(name, city=nagoya)
    rows = Organisation.objects.all()
    found = likest(rows, slipped(rows, "nagyoa"), "nagyoa", 0, 3)
    assert [one.name for one in found] == names


MARKED = [
    ("Città di Castello", "citta", "[Città] di Castello"),
    ("Innovator’s Garage", "vator's", "Inno[vator’s] Garage"),
    ("日本政策金融公庫", "政策金融", "日本[政策金融]公庫"),
    ("ｽｽﾞｷ 花", "すずき", "[ｽｽﾞｷ] 花"),
    ("スズキ ハナ", "suzuki", "[スズキ] ハナ"),
    ("Hanako Suzuki", "スズキ", "Hanako [Suzuki]"),
    ("Yūki Satō", "satou", "Yūki [Satō]"),
    ("Università di Genova", "di gen", "Università [di] [Gen]ova"),
    ("+81 3 5253 1111", "03-5253-1111", "+81 [3 5253 1111]"),
    ("Straße", "sse", "Stra[ße]"),
    ("Nothing here", "tokyo", "Nothing here"),
    ("", "tokyo", ""),
    ("a\u3000b", "b", "a\u3000[b]"),
]


@pytest.mark.parametrize(("text", "typed", "shown"), MARKED)
def test_the_match_is_marked_in_the_text_as_it_is_written(text, typed, shown):
    pieces = marked(text, typed)
    assert "".join(piece for piece, _is_match in pieces) == text
    assert "".join(f"[{piece}]" if is_match else piece for piece, is_match in pieces) == shown


def test_a_slip_is_marked_where_similar_ones_are_shown():
    assert marked("Ichiro Suzuki", "Suzuku", is_similar=True)[-1] == ("Suzuki", True)


@given(st.text(max_size=40), st.text(max_size=10))
def test_marking_never_changes_the_text(text, typed):
    assert "".join(piece for piece, _is_match in marked(text, typed)) == text


def test_a_confidential_meeting_is_not_found_by_its_title(tokyo):
    bank = make_organisation("Japan Finance Corporation", city=tokyo)
    meeting = make_meeting([bank], title="Secret takeover", is_confidential=True)
    assert not Meeting.objects.matching("takeover").exists()
    assert not slipped(Meeting.objects.all(), "takeovor").exists()
    assert Meeting.objects.matching("finance tokyo").get() == meeting
    meeting.is_confidential = False
    meeting.save()
    assert Meeting.objects.matching("takeover finance").get() == meeting


CONFIDENTIAL = [
    ("takeover", True),
    ("TAKEOVER citta", True),
    ("CITTÀ", True),
    ("tokyo takeover", True),
    ("ta ci", True),
    ("すずき", True),
    ("suzuki", True),
    ("over", True),
    ("takeover nagoya", False),
    ("ov", False),
    ("-", False),
]


@pytest.mark.parametrize(("typed", "is_found"), CONFIDENTIAL)
def test_a_confidential_title_is_searched_as_any_other_by_who_may_know_it(tokyo, typed, is_found):
    bank = make_organisation("Japan Finance Corporation", city=tokyo)
    make_meeting([bank], title="Takeover - Città e スズキ", is_confidential=True)
    assert Meeting.objects.found_by(typed, may_read=True).exists() is is_found
    assert not Meeting.objects.found_by(typed, may_read=False).exists()


def test_sectors_are_found_in_both_languages():
    sector = Sector.objects.create(slug="ai", name="Artificial intelligence", name_it="Energia")
    for typed in ("intellig", "energia"):
        assert Sector.objects.matching(typed).get() == sector
