"""Search: one box, one page over everything, and what is suggested while one types."""

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.db.models import Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView, View

from crm.address_parts import LONGEST_SEARCH, FlagField, WholeNumberField
from crm.counts import BOUND, Counted, bounded, tallied
from crm.lists import list_page
from crm.navigation import address
from crm.pagination import LAST_NUMBERED, PAGE_SIZE, Page, numbered
from crm.search import can_slip
from crm.search_kinds import KINDS, Asked, Kind, found, kinds_for, nearest
from crm.text import folded

# Of each kind beside the others, and of all while one types.
BEST = 5
SUGGESTED = 8


class Where(forms.Form):
    """The rest of the address: which kind, which page of it, and what shows besides.

    The archived; and what is called so but for a slip, where something is called exactly so too.
    """

    kind = forms.ChoiceField(required=False)
    page = WholeNumberField(required=False)
    archived = FlagField(required=False)
    similar = FlagField(required=False)

    def __init__(self, data: Any, kinds: list[Kind]) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class Tab(NamedTuple):
    """A kind beside the others, with how many of it were found; or all of them."""

    label: str | Promise
    number: str
    url: str
    is_here: bool


@dataclass
class Group:
    """What was found of a kind: its first rows or a page of them, and where the rest is.

    `export_url` takes the whole kind out as a file, where its list has the same rows.
    """

    kind: Kind
    rows: list[Any]
    count: int
    url: str
    list_url: str = ""
    page: Page = field(default_factory=Page)
    export_url: str = ""

    @property
    def number(self) -> str:
        return bounded(self.count)

    @property
    def previous_url(self) -> str:
        number = self.page.number or 1
        return f"{self.url}&page={number - 1}" if number > 2 else self.url if number > 1 else ""

    @property
    def following_url(self) -> str:
        following = (self.page.following or {}).get("page")
        return f"{self.url}&page={following}" if following else ""

    @property
    def is_last_of_many(self) -> bool:
        """Whether more are found than are put in order: the list has the rest."""
        return self.page.number == LAST_NUMBERED and bool(self.page.following)

    @property
    def has_more(self) -> bool:
        return self.count > len(self.rows)

    @property
    def row(self) -> str:
        """The template of one of its rows."""
        return f"crm/search_{self.kind.name.replace('-', '_')}_row.html"


def typed_in(text: str) -> str:
    """What somebody typed, or copied from a link, on one line and without NUL.

    Nothing where no letter is left.
    """
    line = " ".join(text.replace("\0", " ").split())
    line = line.removeprefix("tel:").removeprefix("mailto:")
    return line if folded(line) else ""


def counts_of(kinds: list[Kind], asked: Asked) -> dict[str, int]:
    """How many of each kind are found, in one query; above BOUND, only that there are more."""
    readings = [
        Counted(found(kind, asked), most=BOUND).by(**{kind.name: Value(1)}) for kind in kinds
    ]
    return {name: tally.get("1", 0) for name, tally in tallied(readings).items()}


