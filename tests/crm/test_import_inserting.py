import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.imports.bulk import Stamp, keep_all
from crm.imports.inserting import insert, insert_keyed
from crm.models import Import, ImportRow
from partners.models import Organisation
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


def test_records_inserted_at_once_have_their_ids_and_every_value():
    notes = "tab\t, \\N, “quotes”\nand a second line: 東京"
    new = [Organisation(name=name, country="JP", notes=notes) for name in ("One", "Two")]
    insert_keyed(new)
    for record in new:
        kept = Organisation.objects.get(pk=record.pk)
        assert (kept.key, kept.name, kept.country, kept.notes) == (
            record.key,
            record.name,
            "JP",
            notes,
        )
        assert kept.created_at == record.created_at <= timezone.now()


def test_rows_inserted_at_once_keep_their_json():
    source = Import.objects.create(user=make_user(), subject="people", file_name="a.csv")
    changes = [{"field": "languages", "before": "", "after": 'ja, "en" \\ 田辺'}]
    insert([ImportRow(source=source, number=2, cells=["a", ""], act="create", changes=changes)])
    row = source.rows.get()
    assert (row.cells, row.changes, row.problems, row.record_id) == (["a", ""], changes, [], None)


def test_a_rule_of_the_database_is_an_error_of_djangos():
    source = Import.objects.create(user=make_user(), subject="people", file_name="a.csv")
    rows = [ImportRow(source=source, number=2, act="create") for _twice in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(rows)
    assert not source.rows.exists()


def test_history_copied_at_once_says_what_the_record_says_and_who_wrote_it():
    record, user = make_organisation(name="Città della Scienza"), make_user()
    record.history.all().delete()
    keep_all([record], Stamp(user, "import 7"))
    row = record.history.get()
    assert (row.history_type, row.history_user, row.history_change_reason) == (
        "~",
        user,
        "import 7",
    )
    assert {f.attname: getattr(row, f.attname) for f in row.tracked_fields} == {
        f.attname: getattr(record, f.attname) for f in row.tracked_fields
    }
