"""What every form stands on: how fields look, versions, parts and the token of a submission."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.text import record_id
from crm.versions import Change, Conflict, conflict, value_at, version_of

CHOOSE, NONE = _("Choose …"), pgettext_lazy("no choice", "None")
DAMAGED = _("This form was damaged on its way. Nothing was saved: send it again.")


@dataclass(frozen=True)
class Mend:
    """What would put an error right: another value for a field, by its name in the form."""

    label: Any
    value: str
    name: str = ""


class BoundField(forms.BoundField):
    """A field as it is drawn: as wide as its answer, beside what another person made of it."""

    @property
    def theirs(self) -> Change | None:
        """What somebody else changed it to while the form was open."""
        found: Conflict | None = getattr(self.form, "conflict", None)
        return found.change_of(self.name) if found else None

    @property
    def mends(self) -> list[Mend]:
        """What its field offers against its error."""
        offered: list[Mend] = getattr(self.field, "mends", []) if self.errors else []
        return [replace(mend, name=mend.name or self.html_name) for mend in offered]

    @property
    def is_taken(self) -> bool:
        """Whether the field holds their value now, because it had been left alone."""
        return self.name in getattr(self.form, "taken", ())

    @property
    def shape(self) -> str:
        """How it is laid out: `tick` (one box), `ticks` (a set of them) or `entry`."""
        if isinstance(self.field.widget, forms.CheckboxInput):
            return "tick"
        return "ticks" if self.use_fieldset else "entry"

    @property
    def width(self) -> str:
        """`short`, `half` or `full`: the room that its answer takes."""
        if (told := getattr(self.field, "width", "")) in {"short", "half", "full"}:
            return str(told)
        if isinstance(self.field, forms.DateField | forms.TimeField | forms.IntegerField):
            return "short"
        if isinstance(self.field, forms.ChoiceField) and self.shape == "entry":
            return "half"
        longest = getattr(self.field, "max_length", None)
        return "half" if longest and longest <= 100 else "full"


class Renderer(TemplatesSetting):
    """Finds form templates among the project's own."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = BoundField


class Textarea(forms.Textarea):
    """Lines end the same way whatever the browser sends."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class RecordsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several records; what can't be an id is refused like the id of no record."""

    def _check_values(self, value: Any) -> Any:
        for each in value if isinstance(value, list | tuple) else ():
            if record_id(each) is None:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(each)[:30]},
                )
        return super()._check_values(value)  # type: ignore[misc]


@dataclass(frozen=True)
class Section:
    """Fields under one heading; folded ones open where they hold an answer or an error."""

    title: Any
    names: Sequence[str]
    lead: Any = ""
    is_folded: bool = False


@dataclass(frozen=True)
class Problem:
    """An error of a form, for the summary on top of it."""

    label: str
    text: str
    anchor: str = ""


