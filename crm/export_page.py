"""Taking a list out as a file: what can be exported, how it was asked for, and the page that asks.

An app declares each noun as an `Exported`; `ListExport` serves it at the list's address.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise, cached_property
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.generic import View

from crm.address_parts import MOST_CHOSEN, FlagField
from crm.exports import Column, Delimiter, Format, Sheet, send_export
from crm.filters import ListFilter
from crm.models import SavedView, User
from crm.workbooks import Unfit


@dataclass(frozen=True)
class LeftOut:
    """Rows that stay out of the file until somebody ticks them.

    `name` is the tick's in the address, `words` are what the record says of it, and `offer` is
    what the page says beside it, for a `count`.
    """

    name: str
    rows: Q
    words: str | Promise
    offer: str | Promise


@dataclass(frozen=True)
class Exported:
    """A noun that can be taken out as a file.

    `counted` says how many there are (“3 people”), of a `count` written as a `number`,
    `everything` what the record says of a list that nothing narrows. `columns` are asked for in
    the file's language, for its reader.
    """

    title: str | Promise
    heading: str | Promise
    everything: str | Promise
    counted: str | Promise
    columns: Callable[[User], list[Column]]
    list_url_name: str
    export_url_name: str
    left_out: tuple[LeftOut, ...] = ()


class ColumnsField(forms.Field):
    """The names of columns in their order, separated by commas or repeated; none: the usual."""

    widget = forms.MultipleHiddenInput

    def __init__(self, columns: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.names = [column.name for column in columns]
        self.usual = [column.name for column in columns if column.is_usual]

    def clean(self, value: Any) -> list[str]:
        if not value:
            return self.usual
        named = list(dict.fromkeys(name for one in value for name in one.split(",") if name))
        if unknown := [name for name in named if name not in self.names]:
            raise ValidationError(
                _("There is no column “%(name)s” here; there are: %(names)s.")
                % {"name": unknown[0][:60], "names": ", ".join(self.names)}
            )
        if not named:
            raise ValidationError(_("A file needs a column: choose one at least."))
        return named


class ExportForm(forms.Form):
    """How the file is to be."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=Format, widget=forms.RadioSelect, initial=Format.CSV
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Delimiter"),
        choices=Delimiter,
        required=False,
        help_text=gettext_lazy("Between the columns of a CSV file."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=settings.LANGUAGES,
        required=False,
        help_text=gettext_lazy("Of the headings, and of places, kinds and other words."),
    )

    def __init__(
        self, data: QueryDict, columns: Sequence[Column], left_out: Sequence[LeftOut]
    ) -> None:
        given = data.copy()
        given.setdefault("format", Format.CSV.value)
        given["delimiter"] = given.get("delimiter") or Delimiter.usual().value
        given["language"] = given.get("language") or get_language()
        super().__init__(given)
        self.columns = self.fields["columns"] = ColumnsField(columns)
        for one in left_out:
            self.fields[one.name] = FlagField(required=False)


class Choice(NamedTuple):
    """A column as the page offers it, and which of its buttons has the focus after a move."""

    column: Column
    is_chosen: bool = False
    is_last: bool = False
    focus: str = ""


@dataclass
class Request:
    """An export as it was asked for: of which rows, in words, and by which part of the product.

    `data` holds the choices of ExportForm, `carried` what has to come along when they are sent.
    `parts` is the address of the list, as the record keeps it; None where it can't be made again.
    """

    exported: Exported
    reader: User
    rows: QuerySet[Any]
    words: str
    data: QueryDict
    back_url: str
    carried: Sequence[tuple[str, str]]
    parts: Mapping[str, Any] | None = None
    left_out: tuple[LeftOut, ...] | None = None
    may_save: bool = False
    view: SavedView | None = None

    @property
    def asides(self) -> tuple[LeftOut, ...]:
        return self.exported.left_out if self.left_out is None else self.left_out

    @cached_property
    def columns(self) -> list[Column]:
        """Those that its reader may choose, as the page names them."""
        return self.exported.columns(self.reader)

    @cached_property
    def form(self) -> ExportForm:
        return ExportForm(self.data, self.columns, self.asides)

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """The file where its format was chosen, else the page that asks."""
        if not self.form.is_valid():
            return self.page(request, status=400)
        if "format" not in self.data or "move" in self.data:
            return self.page(request)
        try:
            return self.file(request)
        except Unfit as error:
            self.form.add_error(None, str(error))
        return self.page(request, status=400)

    def file(self, request: HttpRequest) -> HttpResponseBase:
        """Raises Unfit where a workbook can't hold the rows."""
        choices, rows, words = self.form.cleaned_data, self.rows, [self.words]
        for one in self.asides:
            if choices[one.name]:
                words.append(str(one.words))
            else:
                rows = rows.exclude(one.rows)
        with override(choices["language"]):
            columns = {column.name: column for column in self.exported.columns(self.reader)}
            title = str(self.exported.title)
        return send_export(
            request,
            Sheet([columns[name] for name in choices["columns"]], rows),
            title=title,
            file_format=Format(choices["format"]),
            delimiter=Delimiter(choices["delimiter"]),
            language=choices["language"],
            filter_words="; ".join(filter(None, words)),
            address=self.address(choices),
        )

    def address(self, choices: Mapping[str, Any]) -> str:
        """The address that makes this file again, whoever asks and in whichever language."""
        if self.parts is None:
            return ""
        parts = {**self.parts, "format": [*self.parts.get("format", []), choices["format"]]}
        if choices["format"] == Format.CSV:
            parts["delimiter"] = choices["delimiter"]
        parts["language"] = choices["language"]
        parts["columns"] = ",".join(choices["columns"])
        parts |= {one.name: "1" for one in self.asides if choices[one.name]}
        return f"{reverse(self.exported.export_url_name)}?{urlencode(parts, doseq=True, safe=',')}"

    # The page that asks

    @property
    def choices(self) -> list[Choice]:
        """Every column, those chosen first and in their order, moved as was asked."""
        chosen: list[str] = self.form.cleaned_data.get("columns") or self.form.columns.usual
        way, _colon, name = self.data.get("move", "").partition(":")
        columns = {column.name: column for column in self.columns}
        names = moved(chosen, name, -1 if way == "up" else 1) if name in chosen else chosen
        ends = {names[0]: "down", names[-1]: "up"}
        focus = {name: ends.get(name, "up" if way == "up" else "down")}
        return [
            *(Choice(columns[one], True, one == names[-1], focus.get(one, "")) for one in names),
            *(Choice(column) for column in self.columns if column.name not in names),
        ]

    def page(self, request: HttpRequest, status: int = 200) -> HttpResponseBase:
        waiting = Q(pk=None)
        for one in self.asides:
            waiting |= one.rows
        counts = self.rows.order_by().aggregate(
            ready=Count("pk", filter=~waiting),
            **{one.name: Count("pk", filter=one.rows) for one in self.asides},
        )
        ready = counts["ready"]
        ticks = [
            {
                "name": one.name,
                "label": one.offer % {"count": counts[one.name]},
                "is_ticked": self.form[one.name].value() == "1",
            }
            for one in self.asides
            if counts[one.name]
        ]
        context = {
            "exported": self.exported,
            "form": self.form,
            "words": self.words or self.exported.everything,
            "counted": self.exported.counted
            % {"count": ready, "number": number_format(ready, force_grouping=True)},
            "ticks": ticks,
            "choices": self.choices,
            "choices_of_file": [self.form["delimiter"], self.form["language"]],
            "carried": self.carried,
            "may_save": self.may_save,
            "saved": self.view if self.view and self.view.may_be_changed_by(self.reader) else None,
            "back_url": self.back_url,
        }
        return TemplateResponse(request, "crm/export_page.html", context, status=status)


