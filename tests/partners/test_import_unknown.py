"""People whose organisation nobody here knows: who is meant, and new ones created with them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.imports import checking, missing, undoing, writing
from crm.models import Import, User
from partners.imports.unknown import SEARCHED
from partners.models import Affiliation, Organisation, Person
from tests.factories import make_affiliation, make_city, make_organisation, make_person
from tests.importing import acts, changes, make_import, problems, rows_of

pytestmark = pytest.mark.django_db

HEAD = "Given name,Family name,Organisation,City,Country\n"
FILE = (
    HEAD + "Haruka,Tanabe,Aichi Robotics,Nagoya,Japan\n"
    "Kenji,Mori,aichi robotics,,Japan\n"
    "Anna,Bruno,Regione Ligura,,\n"
)


def answer(client: Client, source: Import, **said: str) -> str:
    html = client.get(f"/imports/{source.pk}/").content.decode()
    form = html.split(f'action="/imports/{source.pk}/answers/"')[1]
    stamp = form.split('name="stamp" value="')[1].split('"')[0]
    said = {"others": "", "country": "", "kind": "other", **said}
    for index in range(len(source.missing)):
        said.setdefault(f"name-{index}", "")
    given = {"stamp": stamp, **said}
    page = client.post(f"/imports/{source.pk}/answers/", given, follow=True)
    source.refresh_from_db()
    return page.content.decode()


@pytest.fixture
def source(steward: User) -> Import:
    make_city("Nagoya", "JP")
    make_organisation("Regione Liguria", country="IT")
    source = make_import(steward, "people", FILE)
    checking.start(source, steward)
    return source


def test_names_that_nobody_has_are_told_with_those_that_may_be_meant(
    steward_client: Client, source: Import
) -> None:
    assert acts(source) == ["reject"] * 3
    told = [(one["name"], one["rows"], one["waits"]) for one in source.missing]
    assert told == [("Aichi Robotics", 2, False), ("Regione Ligura", 1, True)]
    html = steward_client.get(f"/imports/{source.pk}/").content.decode()
    assert "2 organisations of the file are not here yet" in html
    assert "It is Regione Liguria, Italy" in html


def test_a_name_means_the_organisation_that_was_chosen_in_every_row(
    steward: User, steward_client: Client, source: Import
) -> None:
    liguria = Organisation.objects.get()
    answer(steward_client, source, **{"name-1": str(liguria.pk)})
    assert acts(source) == ["reject", "reject", "create"]
    writing.start(source, steward)
    assert Affiliation.objects.get().organisation == liguria


def test_somebody_who_works_there_already_gets_no_second_affiliation(
    steward: User, steward_client: Client, source: Import
) -> None:
    liguria = Organisation.objects.get()
    make_affiliation(make_person("Anna", "Bruno"), liguria, is_primary=True)
    source.matched_by = "family_name"
    source.save()
    answer(steward_client, source, **{"name-1": str(liguria.pk)})
    assert acts(source)[2] == "same"


def test_new_organisations_are_shown_made_once_and_undone_with_the_import(
    steward: User, steward_client: Client, source: Import
) -> None:
    html = answer(steward_client, source, others="create", kind="company")
    assert acts(source) == ["create", "create", "reject"]
    assert "<b>1</b> new organisation with them" in html
    assert changes(rows_of(source)[0])["organisation"] == ("", "Aichi Robotics")
    assert Organisation.objects.count() == 1
    writing.start(source, steward)
    made = Organisation.objects.get(name="Aichi Robotics")
    assert (made.kind, made.country.code, str(made.city)) == ("company", "JP", "Nagoya, Japan")
    assert made.affiliations.count() == 2
    assert made.history.get().history_change_reason == source.history_reason
    assert Organisation.objects.matching("aichi robo").get() == made
    undone = steward_client.get(f"/imports/{source.pk}/undo/").content.decode()
    assert "1 organisation that came with it goes away too" in undone
    undoing.start(source, steward)
    assert source.state == "undone"
    assert not Person.objects.exists()
    assert Organisation.objects.get().name == "Regione Liguria"


def test_a_name_near_to_one_that_is_here_is_created_only_where_that_is_said(
    steward: User, steward_client: Client, source: Import
) -> None:
    answer(steward_client, source, others="create", country="IT", **{"name-1": "create"})
    assert acts(source) == ["create"] * 3
    writing.start(source, steward)
    assert Organisation.objects.filter(country="IT").count() == 2


def test_an_organisation_without_a_country_is_not_created(
    steward: User, steward_client: Client, source: Import
) -> None:
    answer(steward_client, source, **{"name-1": "create"})
    assert "can’t be created without its country" in problems(source)[2]


def test_one_that_a_colleague_made_meanwhile_is_not_made_twice(
    steward: User, steward_client: Client, source: Import
) -> None:
    answer(steward_client, source, others="create")
    theirs = make_organisation("Aichi Robotics", country="JP")
    writing.start(source, steward)
    assert theirs.affiliations.count() == 2


def test_one_that_others_work_at_by_then_stays_and_is_told(
    steward: User, steward_client: Client, source: Import
) -> None:
    answer(steward_client, source, others="create")
    writing.start(source, steward)
    made = Organisation.objects.get(name="Aichi Robotics")
    make_affiliation(make_person("Yuki", "Sato"), made)
    undoing.start(source, steward)
    assert source.state == "partly-undone"
    assert list(made.affiliations.values_list("person__family_name", flat=True)) == ["Sato"]
    html = steward_client.get(f"/imports/{source.pk}/undo/").content.decode()
    assert "Aichi Robotics" in html


def test_the_queries_do_not_grow_with_the_names(steward: User) -> None:
    def queries(count: int, firm: str) -> int:
        rows = "".join(f"Anna{n},Bruno,{firm} {count}-{n} Srl,,Italy\n" for n in range(count))
        source = make_import(steward, "people", HEAD + rows, answers={"others": "create"})
        with CaptureQueriesContext(connection) as asked:
            checking.start(source, steward)
            writing.start(source, steward)
        return len(asked)

    few = queries(SEARCHED, "Orion")
    assert (
        queries(SEARCHED + 30, "Orion") <= few + 10
    )  # more when there is anything to compare with


def test_rows_that_are_left_out_make_no_organisation(
    steward: User, steward_client: Client, source: Import
) -> None:
    answer(steward_client, source, others="create", country="IT", **{"name-1": "create"})
    html = steward_client.get(f"/imports/{source.pk}/").content.decode()
    assert "<b>2</b> new organisations with them" in html
    source.rows.filter(number=2).update(choice="leave")
    html = steward_client.get(f"/imports/{source.pk}/").content.decode()
    assert "<b>2</b> new organisations with them" in html
    source.rows.filter(number=3).update(choice="leave")
    html = steward_client.get(f"/imports/{source.pk}/").content.decode()
    assert "<b>1</b> new organisation with them" in html
    writing.start(source, steward)
    assert Organisation.objects.count() == 2


def test_names_that_nobody_was_shown_are_not_made_beside_one_that_is_here(
    steward: User, steward_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missing, "TOLD", 1)
    make_organisation("Regione Liguria", country="IT")
    source = make_import(steward, "people", FILE.replace("Regione Ligura", "Liguria Regione Srl"))
    checking.start(source, steward)
    assert [one["name"] for one in source.missing] == ["Aichi Robotics"]
    html = steward_client.get(f"/imports/{source.pk}/").content.decode()
    assert "2 organisations of the file are not here yet" in html
    assert "1 of them is listed; the others follow once it is answered." in html
    answer(steward_client, source, others="create", country="IT")
    assert acts(source) == ["create", "create", "reject"]
    html = steward_client.get(f"/imports/{source.pk}/").content.decode()
    assert "It is Regione Liguria, Italy" in html
    answer(steward_client, source, others="create", country="IT")
    assert acts(source) == ["create", "create", "create"]