class FieldManners(forms.BaseForm):
    """Dates and times by the browser's own entry, fields in sections, no hasty errors."""

    layout: Sequence[Section] = ()
    part_sets: Sequence[Any] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.widget.is_hidden:
                continue
            if isinstance(field, forms.DateField):
                field.widget = DateInput(field.widget.attrs)
            elif isinstance(field, forms.TimeField):
                field.widget = TimeInput(field.widget.attrs)
            elif isinstance(field, forms.ModelChoiceField):
                if field.empty_label is not None:
                    field.empty_label = str(NONE if not field.required else CHOOSE)
            elif type(field.widget) is forms.Select:
                blank = NONE if not field.required else CHOOSE
                field.choices = [  # type: ignore[attr-defined]
                    (value, label if value else blank)
                    for value, label in field.choices  # type: ignore[attr-defined]
                ]
            elif type(field.widget) is forms.Textarea:
                field.widget = Textarea({"rows": 4})
                if isinstance(text := self.initial.get(name), str):
                    self.initial[name] = text.replace("\r\n", "\n")

    def hush(self) -> None:
        """Show what was typed without judging it: a line was added, or choices were asked for."""
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data: dict[str, Any] = {}

    @property
    def changed_data(self) -> list[str]:
        """The fields that say something else now; what is typed and not chosen yet says so too."""
        changed = super().changed_data
        unchosen = [
            name for name, field in self.fields.items() if getattr(field.widget, "typed", "")
        ]
        own = {"version", "token", *unchosen}
        return [*(name for name in changed if name not in own), *unchosen]

    @property
    def problems(self) -> list[Problem]:
        """Every error of the form, each with the id of its entry."""
        if not self.is_bound:
            return []
        found = [Problem("", str(error)) for error in self.non_field_errors()]
        for bound in self:
            anchor = "" if bound.is_hidden else bound.id_for_label or bound.auto_id
            found += [Problem(str(bound.label), str(error), anchor) for error in bound.errors]
        for lines in self.part_sets:
            found += [Problem("", str(error)) for error in lines.non_form_errors()]
            for line in lines:
                found += line.problems
        return found

    def _is_answered(self, bound: forms.BoundField) -> bool:
        value, default = bound.value(), bound.field.initial
        if isinstance(self, forms.ModelForm) and bound.name not in self.declared_fields:
            default = self.instance._meta.get_field(bound.name).get_default()
        return bool(value) and str(value) != str(default)

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The layout with its fields, those that the form has."""
        found = []
        for section in self.layout:
            fields = [self[name] for name in section.names if name in self.fields]
            is_open = any(field.errors or self._is_answered(field) for field in fields)
            found.append({"section": section, "fields": fields, "is_open": is_open})
        return found


class VersionedModelForm(FieldManners, forms.ModelForm):  # type: ignore[type-arg]
    """A record's form: sent twice it makes one record, and two people lose nothing to each other.

    A form that creates carries a token (see `crm.views.save_once`). A form that changes carries
    the version that the record had when it was opened, and is bound inside a transaction, on the
    locked record. Where somebody saved meanwhile, `conflict` tells what they changed and the
    form is not valid; what was typed is kept, what was left alone takes their value, and the form
    now carries the new version: sent again, it saves. `parts` names the reverse relations that
    are on the same form.
    """

    token = forms.UUIDField(
        widget=forms.HiddenInput, required=False, error_messages={"invalid": DAMAGED}
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    parts: Sequence[str] = ()
    conflict: Conflict | None = None
    taken: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["version"]
            self.initial.setdefault("token", uuid.uuid4())
            self.submission_token = self._posted_token() or uuid.uuid4()
            if self.is_bound:
                self._put("token", [str(self.submission_token)])
            return
        del self.fields["token"]
        self.initial["version"] = self.instance.version
        if self.is_bound and self._posted_version() != self.instance.version:
            self._meet_other()

    def _put(self, name: str, values: list[str]) -> None:
        """Change what a field of a bound form holds."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data.setlist(self.add_prefix(name), values)
        self.data = data

    def _posted_token(self) -> uuid.UUID | None:
        try:
            return uuid.UUID(str(self.data.get(self.add_prefix("token"))))
        except ValueError:
            return None

    def _posted_version(self) -> int | None:
        try:
            number = int(str(self.data.get(self.add_prefix("version"))))
        except ValueError:
            return None
        return number if 0 < number <= self.instance.version else None

    def _meet_other(self) -> None:
        opened = self._posted_version()
        self._put("version", [str(self.instance.version)])
        found = conflict(self.instance, opened, self.parts)
        if found.is_empty:
            return
        self.conflict = found
        row = version_of(self.instance, opened) if opened else None
        for change in found.changes:
            if row is not None and change.name in self.fields:
                self._take_theirs_if_untouched(change.name, row)

    def _take_theirs_if_untouched(self, name: str, row: Any) -> None:
        bound, field = self[name], self.fields[name]
        if field.has_changed(value_at(row, name), bound.data):
            return
        self.taken = [*self.taken, name]
        value = self.initial.get(name)
        if isinstance(value, list):
            self._put(name, [str(getattr(each, "pk", each)) for each in value])
        elif isinstance(value, bool):
            self._put(name, ["on"] if value else [])
        else:
            shown = field.widget.format_value(field.prepare_value(value))
            if isinstance(shown, list):
                shown = shown[0] if shown else ""
            self._put(name, ["" if shown is None else str(shown)])

    def is_valid(self) -> bool:
        return super().is_valid() and self.conflict is None
