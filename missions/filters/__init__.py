"""What the lists of missions and meetings can be narrowed by."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.address_parts import FlagField
from crm.facets import NONE, ChoiceFacet, Facet, Option, RecordFacet
from crm.filters import Chip, ListFilter, Part
from crm.models import User
from crm.pagination import Sort
from crm.text import record_id
from missions.models import Attendance, Initiative, Meeting, Mission
from missions.models.meeting_queries import READ_CONFIDENTIAL
from partners.filters import SectorFacet, city_names, sector_tree
from partners.models import City, Organisation, Person, Sector


class RecordField(forms.Field):
    """The record that an id of the address names; of one that was merged the one it became."""

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = model

    def clean(self, value: Any) -> Any:
        if not value:
            return None
        pk = record_id(value)
        record = self.model._default_manager.filter(pk=pk).first() if pk else None
        if record is None:
            raise ValidationError("unknown")
        return getattr(record, "merged_into", None) or record


class DayField(forms.DateField):
    """A day written as 2026-11-22."""

    input_formats = ["%Y-%m-%d"]


class Condition(Part):
    """A part of the address that narrows by itself, with one value."""

    def __init__(self, field_class: Any, label: Any, column: str = "", **kwargs: Any) -> None:
        super().__init__(field_class, label=label, **kwargs)
        self.column = column

    def condition(self, value: Any, reader: User) -> Q:
        """The rows meant."""
        return Q(**{self.column: value})

    def said(self, value: Any) -> str:
        """The value in the reader's language."""
        return "" if value is True else str(value)

    def written(self, value: Any) -> str:
        """The value as the address has it."""
        if value is True:
            return "1"
        return str(value.pk) if isinstance(value, Model) else str(value)


class RecordCondition(Condition):
    """Rows of one record, named by its id."""

    def __init__(self, model: type[Model], label: Any, column: str) -> None:
        super().__init__(RecordField, label, column, model=model)


