"""A file that we exported comes back: untouched it changes nothing, edited it is a difference."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from crm.imports import checking, writing
from crm.jobs import Refused
from crm.models import Import, ImportRow, User
from partners.merging.joining import Wish, join
from partners.models import Affiliation, Organisation, Person
from tests.factories import make_affiliation, make_city, make_organisation, make_person, make_sector
from tests.importing import acts, changes, make_import, problems, rows_of

pytestmark = pytest.mark.django_db
PEOPLE = (
    "key,version,given_name,family_name,native_name,native_reading,name_order,form_of_address,"
    "job_title,department,organisation,organisation_native_name,city,country,since,until,email,"
    "phone,mobile,contact_preference,languages,source,notes"
)
ORGANISATIONS = (
    "key,version,name,short_name,native_name,kind,side,country,city,sectors,parent,tier,owner,"
    "website,email,phone,address,notes"
)
FORMS = [
    ("csv", "comma", "en"),
    ("csv", "semicolon", "it"),
    ("csv", "tab", "it"),
    ("xlsx", "comma", "en"),
    ("xlsx", "comma", "it"),
]


def exported(client: Client, page: str, columns: str, form: tuple[str, str, str]) -> bytes:
    """The file as it is saved."""
    file_format, delimiter, language = form
    query = {
        "format": file_format,
        "delimiter": delimiter,
        "language": language,
        "columns": columns,
        **({"uncontactable": "1"} if page == "person" else {}),
    }
    answer: Any = client.get(reverse(f"partners:{page}-export"), query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def people() -> None:
    """Everything that has gone wrong in a file once."""
    fuchu = make_city("Fuchu", native_name="府中", name_it="Fuchu")
    make_city("Fuchu", population=1)
    jfc = make_organisation("Japan Finance Corporation", fuchu, native_name="日本政策金融公庫")
    twin = make_organisation("Japan Finance Corporation", country="IT")
    haruka = make_person(
        "Haruka",
        "Tanabe",
        jfc,
        "Director, Loans; Asia",
        native_name="田辺 遥",
        native_reading="たなべ はるか",
        name_order="family",
        email="tanabe@example.org",
        phone="052-789-5111",
        mobile="+81 90 1234 5678",
        notes='Said: "call me"\r\n=1+1\nand more;\t-2',
    )
    make_affiliation(haruka, twin, since=date(2020, 4, 1), until=date(2024, 3, 31))
    make_affiliation(haruka, twin, job_title="Adviser")
    make_person("=SUM(A1)", "@Rossi", phone="+39 010 555 123", contact_preference="none")
    make_person("", "", native_name="ﾀﾅﾍﾞ", source="'=quoted", languages="ja, en")
    make_person("-", "Bianchi", phone="0105551234")


def organisations(steward: User) -> None:
    nagoya = make_city("Nagoya", native_name="名古屋")
    ai = make_sector("Artificial intelligence", name_it="Intelligenza artificiale")
    robotics = make_sector("Robotics", name_it="Robotica", is_retired=True)
    parent = make_organisation("Nagoya University", nagoya, [ai, robotics], kind="university")
    make_organisation(
        "Incubator of Nagoya University",
        nagoya,
        short_name="+INU",
        native_name="名古屋大学インキュベーション施設",
        kind="incubator",
        parent=parent,
        tier=2,
        owner=steward,
        website="https://www.nagoya-u.ac.jp/a?b=1,2",
        phone="052-789-5111",
        address="Furo-cho,\r\nChikusa-ku",
        notes="-",
        side="home",
    )


@pytest.mark.parametrize("form", FORMS)
def test_people_exported_and_untouched_change_nothing(
    steward: User, steward_client: Client, form: tuple[str, str, str]
) -> None:
    people()
    data = exported(steward_client, "person", PEOPLE, form)
    assert_nothing_changes(steward, "people", data, form)


@pytest.mark.parametrize("form", FORMS)
def test_organisations_exported_and_untouched_change_nothing(
    steward: User, steward_client: Client, form: tuple[str, str, str]
) -> None:
    organisations(steward)
    data = exported(steward_client, "organisation", ORGANISATIONS, form)
    assert_nothing_changes(steward, "organisations", data, form)


def assert_nothing_changes(
    user: User, subject: str, data: bytes, form: tuple[str, str, str]
) -> None:
    before = said()
    with translation.override("it" if form[2] == "en" else "en"):
        columns = PEOPLE if subject == "people" else ORGANISATIONS
        source = make_import(
            user, subject, data, f"file.{form[0]}", mapping=columns.split(","), matched_by="key"
        )
        checking.start(source, user)
        assert [each.changes for each in rows_of(source) if each.act != "same"] == []
        assert problems(source) == []
        with pytest.raises(Refused):
            writing.start(source, user)
    assert said() == before


def said() -> list[Any]:
    """The version of every record, and how much history there is."""
    return [
        (list(model.objects.values_list("pk", "version").order_by("pk")), model.history.count())
        for model in (Organisation, Person, Affiliation)
    ]


def edited(data: bytes, **cells: str) -> str:
    """The file with its first row changed in Excel: the cells of these headings."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for heading, text in cells.items():
        rows[1][rows[0].index(heading)] = text
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.fixture
def haruka() -> Person:
    jfc = make_organisation("Japan Finance Corporation")
    return make_person("Haruka", "Tanabe", jfc, "Clerk", email="tanabe@example.org")


