"""The page on which one says how a file is read, and which column goes to which field."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from crm.exports import Delimiter
from crm.forms import FieldManners
from crm.imports import checking
from crm.imports.columns import bare, letter, likelier, match, propose, remember
from crm.imports.detail import rows_stamp, stamp
from crm.imports.listing import Importers
from crm.imports.missing import PRESUMED
from crm.imports.reading import (
    FAR,
    Shape,
    Table,
    Unreadable,
    merged_cells,
    open_table,
    remark,
    sheet_names,
)
from crm.imports.reading.letters import ENCODINGS
from crm.imports.showing import Tally, shown_headings
from crm.imports.subjects import ImportField, Subject
from crm.jobs import Refused
from crm.models import Import, User

State = Import.State
OPEN = {State.UPLOADED, State.CHECKED}
# How many rows are looked through for values to show, and how many of them are shown.
LOOKED_AT, SHOWN = 50, 3
ORDERS = {
    "dmy": gettext_lazy("Day first: 22/11/2026"),
    "ymd": gettext_lazy("Year first: 2026/11/22"),
    "mdy": gettext_lazy("Month first: 11/22/2026"),
}


class ReadingForm(FieldManners, forms.Form):
    """How the file is read: only what its format leaves open."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"))
    encoding = forms.ChoiceField(label=gettext_lazy("Letters"), choices=[*ENCODINGS.items()])
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Between columns"),
        choices=[(one.character, one.label) for one in Delimiter],
    )
    date_order = forms.ChoiceField(
        label=gettext_lazy("Dates are written"), choices=[*ORDERS.items()]
    )

    def __init__(self, shape: Shape, sheets: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=shape.as_dict(), **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        open_to = {"csv": {"encoding", "delimiter"}, "xlsx": {"sheet"}}.get(shape.format, set())
        for name in {"sheet", "encoding", "delimiter"} - open_to:
            del self.fields[name]
        if not open_to:  # cards say themselves how they are written
            del self.fields["date_order"]


@dataclass
class Line:
    """A column as it is shown: what is in it, and where it goes."""

    letter: str
    heading: str
    values: list[str]
    field: Any
    target: ImportField | None
    how: str = ""


class MatchForm(FieldManners, forms.Form):
    """A field for each column, what finds a record, and whether filled fields are kept."""

    matched_by = forms.ChoiceField(
        label=gettext_lazy("A row is the record with the same"), widget=forms.RadioSelect
    )
    only_fills = forms.BooleanField(
        label=gettext_lazy("Only fill what is empty"),
        required=False,
        help_text=gettext_lazy("What is there already stays, even where the file says otherwise."),
    )

    def __init__(self, source: Import, subject: Subject, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source, self.subject = source, subject
        targets = [("", _("Leave it out")), *((f.name, str(f.label)) for f in subject.fields)]
        for index, (heading, target) in enumerate(
            zip(source.headings, source.mapping, strict=True)
        ):
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=heading or _("Column %(letter)s") % {"letter": letter(index)},
                choices=targets,
                required=False,
                initial=target,
            )
        keys = [(field.name, str(field.label)) for field in subject.fields if field.is_key]
        self.fields["matched_by"].choices = keys  # type: ignore[attr-defined]
        said = source.answers.get(PRESUMED, {})
        self.presumable = subject.resource.presumable()
        for name, field in self.presumable.items():
            self.fields[f"presumed-{name}"] = field
            field.initial = said.get(name, "")
        self.initial.update(matched_by=source.matched_by, only_fills=source.only_fills)

    @property
    def mapping(self) -> list[str]:
        """The field that each column goes to, as it was sent."""
        names = range(len(self.source.headings))
        known = {field.name for field in self.subject.fields}
        sent = [str(self[f"column-{index}"].value() or "") for index in names]
        return [name if name in known else "" for name in sent]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        mapping = self.mapping
        if not any(mapping):
            raise forms.ValidationError(
                _("No column goes anywhere yet: choose a field for those that matter.")
            )
        for name, count in Counter(mapping).items():
            if name and count > 1:
                self._refuse_twice(name, mapping)
        key = data.get("matched_by")
        if key and key not in mapping:
            self.add_error(
                "matched_by",
                _("No column goes to “%(field)s”: choose one above, or find records otherwise.")
                % {"field": self.label_of(key)},
            )
        return data

    def _refuse_twice(self, name: str, mapping: list[str]) -> None:
        columns = [index for index, each in enumerate(mapping) if each == name]
        for index in columns:
            others = ", ".join(f"{letter(other)}" for other in columns if other != index)
            self.add_error(
                f"column-{index}",
                _("“%(field)s” is filled from column %(others)s too: leave one of them out.")
                % {"field": self.label_of(name), "others": others},
            )

    def label_of(self, name: str) -> str:
        field = self.subject.field(name)
        return str(field.label) if field else name

    @property
    def presumed(self) -> list[Any]:
        """What may be said of all the new records at once."""
        return [self[f"presumed-{name}"] for name in self.presumable]

    @property
    def can_presume(self) -> bool:
        """Whether something that no column brings may be said of all at once."""
        return any(name not in self.mapping for name in self.presumable)

    @property
    def missing(self) -> list[str]:
        """What a new record can't do without, no column brings, and nobody said of them all."""
        known = {*self.mapping, *(n for n in self.presumable if self[f"presumed-{n}"].value())}
        required = [field for field in self.subject.fields if field.is_required]
        return [str(field.label) for field in required if field.name not in known]


class ImportColumns(Importers, TemplateView):
    """How the file is read, its columns, and how records are found; then every row is checked."""

    template_name = "crm/import_columns.html"

    @cached_property
    def source(self) -> Import:
        found = get_object_or_404(Import.objects.select_related("user"), pk=self.kwargs["pk"])
        if found.subject not in self.subjects:
            raise PermissionDenied
        return found

    @property
    def subject(self) -> Subject:
        return self.subjects[self.source.subject]

    @property
    def shape(self) -> Shape:
        return Shape.from_dict(self.source.reading)

    @property
    def stamp(self) -> str:
        """What cancelling asks for."""
        if self.source.state == State.CHECKED:
            return rows_stamp(self.source, Tally(self.source))
        return stamp(self.source)

    @cached_property
    def sheets(self) -> list[str]:
        if self.shape.format != "xlsx":
            return []
        try:
            with self.source.file.open("rb") as file:
                return sheet_names(file)
        except (Unreadable, OSError, ValueError):
            return [self.shape.sheet]

    @cached_property
    def merged(self) -> list[str]:
        if self.shape.format != "xlsx":
            return []
        try:
            with self.source.file.open("rb") as file:
                return merged_cells(file, self.shape.sheet)
        except (Unreadable, OSError, ValueError):
            return []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.source.state not in OPEN:
            return HttpResponseRedirect(self.source.get_absolute_url())
        return self.show()

    def show(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; what was sent and refused is in `given`."""
        given.setdefault("reading", ReadingForm(self.shape, self.sheets))
        given.setdefault("form", MatchForm(self.source, self.subject))
        return self.render_to_response(self.get_context_data(**given), status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            locked = Import.objects.select_for_update(of=("self",)).get(pk=self.source.pk)
            if locked.state not in OPEN:
                messages.error(
                    request, _("This import has gone on meanwhile: nothing was changed.")
                )
                return HttpResponseRedirect(locked.get_absolute_url())
            self.source = locked
            if request.POST.get("move") in self.subjects:
                return self.move(request.POST["move"])
            if request.POST.get("act") == "read":
                return self.read_again()
            form = MatchForm(locked, self.subject, request.POST)
            if not form.is_valid():
                return self.show(400, form=form)
            self.keep(form)
        return self.check()

    def read_again(self) -> HttpResponse:
        """Read the file as it was asked for; the choices made stay where the columns do."""
        reading = ReadingForm(self.shape, self.sheets, self.request.POST)
        form = MatchForm(self.source, self.subject, self.request.POST)
        if not reading.is_valid():
            return self.show(400, reading=reading)
        chosen = form.mapping
        shape = replace(self.shape, **reading.cleaned_data)
        before = self.source.headings
        self.source.reading = shape.as_dict()
        try:
            self.source.headings = open_table(self.source).headings
        except Unreadable as reason:
            self.source.refresh_from_db()
            reading.add_error(None, str(reason))
            return self.show(400, reading=reading)
        if self.source.headings == before:
            self.source.mapping = chosen
        else:
            found = match(self.source.headings, self.subject, cast(User, self.request.user))
            self.source.mapping, self.source.matched_by = found.mapping, found.matched_by
        self.source.state = State.UPLOADED
        self.source.save(update_fields=["reading", "headings", "mapping", "matched_by", "state"])
        return HttpResponseRedirect(f"{self.request.path}#columns")

    def move(self, subject: str) -> HttpResponse:
        """The file brings something else than was said."""
        self.source.subject = subject
        found = match(self.source.headings, self.subject, cast(User, self.request.user))
        self.source.mapping, self.source.matched_by = found.mapping, found.matched_by
        self.source.only_fills, self.source.state = found.only_fills, State.UPLOADED
        self.source.save(update_fields=["subject", "mapping", "matched_by", "only_fills", "state"])
        return HttpResponseRedirect(self.request.path)

    def keep(self, form: MatchForm) -> None:
        """The columns as they were matched, for this file and for the next of its shape."""
        self.source.mapping = form.mapping
        self.source.matched_by = form.cleaned_data["matched_by"]
        self.source.only_fills = form.cleaned_data["only_fills"]
        self.source.state = State.UPLOADED
        said = {name: form.cleaned_data[f"presumed-{name}"] for name in form.presumable}
        self.source.answers = {**self.source.answers, PRESUMED: said}
        kept = ["mapping", "matched_by", "only_fills", "answers", "state"]
        self.source.save(update_fields=kept)
        remember(self.source, cast(User, self.request.user))

    def check(self) -> HttpResponse:
        """On to what each row would do."""
        try:
            checking.start(self.source, cast(User, self.request.user))
        except (Refused, Unreadable) as reason:
            messages.error(self.request, str(reason))
            return HttpResponseRedirect(self.request.path)
        return HttpResponseRedirect(self.source.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form: MatchForm = kwargs["form"]
        context = super().get_context_data(
            source=self.source,
            subject=self.subject,
            remark=remark(self.shape, self.source.file_name),
            merged=", ".join(self.merged),
            rows_stamp=self.stamp,
            likelier=likelier(self.source.headings, self.subject, self.subjects.values()),
            **kwargs,
        )
        try:
            table = open_table(self.source)
            rows = list(islice(table.rows(FAR), LOOKED_AT))
        except Unreadable as reason:
            return context | {"unreadable": str(reason), "lines": []}
        # What is wrong in a column that is left out does no harm.
        wanted = {None, *(index for index, name in enumerate(form.mapping) if name)}
        faults = [
            (number, one["text"])
            for number, row in rows
            for one in row.problems
            if one["column"] in wanted
        ]
        return context | {
            "lines": self.lines(table, [row for _number, row in rows], form),
            "faults": faults[:SHOWN],
        }

    def lines(self, table: Table, rows: list[Any], form: MatchForm) -> list[Line]:
        """Each column with its first values."""
        told = propose(table.headings, self.subject)
        kept = match(table.headings, self.subject, cast(User, self.request.user))
        found, mapping = [], form.mapping
        often = Counter(map(bare, self.source.headings))
        shown = shown_headings(self.source, self.subject)
        for index, heading in enumerate(self.source.headings):
            values = list(dict.fromkeys(row[index].strip() for row in rows if row[index].strip()))
            name = mapping[index]
            how = ""
            if not name and often[bare(heading)] > 1 and heading:
                how = "alike"
            elif name and told[index] == name:
                how = "heading"
            elif name and kept.is_remembered and kept.mapping[index] == name:
                how = "memory"
            bound: Any = form[f"column-{index}"]
            found.append(
                Line(
                    letter(index),
                    shown[index],
                    values[:SHOWN],
                    bound,
                    self.subject.field(name),
                    how,
                )
            )
        return found