def moved(names: Sequence[str], name: str, by: int) -> list[str]:
    """The names with one of them so many places further; at either end it stays."""
    place = names.index(name)
    rest = [one for one in names if one != name]
    rest.insert(max(place + by, 0), name)
    return rest


class ListExport(PermissionRequiredMixin, View):
    """Exactly the rows that the list of the same address finds, in its order.

    Without a format it is the page that asks for one. What the list would leave out of an
    address because nobody understands it is refused here, and nobody exports more than they meant.
    """

    http_method_names = ["get", "options"]
    exported: ClassVar[Exported]
    filterset_class: ClassVar[type[ListFilter]]

    @classmethod
    def parted(cls, address: QueryDict) -> tuple[QueryDict, QueryDict]:
        """What an address says of the rows, and what it says of the file.

        Meetings have a format too: there `format` says both, and no value is one of each.
        """
        rows, file = address.copy(), QueryDict(mutable=True)
        left_out = [one.name for one in cls.exported.left_out]
        for name in (*ExportForm.base_fields, "columns", "move", *left_out):
            if name in rows:
                file.setlist(name, rows.pop(name))
        if "format" in cls.filterset_class.base_filters and "format" in file:
            given = file.pop("format")
            for part, is_file in ((file, True), (rows, False)):
                if values := [one for one in given if (one in Format.values) == is_file]:
                    part.setlist("format", values)
        return rows, file

    def saved_view(self, found: ListFilter) -> SavedView | None:
        """The saved view that the address comes from."""
        if not (asked := found.part("view")):
            return None
        views = SavedView.objects.seen_by(self.request.user)
        view = views.filter(pk=asked, page=self.exported.list_url_name).first()
        if view is None:
            found.ignored.append(f"view={asked}")
        return view

    def saved_columns(self, view: SavedView | None) -> list[str]:
        """The view's columns, those that its reader may take."""
        if view is None:
            return []
        known = {column.name for column in self.exported.columns(self.request.user)}  # type: ignore[arg-type]
        return [name for name in view.columns if name in known]

    def get_queryset(self) -> QuerySet[Any]:
        """Every row that the list could show, joined with what the columns read."""
        rows: QuerySet[Any] = self.filterset_class._meta.model._default_manager.all()
        return rows

    def get(self, request: HttpRequest) -> HttpResponseBase:
        asked, own = self.parted(request.GET)
        if "ids" in asked and not any(asked.getlist("ids")):
            messages.warning(request, _("Tick the rows that you want first."))
            return HttpResponseRedirect(reverse(self.exported.list_url_name))
        found = self.filterset_class(asked, queryset=self.get_queryset(), request=request)
        back_url = reverse(self.exported.list_url_name) + found.query()
        view = self.saved_view(found)
        if (columns := self.saved_columns(view)) and "columns" not in own:
            own["columns"] = ",".join(columns)
        if not found.is_valid():
            context = {
                "exported": self.exported,
                "ignored": found.ignored,
                "most": MOST_CHOSEN
                if ",".join(asked.getlist("ids")).count(",") >= MOST_CHOSEN
                else 0,
                "back_url": back_url,
            }
            return TemplateResponse(request, "crm/export_refused.html", context, status=400)
        return Request(
            self.exported,
            request.user,  # type: ignore[arg-type]
            found.ordered,
            found.words,
            own,
            back_url=back_url,
            carried=[(name, value) for name, values in asked.lists() for value in values],
            parts=found.lasting,
            may_save=True,
            view=view,
        ).answer(request)