@pytest.fixture
def file(haruka: Person, steward_client: Client) -> bytes:
    return exported(steward_client, "person", PEOPLE, ("csv", "comma", "en"))


def checked(user: User, text: str) -> Import:
    source = make_import(user, "people", text, mapping=PEOPLE.split(","), matched_by="key")
    checking.start(source, user)
    return source


def test_an_edited_export_is_a_difference(steward: User, haruka: Person, file: bytes) -> None:
    text = edited(file, **{"Job title": "Director", "Languages": "ja"})
    source = checked(steward, text)
    assert changes(rows_of(source)[0]) == {
        "job_title": ("Clerk", "Director"),
        "languages": ("", "ja"),
    }
    writing.start(source, steward)
    haruka.refresh_from_db()
    assert (haruka.languages, haruka.version) == ("ja", 2)
    post = haruka.affiliations.get()
    assert (post.job_title, post.version, post.history.count()) == ("Director", 2, 2)


def test_what_only_a_colleague_changed_stays(steward: User, haruka: Person, file: bytes) -> None:
    haruka.languages = "it"
    haruka.save()
    haruka.affiliations.update(job_title="Clerk")
    source = checked(steward, edited(file, **{"E-mail": "new@example.org"}))
    assert acts(source) == ["update"]
    assert changes(rows_of(source)[0]) == {"email": ("tanabe@example.org", "new@example.org")}
    untouched = checked(steward, edited(file))
    assert acts(untouched) == ["same"]


def test_what_both_changed_is_a_conflict_that_somebody_settles(
    steward: User, haruka: Person, file: bytes
) -> None:
    haruka.languages = "it"
    haruka.save()
    post = haruka.affiliations.get()
    post.job_title = "Head"
    post.save()
    source = checked(steward, edited(file, **{"Languages": "ja", "Job title": "Director"}))
    row = rows_of(source)[0]
    assert (row.act, row.choice) == ("conflict", ImportRow.Choice.LEAVE)
    assert changes(row) == {"languages": ("it", "ja"), "job_title": ("Head", "Director")}
    assert [change["exported"] for change in row.changes] == ["", "Clerk"]
    assert len(row.problems) == 2
    assert (
        "“Languages” was changed by somebody else"
        in row.problems[0]["text"] + (row.problems[1]["text"])
    )
    with pytest.raises(Refused):
        writing.start(source, steward)
    row.choice = ImportRow.Choice.TAKE
    row.save()
    writing.start(source, steward)
    haruka.refresh_from_db()
    assert (haruka.languages, haruka.affiliations.get().job_title) == ("ja", "Director")


def test_a_save_between_the_check_and_the_import_stops_it(
    steward: User, haruka: Person, file: bytes
) -> None:
    source = checked(steward, edited(file, **{"Languages": "ja"}))
    assert acts(source) == ["update"]
    haruka.languages = "it"
    haruka.save()
    with pytest.raises(Refused, match="Nothing was imported: 1 row speaks of a record"):
        writing.start(source, steward)
    source.refresh_from_db()
    haruka.refresh_from_db()
    assert (source.state, source.counts, haruka.languages) == ("checked", {"conflict": 1}, "it")
    assert rows_of(source)[0].choice == ImportRow.Choice.LEAVE


