"""vCards read in: people of every address book, as rows of the import of people."""

import io
import tracemalloc
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.imports.reading import open_file, recognise
from crm.imports.vcards import HEADINGS
from crm.models import Import
from partners.models import Person
from partners.vcards import cards, for_cards
from tests.factories import make_city, make_organisation, make_person

Row = dict[str, str]


def table(body: bytes | str) -> Any:
    file = io.BytesIO(body.encode() if isinstance(body, str) else body)

    class Opened:
        def __enter__(self) -> io.BytesIO:
            file.seek(0)
            return file

        def __exit__(self, *raised: object) -> None:
            pass

    shape = recognise(file, "cards.vcf")
    assert shape.format == "vcard"
    return open_file(Opened, shape)


def read(body: bytes | str) -> list[Row]:
    """Every card as what it says, and nothing else."""
    rows = []
    for _line, cells in table(body).rows():
        assert not cells.problems, cells.problems
        rows.append({name: cell for name, cell in zip(HEADINGS, cells, strict=True) if cell})
    return rows


def refusals(body: bytes | str) -> list[tuple[int, list[str]]]:
    """The line that each row begins on, and what is wrong with it."""
    rows = table(body).rows()
    return [(line, [problem["text"] for problem in cells.problems]) for line, cells in rows]


CARD_4 = """\
BEGIN:VCARD
VERSION:4.0
FN;ALTID=1;LANGUAGE=ja-Latn:Tanabe Haruka
N;ALTID=1;LANGUAGE=ja-Latn;SORT-AS="Tanabe,Haruka":Tanabe;Haruka;;Dr;
FN;ALTID=1;LANGUAGE=ja:田辺 遥
N;ALTID=1;LANGUAGE=ja:田辺;遥;;;
N;ALTID=1;LANGUAGE=ja;PHONETIC=script;SCRIPT=Hira:たなべ;はるか;;;
ORG;ALTID=2:Japan Finance Corporation;International\\, Tokyo
ORG;ALTID=2;LANGUAGE=ja:日本政策金融公庫;国際部
TITLE:Director\\, International
EMAIL;TYPE=home;PREF=2:haruka@example.org
EMAIL;TYPE=work;PREF=1:tanabe@example.jp
TEL;VALUE=uri;TYPE="work,cell":tel:+81-90-1234-5678
TEL;VALUE=uri;TYPE="work,voice":tel:+81-3-5253-1112;ext=12
ADR;TYPE=work:;;Otemachi 1-9-4;Tokyo;;100-0004;Japan
LANG;PREF=2:en
LANG;PREF=1:ja
NOTE:Met at the\\n Expo\\; likes
  fishing
PHOTO:data:image/jpeg;base64,AAAA
END:VCARD
"""


def test_a_card_of_version_4_is_read_in_both_scripts():
    assert read(CARD_4) == [
        {
            "given_name": "Haruka",
            "family_name": "Tanabe",
            "native_name": "田辺 遥",
            "native_reading": "たなべ はるか",
            "name_order": "family",
            "form_of_address": "Dr",
            "organisation": "Japan Finance Corporation",
            "organisation_native_name": "日本政策金融公庫",
            "department": "International, Tokyo",
            "job_title": "Director, International",
            "city": "Tokyo",
            "country": "Japan",
            "email": "tanabe@example.jp",
            "phone": "+81 3 5253 1112 ext. 12",
            "mobile": "+81 90 1234 5678",
            "languages": "ja, en",
            "notes": "Met at the\n Expo; likes fishing\nE-mail: haruka@example.org",
        }
    ]


def test_a_card_of_a_japanese_phone_has_its_reading():
    body = """\
BEGIN:VCARD\r
VERSION:3.0\r
N:鈴木;花子;;;\r
FN:鈴木 花子\r
X-PHONETIC-FIRST-NAME:ハナコ\r
X-PHONETIC-LAST-NAME:スズキ\r
ORG:名古屋大学;\r
item1.EMAIL;type=INTERNET;type=pref:suzuki@example.jp\r
item1.X-ABLabel:_$!<Work>!$_\r
TEL;type=CELL;type=VOICE:090-1234-5678\r
TEL;type=WORK;type=FAX:052-789-0000\r
END:VCARD\r
"""
    assert read(body) == [
        {
            "native_name": "鈴木 花子",
            "native_reading": "スズキ ハナコ",
            "organisation": "名古屋大学",
            "email": "suzuki@example.jp",
            "mobile": "090-1234-5678",
            "notes": "Fax: 052-789-0000",
        }
    ]


