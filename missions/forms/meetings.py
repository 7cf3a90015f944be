"""The form that a meeting is logged on."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.combos import ComboField, ComboMixin, ComboMultipleField, ComboWidget
from crm.days import DayField
from crm.forms import Mend, VersionedModelForm
from crm.models import User
from crm.templatetags.ponti import day
from crm.text import record_id
from crm.when import ZONES, AmbiguousTime, NonexistentTime
from missions.choices import ORGANISATION, PERSON, ParticipantFinder, ids_of
from missions.forms.newcomers import Offered, OfferedSeveral
from missions.models import FollowUp, Meeting, Mission, Stop
from missions.participants import Participants
from missions.programme import is_ahead
from partners.choices import CityFinder, SectorFinder

AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian",
         "Pacific")  # fmt: skip
ADDITIONS = [
    ("person", _("Add “{typed}” as a new person")),
    ("organisation", _("Add “{typed}” as a new organisation")),
]
PROMISES_SHOWN = 12


def zone_choices() -> list[Any]:
    """Every zone people live by, under its part of the world."""
    found: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for zone in sorted(ZONES):
        area, _slash, city = zone.partition("/")
        if area in found:
            found[area].append((zone, city.replace("_", " ")))
    return [("", _("As the place, else yours")), *found.items(), ("UTC", "UTC")]


class ParticipantsField(ComboMixin, forms.Field):
    """Organisations and people as values such as “person-5”."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "nobody": _("Say whom you met: an organisation or a person."),
        "gone": _("One of those chosen is not there any more: choose again."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=ComboWidget(ParticipantFinder(), multiple=True), **options)

    def clean(self, value: Any) -> list[str]:
        self.check_typed(value)
        return list(value or [])

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(initial or []) != set(data or [])


