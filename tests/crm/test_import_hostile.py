"""Cells that nobody should write: each is rejected or taken, and none breaks the check."""

import pytest
from django.db import connection

from crm.imports import checking, writing
from crm.imports.subjects import subjects
from crm.models import ImportRow, User
from tests.importing import acts, make_import

pytestmark = pytest.mark.django_db
NASTY = [
    "²",
    "٣",
    "-",
    "--",
    "999999999999999",
    "1e400",
    "NaN",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "24:00",
    "23:59:60",
    "=1+1",
    "<b>x</b>",
    "%s %(name)s {0}",
    "\ud7ff\u202e\u200b",
    "\u0001\u001f",
    "👩‍🔬" * 50,
    "x" * 5_000,
    "a@" + "b" * 300 + ".it",
    "http://[::1",
    "+" + "8" * 300,
    "00000000-0000-0000-0000-000000000000",
    "../../etc/passwd",
    ";;;",
    "｜、；",
    ",",
    "null",
]
PLAIN = {
    "organisations": {"name": "Vega", "kind": "company", "country": "IT"},
    "people": {"given_name": "Anna", "family_name": "Bruno", "email": "a@example.org"},
    "meetings": {"title": "Guarantees", "date": "2026-03-09", "time": "10:00"},
}


@pytest.mark.parametrize("subject", ["organisations", "people", "meetings"])
def test_no_cell_breaks_a_check_or_an_import(subject: str, steward: User) -> None:
    names = [field.name for field in subjects()[subject].fields]
    rows = []
    for at, name in enumerate(names):
        for number, text in enumerate(NASTY):
            row = {**PLAIN[subject], name: text}
            for one in ("name", "email", "title"):
                if one in PLAIN[subject] and one != name:
                    row[one] = f"{at}x{number}{PLAIN[subject][one]}"
            rows.append([row.get(each, "") for each in names])
    lines = ["\t".join(names), *("\t".join(row) for row in rows)]
    source = make_import(
        steward,
        subject,
        "\n".join(lines) + "\n",
        mapping=names,
        answers={"others": "create", "country": "IT"},
    )
    assert len(source.headings) == len(names)
    checking.start(source, steward)
    source.refresh_from_db()
    assert source.state == "checked"
    assert source.rows.count() == len(rows)
    assert {"create", "reject"} <= {*acts(source)}
    source.rows.filter(act=ImportRow.Act.CREATE).update(choice=ImportRow.Choice.TAKE)
    writing.start(source, steward)
    source.refresh_from_db()
    assert source.state == "written"
    connection.check_constraints()
