"""Files of people: what their rows would do, and did, where they work included."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.imports import checking, writing
from crm.jobs import Refused
from crm.models import User
from partners.models import Affiliation, Person
from tests.factories import make_affiliation, make_organisation, make_person
from tests.importing import acts, changes, make_import, problems, rows_of

pytestmark = pytest.mark.django_db


def test_a_person_comes_with_where_they_work(steward: User) -> None:
    jfc = make_organisation("Japan Finance Corporation", native_name="日本政策金融公庫")
    source = make_import(
        steward,
        "people",
        "Nome\tCognome\t氏名\tOrganizzazione\tIncarico\tDal\tE-mail\tTelefono\tPreferenza\n"
        "Haruka\tTanabe\t田辺 遥\t日本政策金融公庫\tDirector\t０１/０４/２０２４\t"
        "tanabe@jfc.example\t+81 3 5253 1111\tPer e-mail\n",
    )
    checking.start(source, steward)
    assert (problems(source), acts(source)) == ([], ["create"])
    assert changes(rows_of(source)[0])["organisation"] == ("", "Japan Finance Corporation")
    writing.start(source, steward)
    haruka = Person.objects.get(email="tanabe@jfc.example")
    assert (haruka.name, haruka.native_name) == ("Haruka Tanabe", "田辺 遥")
    assert (haruka.phone, haruka.contact_preference) == ("+81 3 5253 1111", "email")
    post = haruka.affiliations.get()
    assert (post.organisation, post.job_title, post.is_primary) == (jfc, "Director", True)
    assert post.since == date(2024, 4, 1)
    assert haruka.sort_organisation == jfc.sort_name
    assert Person.objects.matching("tanabe corporation").get() == haruka
    reasons = {kept.history_change_reason for kept in (haruka.history.get(), post.history.get())}
    assert reasons == {source.history_reason}


def test_one_cell_with_the_whole_name_is_split(steward: User) -> None:
    text = "Name\nHaruka Tanabe\nSUZUKI Ichiro\n田辺 遥\n"
    source = make_import(steward, "people", text, mapping=["name"])
    checking.start(source, steward)
    rows = [changes(row) for row in rows_of(source)]
    assert rows[0] == {"given_name": ("", "Haruka"), "family_name": ("", "Tanabe")}
    assert rows[1] == {"given_name": ("", "Ichiro"), "family_name": ("", "SUZUKI")}
    assert rows[2] == {"native_name": ("", "田辺 遥")}


def test_a_row_finds_its_person_by_email_or_by_names(steward: User) -> None:
    haruka = make_person("Haruka", "Tanabe", email="Tanabe@jfc.example")
    by_email = make_import(
        steward, "people", "email,languages\ntanabe@JFC.example,ja\n", matched_by="email"
    )
    by_names = make_import(
        steward,
        "people",
        "given_name,family_name,languages\nharuka,TANABE,it\nHaruka,Suzuki,it\n",
        matched_by="family_name",
    )
    checking.start(by_email, steward)
    checking.start(by_names, steward)
    assert [row.record_id for row in rows_of(by_email)] == [haruka.pk]
    assert changes(rows_of(by_email)[0]) == {
        "email": ("Tanabe@jfc.example", "tanabe@JFC.example"),
        "languages": ("", "ja"),
    }
    assert acts(by_names) == ["update", "create"]


def test_another_organisation_is_added_and_becomes_the_primary_one(steward: User) -> None:
    jfc, vega = make_organisation("JFC"), make_organisation("Vega")
    haruka = make_person("Haruka", "Tanabe", jfc, "Director")
    source = make_import(
        steward, "people", f"key,organisation,job_title\n{haruka.key},Vega,Chair\n"
    )
    checking.start(source, steward)
    assert changes(rows_of(source)[0]) == {
        "organisation": ("JFC", "Vega"),
        "job_title": ("", "Chair"),
    }
    writing.start(source, steward)
    posts = haruka.affiliations.order_by("pk")
    assert [(p.organisation, p.job_title, p.is_primary) for p in posts] == [
        (jfc, "Director", False),
        (vega, "Chair", True),
    ]
    haruka.refresh_from_db()
    assert haruka.sort_organisation == "vega"
    assert haruka.version == 2


def test_an_affiliation_that_ends_is_no_longer_primary(steward: User) -> None:
    haruka = make_person("Haruka", "Tanabe", make_organisation("JFC"))
    other = make_affiliation(haruka, make_organisation("Vega"))
    text = f"key,organisation,until\n{haruka.key},JFC,2024-03-31\n"
    source = make_import(steward, "people", text)
    checking.start(source, steward)
    writing.start(source, steward)
    assert Affiliation.objects.get(is_primary=True) == other
    haruka.refresh_from_db()
    assert haruka.sort_organisation == "vega"


def test_what_is_wrong_with_a_person_is_said_where_it_is(steward: User) -> None:
    haruka = make_person()
    source = make_import(
        steward,
        "people",
        "key,family_name,organisation,job_title,since,until\n"
        ",,,,,\n"
        ",Rossi,Nobody Ltd,,,\n"
        ",Bianchi,,,31/02/2024,\n"
        f"{haruka.key},,,Director,,\n"
        "12345,Verdi,,,,\n"
        f"{haruka.pk},,,,,\n",
    )
    checking.start(source, steward)
    said = [[(p["column"], p["text"]) for p in row.problems] for row in rows_of(source)]
    assert said[0][0][0] == 2
    assert "No organisation is called “Nobody Ltd” here" in said[0][0][1]
    assert said[1][0][0] == 4
    assert said[2] == [(3, "Say for which organisation: the person has none here.")]
    assert said[3] == [(0, "“12345” is not a key.")]
    assert acts(source) == ["reject"] * 5


def test_the_queries_of_a_check_do_not_grow_with_its_rows(steward: User) -> None:
    organisations = [make_organisation(f"Institute {n}") for n in range(20)]
    for n in range(20):
        make_person("Ada", f"Rossi{n}", organisations[n], "Head", email=f"{n}@example.org")
    text = "given_name,family_name,email,organisation,job_title\n"
    counts = []
    for size in (1, 20):
        lines = [f"Ada,Rossi{n},{n}@example.org,Institute {n},Chair\n" for n in range(size)]
        source = make_import(steward, "people", text + "".join(lines), matched_by="email")
        with CaptureQueriesContext(connection) as asked:
            checking.start(source, steward)
            writing.start(source, steward)
        counts.append(len(asked))
        Affiliation.objects.update(job_title="Head")
    assert counts[1] <= counts[0]


@pytest.mark.parametrize("matched_by", ["email", "family_name"])
def test_somebody_a_colleague_made_since_the_check_is_not_made_twice(
    steward: User, matched_by: str
) -> None:
    rows = "given_name,family_name,email\nHaruka,Tanabe,h@example.jp\nKenji,Mori,k@example.jp\n"
    source = make_import(steward, "people", rows, matched_by=matched_by)
    checking.start(source, steward)
    assert acts(source) == ["create", "create"]
    theirs = make_person("Haruka", "Tanabe", email="H@example.jp")
    with pytest.raises(Refused, match="changed or made"):
        writing.start(source, steward)
    assert Person.objects.get() == theirs
    assert acts(source)[1] == "create"
    assert rows_of(source)[0].record_id == theirs.pk
    source.refresh_from_db()
    writing.start(source, steward)
    assert Person.objects.count() == 2


def test_two_new_people_of_one_file_may_share_an_address(
    steward: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "BATCH", 1)
    rows = "given_name,family_name,email\nHaruka,Tanabe,i@example.jp\nKenji,Mori,i@example.jp\n"
    source = make_import(steward, "people", rows, matched_by="email")
    checking.start(source, steward)
    writing.start(source, steward)
    assert Person.objects.filter(email="i@example.jp").count() == 2


def test_a_key_that_no_organisation_has_is_told_beside_it(steward: User) -> None:
    make_organisation("Vega")
    text = "family_name,organisation,organisation_key\nBruno,Vega,V-12\n"
    source = make_import(steward, "people", text)
    checking.start(source, steward)
    [problem] = rows_of(source)[0].problems
    assert (problem["column"], problem["text"]) == (2, "No organisation has the key “V-12”.")


def test_two_rows_that_have_come_to_mean_one_person_do_not_both_change_them(
    steward: User,
) -> None:
    rows = "given_name,family_name,email\nHaruka,Tanabe,i@example.jp\nKenji,Mori,i@example.jp\n"
    source = make_import(steward, "people", rows, matched_by="email")
    checking.start(source, steward)
    assert acts(source) == ["create", "create"]
    make_person("Haruka", "Tanabe", email="i@example.jp")
    with pytest.raises(Refused, match="2 rows speak of records"):
        writing.start(source, steward)
    assert acts(source) == ["same", "reject"]
    assert problems(source) == ["The same record as in row 2 of this file."]


def test_a_name_beside_a_first_name_alone_is_not_lost(steward: User) -> None:
    text = "Name,First name\nSuzuki,Ichiro\nIchiro Suzuki,Ichiro\nde Rossi Maria,Maria\n"
    source = make_import(steward, "people", text, mapping=["name", "given_name"])
    checking.start(source, steward)
    rows = [changes(row) for row in rows_of(source)]
    assert rows[0] == {"given_name": ("", "Ichiro"), "family_name": ("", "Suzuki")}
    assert rows[2] == {"given_name": ("", "Maria"), "family_name": ("", "de Rossi")}
    assert problems(source) == ["The same record as in row 2 of this file."]


def test_a_name_beside_a_family_name_alone_is_the_given_name(steward: User) -> None:
    text = "Name,Surname,Native name\nMaria,Rossi,\nHaruka Tanabe,,田辺 遥\n田辺 遥,Tanabe,\n"
    mapping = ["name", "family_name", "native_name"]
    source = make_import(steward, "people", text, mapping=mapping)
    checking.start(source, steward)
    rows = [changes(row) for row in rows_of(source)]
    assert rows[0] == {"given_name": ("", "Maria"), "family_name": ("", "Rossi")}
    assert rows[1]["family_name"] == ("", "Tanabe")
    assert rows[2] == {"family_name": ("", "Tanabe"), "native_name": ("", "田辺 遥")}


def test_languages_called_by_their_names_are_kept_as_codes(steward: User) -> None:
    make_person("Maria", "Rossi", languages="it, en")
    text = (
        "Nome,Cognome,Lingue\nAnna,Neri,italiano; Inglese\nHaruka,Tanabe,日本語、English\n"
        'Ugo,Verdi,"ja, en"\nPia,Blu,Genoese\nMaria,Rossi,Italian / English\n'
    )
    source = make_import(steward, "people", text, matched_by="family_name")
    checking.start(source, steward)
    said = [changes(row).get("languages", ("", ""))[1] for row in rows_of(source)]
    assert said == ["it, en", "ja, en", "ja, en", "Genoese", ""]
    assert acts(source)[-1] == "same"