class SearchPage(TemplateView):
    """Everything that is called so: the best of each kind, or one kind page by page."""

    template_name = "crm/search.html"

    @cached_property
    def kinds(self) -> list[Kind]:
        return kinds_for(self.request.user)  # type: ignore[arg-type]

    @cached_property
    def where(self) -> Where:
        where = Where(self.request.GET, self.kinds)
        where.is_valid()
        return where

    @cached_property
    def typed(self) -> str:
        return typed_in(self.request.GET.get("q", ""))

    @cached_property
    def asked(self) -> Asked:
        with_archived = bool(self.where.cleaned_data.get("archived"))
        typed = self.typed[:LONGEST_SEARCH]
        return Asked(typed, self.request.user, with_archived, self.with_similar and can_slip(typed))  # type: ignore[arg-type]

    @property
    def with_similar(self) -> bool:
        return bool(self.where.cleaned_data.get("similar"))

    def url(self, **parts: Any) -> str:
        """The page's address with these parts, those that are empty left out."""
        given = {
            "q": self.asked.typed,
            "archived": "1" if self.asked.with_archived else "",
            "similar": "1" if self.with_similar else "",
        }
        chosen = {name: value for name, value in {**given, **parts}.items() if value}
        return f"?{urlencode(chosen)}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            asked=self.asked,
            typed=self.asked.typed,
            looked_for=self.asked.typed,
            is_cut=len(self.typed) > LONGEST_SEARCH,
            longest=LONGEST_SEARCH,
            ignored=[f"{name}={self.request.GET.get(name, '')[:60]}" for name in self.where.errors],
            with_archived=self.asked.with_archived,
            kinds=self.kinds,
            **kwargs,
        )
        if not self.asked.typed:
            return context
        counts = counts_of(self.kinds, self.asked)
        is_slipped = not any(counts.values())
        if is_slipped:
            self.asked = self.asked._replace(is_similar=True)
            counts = counts_of(self.kinds, self.asked)
        here = KINDS.get(self.where.cleaned_data.get("kind") or "")
        total = sum(counts.values())
        groups = (
            [self.paged(here, counts[here.name])]
            if here
            else [self.best(kind, counts[kind.name]) for kind in self.kinds if counts[kind.name]]
        )
        groups.sort(key=lambda group: min((row.near for row in group.rows), default=9))
        is_found = any(group.rows for group in groups) and not self.asked.is_similar
        return {
            **context,
            "asked": self.asked,
            "here": here,
            "total": total,
            "found": bounded(total),
            "tabs": self.tabs(counts, here),
            "groups": groups,
            "creations": [] if is_found else self.creations(here),
            "is_slipped": is_slipped,
            "archived_url": self.url(
                kind=here.name if here else "", archived="" if self.asked.with_archived else "1"
            ),
            "similar_url": ""
            if is_slipped or not can_slip(self.asked.typed)
            else self.url(kind=here.name if here else "", similar="" if self.with_similar else "1"),
        }

    def tabs(self, counts: dict[str, int], here: Kind | None) -> list[Tab]:
        """All, then each kind of which something is found, and the one that is open."""
        shown = [kind for kind in self.kinds if counts[kind.name] or kind is here]
        whole = Tab(
            pgettext_lazy("kinds", "All"), bounded(sum(counts.values())), self.url(), here is None
        )
        return [
            whole,
            *(
                Tab(kind.label, bounded(counts[kind.name]), self.url(kind=kind.name), kind is here)
                for kind in shown
            ),
        ]

    def best(self, kind: Kind, count: int) -> Group:
        """The first few of a kind."""
        rows = nearest(kind, self.asked, 0, BEST)
        return Group(kind, rows, count, self.url(kind=kind.name))

    def paged(self, kind: Kind, count: int) -> Group:
        """A page of a kind; where that makes no sense, the nearest one that does."""
        asked = self.where.cleaned_data.get("page") or 1
        number = min(asked, LAST_NUMBERED, max(1, -(-min(count, BOUND) // PAGE_SIZE)))
        page = numbered(partial(nearest, kind, self.asked), number)
        # A list forgives a slip only where nothing is called so.
        has_list = kind.list_url_name and not self.with_similar
        list_url = address(kind.list_url_name) if has_list else ""
        list_url += self.url() if list_url else ""
        own_url = self.url(kind=kind.name)
        return Group(kind, page.rows, count, own_url, list_url, page, self.export_url(kind))

    def export_url(self, kind: Kind) -> str:
        """Follow-ups have none: their list shows those of one state, a search those of all."""
        has_list = kind.name != "follow-ups" and not self.with_similar
        listed = list_page(kind.list_url_name) if has_list else None
        if listed is None or not self.request.user.has_perm(listed.export_permission):
            return ""
        url = address(listed.export_url_name)
        return url and url + self.url()

    def creations(self, here: Kind | None) -> list[tuple[str, str]]:
        """Words and address of each page that would make what was not found."""
        user, found = self.request.user, []
        for kind in [here] if here else self.kinds:
            url = address(kind.create_url_name) if kind.create_url_name else ""
            if url and user.has_perm(kind.create_permission):
                words = str(kind.create_label) % {"name": self.asked.typed}
                found.append((words, f"{url}?{urlencode({'name': self.asked.typed})}"))
        return found


class Suggestion(NamedTuple):
    """What is offered while one types: a record, what it is called, and where it is."""

    kind: Kind
    record: Any
    label: str
    detail: str


def called(record: Any) -> str:
    """What a record goes by in a line."""
    return str(getattr(record, "heading", "") or getattr(record, "local_name", "") or record)


class SearchSuggestions(View):
    """The best of every kind for what was typed so far, as a fragment of a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = typed_in(request.GET.get("q", ""))[:LONGEST_SEARCH]
        asked = Asked(typed, request.user)  # type: ignore[arg-type]
        suggestions = self.suggestions(asked) if typed else []
        if typed and not suggestions:
            asked = asked._replace(is_similar=True)
            suggestions = self.suggestions(asked)
        context = {"asked": asked, "typed": typed, "suggestions": suggestions}
        return render(request, "crm/search_suggestions.html", context)

    def suggestions(self, asked: Asked) -> list[Suggestion]:
        """The nearest few; of those that are as near, in the order of the kinds."""
        offered = []
        for kind in kinds_for(asked.reader):
            rows = nearest(kind, asked, 0, BEST)
            offered += [Suggestion(kind, row, called(row), kind.detail(row)) for row in rows]
        offered.sort(key=lambda one: one.record.near)
        return offered[:SUGGESTED]
