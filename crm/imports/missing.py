"""Names that no record answers to: which there are in a file, and what somebody said of them.

`Import.missing` lists at most TOLD of them, those that still wait for an answer first, then those
that most rows have: {"key", "name", "rows", "alike": [{"id", "label", "place"}], "waits"}. `waits`:
one of those alike is so near that the name is not taken for a new record's unless somebody says so.

`Import.answers` holds what was said: "names" maps keys to CREATE, LEAVE or the id of the record
that is meant, "others" says it of all the rest, "country" and the like are the subject's own
questions. "new" is how many records would be made besides the rows' own, "made" which were;
"untold" is how many names more there are than are listed. PRESUMED has what was said, when the
columns were matched, of all new records whose row does not say it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db import connection
from django.utils.translation import gettext as _

from crm.forms import FieldManners
from crm.models import Import, ImportRow

CREATE, LEAVE = "create", "leave"
PRESUMED = "presumed"
TOLD = 100
# More names than are counted.
COUNTED = 20_000


class Missing:
    """Counts the names that no record answers to, while a file is checked."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._names: dict[str, str] = {}

    def note(self, key: str, name: str) -> None:
        """A row has this name."""
        if key not in self._names:
            if len(self._names) >= COUNTED:
                return
            self._names[key] = name[:200]
        self._rows[key] = self._rows.get(key, 0) + 1

    def told(self, is_settled: Callable[[str], bool]) -> list[dict[str, Any]]:
        """The names that `Import.missing` keeps, those that are not settled first."""
        keys = sorted(self._rows, key=lambda key: (is_settled(key), -self._rows[key], key))
        return [
            {"key": key, "name": self._names[key], "rows": self._rows[key], "alike": []}
            for key in keys[:TOLD]
        ]

    def __len__(self) -> int:
        return len(self._names)


class Answers:
    """What was said of the names of a file."""

    def __init__(self, source: Import) -> None:
        self._said: Mapping[str, Any] = source.answers
        self._waiting = {each["key"]: bool(each.get("waits")) for each in source.missing}

    def of(self, key: str) -> str:
        """CREATE, the id of the record that is meant, or nothing."""
        said = self.by_name(key)
        if not said and not self._waiting.get(key):
            said = str(self._said.get("others", ""))
        return "" if said == LEAVE else said

    def by_name(self, key: str) -> str:
        """What was said of this very name, LEAVE too."""
        return str(self._said.get("names", {}).get(key, ""))

    def is_unseen(self, key: str) -> bool:
        """Whether what is said of all the rest is said of a name that nobody was shown."""
        return key not in self._waiting and not self.by_name(key) and bool(self.of(key))

    def wait_for(self, key: str) -> None:
        """Take the name for a new record's only where that is said of it."""
        self._waiting[key] = True

    def get(self, name: str) -> str:
        """What was answered to a question of the subject's."""
        return str(self._said.get(name, ""))

    @property
    def meant(self) -> set[int]:
        """The ids of the records that are meant."""
        return {int(said) for said in self._said.get("names", {}).values() if said.isdigit()}


class AnswerForm(FieldManners, forms.Form):
    """What is to be done with the names that no record answers to."""

    def __init__(self, source: Import, questions: Mapping[str, forms.Field], *args: Any) -> None:
        super().__init__(*args)
        self.source, said = source, source.answers
        self.questions = list(questions)
        if questions:
            self.fields["others"] = forms.ChoiceField(
                label=_("What to do with them"),
                choices=[("", _("Leave their rows out")), (CREATE, _("Create them"))],
                required=False,
                initial=said.get("others", ""),
            )
        for name, field in questions.items():
            self.fields[name] = field
            field.initial = said.get(name, field.initial)
        for index, each in enumerate(source.missing):
            is_asked = not questions or each.get("waits")
            choices = [("", _("Leave its rows out") if is_asked else _("As for all"))]
            choices += [
                (str(one["id"]), _("It is %(name)s, %(place)s") % {"name": one["label"], **one})
                for one in each["alike"]
            ]
            if questions:
                choices.append((CREATE, _("Create it")))
                choices += [] if is_asked else [(LEAVE, _("Leave its rows out"))]
            self.fields[f"name-{index}"] = forms.ChoiceField(
                label=each["name"],
                choices=choices,
                required=False,
                initial=said.get("names", {}).get(each["key"], ""),
            )

    @property
    def total(self) -> int:
        """How many names there are, those that are not listed too."""
        return len(self.source.missing) + self.untold

    @property
    def untold(self) -> int:
        return int(self.source.answers.get("untold", 0))

    @property
    def names(self) -> list[tuple[dict[str, Any], Any]]:
        """Each name with its choice."""
        return [(each, self[f"name-{index}"]) for index, each in enumerate(self.source.missing)]

    @property
    def asked(self) -> list[Any]:
        """What is asked once, for all of them."""
        return [self[name] for name in ["others", *self.questions] if name in self.fields]

    def answers(self) -> dict[str, Any]:
        """What was chosen, as `Import.answers` keeps it; what was said of others stays."""
        data = self.cleaned_data
        names = dict(self.source.answers.get("names", {}))
        for index, each in enumerate(self.source.missing):
            names[each["key"]] = data[f"name-{index}"]
        said = {name: data[name] for name in ["others", *self.questions] if name in data}
        kept = {name: one for name, one in self.source.answers.items() if name == PRESUMED}
        return {**kept, "names": {key: one for key, one in names.items() if one}, **said}


def made_by(row: Any) -> set[str]:
    """The keys of the records that a row would make besides its own."""
    return {change["creates"]["key"] for change in row.changes if "creates" in change}


# Each change of a row, on either database.
CHANGES = {
    "postgresql": ("jsonb_array_elements({}.changes) AS one(value)", "value #>> '{{creates,key}}'"),
    "sqlite": ("json_each({}.changes) AS one", "json_extract(one.value, '$.creates.key')"),
}


def made_beside(source: Import) -> int:
    """How many records the rows that are taken would make besides their own."""
    if not source.answers.get("new"):
        return 0
    table = connection.ops.quote_name(ImportRow._meta.db_table)
    each, key = (part.format(table) for part in CHANGES[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(DISTINCT {key}) FROM {table}, {each}"  # noqa: S608
            f" WHERE {table}.source_id = %s AND {table}.choice = %s AND {table}.act <> %s",
            [source.pk, ImportRow.Choice.TAKE, ImportRow.Act.REJECT],
        )
        return int(cursor.fetchone()[0])


def answer_form(source: Import, user: Any, resource: Any) -> AnswerForm | None:
    """What is asked of the names that no record answers to, where there are any."""
    return AnswerForm(source, resource.questions(user)) if source.missing else None