class MeetingForm(VersionedModelForm):
    """Whom we met, when and where, what came of it.

    `who` stands for the organisations met and the attendances, and `spoke_for_<id>` for the
    organisation that a person spoke for. `new_ones` are the organisations first met, as options;
    `has_newcomers` says whether anybody at all is first met.
    """

    who = ParticipantsField(label=_("Whom did you meet?"), required=False)
    is_date_unknown = forms.BooleanField(label=_("I don’t know the date"), required=False)
    local_date = DayField(label=_("Date"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    city = ComboField(CityFinder(), label=_("City"), required=False)
    sectors = ComboMultipleField(SectorFinder(), label=_("Sectors"), required=False)
    settled = OfferedSeveral(widget=forms.CheckboxSelectMultiple, required=False)

    parts = ("attendances", "follow_ups")

    class Meta:
        model = Meeting
        fields = (
            "title", "status", "format", "mission", "stop", "local_date", "local_time", "fold",
            "time_zone", "duration", "city", "place", "sectors", "purpose", "notes", "outcome",
            "is_confidential",
        )  # fmt: skip
        widgets = {"fold": forms.RadioSelect}
        labels = {"duration": _("Duration in minutes")}
        help_texts = {
            "local_time": "",
            "duration": "",
            "place": _("Building, room, or link."),
            "title": _("Empty: named after whom you met."),
        }

    def __init__(
        self,
        *args: Any,
        user: User,
        new_ones: Sequence[tuple[str, str]] = (),
        has_newcomers: bool = False,
        **kwargs: Any,
    ) -> None:
        self.user, self.has_newcomers = user, has_newcomers
        meeting = kwargs["instance"] = kwargs.get("instance") or Meeting(author=user)
        saved = self.opened(meeting)
        self.who_saved: list[str] = saved["who"]
        kwargs["initial"] = {**saved, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if self.is_bound and meeting.pk:
            self._merge_who(saved["who"])
        who = self.data.getlist("who") if self.is_bound else self.initial["who"]  # type: ignore[attr-defined]
        self.participants = Participants(
            who, {pk: self._raw(f"spoke_for_{pk}") for pk in ids_of(who, PERSON)}, new_ones
        )
        for person in self.participants.people:
            self.fields[f"spoke_for_{person.pk}"] = Offered(
                label=_("Spoke for"),
                choices=self.participants.options(person),
                initial=self.participants.voice(person),
                required=False,
            )
        if meeting.pk is None and not self.is_bound:
            self.fields["who"].widget.attrs["autofocus"] = True
        self._offer_missions()
        self.fields["time_zone"].choices = zone_choices()  # type: ignore[attr-defined]
        self.fields["fold"].choices = Meeting._meta.get_field("fold").choices  # type: ignore[attr-defined]
        self.fields["settled"].choices = [(str(one.pk), one.what) for one in self.open_promises]  # type: ignore[attr-defined]
        self.fields["who"].widget.additions = [
            one for one in ADDITIONS if user.has_perm(f"partners.add_{one[0]}")
        ]

    def opened(self, meeting: Meeting) -> dict[str, Any]:
        """What the form holds of a saved meeting beside its columns."""
        if meeting.pk is None:
            return {"who": []}
        voices = dict(meeting.attendances.values_list("person_id", "organisation_id"))
        met = meeting.organisations.values_list("pk", flat=True)
        return {
            "who": [*(f"{ORGANISATION}-{pk}" for pk in met), *(f"{PERSON}-{pk}" for pk in voices)],
            **{f"spoke_for_{person}": str(pk or "") for person, pk in voices.items()},
            "is_date_unknown": meeting.local_date is None,
            "time_zone": "" if meeting.time_zone == meeting.own_zone else meeting.time_zone,
        }

    def _merge_who(self, saved: list[str]) -> None:
        """Keep whom somebody else added since the form was opened; leave out whom they removed."""
        if "who_opened" in self.data:
            opened = set(self.data.getlist("who_opened"))  # type: ignore[attr-defined]
            typed = self.data.getlist("who")  # type: ignore[attr-defined]
            kept = [one for one in typed if one in saved or one not in opened]
            added = [one for one in saved if one not in opened and one not in kept]
            self._put("who", [*kept, *added])
            for pk in ids_of(added, PERSON):
                self._put(f"spoke_for_{pk}", [self.initial[f"spoke_for_{pk}"]])

    @property
    def who_opened(self) -> list[str]:
        """Who was there when the form was opened, for the merge."""
        return self.who_saved if self.instance.pk else []

    def _raw(self, name: str) -> str:
        value = self.data.get(name, "") if self.is_bound else self.initial.get(name)
        return str(getattr(value, "pk", value) or "")

    def _offer_missions(self) -> None:
        newest = Mission.objects.order_by("-pk").values_list("pk", flat=True)[:200]
        mission, stop = self.fields["mission"], self.fields["stop"]
        chosen = record_id(self._raw("mission"))
        offered = [*newest, chosen, self.instance.mission_id]
        mission.queryset = Mission.objects.filter(pk__in=offered)  # type: ignore[attr-defined]
        mission.empty_label = _("None")  # type: ignore[attr-defined]
        stops = Stop.objects.select_related("city").order_by("mission", "position", "pk")
        stop.queryset = stops  # type: ignore[attr-defined]
        wanted = Q(mission__in=[chosen])
        if "find" not in self.data:
            wanted |= Q(pk__in=[record_id(self._raw("stop"))])
        stop.choices = [("", _("None")), *((one.pk, str(one)) for one in stops.filter(wanted))]  # type: ignore[attr-defined]

    @cached_property
    def open_promises(self) -> list[FollowUp]:
        """What is open with the partners met, beside this meeting’s own."""
        found = (
            FollowUp.objects.open()
            .visible_to(self.user)
            .filter(organisation__in=self.participants.met)
        )
        if self.instance.pk:
            found = found.exclude(meeting=self.instance)
        return list(found.select_related("organisation")[:PROMISES_SHOWN])

    @cached_property
    def last_time(self) -> Meeting | None:
        """The last meeting held with the first partner met."""
        if not self.participants.met:
            return None
        last = (
            Meeting.objects.held()
            .filter(organisations=self.participants.met[0])
            .exclude(pk=self.instance.pk)
            .newest_first()
            .select_related("city", "stop__city")
            .first()
        )
        return last.conceal_from(self.user) if last else None

    @property
    def people(self) -> list[dict[str, Any]]:
        """Each person with the field of whom they spoke for."""
        return [
            {"person": person, "field": self[f"spoke_for_{person.pk}"]}
            for person in self.participants.people
        ]

    def peek(self, name: str) -> Any:
        """What a field holds, or nothing where it can’t be read."""
        if name in (read := getattr(self, "cleaned_data", {})):
            return read[name]
        if self.is_bound and name in self.errors:
            return None
        bound = self[name]
        try:
            return bound.field.clean(bound.data if self.is_bound else bound.initial)
        except ValidationError:
            return None

    @property
    def preview(self) -> Meeting:
        """The when and where of the meeting as typed so far, unsaved."""
        read = {
            name: self.peek(name)
            for name in (
                "local_date",
                "local_time",
                "fold",
                "city",
                "stop",
                "time_zone",
                "duration",
            )
        }
        if self.peek("is_date_unknown") or not read["local_date"]:
            read["local_date"] = read["local_time"] = None
        meeting = Meeting(
            **read, format=self.peek("format") or "", author=self.instance.author or self.user
        )
        meeting.settle_zone()
        try:
            meeting.refresh_derived()
        except (NonexistentTime, AmbiguousTime):
            meeting.starts_at = None
        return meeting

    @property
    def is_when_open(self) -> bool:
        """Whether something in “When and where” asks for attention."""
        names = (
            "local_date",
            "local_time",
            "fold",
            "time_zone",
            "duration",
            "format",
            "city",
            "place",
        )
        return self.is_bound and any(self[name].errors for name in names)

    @property
    def is_more_open(self) -> bool:
        """Whether “More” holds an answer or an error."""
        names = ("title", "mission", "stop", "sectors", "purpose", "notes", "is_confidential")
        return any(self[name].value() or self[name].errors for name in names) or self[
            "status"
        ].value() not in {None, Meeting.Status.HELD}

    def clean(self) -> dict[str, Any]:
        cleaned = {**self.cleaned_data}
        if cleaned.get("is_date_unknown"):
            self.errors.pop("local_date", None)
            cleaned.update(local_date=None, local_time=None, fold=None)
        elif "local_date" in self.errors:
            cleaned.pop("local_time", None)
        if "who" in cleaned:
            self._check_who(cleaned)
        self.cleaned_data = cleaned
        return cleaned

    def _check_who(self, cleaned: dict[str, Any]) -> None:
        field = self.fields["who"]
        present = self.participants
        if not cleaned["who"] and not self.has_newcomers:
            self.add_error("who", ValidationError(field.error_messages["nobody"], code="nobody"))
        elif present.missing:
            self.add_error("who", ValidationError(field.error_messages["gone"], code="gone"))
        elif put_away := [
            one.name
            for kind, those in ((ORGANISATION, present.organisations), (PERSON, present.people))
            for one in those
            if one.is_archived and f"{kind}-{one.pk}" not in self.who_opened
        ]:
            self.add_error(
                "who",
                ValidationError(
                    field.error_messages["out_of_use"],
                    code="out_of_use",
                    params={"name": put_away[0]},
                ),
            )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        meeting = self.instance
        if meeting.status != Meeting.Status.HELD or not meeting.local_date:
            return
        if self.errors.keys() & {"local_date", "local_time", "fold", "time_zone", "status"}:
            self._offer_planned()
            return
        meeting.settle_zone()
        meeting.refresh_derived()
        if is_ahead(meeting):
            self.add_error("local_date", _("It can’t have been held in the future: is it planned?"))
            self._offer_planned()

    def _offer_planned(self) -> None:
        if "local_date" in self.errors and not self.fields["local_date"].mends:  # type: ignore[attr-defined]
            self.fields["local_date"].mends = [  # type: ignore[attr-defined]
                Mend(_("It is planned"), Meeting.Status.PLANNED, "status"),
                Mend(_("It was today"), day(timezone.localdate())),
            ]
