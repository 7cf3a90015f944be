"""The contact list as CSV, beside csv.writer over a bare cursor."""

import csv
import resource
import time
from tempfile import TemporaryFile

from django.db import connection, transaction

from crm.exports import CHUNK, Delimiter, Sheet, write_csv
from crm.models import User
from partners.exports import person_columns
from partners.models import Person

# The same columns of the same rows, as they are stored.
STATEMENT = """
SELECT p.given_name, p.family_name, p.native_name, p.native_reading, p.form_of_address,
       a.job_title, a.department, o.name, o.native_name, c.name, o.country, p.email,
       p.phone_international, p.mobile_international, p.contact_preference, p.languages,
       p.source, p.key::text, p.version::text
FROM partners_person p
LEFT JOIN partners_affiliation a ON a.person_id = p.id AND a.is_primary
    AND (a.until IS NULL OR a.until >= current_date)
LEFT JOIN partners_organisation o ON o.id = a.organisation_id
LEFT JOIN partners_city c ON c.id = o.city_id
WHERE p.archived_at IS NULL AND p.contact_preference <> 'none'
ORDER BY p.sort_name, p.id
"""


class Rate:
    """Rows in a second, by the clock and by this process's own time."""

    def __init__(self) -> None:
        self._clock, self._own = time.perf_counter(), time.process_time()

    def of(self, rows: int) -> tuple[float, float]:
        return (
            rows / (time.perf_counter() - self._clock),
            rows / (time.process_time() - self._own),
        )


def product(limit: int | None = None) -> tuple[float, float]:
    """As the page of exports writes it."""
    rate = Rate()
    people = Person.objects.with_primary().active().contactable().order_by("sort_name", "pk")
    columns = [column for column in person_columns(User()) if column.is_usual]
    with TemporaryFile() as file:
        sheet = Sheet(columns, people[:limit] if limit else people)
        write_csv(file, sheet, Delimiter.COMMA)
    return rate.of(sheet.row_count)


def bare() -> tuple[float, float]:
    """csv.writer over a cursor, neither guarded nor labelled."""
    rate, count = Rate(), 0
    connection.ensure_connection()
    with transaction.atomic(), TemporaryFile("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        with connection.connection.cursor("bare") as cursor:
            cursor.execute(STATEMENT)
            while rows := cursor.fetchmany(CHUNK):
                writer.writerows(rows)
                count += len(rows)
    return rate.of(count)


def memory(people: int) -> dict[str, float]:
    """Peak megabytes of this process after half of the rows, and after all of them."""
    half, whole = people // 2, people
    found = {}
    for rows in (half, whole):
        product(rows)
        found[str(rows)] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found
