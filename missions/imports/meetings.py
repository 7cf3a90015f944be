"""Meetings in files."""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.db.models.functions import Lower

from crm.imports.bulk import Stamp
from crm.imports.cells import Cell, Link, Links
from crm.imports.drafts import Draft
from crm.imports.resources import ImportResource
from crm.imports.subjects import Subject
from crm.imports.words import said as _
from crm.imports.writers import Written
from crm.models import Import
from crm.text import folded
from missions.contact import settle_meetings
from missions.imports.attending import Attending
from missions.imports.fields import FIELDS, NAMED, SUBJECT_LABEL
from missions.imports.finders import MissionFinder, PersonFinder
from missions.models import Attendance, Meeting
from partners.imports.finders import CityFinder, SectorFinder
from partners.imports.unknown import AskingFinder
from partners.models import Organisation

# What a meeting of the same day that has an organisation in common scores as a likely twin.
SAME_DAY = 0.9


class MeetingResource(ImportResource):
    """Meetings, with the organisations met and who took part."""

    part_models = ((Attendance, "meeting"),)

    class Meta:
        model = Meeting
        fields = (
            "title",
            "status",
            "format",
            "mission",
            "organisations",
            "sectors",
            "local_date",
            "local_time",
            "time_zone",
            "duration",
            "city",
            "place",
            "purpose",
            "notes",
            "outcome",
            "temperature",
            "is_confidential",
        )

    def __init__(self, source: Import, **kwargs: Any) -> None:
        self.organisations = AskingFinder(source)
        super().__init__(source, **kwargs)
        self.attending = Attending(self)

    def told_missing(self) -> list[dict[str, Any]]:
        return self.organisations.told()

    def more_cells(self) -> dict[str, Cell]:
        return {
            "mission": Link(MissionFinder()),
            "organisations": Links(self.organisations),
            "people": Links(PersonFinder()),
            "sectors": Links(SectorFinder()),
            "city": Link(CityFinder()),
            "local_date": self.day(),
        }

    @cached_property
    def columns(self) -> dict[str, int]:
        return {
            NAMED.get(name, name): index for index, name in enumerate(self.source.mapping) if name
        }

    def field_names(self) -> Iterable[str]:
        """Who took part is no field of the meeting's own: see Attending."""
        return [name for name in self.columns if name != "people"]

    def queryset(self) -> Any:
        attendances = Attendance.objects.select_related("person")
        return Meeting.objects.select_related(
            "mission", "city", "stop__city", "author"
        ).prefetch_related(
            "organisations__city",
            "people",
            "sectors",
            Prefetch("attendances", queryset=attendances),
        )

    def matches(self, name: str, drafts: Sequence[Draft]) -> dict[Draft, list[Any]]:
        """By its title, on its day where the row says one."""
        titles = {draft.values[name].lower() for draft in drafts if name in draft.values}
        found: dict[str, list[Meeting]] = {}
        if titles:
            named = self.queryset().annotate(lowered=Lower(name)).filter(lowered__in=titles)
            for meeting in named:
                found.setdefault(str(getattr(meeting, name)).lower(), []).append(meeting)
        return {
            draft: self._that_day(found.get(draft.values[name].lower(), []), draft)
            for draft in drafts
            if name in draft.values
        }

    def _that_day(self, found: list[Meeting], draft: Draft) -> list[Meeting]:
        text = draft.values.get("local_date")
        if text is None:
            return found
        try:
            on = self.day().clean(text)
        except ValueError:
            return found
        return [meeting for meeting in found if meeting.local_date in {on, None}]

    def prepare(self, drafts: Sequence[Draft]) -> None:
        super().prepare(drafts)
        self.attending.read_bases([draft for draft in drafts if draft.is_stale])

    def complete(self, draft: Draft) -> None:
        meeting: Meeting = draft.instance
        if not draft.is_new and not draft.record.may_be_read_by(self.source.user):
            self.reject(draft, None, _("This meeting is confidential: you may not change it."))
            draft.instance = None
            return
        self.attending.read(draft)
        draft.notes["label"] = meeting.title or ", ".join(map(str, self.met(draft)))
        if draft.is_new:
            self._begin(draft, meeting)
        if not meeting.time_zone:
            self._settle_zone(draft, meeting)

    def _begin(self, draft: Draft, meeting: Meeting) -> None:
        """What a new meeting has that the row need not say."""
        said = {"title", "organisations", "people"} & draft.values.keys()
        if not said and not draft.problems:
            self.reject(
                draft, None, _("Say whom we met: an organisation, a person, or else a title.")
            )
        meeting.author = self.source.user

    def _settle_zone(self, draft: Draft, meeting: Meeting) -> None:
        """A meeting has a zone, though its cell be emptied: that of its place, or of its author."""
        emptied = (each["before"] for each in draft.changes if each["field"] == "time_zone")
        was = next(emptied, "")
        draft.changes = [each for each in draft.changes if each["field"] != "time_zone"]
        meeting.settle_zone()
        if meeting.time_zone != was:
            self.change(draft, "time_zone", was, meeting.time_zone)

    def met(self, draft: Draft) -> list[Organisation]:
        """The organisations of a row's meeting, as the row would leave it."""
        if draft.is_new or "organisations" in draft.notes:
            return list(draft.notes.get("organisations", ()))
        return list(draft.record.organisations.all())

    def identity(self, draft: Draft) -> str:
        new: Meeting = draft.instance
        met = ",".join(sorted(str(one.pk) for one in self.met(draft)))
        if not new.local_date or not (new.title or met):
            return ""
        return f"{folded(new.title)}|{new.local_date}|{new.local_time}|{met}"

    def find_alike(self, drafts: Sequence[Draft]) -> None:
        """Meetings that are down already, of the same day and with the same organisation."""
        dated = [draft for draft in drafts if draft.instance.local_date]
        if not dated:
            return
        by_day: dict[Any, list[Meeting]] = {}
        with_them = Meeting.organisations.through.objects.filter(
            organisation__in={one.pk for draft in dated for one in self.met(draft)},
            meeting__local_date__in={draft.instance.local_date for draft in dated},
        )
        known = Meeting.objects.filter(pk__in=with_them.values("meeting")).order_by("pk")
        known = known.exclude(status=Meeting.Status.CANCELLED)
        for meeting in known.prefetch_related("organisations"):
            by_day.setdefault(meeting.local_date, []).append(meeting)
        for draft in dated:
            met = {one.pk: one for one in self.met(draft)}
            for meeting in by_day.get(draft.instance.local_date, []):
                shared = [met[one.pk] for one in meeting.organisations.all() if one.pk in met]
                if shared and self._may_tell(meeting):
                    draft.alike.append(
                        {
                            "id": meeting.pk,
                            "label": meeting.heading,
                            "url": meeting.get_absolute_url(),
                            "reason": _("the same day, with %(name)s")
                            % {"name": ", ".join(map(str, shared))},
                            "score": SAME_DAY,
                        }
                    )

    def _may_tell(self, meeting: Meeting) -> bool:
        return meeting.may_be_read_by(self.source.user)

    def taken_since(self, items: Sequence[Written]) -> list[Written]:
        return self.attending.taken_since([item for item in items if not item.is_new])

    def before_writing(self, items: Sequence[Written]) -> None:
        self.met_before = {
            one.pk for item in items if not item.is_new for one in item.record.organisations.all()
        }
        for item in items:
            if item.is_new:
                item.record.author = self.source.user

    def after_writing(self, items: Sequence[Written], stamp: Stamp) -> None:
        self.attending.write(items, stamp)
        for item in items:
            # Whom somebody spoke for is linked now, which its history tells of once more.
            item.record._change_reason, item.record._history_user = stamp.reason, stamp.user
        settle_meetings([item.record for item in items], self.met_before)

    def after_undoing(self, ids: Collection[int]) -> None:
        """Whom these meetings were ever with may have a last contact of another day now."""
        history: Any = Meeting.history
        told = history.model.organisations.model
        met = told.objects.filter(history__id__in=ids).values_list("organisation_id", flat=True)
        settle_meetings(Meeting.objects.filter(pk__in=ids), set(met))


MEETINGS = Subject(
    name="meetings",
    label=SUBJECT_LABEL,
    permission="missions.import_meeting",
    resource=MeetingResource,
    fields=FIELDS,
    list_url_name="missions:meeting-list",
)