def test_a_reading_in_latin_letters_is_the_name_in_them():
    body = (
        "BEGIN:VCARD\nVERSION:3.0\nN:鈴木;花子;;;\nFN:鈴木 花子\n"
        "X-PHONETIC-FIRST-NAME:Hanako\nX-PHONETIC-LAST-NAME:Suzuki\nEND:VCARD\n"
    )
    assert read(body) == [
        {"given_name": "Hanako", "family_name": "Suzuki", "native_name": "鈴木 花子"}
    ]


def test_an_old_card_in_quoted_printable_is_read():
    body = (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\n"
        b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E9=88=B4=E6=9C=A8;=E8=8A=B1=\r\n"
        b"=E5=AD=90;;;\r\n"
        b"SOUND;X-IRMC-N;CHARSET=SHIFT_JIS:\xbd\xbd\xde\xb7;\xca\xc5\xba;;;\r\n"
        b"TEL;WORK;VOICE:052-789-1111\r\n"
        b"EMAIL;INTERNET:suzuki@example.jp\r\n"
        b"PHOTO;JPEG;ENCODING=BASE64:\r\n /9j/4AAQ\r\n SkZJRg==\r\n\r\n"
        b"END:VCARD\r\n"
    )
    (row,) = read(body)
    assert row["native_name"] == "鈴木 花子"
    assert row["phone"] == "052-789-1111"
    assert row["email"] == "suzuki@example.jp"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_letters_of_the_file_are_recognised(encoding):
    body = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Rossi;Niccolò;;;\r\nORG:Città di Genova\r\nEND:VCARD\r\n"
    )
    assert read(body.encode(encoding)) == [
        {"given_name": "Niccolò", "family_name": "Rossi", "organisation": "Città di Genova"}
    ]


def test_a_card_without_a_structured_name_is_named_by_how_it_is_written():
    body = "BEGIN:VCARD\nVERSION:4.0\nFN:Maria Grazia Parodi\nEND:VCARD\n"
    assert read(body) == [{"given_name": "Maria Grazia", "family_name": "Parodi"}]


def test_a_line_folded_inside_a_character_is_made_whole():
    line = "ORG:東京都立産業技術研究センター".encode()
    body = b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Aiko Morelli\r\n" + line[:9] + b"\r\n " + line[9:]
    (row,) = read(body + b"\r\nEND:VCARD\r\n")
    assert row["organisation"] == "東京都立産業技術研究センター"


def test_a_colon_and_a_quote_inside_a_parameter_end_nothing():
    body = """\
BEGIN:VCARD
VERSION:4.0
FN;X-A="a:b;c":Anna D’Este
N;SORT-AS="D^'Este:,Anna":D’Este;Anna;;;
END:VCARD
"""
    assert read(body) == [{"given_name": "Anna", "family_name": "D’Este", "name_order": "given"}]


def test_a_key_is_taken_only_from_cards_that_we_wrote():
    card = """\
BEGIN:VCARD
VERSION:4.0
{}UID:urn:uuid:5c1b0c5e-7a0e-4b4e-9b55-0d8cfb0a6a11
FN:Anna Rossi
END:VCARD
"""
    ours, theirs = read(card.format("PRODID:-//Ponti//Ponti 1.0//EN\n") + card.format(""))
    assert ours["key"] == "5c1b0c5e-7a0e-4b4e-9b55-0d8cfb0a6a11"
    assert "key" not in theirs


def test_a_broken_card_is_rejected_with_its_line_and_the_others_are_read():
    body = """\
BEGIN:VCARD
VERSION:3.0
FN:Anna Rossi
BEGIN:VCARD
VERSION:3.0
N:Parodi;Giulia;;;
END:VCARD
what is this
BEGIN:VCARD
VERSION:3.0
FN:Camera di Commercio
X-ABShowAs:COMPANY
END:VCARD
BEGIN:VCARD
VERSION:3.0
EMAIL:info@example.org
END:VCARD
BEGIN:VCARD
VERSION:5.0
FN:Anna Rossi
nonsense
END:VCARD
BEGIN:VCARD
FN:Carlo Neri
"""
    assert refusals(body) == [
        (1, ["The card that begins on line 1 does not end: “END:VCARD” is missing."]),
        (4, []),
        (8, ["What stands from line 8 on is no card: “BEGIN:VCARD” is missing."]),
        (9, ["The card is of an organisation, not of a person."]),
        (14, ["The card names nobody."]),
        (
            18,
            [
                "The card is of version “5.0”; 2.1, 3.0 and 4.0 can be read.",
                "Line 21 is no line of a card: “nonsense”.",
            ],
        ),
        (23, ["The card that begins on line 23 does not end: “END:VCARD” is missing."]),
    ]


