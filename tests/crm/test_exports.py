"""The files of an export: what a spreadsheet and a program read in them."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from crm.exports import CHUNK, Column, Delimiter, Sheet, write_csv
from crm.formulas import unguarded
from crm.models import User
from partners.exports import person_columns
from partners.models import Person
from tests.factories import make_person

pytestmark = pytest.mark.django_db

NAMES = [
    Column("given_name", "Given name", "given_name"),
    Column("phone", "Phone", "phone_international"),
    Column("source", "Where from", "source"),
]


def written(delimiter=Delimiter.COMMA, columns=NAMES):
    file = io.BytesIO()
    sheet = Sheet(columns, Person.objects.with_primary().order_by("pk"))
    write_csv(file, sheet, delimiter)
    return file.getvalue()


def test_a_file_starts_with_the_mark_of_utf_8_and_ends_its_lines_as_rfc_4180_says():
    make_person("Haruka", phone="+81 3 5253 1111", source="Card, Nagoya")
    make_person("悠", source='He said "no"\nthen yes')
    assert written().decode("utf-8") == (
        "\ufeffGiven name,Phone,Where from\r\n"
        'Haruka,+81 3 5253 1111,"Card, Nagoya"\r\n'
        '悠,,"He said ""no""\nthen yes"\r\n'
    )


@pytest.mark.parametrize(
    ("delimiter", "line"),
    [
        (Delimiter.COMMA, '"a,b;c\td"'),
        (Delimiter.SEMICOLON, '"a,b;c\td"'),
        (Delimiter.TAB, '"a,b;c\td"'),
    ],
)
def test_a_cell_holding_the_delimiter_is_quoted(delimiter, line):
    make_person("a,b;c\td")
    assert line.encode() in written(delimiter)


def test_the_usual_delimiter_is_the_one_of_the_readers_spreadsheet():
    assert Delimiter.usual() == Delimiter.COMMA
    with translation.override("it"):
        assert Delimiter.usual() == Delimiter.SEMICOLON


def test_a_cell_that_would_run_is_guarded_and_a_phone_number_is_not():
    make_person("=1+1", phone="03-5253-1111", source="+1+cmd|'/c calc'!A1")
    person = Person.objects.get()
    Person.objects.update(phone_international="+81 3 5253 1111")
    rows = list(csv.reader(io.StringIO(written().decode("utf-8-sig"), newline="")))
    assert rows[1] == ["'=1+1", "+81 3 5253 1111", "'+1+cmd|'/c calc'!A1"]
    assert unguarded(rows[1][2]) == person.source


def test_more_rows_than_a_chunk_are_all_there_in_their_order():
    Person.objects.bulk_create(
        Person(given_name=f"Person {number}") for number in range(2 * CHUNK + 3)
    )
    rows = written().decode().split("\r\n")
    assert rows[1:-1] == [f"Person {number},," for number in range(2 * CHUNK + 3)]


def test_the_whole_file_is_one_query_hence_one_moment():
    for name in ("Haruka", "Yuki", "Kenji"):
        make_person(name)
    with CaptureQueriesContext(connection) as context:
        written(columns=person_columns(User()))
    assert sum("partners_person" in query["sql"] for query in context.captured_queries) == 1
