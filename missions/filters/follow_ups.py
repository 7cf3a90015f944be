"""What the list of follow-ups can be narrowed by, and what became of them."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.counts import BOUND
from crm.facets import ChoiceFacet, RecordFacet
from crm.filters import FacetPanel, Part
from crm.pagination import Sort
from missions.filters import NarrowedFilter, RecordCondition
from missions.models import FollowUp, Meeting, Mission
from missions.models.follow_ups import DONE, OPEN
from missions.promises import Reckoning, State, state
from partners.filters import owner_names
from partners.models import Organisation


class Tab:
    """The lists of follow-ups, as `show` names them."""

    MINE = "mine"
    ALL = "all"
    OVERDUE = "overdue"
    DONE = "done"
    DROPPED = "dropped"
    LABELS: ClassVar[Mapping[str, Any]] = {
        MINE: _("Mine"),
        ALL: _("Everyone’s"),
        OVERDUE: _("Overdue"),
        DONE: _("Done"),
        DROPPED: _("Dropped"),
    }


class StateFacet(ChoiceFacet):
    """What became of a promise."""

    def condition(self, values: Sequence[str], prefix: str = "") -> Q:
        found = FollowUp.objects.annotate(became=state()).filter(became__in=list(values))
        return Q(**{f"{prefix}pk__in": found.order_by().values("pk")})

    def key(self, prefix: str = "") -> Any:
        return state(prefix)


class FollowUpFilter(NarrowedFilter):
    """Follow-ups: mine, open everyone's, overdue everyone's, done, or dropped."""

    show = Part(forms.ChoiceField, choices=list(Tab.LABELS.items()))
    by = ChoiceFacet("promised_by", _("Promised"), lambda: dict(FollowUp.By.choices))
    state = StateFacet("pk", _("What became of it"), lambda: dict(State.choices), in_order=True)
    assignee = RecordFacet("assignee", _("Seen to by"), owner_names, none=_("Nobody"))
    organisation = RecordCondition(Organisation, _("Counterpart"), "organisation")
    mission = RecordCondition(Mission, _("Mission"), "meeting__mission")

    sorts: ClassVar[dict[str, Sort]] = {
        "due": Sort(_("Due"), ("due_order",)),
        "done": Sort(_("Done"), ("done_at",)),
        "dropped": Sort(_("Dropped"), ("dropped_at",)),
    }
    default_sort = "due"

    class Meta:
        model = FollowUp
        fields: list[str] = []

    def counted_models(self) -> list[type[Model]]:
        return [FollowUp, Meeting]

    @cached_property
    def tab(self) -> str:
        return self.part("show") or Tab.MINE

    @cached_property
    def tabs(self) -> list[tuple[str, Any, str]]:
        """Each tab with its words and its address."""
        return [
            (name, label, self.query(show=None if name == Tab.MINE else name))
            for name, label in Tab.LABELS.items()
        ]

    @cached_property
    def panels(self) -> list[FacetPanel]:
        panels = super().panels
        return [one for one in panels if one.name != "assignee" or self.tab != Tab.MINE]

    def standing(self, queryset: Any) -> Any:
        return super().standing(queryset).visible_to(self.reader)

    def visible(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.tab == Tab.DONE:
            return queryset.filter(DONE)
        if self.tab == Tab.DROPPED:
            return queryset.exclude(dropped_at=None)
        queryset = queryset.filter(OPEN)
        if self.tab == Tab.MINE:
            return queryset.filter(assignee=self.reader)
        if self.tab == Tab.OVERDUE:
            return queryset.filter(due_order__lt=timezone.localdate())
        return queryset

    @cached_property
    def reckoning(self) -> Reckoning | None:
        """What became of all that was filtered, whatever the tab; nothing where it is too many.

        Under Mine it is mine, else everyone's.
        """
        promised = FollowUp.objects.visible_to(self.reader)
        if self.tab == Tab.MINE:
            promised = promised.filter(assignee=self.reader)
        if self.search:
            promised = self.searched(promised)
        for name, value in self.given.items():
            promised = promised.filter(self.filters[name].condition(value, self.reader))
        promised = promised.filter(self.narrowing(without="state")).order_by()
        if promised[: BOUND + 1].count() > BOUND:
            return None
        found: Reckoning = promised.reckoned()
        return found

    @cached_property
    def order(self) -> tuple[str, bool]:
        return (self.tab, True) if self.tab in {Tab.DONE, Tab.DROPPED} else ("due", False)

    @cached_property
    def address(self) -> dict[str, list[str]]:
        parts = {name: values for name, values in super().address.items() if name != "sort"}
        return {**({} if self.tab == Tab.MINE else {"show": [self.tab]}), **parts}

    @cached_property
    def lasting(self) -> dict[str, list[str]]:
        parts = super().lasting
        if self.tab == Tab.MINE and "assignee" not in parts:
            parts |= {"show": [Tab.ALL], "assignee": [str(self.reader.pk)]}
        return parts

    @property
    def words(self) -> str:
        return "; ".join(filter(None, (str(Tab.LABELS[self.tab]), super().words)))
