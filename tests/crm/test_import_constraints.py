from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint

from crm.imports.constraints import broken, clean_fields, rules
from missions.models import Agreement, Meeting, Mission
from partners.models import Affiliation, Organisation, Person

EARLY, LATE = date(2026, 3, 1), date(2026, 4, 1)
RECORDS = [
    Affiliation(since=LATE, until=EARLY),
    Affiliation(since=EARLY, until=LATE),
    Affiliation(until=EARLY),
    Affiliation(),
    Organisation(name="", country="JP"),
    Organisation(name="One", country="JP", tier=1),
    Organisation(name="One", country="JP", tier=9),
    Person(),
    Person(native_name="田辺 遥"),
    Person(given_name="Haruka", family_name="Tanabe"),
    Mission(starts_on=LATE, ends_on=EARLY),
    Mission(starts_on=EARLY, ends_on=LATE),
    Mission(starts_on=EARLY),
    Meeting(),
    Meeting(local_date=EARLY, status="held"),
    Agreement(),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
@pytest.mark.django_db
def test_the_rules_of_one_row_say_in_memory_what_django_asks_the_database(record):
    asked = []
    for constraint in record._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            try:
                constraint.validate(type(record), record)
            except ValidationError as error:
                asked += error.messages
    assert list(broken(record)) == asked


def test_an_affiliation_that_ends_before_it_starts_breaks_a_rule():
    assert list(broken(RECORDS[0])) == ["The affiliation ends before it starts."]


TEXTS = [
    "",
    "ja",
    "x" * 50,
    "x" * 51,
    "x" * 301,
    "a\0b",
    "family",
    "given",
    "nobody@",
    "a@b.example",
]


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
@pytest.mark.parametrize("model", [Person, Organisation, Affiliation, Meeting])
def test_the_fields_that_are_asked_of_a_text_answer_as_all_of_them_do(model, text):
    asked = [field for field in model._meta.fields if field.editable and not field.is_relation]
    record, twin = model(), model()
    for field in asked:
        setattr(record, field.attname, text)
        setattr(twin, field.attname, text)
    unasked = {field.name for field in model._meta.fields} - {field.name for field in asked}
    assert said(lambda: clean_fields(record, rules(asked))) == said(
        lambda: twin.clean_fields(exclude=unasked)
    )


def said(cleaning):
    try:
        cleaning()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_only_the_fields_that_are_asked_are_wrong():
    person = Person(email="nobody@", phone="x" * 51)
    phone = rules([Person._meta.get_field("phone")])
    assert said(lambda: clean_fields(person, phone)).keys() == {"phone"}
