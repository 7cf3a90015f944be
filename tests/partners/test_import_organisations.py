"""Files of organisations: what their rows would do, and did."""

import pytest

from crm.imports import checking, writing
from crm.imports.showing import ShownRow
from crm.jobs import Refused
from crm.models import ImportRow, User
from partners.imports import ORGANISATIONS
from partners.models import City, Organisation
from tests.factories import make_city, make_organisation, make_sector
from tests.importing import acts, changes, make_import, problems, rows_of

pytestmark = pytest.mark.django_db


def test_a_row_names_related_things_in_words(steward: User, nagoya: City) -> None:
    make_sector("Artificial intelligence", name_it="Intelligenza artificiale")
    university = make_organisation("Nagoya University", nagoya, kind="university")
    source = make_import(
        steward,
        "organisations",
        "name;tipo;paese;città;settori;part of;owner;tier;website;phone\n"
        "Incubator;Incubatore;Giappone;名古屋;intelligenza artificiale;nagoya university;"
        "steward@example.org;Strategic;www.incubator.jp;+81 3 5253 1111\n",
    )
    assert checking.start(source, steward) is None
    assert problems(source) == []
    assert (source.state, source.counts) == ("checked", {"create": 1})
    row = rows_of(source)[0]
    assert changes(row)["city"] == ("", "Nagoya, Japan")
    assert not Organisation.objects.filter(name="Incubator").exists()

    writing.start(source, steward)
    new = Organisation.objects.get(name="Incubator")
    assert (new.kind, new.country, new.city, new.parent) == ("incubator", "JP", nagoya, university)
    assert (new.owner, new.tier, new.website) == (steward, 1, "https://www.incubator.jp")
    assert (new.phone, new.phone_international) == ("+81 3 5253 1111", "+81 3 5253 1111")
    assert [sector.slug for sector in new.sectors.all()] == ["artificial-intelligence"]
    kept = new.history.get()
    assert (kept.history_user, kept.history_change_reason) == (steward, source.history_reason)
    assert [each.sector.slug for each in kept.sectors.all()] == ["artificial-intelligence"]
    assert Organisation.objects.matching("incubator nagoya").get() == new
    source.refresh_from_db()
    assert (source.state, rows_of(source)[0].record_id) == ("written", new.pk)


def test_every_way_of_naming_a_country_is_understood(steward: User) -> None:
    source = make_import(
        steward,
        "organisations",
        "name,kind,country\nA,company,JP\nB,company,Japan\nC,company,Giappone\nD,company,日本\n",
    )
    checking.start(source, steward)
    assert [changes(row)["country"] for row in rows_of(source)] == [("", "Japan")] * 4


def test_what_is_wrong_with_a_row_is_said_where_it_is(steward: User, nagoya: City) -> None:
    make_city("Springfield", "US")
    make_city("Springfield", "CA")
    source = make_import(
        steward,
        "organisations",
        "name,kind,country,city,email,sectors\n"
        "Castle,castle,JP,,,\n"
        "Nowhere,company,Atlantis,,,\n"
        "Twins,company,,Springfield,,\n"
        "Elsewhere,company,IT,Nagoya,,\n"
        "Mail,company,JP,,not an address,\n"
        "Sector,company,JP,,,Alchemy\n"
        ",company,JP,,,\n",
    )
    checking.start(source, steward)
    assert acts(source) == ["reject"] * 7
    said = [[(p["column"], p["text"]) for p in row.problems] for row in rows_of(source)]
    assert said[0][0][0] == 1
    assert "“castle” is none of the choices" in said[0][0][1]
    assert said[1][0] == (
        2,
        "No country is called “Atlantis”: write its name or its two letters.",
    )
    assert said[2][0][0] == 3
    assert "Give the country too" in said[2][0][1]
    assert said[3][0][0] == 3
    assert "No city is called “Nagoya” in that country" in said[3][0][1]
    assert said[4][0] == (4, "Enter a valid email address.")
    assert said[5][0] == (5, "No sector is called “Alchemy”.")
    assert said[6][0] == (0, "This field cannot be blank.")
    assert Organisation.objects.count() == 0


def test_a_row_finds_its_record_by_name_and_country(steward: User) -> None:
    make_organisation("Chamber of Commerce", country="IT", kind="chamber")
    japan = make_organisation("Chamber of Commerce", country="JP", kind="chamber")
    source = make_import(
        steward,
        "organisations",
        "name,country,kind,website\n"
        "chamber of commerce,Japan,agency,\n"
        "Chamber of Commerce,,,https://c.jp\n",
        matched_by="name",
    )
    checking.start(source, steward)
    assert acts(source) == ["update", "reject"]
    assert changes(rows_of(source)[0])["kind"] == ("Chamber of commerce", "Agency")
    assert "Give the key" in problems(source)[0]
    version = japan.version
    writing.start(source, steward)
    japan.refresh_from_db()
    assert (japan.kind, japan.version, japan.history.count()) == ("agency", version + 1, 2)


def test_an_empty_cell_leaves_a_value_and_a_hyphen_empties_it(steward: User) -> None:
    jfc = make_organisation(website="https://www.jfc.go.jp", phone="03 3270 0000")
    source = make_import(
        steward,
        "organisations",
        f"key,website,phone\n{jfc.key},,-\n",
    )
    checking.start(source, steward)
    assert changes(rows_of(source)[0]) == {"phone": ("03 3270 0000", "")}
    writing.start(source, steward)
    jfc.refresh_from_db()
    assert (jfc.website, jfc.phone) == ("https://www.jfc.go.jp", "")


