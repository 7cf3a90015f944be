"""The form of a mission, with its stops and organisers as lines."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from crm.combos import LineComboField
from crm.days import DayField
from crm.forms import FieldManners, Mend, Section, VersionedModelForm
from crm.parts import OrderedPartFormSet, PartFormSet
from crm.templatetags.ponti import day, period
from crm.text import folded
from missions.forms.newcomers import Offered
from missions.models import Initiative, Meeting, Mission, Organiser, Stop
from partners.choices import CityFinder, OrganisationFinder

REVERSED = _("It ends before it starts.")


class MissionForm(VersionedModelForm):
    """What staff say of a mission; its stops and organisers are in lines of their own."""

    parts = ("stops", "organisers")

    new_initiative = forms.CharField(
        label=_("Or a new initiative"),
        max_length=200,
        required=False,
        help_text=_("Its name, where it is not in the list yet."),
    )

    layout = (
        Section(
            _("The mission"),
            ("title", "direction", "status", "initiative", "new_initiative"),
        ),
        Section(_("When"), ("starts_on", "ends_on"), _("Empty where not known")),
        Section(_("What for"), ("aims",)),
        Section(_("More"), ("emergency", "notes"), _("whom to call in an emergency, notes"), True),
    )

    class Meta:
        model = Mission
        fields = (
            "title",
            "direction",
            "status",
            "initiative",
            "starts_on",
            "ends_on",
            "aims",
            "emergency",
            "notes",
        )
        field_classes = {"starts_on": DayField, "ends_on": DayField}
        widgets = {"direction": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].help_text = ""

    @property
    def changed_data(self) -> list[str]:
        """An initiative that was made of what is typed says nothing new any more."""
        changed = super().changed_data
        own = self.instance.initiative
        if own and folded(self["new_initiative"].data or "") == folded(own.name):
            return [name for name in changed if name != "new_initiative"]
        return changed

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The mission ends before it starts."))
        self._settle_initiative(values)
        return values

    def _settle_initiative(self, values: dict[str, Any]) -> None:
        """What is typed names an initiative that is there, or a new one."""
        self.named: Initiative | None = None
        typed = " ".join(values.get("new_initiative", "").split())
        if not typed:
            return
        chosen = values.get("initiative")
        same = Initiative.objects.filter(name__iexact=typed).first()
        self.named = same or Initiative(name=typed)
        if chosen and chosen != same:
            self.add_error("new_initiative", _("Choose one above or type a new one, not both."))
        elif same:
            values["initiative"] = same

    def save(self, commit: bool = True) -> Any:
        if self.named and self.named.pk is None:
            self.named.save()
            self.instance.initiative = self.named
        return super().save(commit)


class MissionCopyForm(VersionedModelForm):
    """What a mission made from an old one needs to be told."""

    with_organisations = forms.BooleanField(
        label=_("The organisations to meet too, as planned meetings without a date"),
        required=False,
    )

    layout = (Section(_("The new mission"), ("title", "starts_on", "with_organisations")),)

    class Meta:
        model = Mission
        fields = ("title", "starts_on")
        field_classes = {"starts_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs["autofocus"] = True
        self.fields["starts_on"].help_text = _(
            "All dates move along with it. Empty where not known: then there are no dates."
        )


class StopLine(FieldManners, forms.ModelForm):  # type: ignore[type-arg]
    """One line: a stay in a city. `heir` is the line that takes the meetings of a removed one."""

    city = LineComboField(CityFinder(), label=_("City"))
    heir = Offered(label=_("Move its meetings to"), required=False)

    overlaps: list[str] = []  # The stops above that its days overlap with.
    meetings: list[Meeting] = []

    class Meta:
        model = Stop
        fields = ("city", "starts_on", "ends_on")
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].label = pgettext_lazy("a stop’s first day", "From")
        self.fields["ends_on"].label = pgettext_lazy("a stop’s last day", "To")

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != "heir"]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", REVERSED)
        return values

    @property
    def days(self) -> tuple[date, date] | None:
        """Its first and last day, as far as they are known; one stands for both."""
        first, last = self.instance.starts_on, self.instance.ends_on
        return (first or last, last or first) if first or last else None

    @property
    def place(self) -> str:
        """“Nagoya, 10–11 March 2027”."""
        days = period(*self.days) if self.days else ""
        return ", ".join(filter(None, [self.instance.city.local_name, days]))


def overlap(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Whether two stays share more than the day of the journey between them."""
    first, last = max(one[0], other[0]), min(one[1], other[1])
    if first != last:
        return first < last
    return not (one[1] == first == other[0] or other[1] == first == one[0])


