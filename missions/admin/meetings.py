"""One meeting is logged on one form: who, when, where, what came of it, what happens next."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm import when
from crm.admin.records import PartInline, RecordAdmin, RecordForm
from crm.text import record_id
from crm.when import ZONES
from missions.admin.follow_ups import FollowUpFormSet, FollowUpsInline
from missions.admin.missions import NewestMissions
from missions.contact import refresh_last_contact, settle_meeting
from missions.logging import title_for
from missions.models import Attendance, Meeting
from missions.models.meeting_queries import READ_CONFIDENTIAL
from partners.models import Affiliation, Organisation


class MeetingForm(RecordForm):
    """A meeting. The question which of two equal hours it was is asked where there are two."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting = self.instance
        if meeting._state.adding:
            meeting.author = self.user
        elif meeting.time_zone == meeting.own_zone:
            self.initial["time_zone"] = ""
        if "time_zone" in self.fields:
            self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
                ("", _("The city’s, else the stop’s, else yours")),
                *((zone, zone.replace("_", " ")) for zone in sorted(ZONES)),
            ]
        if "fold" in self.fields and not self.shows_hour_twice:
            self.fields["fold"].widget = forms.HiddenInput()

    @cached_property
    def shows_hour_twice(self) -> bool:
        """Whether the clocks of the place show the time on this form twice."""
        meeting = self.instance
        on, at, zone = meeting.local_date, meeting.local_time, meeting.time_zone
        if self.is_bound:
            try:
                on, at, zone = (
                    self.fields[name].clean(self[name].data)
                    for name in ("local_date", "local_time", "time_zone")
                )
                zone = zone or self._derived_zone()
            except forms.ValidationError:
                return False
        if not (on and at and zone):
            return False
        try:
            when.instant(on, at, zone)
        except when.AmbiguousTime:
            return True
        except when.NonexistentTime:
            return False
        return False

    def _derived_zone(self) -> str:
        """The zone that an empty one stands for: the city's, the stop's or the author's."""
        draft = Meeting(author=self.instance.author)
        for name in ("city", "stop"):
            setattr(draft, name, self.fields[name].clean(self[name].data))
        return draft.own_zone

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        stop = data.get("stop")
        if stop and not data.get("mission") and "mission" not in self.errors:
            data["mission"] = stop.mission
        if "stop" in self.changed_data and "position" not in self.changed_data:
            data["position"] = 0
        if "fold" in data and not self.shows_hour_twice:
            data["fold"] = None
        if "title" in data and not data["title"] and (met := data.get("organisations")):
            partners = [one.name for one in met if one.side == Organisation.Side.PARTNER]
            data["title"] = title_for(partners or [one.name for one in met])
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """An empty zone is filled in by the meeting itself: it is no error of this form."""
        return {*super()._get_validation_exclusions(), "time_zone"}  # type: ignore[misc]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.instance.settle_zone()


class AttendanceInline(PartInline):
    """Who took part; whom they spoke for is filled in from where they work."""

    model = Attendance
    verbose_name = _("person")
    verbose_name_plural = _("who took part")
    fields = ["person", "organisation"]
    autocomplete_fields = ["person", "organisation"]
    is_removable = True
    extra = 1


@admin.register(Meeting)
class MeetingAdmin(RecordAdmin):
    """Meetings, planned, held and cancelled."""

    form = MeetingForm
    date_hierarchy = "local_date"
    list_display = [
        "name",
        "status",
        "local_date",
        "local_time",
        "format",
        "place_words",
        "mission",
    ]
    list_filter = ["status", "format", "is_confidential", ("mission", NewestMissions)]
    list_select_related = ["mission", "city", "stop__city"]
    ordering = ["age_order", "pk"]
    search_fields = ["title"]
    search_help_text = _("Title, organisation met or person")
    autocomplete_fields = ["mission", "stop", "organisations", "sectors", "city"]
    readonly_fields = ["author"]
    fieldsets = [
        (None, {"fields": ["organisations", "status", "format"]}),
        (_("When"), {"fields": ["local_date", "local_time", "fold", "time_zone", "duration"]}),
        (_("Where"), {"fields": ["mission", "stop", "city", "place"]}),
        (_("What came of it"), {"fields": ["outcome", "notes", "temperature", "sectors"]}),
        (
            _("More"),
            {
                "fields": ["title", "purpose", "position", "is_confidential", "author"],
                "classes": ["collapse"],
            },
        ),
    ]
    inlines = [AttendanceInline, FollowUpsInline]
    parts = ["attendances", "follow_ups"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("organisations")

    def choice_label(self, record: Any) -> str:
        return " · ".join(filter(None, [self.name(record), str(record.local_date or "")]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Called after whom it was with, as in lists."""
        if (meeting := context.get("original")) is not None:
            context["subtitle"] = self.name(meeting)
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[no-any-return]

    @admin.display(description=_("meeting"), ordering="age_order")
    def name(self, meeting: Meeting) -> str:
        met = ", ".join(organisation.name for organisation in meeting.organisations.all())
        return meeting.title or met or str(meeting)

    @admin.display(description=_("where"))
    def place_words(self, meeting: Meeting) -> str:
        return str(meeting.where or "")

    def matched(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Words are not looked for in titles that the reader may not know."""
        return queryset.found_by(search_term, request.user.has_perm(READ_CONFIDENTIAL))

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        """Tell the promises whom the meeting was with."""
        formsets, inlines = super()._create_formsets(request, obj, change)
        attendances = next((each for each in formsets if each.model is Attendance), None)
        for formset in formsets:
            if isinstance(formset, FollowUpFormSet) and formset.is_bound:
                formset.met = self._met(request, attendances)
        return formsets, inlines

    def _met(self, request: HttpRequest, attendances: Any) -> set[int]:
        """The ids of the organisations met, as the form says: chosen, or spoken for."""
        chosen = map(record_id, request.POST.getlist("organisations"))
        met = {pk for pk in chosen if pk is not None}
        if attendances is None or not attendances.is_valid():
            return met
        lines = [
            form.cleaned_data
            for form in attendances.forms
            if form.cleaned_data.get("person") and not form.cleaned_data.get("DELETE")
        ]
        spoken_for = {line["organisation"].pk for line in lines if line.get("organisation")}
        silent = [line["person"].pk for line in lines if not line.get("organisation")]
        spoken_for |= set(
            Affiliation.objects.current()
            .filter(person__in=silent, is_primary=True)
            .values_list("organisation_id", flat=True)
        )
        return met | set(
            Organisation.objects.partners().filter(pk__in=spoken_for).values_list("pk", flat=True)
        )

    def remembered(self, obj: Any) -> set[int]:
        """Whom it was with."""
        return set(obj.organisations.values_list("pk", flat=True))

    def settle(self, obj: Any, before: Any) -> None:
        settle_meeting(obj, before=before or ())

    def settle_gone(self, before: Any) -> None:
        refresh_last_contact(before)


@admin.register(Attendance)
class AttendanceAdmin(RecordAdmin):
    """Attendances, one by one."""

    list_display = ["person", "organisation", "meeting", "meeting_date"]
    list_select_related = ["person", "organisation", "meeting"]
    ordering = ["-pk"]
    search_fields = ["person__search_text"]
    autocomplete_fields = ["meeting", "person", "organisation"]
    fieldsets = [(None, {"fields": ["meeting", "person", "organisation"]})]

    @admin.display(description=_("date"))
    def meeting_date(self, attendance: Attendance) -> Any:
        return attendance.meeting.local_date

    def settle(self, obj: Any, before: Any) -> None:
        settle_meeting(obj.meeting)
