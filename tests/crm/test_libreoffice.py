"""What LibreOffice makes of an export: no cell runs, and phone numbers are the text they were."""

import os
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from crm.exports import Column, Delimiter, Sheet, write_csv, write_xlsx
from crm.formulas import unguarded
from partners.models import Person
from tests.factories import make_person

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not SOFFICE and not os.environ.get("CI"),
        reason="LibreOffice is not installed (Debian: libreoffice-calc-nogui)",
    ),
]

NASTY = [
    "=1+1",
    '=HYPERLINK("https://example.org";"click")',
    "+1+1",
    "-1+1",
    "@SUM(1,2)",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "\t=1+1",
    "\n=1+1",
    " =1+1",
    "'=1+1",
    '"=1+1',
    "\u00a0=1+1",
    "\u200b=1+1",
    "ACME;=1+1",
    "ACME,=1+1",
    "ACME\t=1+1",
    "ACME\n=1+1",
    '";=1+1;"',
    '",=1+1,"',
    "{=1+1}",
    "+81352531111",
]
PHONES = [
    "+81 3 5253 1111",
    "+39 010 548 511",
    "+1 415 555 2671",
    "+216 71 123 456",
    "+44 20 7946 0018",
]
COLUMNS = [
    Column("given_name", "Given name", "given_name"),
    Column("phone", "Phone", "phone_international"),
    Column("languages", "Languages", "languages"),
]
ENGLISH, ITALIAN, JAPANESE = 1033, 1040, 1041
OFFICE, TABLE, TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text")
)


def words(element):
    """The text of an element; LibreOffice writes spaces and tabs as elements of their own."""
    text = element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            text += " " * int(child.get(f"{TEXT}c", 1))
        text += "\t" if child.tag == f"{TEXT}tab" else words(child)
        text += child.tail or ""
    return text


def opened(files, folder, delimiter=",", language=ENGLISH):
    """For each file, the rows of cells, as (type, formula, text), that LibreOffice sees in it."""
    options = f"--infilter=CSV:{ord(delimiter)},34,76,1,,{language}"
    subprocess.run(
        [
            SOFFICE or "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            *("--headless", "--convert-to", "fods", "--outdir", str(folder)),
            *([options] if files[0].suffix == ".csv" else []),
            *map(str, files),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    for file in files:
        table = ElementTree.parse(folder / f"{file.stem}.fods").find(f".//{TABLE}table")
        assert table is not None
        yield [
            [
                (
                    cell.get(f"{OFFICE}value-type"),
                    cell.get(f"{TABLE}formula"),
                    "\n".join(map(words, cell.findall(f"{TEXT}p"))),
                )
                for cell in row.findall(f"{TABLE}table-cell")
            ]
            for row in table.findall(f"{TABLE}table-row")
        ]


@pytest.fixture
def people():
    for place, text in enumerate(NASTY):
        person = make_person(text, languages="en, it")
        phone = PHONES[place % len(PHONES)]
        Person.objects.filter(pk=person.pk).update(phone_international=phone)
    return Person.objects.order_by("pk")


@pytest.mark.parametrize(
    ("delimiter", "language"),
    [(Delimiter.COMMA, ENGLISH), (Delimiter.SEMICOLON, ITALIAN), (Delimiter.TAB, JAPANESE)],
)
def test_csv_files_open_with_no_formula_and_every_cell_as_it_was(
    tmp_path, people, delimiter, language
):
    files = [tmp_path / f"{each}.csv" for each in Delimiter]
    for file, each in zip(files, Delimiter, strict=True):
        with file.open("wb") as target:
            write_csv(target, Sheet(COLUMNS, people), each)
    # The files of another delimiter fall apart, and still nothing in them runs.
    for file, rows in zip(
        files, opened(files, tmp_path, delimiter.character, language), strict=True
    ):
        assert not [cell for row in rows for cell in row if cell[1]]
        if file.stem == delimiter:
            for row, person in zip(rows[1:], people, strict=False):
                assert row[1] == ("string", None, person.phone_international)
                assert row[0][0] == "string"
                assert unguarded(row[0][2]) == person.given_name


def test_a_workbook_opens_with_every_cell_as_the_text_it_was(tmp_path, people):
    file = tmp_path / "people.xlsx"
    with file.open("wb") as target:
        write_xlsx(target, Sheet(COLUMNS, people), "People")
    (rows,) = opened([file], tmp_path)
    for row, person in zip(rows[1:], people, strict=False):
        assert row[:3] == [
            ("string", None, person.given_name),
            ("string", None, person.phone_international),
            ("string", None, "en, it"),
        ]
