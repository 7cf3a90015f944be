"""Who took part in the meetings of a file."""

from collections.abc import Sequence
from typing import Any

from crm.chronicle import note_removed
from crm.imports.bulk import Stamp, insert_all, keep_all
from crm.imports.cells import EMPTIES
from crm.imports.drafts import Draft
from crm.imports.resources import ImportResource
from crm.imports.writers import Stale, Written
from missions.models import Attendance, Meeting
from partners.models import Affiliation, Person

FIELD, PART = "people", "attendances"


def present(meeting: Meeting) -> list[Person]:
    """Who is down for it; their attendances are prefetched."""
    return [row.person for row in meeting.attendances.all()]


class Attending:
    """Reads the cell of people of each row; whoever is no longer in it was not there."""

    def __init__(self, resource: ImportResource) -> None:
        self.resource = resource
        self.named_then: dict[int, Person] = {}

    def read(self, draft: Draft) -> None:
        text = draft.values.get(FIELD)
        if text is None:
            return
        resource, cell = self.resource, self.resource.fields[FIELD].widget
        before = [] if draft.is_new else present(draft.record)
        if not draft.is_new and cell.says(text, before):
            return
        try:
            after = [] if text == EMPTIES else cell.clean(text, row=draft.values, held=before)
        except ValueError as error:
            resource.reject(draft, FIELD, error.args[0])
            return
        now, was = cell.stored(after), cell.stored(before)
        if now == was or (resource.source.only_fills and was):
            return
        more: dict[str, Any] = {}
        if draft.is_stale:
            then = draft.notes.get("base_people")
            if then == now:
                return
            if then != was:
                resource.conflict(draft, FIELD, FIELD)
                if then is not None:
                    more["exported"] = cell.words(filter(None, map(self.named_then.get, then)))
        resource.change(
            draft,
            FIELD,
            cell.words(before),
            cell.words(after),
            value=now,
            was=was,
            part=PART,
            **more,
        )

    def read_bases(self, drafts: Sequence[Draft]) -> None:
        """Who was down for the meetings at the version that each row was exported with."""
        ids = {draft.record.pk for draft in drafts}
        if not ids:
            return
        later: dict[int, list[Any]] = {}
        meetings: Any = Meeting.history
        for row in meetings.filter(id__in=ids).order_by("history_id"):
            later.setdefault(row.id, []).append(row)
        kept: dict[int, list[Any]] = {}
        attendances: Any = Attendance.history
        for row in attendances.filter(meeting_id__in=ids).order_by("history_id"):
            kept.setdefault(row.meeting_id, []).append(row)
        for draft in drafts:
            if draft.base is None:
                continue
            version = draft.version or 0
            after = (row for row in later.get(draft.record.pk, []) if row.version > version)
            ends = next((row.history_date for row in after), None)
            found: dict[int, Any] = {}
            for row in kept.get(draft.record.pk, []):
                if ends is None or row.history_date < ends:
                    found[row.id] = row
            there = (row for row in found.values() if row.history_type != "-")
            draft.notes["base_people"] = sorted(row.person_id for row in there)
        bases = (draft.notes.get("base_people", []) for draft in drafts)
        self.named_then = Person.objects.in_bulk({pk for base in bases for pk in base})

    def taken_since(self, items: Sequence[Written]) -> list[Written]:
        """The items at whose meetings others are down than was shown."""
        return [
            item
            for item in items
            for change in item.part_changes(PART)
            if sorted(person.pk for person in present(item.record)) != change["was"]
        ]

    def write(self, items: Sequence[Written], stamp: Stamp) -> None:
        """Write who is added and who is taken off; each speaks for where they work."""
        wanted = {
            item: set(change["value"]) for item in items for change in item.part_changes(PART)
        }
        ids = {pk for each in wanted.values() for pk in each}
        if Person.objects.filter(pk__in=ids, merged_into=None).count() < len(ids):
            raise Stale([item.row.number for item in wanted])
        posts = Affiliation.objects.current().filter(is_primary=True, person__in=ids)
        works_for = dict(posts.values_list("person_id", "organisation_id"))
        added: list[Attendance] = []
        gone: list[Attendance] = []
        for item, people in wanted.items():
            held = [] if item.is_new else list(item.record.attendances.all())
            added += [
                Attendance(meeting=item.record, person_id=pk, organisation_id=works_for.get(pk))
                for pk in sorted(people - {row.person_id for row in held})
            ]
            gone += [row for row in held if row.person_id not in people]
        note_removed(gone, stamp.user, stamp.reason)
        found = Attendance.objects.filter(pk__in=[row.pk for row in gone])
        found._raw_delete(found.db)
        insert_all(added)
        keep_all(added, stamp, is_new=True)