def test_a_nul_is_told_and_letters_that_are_not_what_they_say_too():
    body = (
        b"BEGIN:VCARD\nVERSION:3.0\nN:Ros\0si;Anna;;;\nEND:VCARD\n"
        b"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=KLINGON:Parodi;Giulia\nEND:VCARD\n"
    )
    (_first, nul), (_second, letters) = refusals(body)
    assert "NUL" in nul[0]
    assert letters[0] == "Line 7 can’t be read: its letters are not what it says they are."


def test_what_only_begins_like_cards_is_a_table_without_people():
    assert refusals("BEGIN:VCARD") == [
        (1, ["The card that begins on line 1 does not end: “END:VCARD” is missing."])
    ]


def test_many_cards_and_a_picture_of_ten_megabytes_take_no_memory(tmp_path):
    path = tmp_path / "cards.vcf"
    with path.open("wb") as file:
        file.write(b"BEGIN:VCARD\nVERSION:3.0\nFN:Anna Rossi\nPHOTO;ENCODING=b:")
        for _ in range(150_000):
            file.write(b"A" * 72 + b"\n ")
        file.write(b"\nEND:VCARD\n" + CARD_4.encode() * 1_000)

    with path.open("rb") as file:
        shape = recognise(file, "cards.vcf")
    tracemalloc.start()
    count = sum(1 for _ in open_file(lambda: path.open("rb"), shape).rows())
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 1_001
    assert peak < 2_000_000


@pytest.mark.django_db
def test_our_own_cards_come_back_as_what_they_were_made_of():
    tokyo = make_city("Tokyo")
    jfc = make_organisation("Japan Finance Corporation", tokyo, native_name="日本政策金融公庫")
    tanabe = make_person(
        "Haruka",
        "Tanabe",
        jfc,
        "Director; International",
        native_name="田辺 遥",
        native_reading="たなべ はるか",
        name_order="family",
        form_of_address="Dr",
        languages="ja, en",
        email="tanabe@example.jp",
        phone="+81 3 5253 1112",
        mobile="+81 90 1234 5678",
    )
    make_person("", "", native_name="鈴木花子", form_of_address="様")
    make_person("Li", "Wei", native_name="李 伟", native_reading="Li Wei", name_order="family")
    make_person("Anna Maria", "D'Este", email="anna@example.org", phone="n. 5")
    rows = read(cards(for_cards(Person.objects.order_by("pk"))))
    assert rows[0] == {
        **{name: getattr(tanabe, name) for name in HEADINGS[:6]},
        "organisation": "Japan Finance Corporation",
        "organisation_native_name": "日本政策金融公庫",
        "job_title": "Director; International",
        "city": "Tokyo",
        "country": "Japan",
        "email": "tanabe@example.jp",
        "phone": "+81 3 5253 1112",
        "mobile": "+81 90 1234 5678",
        "languages": "ja, en",
        "key": str(tanabe.key),
    }
    for row, person in zip(rows, Person.objects.order_by("pk"), strict=True):
        for name, cell in row.items():
            if name in HEADINGS[:6]:
                assert cell == getattr(person, name), name


@pytest.mark.django_db
def test_our_own_cards_change_nothing_and_a_new_one_is_a_new_person(steward_client):
    jfc = make_organisation("Japan Finance Corporation", make_city("Tokyo"))
    make_person("Haruka", "Tanabe", jfc, "Director", email="t@example.jp", phone="03-5253-1112")
    theirs = b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Parodi;Giulia;;;\r\nEND:VCARD\r\n"
    body = cards(for_cards(Person.objects.all())) + theirs
    page = steward_client.get("/imports/new/").context["form"]
    sent = {
        "token": page["token"].value(),
        "subject": "organisations",
        "file": SimpleUploadedFile("cards.vcf", body),
    }
    page = steward_client.post("/imports/new/", sent, follow=True)
    source = Import.objects.get()
    assert (source.subject, source.mapping) == ("people", list(HEADINGS))
    columns = {f"column-{place}": name for place, name in enumerate(HEADINGS)}
    steward_client.post(
        f"/imports/{source.pk}/columns/", {**columns, "matched_by": source.matched_by}
    )
    found = source.rows.values_list("act", "label", "changes")
    assert [row[:2] for row in found] == [("same", "Haruka Tanabe"), ("create", "Giulia Parodi")]
    assert found[0][2] == []


@pytest.mark.parametrize("charset", ["punycode", "unicode-escape", "utf-7"])
def test_letters_that_no_database_keeps_are_refused(charset: str) -> None:
    line = f"NOTE;CHARSET={charset}:+2AA-\\ud800"
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Haruka Tanabe\r\n{line}\r\nEND:VCARD\r\n"
    told = "Line 4 can’t be read: its letters are not what it says they are."
    assert refusals(card) == [(1, [told])]
