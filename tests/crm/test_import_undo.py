"""An import taken back as a whole, updates included."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.imports import checking, plans, undoing, writing
from crm.jobs import Refused
from crm.models import Import, User
from partners.merging.joining import Wish, join
from partners.models import Affiliation, Organisation, Person
from tests.factories import make_meeting, make_organisation, make_person, make_sector
from tests.importing import make_import

pytestmark = pytest.mark.django_db


def bring(user: User, subject: str, text: str, **fields: Any) -> Import:
    source = make_import(user, subject, text, **fields)
    checking.start(source, user)
    writing.start(source, user)
    return source


def test_an_import_is_undone_as_a_whole(steward: User) -> None:
    robotics, ai = make_sector("Robotics"), make_sector("AI")
    jfc = make_organisation("Japan Finance Corporation", sectors=[robotics], phone="03 1111 2222")
    source = bring(
        steward,
        "organisations",
        "key,name,kind,country,sectors,phone\n"
        f"{jfc.key},JFC,agency,JP,AI,-\n"
        ",Vega,company,IT,AI,\n",
    )
    jfc.refresh_from_db()
    assert (jfc.name, list(jfc.sectors.all())) == ("JFC", [ai])

    assert plans.touched(source) == []
    assert undoing.start(source, steward) is None
    jfc = Organisation.objects.get()
    assert (jfc.name, jfc.kind, jfc.phone) == (
        "Japan Finance Corporation",
        "finance",
        "03 1111 2222",
    )
    assert list(jfc.sectors.all()) == [robotics]
    assert jfc.sort_name == "japan finance corporation"
    assert Organisation.objects.matching("finance").get() == jfc
    assert jfc.version == 3
    last = jfc.history.first()
    assert last.history_change_reason == f"undo of import {source.pk}"
    assert [each.sector for each in last.sectors.all()] == [robotics]
    gone = Organisation.history.filter(name="Vega", history_type="-").get()
    assert (gone.history_user, gone.history_change_reason) == (steward, last.history_change_reason)
    source.refresh_from_db()
    assert (source.state, source.undone_by) == ("undone", steward)


def test_where_people_worked_comes_back_too(steward: User) -> None:
    jfc, vega = make_organisation("JFC"), make_organisation("Vega")
    haruka = make_person("Haruka", "Tanabe", jfc, "Director")
    source = bring(
        steward,
        "people",
        "key,given_name,family_name,organisation,job_title\n"
        f"{haruka.key},,,Vega,Chair\n"
        ",Luca,Rossi,JFC,Clerk\n",
    )
    assert Affiliation.objects.count() == 3
    undoing.start(source, steward)
    post = Affiliation.objects.get()
    assert (post.person, post.organisation, post.is_primary) == (haruka, jfc, True)
    haruka = Person.objects.get()
    assert haruka.sort_organisation == "jfc"
    assert vega.affiliations.count() == 0
    marks = Affiliation.history.filter(history_type="-").values_list(
        "history_user", "history_change_reason"
    )
    assert {*marks} == {(steward.pk, f"undo of import {source.pk}")}


def test_what_somebody_touched_since_is_told_and_stays(steward: User, officer: User) -> None:
    jfc = make_organisation("Japan Finance Corporation")
    source = bring(
        steward,
        "organisations",
        "key,name,kind,country\n"
        f"{jfc.key},JFC,finance,JP\n"
        ",Vega,company,IT\n"
        ",Lyra,company,IT\n"
        ",Deneb,company,IT\n",
    )
    vega, lyra = Organisation.objects.get(name="Vega"), Organisation.objects.get(name="Lyra")
    setattr(vega, "_history_user", officer)  # noqa: B010
    vega.phone = "010 1234"
    vega.save()
    make_meeting([lyra])
    touched = {each.label: each for each in plans.touched(source)}
    assert set(touched) == {"Vega", "Lyra"}
    assert touched["Vega"].why == "Olga Officer changed it on 22 November 2026."
    assert touched["Vega"].url == vega.get_absolute_url()
    assert touched["Lyra"].why == "Linked since: meetings (1)."
    undoing.start(source, steward)
    names = set(Organisation.objects.values_list("name", flat=True))
    assert names == {"Japan Finance Corporation", "Vega", "Lyra"}
    source.refresh_from_db()
    assert source.state == "partly-undone"


def test_the_rest_is_undone_when_nothing_holds_it_any_more(
    steward: User, steward_client: Client
) -> None:
    source = bring(
        steward, "organisations", "name,kind,country\nVega,company,IT\nLyra,company,IT\n"
    )
    meeting = make_meeting([Organisation.objects.get(name="Lyra")])
    undoing.start(source, steward)
    with pytest.raises(Refused):
        undoing.start(source, steward)
    meeting.delete()
    page = steward_client.get(f"/imports/{source.pk}/undo/")
    assert (page.context["rest"], page.context["touched"]) == (1, [])
    assert "1 record was undone already." in page.content.decode()
    undoing.start(source, steward)
    assert not Organisation.objects.exists()
    source.refresh_from_db()
    assert source.state == "undone"


def test_an_import_is_undone_once(steward: User) -> None:
    source = bring(steward, "organisations", "name,kind,country\nVega,company,IT\n")
    undoing.start(source, steward)
    with pytest.raises(Refused):
        undoing.start(source, steward)
    assert source.state == "undone"


def test_an_undoing_that_fails_half_way_changes_nothing(
    steward: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = bring(steward, "organisations", "name,kind,country\nVega,company,IT\n")

    def fail(*_given: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(undoing, "put", fail)
    with pytest.raises(ZeroDivisionError):
        undoing.start(source, steward)
    assert Organisation.objects.filter(name="Vega").exists()
    source.refresh_from_db()
    assert source.state == "written"


def test_the_queries_of_the_page_do_not_grow_with_the_rows(
    steward: User, steward_client: Client
) -> None:
    def queries(count: int, name: str) -> int:
        rows = "".join(f"{name} {number},company,IT\n" for number in range(count))
        source = make_import(steward, "organisations", f"name,kind,country\n{rows}")
        checking.start(source, steward)
        writing.start(source, steward)
        with CaptureQueriesContext(connection) as asked:
            html = steward_client.get(f"/imports/{source.pk}/undo/").content.decode()
        assert f"Undo {count} record" in html
        return len(asked)

    assert queries(20, "Orion") <= queries(1, "Vega")


def test_what_came_with_its_parent_goes_with_it(steward: User) -> None:
    source = bring(
        steward,
        "organisations",
        "name,kind,country,parent\nRAISE,consortium,IT,\nCNR,research,IT,RAISE\n"
        "IEIIT,research,IT,CNR\n",
    )
    assert Organisation.objects.get(name="IEIIT", parent__parent__name="RAISE")
    assert plans.touched(source) == []
    undoing.start(source, steward)
    assert not Organisation.objects.exists()
    assert source.state == "undone"


@pytest.mark.parametrize("batch", [1, 1_000])
def test_a_parent_stays_where_what_is_part_of_it_stays(
    batch: int, steward: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "BATCH", batch)
    source = bring(
        steward,
        "organisations",
        "name,kind,country,parent\nRAISE,consortium,IT,\nCNR,research,IT,RAISE\n"
        "Vega,company,IT,RAISE\n",
    )
    make_meeting([Organisation.objects.get(name="CNR")])
    assert {each.label for each in plans.touched(source)} == {"RAISE", "CNR"}
    undoing.start(source, steward)
    assert {*Organisation.objects.values_list("name", flat=True)} == {"RAISE", "CNR"}
    assert source.state == "partly-undone"


def test_one_that_was_put_under_a_new_parent_is_as_it_was_before(steward: User) -> None:
    home = make_organisation("Regione Liguria")
    cnr = make_organisation("CNR", parent=home)
    source = bring(
        steward,
        "organisations",
        f"key,name,kind,country,parent\n,RAISE,consortium,IT,\n{cnr.key},,,,RAISE\n",
    )
    cnr.refresh_from_db()
    assert cnr.parent == Organisation.objects.get(name="RAISE")
    undoing.start(source, steward)
    cnr.refresh_from_db()
    assert (source.state, cnr.parent, Organisation.objects.count()) == ("undone", home, 2)


def test_a_parent_that_was_merged_since_comes_back_as_what_it_became(steward: User) -> None:
    old, new = make_organisation("Liguria Region"), make_organisation("RAISE")
    cnr, stayed = make_organisation("CNR", parent=old), make_organisation("Regione Liguria")
    source = bring(steward, "organisations", f"key,parent\n{cnr.key},{new.key}\n")
    join(Organisation, Wish(stayed.pk, [old.pk]), steward)
    undoing.start(source, steward)
    cnr.refresh_from_db()
    assert (source.state, cnr.parent) == ("undone", stayed)


def test_only_what_came_with_the_rows_is_left_to_be_undone(
    steward: User, steward_client: Client
) -> None:
    answers = {"others": "create", "country": "IT"}
    text = "given_name,family_name,organisation\nAnna,Bruno,Vega\n"
    source = bring(steward, "people", text, answers=answers)
    vega = Organisation.objects.get()
    meeting = make_meeting([vega])
    undoing.start(source, steward)
    assert source.state == "partly-undone"
    meeting.delete()
    address = f"/imports/{source.pk}/undo/"
    page = steward_client.get(address)
    assert "Nothing more can be undone" not in page.content.decode()
    steward_client.post(address, {"stamp": page.context["stamp"]})
    assert not Organisation.objects.exists()
    source.refresh_from_db()
    assert source.state == "undone"


def test_undoing_many_rows_costs_no_more_queries_than_a_few(steward: User) -> None:
    make_sector("Robotics")

    def queries(subject: str, count: int, name: str) -> int:
        heading, row = {
            "organisations": ("name,kind,country,sectors", "{name} {n},company,IT,Robotics"),
            "people": ("given_name,family_name,organisation", "{name},Bruno{n},Vega"),
        }[subject]
        lines = [row.format(name=name, n=n) for n in range(count)]
        source = make_import(steward, subject, "\n".join([heading, *lines]) + "\n")
        checking.start(source, steward)
        source.rows.update(choice="take")
        writing.start(source, steward)
        with CaptureQueriesContext(connection) as asked:
            undoing.start(source, steward)
        assert source.state == "undone"
        return len(asked)

    vega = make_organisation("Vega")
    for subject in ("organisations", "people"):
        assert queries(subject, 20, "Orion") <= queries(subject, 2, "Sirio")
    assert [*Organisation.objects.all()] == [vega]


def test_of_an_import_undone_in_part_the_records_that_stayed_are_linked(
    steward: User, steward_client: Client
) -> None:
    source = bring(
        steward, "organisations", "name,kind,country\nVega,company,IT\nLyra,company,IT\n"
    )
    vega, lyra = (Organisation.objects.get(name=name) for name in ("Vega", "Lyra"))
    vega.phone = "010 1234"
    vega.save()
    undoing.start(source, steward)
    page = steward_client.get(source.get_absolute_url()).content.decode()
    assert f'href="{vega.get_absolute_url()}"' in page
    assert f'href="{lyra.get_absolute_url()}"' not in page