def test_only_what_is_empty_is_filled_where_that_was_asked(steward: User) -> None:
    jfc = make_organisation(website="https://www.jfc.go.jp")
    text = f"key,website,phone\n{jfc.key},https://other.jp,03 3270 0000\n"
    source = make_import(steward, "organisations", text, only_fills=True)
    checking.start(source, steward)
    assert changes(rows_of(source)[0]) == {"phone": ("", "03 3270 0000")}


def test_two_rows_of_one_record_are_told(steward: User) -> None:
    jfc = make_organisation()
    source = make_import(
        steward,
        "organisations",
        f"key,name,kind,country\n{jfc.key},,agency,\n{jfc.key},,finance,\n"
        ",New,company,JP\n,NEW,company,Japan\n",
    )
    checking.start(source, steward)
    assert acts(source) == ["update", "reject", "create", "reject"]
    assert problems(source) == [
        "The same record as in row 2 of this file.",
        "The same record as in row 4 of this file.",
    ]


def test_a_new_row_that_looks_like_a_record_waits(steward: User) -> None:
    jfc = make_organisation("Japan Finance Corporation")
    text = "name,kind,country\nJapan Finance Corporation,finance,JP\nVolta,company,IT\n"
    source = make_import(steward, "organisations", text)
    checking.start(source, steward)
    twin, volta = rows_of(source)
    assert (twin.act, twin.choice) == ("create", ImportRow.Choice.LEAVE)
    assert twin.alike[0]["id"] == jfc.pk
    assert twin.alike[0]["reason"]
    assert (volta.act, volta.choice) == ("create", ImportRow.Choice.TAKE)


def test_one_that_a_colleague_made_since_the_check_is_not_made_twice(steward: User) -> None:
    rows = "name,kind,country\nVega Robotics,company,JP\nOrion,company,IT\n"
    source = make_import(steward, "organisations", rows, matched_by="name")
    checking.start(source, steward)
    make_organisation("Orion", country="JP")
    make_organisation("Vega Robotics", kind="company", country="JP")
    with pytest.raises(Refused):
        writing.start(source, steward)
    source.refresh_from_db()
    assert acts(source) == ["same", "create"]


PARTS = "name,kind,country,parent\n"


def test_a_parent_may_be_new_in_a_row_above(steward: User) -> None:
    text = PARTS + "RAISE,consortium,IT,\nCNR,research,IT,raise\nIEIIT,research,IT,CNR\n"
    source = make_import(steward, "organisations", text)
    checking.start(source, steward)
    assert (problems(source), acts(source)) == ([], ["create"] * 3)
    assert changes(rows_of(source)[1])["parent"] == ("", "raise")
    shown = ShownRow(rows_of(source)[1], source, ORGANISATIONS)
    assert [change.label for change in shown.changes if change.is_made] == ["Part of"]
    writing.start(source, steward)
    parts = Organisation.objects.values_list("name", "parent__name").order_by("pk")
    assert [*parts] == [("RAISE", None), ("CNR", "RAISE"), ("IEIIT", "CNR")]
    marks = {row.history_change_reason for row in Organisation.history.all()}
    assert marks == {source.history_reason}


def test_a_parent_of_an_earlier_batch_is_found(
    steward: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "BATCH", 1)
    monkeypatch.setattr(writing, "BATCH", 1)
    text = PARTS + "RAISE,consortium,IT,\nCNR,research,IT,RAISE\n"
    source = make_import(steward, "organisations", text)
    checking.start(source, steward)
    writing.start(source, steward)
    assert Organisation.objects.get(name="CNR", parent__name="RAISE")


def test_a_parent_that_two_rows_above_may_be_is_told_by_its_country(steward: User) -> None:
    text = PARTS + (
        "Chamber,chamber,IT,\nChamber,chamber,JP,\nDesk,agency,JP,Chamber\n"
        "Office,agency,FR,Chamber\n"
    )
    source = make_import(steward, "organisations", text)
    checking.start(source, steward)
    assert acts(source) == ["create", "create", "create", "reject"]
    assert "neither here nor in a row above" in problems(source)[0]
    writing.start(source, steward)
    assert Organisation.objects.get(name="Desk", parent__country="JP")


def test_a_row_whose_parent_is_left_out_is_not_written_without_it(steward: User) -> None:
    text = PARTS + "RAISE,consortium,IT,\nCNR,research,IT,RAISE\n"
    source = make_import(steward, "organisations", text)
    checking.start(source, steward)
    source.rows.filter(number=2).update(choice=ImportRow.Choice.LEAVE)
    with pytest.raises(Refused, match="Row 3 is part of “RAISE”, which row 2 would make"):
        writing.start(source, steward)
    assert not Organisation.objects.exists()
    source.refresh_from_db()
    assert source.state == "checked"


def test_rows_that_would_make_an_organisation_part_of_itself_are_refused(steward: User) -> None:
    raise_, cnr = make_organisation("RAISE"), make_organisation("CNR")
    ieiit = make_organisation("IEIIT", parent=cnr)
    source = make_import(
        steward,
        "organisations",
        f"key,parent\n{raise_.key},IEIIT\n{cnr.key},RAISE\n",
    )
    checking.start(source, steward)
    assert acts(source) == ["update", "reject"]
    assert problems(source) == ["RAISE is itself part of this organisation."]
    assert ieiit.parent == cnr


def test_a_new_organisation_and_an_old_one_are_not_part_of_each_other(steward: User) -> None:
    cnr = make_organisation("CNR")
    source = make_import(
        steward,
        "organisations",
        f"key,name,kind,country,parent\n,RAISE,consortium,IT,CNR\n{cnr.key},,,,RAISE\n",
    )
    checking.start(source, steward)
    assert acts(source) == ["create", "reject"]