def test_without_a_version_a_row_still_never_overwrites_what_was_saved_since_its_check(
    steward: User, haruka: Person
) -> None:
    source = make_import(steward, "people", f"key,languages\n{haruka.key},ja\n")
    checking.start(source, steward)
    haruka.languages = "it"
    haruka.save()
    with pytest.raises(Refused):
        writing.start(source, steward)
    assert acts(source) == ["conflict"]


def test_a_conflict_about_linked_records_names_those_of_the_export(steward: User) -> None:
    robotics, finance, energy = (make_sector(name) for name in ("Robotics", "Finance", "Energy"))
    jfc = make_organisation("Japan Finance Corporation")
    jfc.sectors.set([robotics])
    text = f"key,version,sectors\n{jfc.key},{jfc.version},Energy\n"
    jfc.save()
    jfc.sectors.set([finance])
    source = make_import(steward, "organisations", text)
    checking.start(source, steward)
    [change] = rows_of(source)[0].changes
    assert (change["before"], change["after"]) == ("Finance", "Energy")
    assert change["exported"] == "Robotics"
    assert energy not in jfc.sectors.all()


def test_the_key_of_a_merged_record_means_the_one_that_stayed(steward: User) -> None:
    gone, stayed = make_organisation("JFC"), make_organisation("Japan Finance Corporation")
    text = f"key,version,phone,notes\n{gone.key},{gone.version},03 1234,\n"
    stayed.phone = "03 9999"
    stayed.save()
    gone.merged_into = stayed
    gone.archive(steward, "merged")
    source = make_import(steward, "organisations", text)
    checking.start(source, steward)
    row = rows_of(source)[0]
    assert (row.act, row.record_id, changes(row)) == (
        "conflict",
        stayed.pk,
        {"phone": ("03 9999", "03 1234")},
    )
    assert row.problems[0]["text"].startswith("“JFC” was merged into “Japan Finance Corporation”")


def test_a_conflict_about_where_somebody_works_names_what_was_exported(
    steward: User, haruka: Person, file: bytes
) -> None:
    make_organisation("Nagoya University")
    liguria = make_organisation("Regione Liguria")
    haruka.languages = "it"
    haruka.save()
    post = haruka.affiliations.get()
    post.organisation = liguria
    post.save()
    rows = {"Organisation": "Nagoya University", "City": "", "Country": ""}
    source = checked(steward, edited(file, **rows))
    change = next(one for one in rows_of(source)[0].changes if one["field"] == "organisation")
    assert acts(source) == ["conflict"]
    assert (change["before"], change["after"]) == ("Regione Liguria", "Nagoya University")
    assert change["exported"] == "Japan Finance Corporation"


def test_the_key_of_a_merged_employer_means_the_one_that_it_became(
    steward: User, haruka: Person, file: bytes
) -> None:
    jfc = Organisation.objects.get()
    stayed = make_organisation("Japan Finance Corporation, Tokyo")
    join(Organisation, Wish(stayed.pk, [jfc.pk]), steward)
    columns = "key,organisation,organisation_key,job_title"
    text = f"{columns}\n{haruka.key},Japan Finance Corporation,{jfc.key},Clerk\n"
    source = make_import(steward, "people", text)
    checking.start(source, steward)
    assert (problems(source), acts(source)) == ([], ["same"])


@pytest.mark.parametrize("version", ["²", "٣", "-1", "1.0", "9" * 40, "one"])
def test_a_version_that_is_none_is_passed_over(version: str, steward: User, haruka: Person) -> None:
    source = make_import(steward, "people", f"key,version,languages\n{haruka.key},{version},it\n")
    checking.start(source, steward)
    assert acts(source)[0] in {"update", "conflict"}


def test_what_was_chosen_in_a_conflict_is_asked_again_where_another_value_is_here(
    steward: User, haruka: Person, file: bytes
) -> None:
    haruka.languages = "it"
    haruka.save()
    source = checked(steward, edited(file, **{"Languages": "ja"}))
    source.rows.update(choice=ImportRow.Choice.TAKE)
    checking.start(source, steward)
    assert rows_of(source)[0].choice == ImportRow.Choice.TAKE
    haruka.languages = "it, en"
    haruka.save()
    checking.start(source, steward)
    row = rows_of(source)[0]
    assert (row.act, row.choice) == ("conflict", ImportRow.Choice.LEAVE)
    assert changes(row) == {"languages": ("it, en", "ja")}