class BaseStopFormSet(OrderedPartFormSet):
    """Where a mission stays, in the order of the lines.

    A removed stop gives its meetings to another line, or stays.
    """

    owner_field = "mission"
    told_by = ("city", "starts_on", "ends_on")
    combos = {"city": CityFinder()}

    mission_form: MissionForm | None = None  # The form it stands on, which says when it is.

    def clean(self) -> None:
        for line in self.kept:
            self._check_days(line)
        for before, line in self._pairs():
            if overlap(before.days, line.days):
                line.overlaps = [*line.overlaps, before.place]
        if gone := [form for form in self.forms if self._is_removed(form)]:
            self._settle_meetings(gone)

    def is_valid(self) -> bool:
        """Removed lines count too, where their meetings have nowhere to go."""
        return super().is_valid() and not any("heir" in form.errors for form in self.forms)

    def _is_removed(self, form: Any) -> bool:
        return bool(form.instance.pk and form.cleaned_data.get("DELETE"))

    def _pairs(self) -> Iterator[tuple[Any, Any]]:
        """Each line with those above it, where the days of both are known."""
        dated = [line for line in self.kept if not line.errors and line.days]
        for at, line in enumerate(dated):
            for before in dated[:at]:
                yield before, line

    @property
    def has_overlaps(self) -> bool:
        """Whether some days are spent in two places."""
        return any(line.overlaps for line in self.forms)

    def _check_days(self, line: Any) -> None:
        """No day of a stop lies outside its mission; the mission may be made longer instead."""
        if self.mission_form is None or self.mission_form.errors.keys() & {"starts_on", "ends_on"}:
            return
        starts_on, ends_on = (
            self.mission_form.cleaned_data.get(name) for name in ("starts_on", "ends_on")
        )
        for name in ("starts_on", "ends_on"):
            on = getattr(line.instance, name)
            if on is None or name in line.errors:
                continue
            if starts_on and on < starts_on:
                words, known, field = _("The mission starts on %(day)s."), starts_on, "starts_on"
                offer = _("The mission starts on %(day)s")
            elif ends_on and on > ends_on:
                words, known, field = _("The mission ends on %(day)s."), ends_on, "ends_on"
                offer = _("The mission ends on %(day)s")
            else:
                continue
            line.fields[name].mends = [Mend(offer % {"day": day(on)}, day(on), field)]
            line.add_error(name, words % {"day": day(known)})

    def _settle_meetings(self, gone: list[Any]) -> None:
        """Ask where the meetings of the removed stops go, in one query for all of them."""
        meetings: dict[int, list[Meeting]] = {}
        for meeting in (
            Meeting.objects.filter(stop__in=[line.instance.pk for line in gone])
            .select_related("city", "stop__city", "author")
            .for_programme()
            # They are saved whole: what somebody writes of one meanwhile has to wait.
            .select_for_update(of=("self",))
        ):
            meetings.setdefault(meeting.stop_id, []).append(meeting)
        heirs = {
            str(at): line
            for at, line in enumerate(self.forms)
            if line in self.kept and not line.errors
        }
        for line in gone:
            line.meetings = meetings.get(line.instance.pk, [])
            if not line.meetings:
                continue
            line.fields["heir"].choices = [
                ("", _("Choose …")),
                *((at, heir.place) for at, heir in heirs.items()),
            ]
            line.heir_line = heirs.get(str(line["heir"].data or ""))
            count = len(line.meetings)
            if line.heir_line is None:
                line.add_error(
                    "heir",
                    ngettext(
                        "%(count)d meeting is at this stop: say where it goes, or keep the stop.",
                        "%(count)d meetings are at this stop: say where they go, or keep the stop.",
                        count,
                    )
                    % {"count": count},
                )
            else:
                self._check_move(line)

    def _check_move(self, line: Any) -> None:
        """An hour that the clocks of the new place jump over, or show twice, is refused."""
        for meeting in line.meetings:
            self._move(meeting, line.heir_line)
            try:
                meeting.clean()
            except ValidationError as error:
                line.add_error("heir", f"{meeting.heading}: {' '.join(error.messages)}")

    def _move(self, meeting: Meeting, heir: Any) -> None:
        """To the end of the other stop, unsaved: it keeps its local time, on the clocks there."""
        city = heir.instance.city
        if (
            meeting.city is None
            and meeting.stop
            and meeting.time_zone == meeting.stop.city.time_zone
        ):
            meeting.time_zone = city.time_zone
        meeting.stop, meeting.position = heir.instance, 0

    def save(self) -> None:
        is_new_order = self.changes_something
        removed = [form for form in self.forms if self._is_removed(form)]
        for position, form in enumerate(self.kept, start=1):
            moved = is_new_order and form.instance.position != position
            if not form.instance.pk or moved or set(form.changed_data) - {"id"}:
                form.instance.position = position
                form.instance.mission = self.owner
                form.save()
        for form in removed:
            for meeting in form.meetings:
                meeting.stop = form.heir_line.instance
                meeting.save()
            form.instance.delete()


class OrganiserLine(FieldManners, forms.ModelForm):  # type: ignore[type-arg]
    """One line: who organises the mission."""

    organisation = LineComboField(OrganisationFinder(), label=_("Organisation"))

    class Meta:
        model = Organiser
        fields = ("organisation", "role")
        widgets = {"role": forms.RadioSelect}

    def has_changed(self) -> bool:
        """A new line without an organisation says nothing, whatever its role."""
        if not self.instance.pk and set(self.changed_data) <= {"role", "id"}:
            return False
        return super().has_changed()


class BaseOrganiserFormSet(PartFormSet):
    """Who organises a mission, each once."""

    owner_field = "mission"
    told_by = ("organisation",)
    combos = {"organisation": OrganisationFinder()}

    def clean(self) -> None:
        seen = set()
        for line in self.kept:
            organisation = line.instance.organisation_id
            if organisation and organisation in seen:
                line.add_error("organisation", _("It organises this mission already."))
            seen.add(organisation)

    def save(self) -> None:
        """Another organisation on a line is another organiser: two may change places."""
        others = [
            form for form in self.kept if form.instance.pk and "organisation" in form.changed_data
        ]
        for organiser in Organiser.objects.filter(pk__in=[form.instance.pk for form in others]):
            organiser.delete()
        for form in others:
            role, organisation = form.instance.role, form.instance.organisation
            form.instance = Organiser(role=role, organisation=organisation)
        super().save()


StopFormSet: Any = forms.formset_factory(
    StopLine, formset=BaseStopFormSet, extra=1, can_delete=True, max_num=60, absolute_max=100
)
OrganiserFormSet: Any = forms.formset_factory(
    OrganiserLine,
    formset=BaseOrganiserFormSet,
    extra=1,
    can_delete=True,
    max_num=60,
    absolute_max=100,
)