class NarrowedFilter(ListFilter):
    """A list that is also narrowed by conditions, and may show its reader less than others."""

    @cached_property
    def reader(self) -> User:
        user: User = self.request.user
        return user

    @cached_property
    def given(self) -> dict[str, Any]:
        """The conditions that the address sets, by name."""
        parts = ((n, p) for n, p in self.filters.items() if isinstance(p, Condition))
        return {name: value for name, _part in parts if (value := self.part(name))}

    def visible(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that the reader may see."""
        return queryset

    def base(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        queryset = self.visible(super().base(queryset))
        for name, value in self.given.items():
            queryset = queryset.filter(self.filters[name].condition(value, self.reader))
        return queryset

    @cached_property
    def order(self) -> tuple[str, bool]:
        asked = self.part("sort") or self.default_sort
        if asked.removeprefix("-") not in self.sorts:
            asked = self.default_sort
        return asked.removeprefix("-"), asked.startswith("-")

    @cached_property
    def address(self) -> dict[str, list[str]]:
        given = {n: [self.filters[n].written(value)] for n, value in self.given.items()}
        parts = super().address
        if parts.get("sort") == [self.default_sort]:
            del parts["sort"]
        return {**parts, **given}

    @property
    def is_narrowed(self) -> bool:
        return super().is_narrowed or bool(self.given)

    @cached_property
    def cleared(self) -> str:
        return self.query(**dict.fromkeys((*self.facets, *self.given, "q", "ids", "archived")))

    @cached_property
    def chips(self) -> list[Chip]:
        return super().chips + [
            Chip(
                self.filters[name].label, self.filters[name].said(value), self.query(**{name: None})
            )
            for name, value in self.given.items()
        ]

    @property
    def words(self) -> str:
        said = [
            ": ".join(filter(None, (str(self.filters[name].label), self.filters[name].said(value))))
            for name, value in self.given.items()
        ]
        return "; ".join(filter(None, (super().words, *said)))

    def _state(self, name: str) -> str:
        asked = {name: values for name, values in self.lasting.items() if name not in self.facets}
        return repr((super()._state(name), asked, self.reader.pk, timezone.localdate()))


class YearFacet(Facet):
    """The year of a date; `order_column` is the one that an index has, `span` its values."""

    def known(self, values: Sequence[str], version: str) -> dict[str, str]:
        labels = {NONE: str(self.none)}
        return {
            value: labels.get(value, value)
            for value in values
            if value in labels
            or (value.isascii() and value.isdigit() and "1900" <= value <= "2199")
        }

    def condition(self, values: Sequence[str], prefix: str = "") -> Q:
        either = Q(**{f"{prefix}{self.column}": None}) if NONE in values else Q(pk__in=[])
        for year in (int(value) for value in values if value != NONE):
            either |= self.within(year, prefix)
        return either

    def within(self, year: int, prefix: str) -> Q:
        return Q(**{f"{prefix}{self.column}__range": (date(year, 1, 1), date(year, 12, 31))})

    def key(self, prefix: str = "") -> Any:
        return ExtractYear(f"{prefix}{self.column}")

    def arranged(self, options: list[Option]) -> list[Option]:
        return sorted(options, key=lambda o: (o.value != NONE, o.value), reverse=True)


def mission_titles(ids: list[int], version: str) -> dict[int, str]:
    return dict(Mission.objects.filter(pk__in=ids).values_list("pk", "title"))


def initiative_names(ids: list[int], version: str) -> dict[int, str]:
    return dict(Initiative.objects.filter(pk__in=ids).values_list("pk", "name"))


class MissionFilter(NarrowedFilter):
    status = ChoiceFacet("status", _("Status"), lambda: dict(Mission.Status.choices), in_order=True)
    year = YearFacet("starts_on", _("Year"), none=_("Dates not known"))
    initiative = RecordFacet("initiative", _("Initiative"), initiative_names, none=_("None"))
    direction = ChoiceFacet("direction", _("Direction"), lambda: dict(Mission.Direction.choices))

    sorts: ClassVar[dict[str, Sort]] = {"start": Sort(_("Dates"), ("start_order",))}
    default_sort = "-start"

    class Meta:
        model = Mission
        fields: list[str] = []

    def counted_models(self) -> list[type[Model]]:
        return [Mission, Initiative]


class WhereFacet(RecordFacet):
    """The meeting's own city, else its stop's."""

    def condition(self, values: Sequence[str], prefix: str = "") -> Q:
        ids = [int(value) for value in values if value != NONE]
        either = Q(city__in=ids) | Q(city=None, stop__city__in=ids)
        return either | Q(city=None, stop=None) if NONE in values else either

    def key(self, prefix: str = "") -> Any:
        return Coalesce(F("city_id"), F("stop__city_id"))


class AboutFacet(SectorFacet):
    """The sectors of a meeting."""

    def condition(self, values: Sequence[str], prefix: str = "") -> Q:
        nodes = sector_tree(self.parent.version).values()
        within = [node.pk for node in nodes if {node.slug, node.above} & set(values)]
        tagged = Meeting.sectors.through.objects.filter(sector__in=within)
        return Q(pk__in=tagged.values("meeting_id"))


class MeetingYearFacet(YearFacet):
    """Reads `age_order`, which an index has: minus the minutes of the local start."""

    def within(self, year: int, prefix: str) -> Q:
        return Q(age_order__gt=older(date(year + 1, 1, 1)), age_order__lte=older(date(year, 1, 1)))


def older(day: date) -> int:
    """The `age_order` of a meeting at the first minute of a day."""
    return -day.toordinal() * 1440


class Since(Condition):
    def condition(self, value: date, reader: User) -> Q:
        return Q(age_order__lte=older(value))


class Until(Condition):
    def condition(self, value: date, reader: User) -> Q:
        following = min(value, date.max - timedelta(days=1)) + timedelta(days=1)
        return Q(age_order__gt=older(following), local_date__isnull=False)


class Mine(Condition):
    """Meetings that the reader logged, or took part in."""

    def condition(self, value: bool, reader: User) -> Q:
        return of_user(reader)


class Of(Condition):
    """Meetings that a colleague logged, or took part in."""

    def __init__(self, label: Any) -> None:
        super().__init__(RecordField, label, model=User)

    def condition(self, value: User, reader: User) -> Q:
        return of_user(value)


def of_user(user: User) -> Q:
    attended = Attendance.objects.filter(person__user=user)
    return Q(author=user) | Q(pk__in=attended.values("meeting_id"))


class MeetingFilter(NarrowedFilter):
    status = ChoiceFacet("status", _("Status"), lambda: dict(Meeting.Status.choices), in_order=True)
    year = MeetingYearFacet("local_date", _("Year"), none=_("Date not known"))
    format = ChoiceFacet("format", _("Format"), lambda: dict(Meeting.Format.choices))
    mission = RecordFacet("mission", _("Mission"), mission_titles, none=_("No mission"))
    city = WhereFacet("city", _("City"), city_names, none=_("Not known"))
    sector = AboutFacet("sectors", _("Sector"), shown=12)
    since = Since(DayField, _("From"))
    until = Until(DayField, pgettext_lazy("last day", "Until"))
    mine = Mine(FlagField, _("Mine"))
    of = Of(_("Logged or attended by"))
    organisation = RecordCondition(Organisation, _("With"), "organisations")
    person = RecordCondition(Person, _("Attended by"), "people")

    sorts: ClassVar[dict[str, Sort]] = {"date": Sort(_("Date"), ("age_order",))}
    default_sort = "date"

    class Meta:
        model = Meeting
        fields: list[str] = []

    def counted_models(self) -> list[type[Model]]:
        return [Meeting, Mission, City, Sector]

    @cached_property
    def lasting(self) -> dict[str, list[str]]:
        parts = super().lasting
        if parts.pop("mine", None):
            parts["of"] = [str(self.reader.pk)]
        return parts

    def matched(self, queryset: Any) -> Any:
        """Words are not looked for in titles that the reader may not know."""
        return queryset.found_by(self.search, self.reader.has_perm(READ_CONFIDENTIAL))
