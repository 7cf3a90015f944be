"""The rows of an import as its page shows them: what each would do, or did, cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.differences import Piece, difference
from crm.imports.missing import made_beside
from crm.imports.subjects import Subject
from crm.imports.words import told
from crm.models import Import, ImportRow

Act, Choice = ImportRow.Act, ImportRow.Choice
# What a person decides about: the others change nothing, or can't.
CHOSEN = (Act.CREATE, Act.UPDATE, Act.CONFLICT)


@dataclass(frozen=True)
class Kind:
    """The rows under one tab; `words` say what becomes of them, or became."""

    name: str
    label: str | Promise
    words: str | Promise
    acts: tuple[str, ...]
    choice: str = ""

    @property
    def rows(self) -> Q:
        rows = Q(act__in=self.acts)
        return rows & Q(choice=self.choice) if self.choice else rows


BEFORE = [
    Kind(
        "new",
        pgettext_lazy("rows", "New"),
        _("Nobody here is meant by these rows, as far as can be told: each makes a new record."),
        (Act.CREATE,),
    ),
    Kind(
        "changed",
        pgettext_lazy("rows", "Changed"),
        _("These rows are about records that are here, and say something else."),
        (Act.UPDATE,),
    ),
    Kind(
        "unchanged",
        pgettext_lazy("rows", "Unchanged"),
        _("These rows say what is here already: nothing is written for them."),
        (Act.SAME,),
    ),
    Kind(
        "conflicts",
        pgettext_lazy("rows", "Conflicts"),
        _(
            "A colleague changed these records after the file was made. What is here stays "
            "unless you choose the file’s."
        ),
        (Act.CONFLICT,),
    ),
    Kind(
        "rejected",
        pgettext_lazy("rows", "Rejected"),
        _("These rows can’t be read in as they are. The others can go in without them."),
        (Act.REJECT,),
    ),
]
AFTER = [
    Kind(
        "new",
        pgettext_lazy("rows", "New"),
        _("Each of these rows made a new record."),
        (Act.CREATE,),
        Choice.TAKE,
    ),
    Kind(
        "changed",
        pgettext_lazy("rows", "Changed"),
        _("Each of these rows changed a record that was here."),
        (Act.UPDATE,),
        Choice.TAKE,
    ),
    Kind(
        "unchanged",
        pgettext_lazy("rows", "Unchanged"),
        _("These rows said what was here already: nothing was written for them."),
        (Act.SAME,),
    ),
    Kind(
        "conflicts",
        pgettext_lazy("rows", "Conflicts"),
        _("A colleague had changed these records meanwhile; the file’s was chosen."),
        (Act.CONFLICT,),
        Choice.TAKE,
    ),
    Kind(
        "left",
        pgettext_lazy("rows", "Left out"),
        _("These rows were left out by choice: nothing was written for them."),
        CHOSEN,
        Choice.LEAVE,
    ),
    Kind(
        "rejected",
        pgettext_lazy("rows", "Rejected"),
        _("These rows could not be read in as they were."),
        (Act.REJECT,),
    ),
]


class Tally:
    """How many rows do what, and are to be taken: all asked for at once."""

    def __init__(self, import_: Import) -> None:
        self._import = import_
        rows = import_.rows.order_by().values("act", "choice")
        self._groups = list(
            rows.annotate(
                number=Count("pk"),
                alike=Count("pk", filter=~Q(alike=[])),
                last=Max("pk"),
                sum=Sum("pk"),
            )
        )
        # Which check the rows come from: another one makes rows anew.
        self.last = max((group["last"] for group in self._groups), default=0)

    @property
    def chosen(self) -> int:
        """Tells apart which rows are taken, be they as many as others."""
        taken = (group["sum"] for group in self._groups if group["choice"] == Choice.TAKE)
        return int(sum(taken))

    def of(self, *acts: str, choice: str = "") -> int:
        return sum(
            group["number"]
            for group in self._groups
            if group["act"] in acts and choice in {"", group["choice"]}
        )

    def alike(self, act: str) -> int:
        return sum(group["alike"] for group in self._groups if group["act"] == act)

    def kind(self, kind: Kind) -> int:
        """The rows under a tab."""
        return self.of(*kind.acts, choice=kind.choice)

    @property
    def created(self) -> int:
        return self.of(Act.CREATE, choice=Choice.TAKE)

    @property
    def updated(self) -> int:
        return self.of(Act.UPDATE, choice=Choice.TAKE)

    @property
    def overwritten(self) -> int:
        """Conflicts in which the file's is chosen."""
        return self.of(Act.CONFLICT, choice=Choice.TAKE)

    @property
    def taken(self) -> int:
        return self.of(*CHOSEN, choice=Choice.TAKE)

    @cached_property
    def besides(self) -> int:
        """Records that would be made besides the rows' own."""
        return made_beside(self._import)

    @property
    def left(self) -> int:
        """Left out by choice; conflicts that stay as they are not among them."""
        return self.of(Act.CREATE, Act.UPDATE, choice=Choice.LEAVE)

    @property
    def kept(self) -> int:
        """Conflicts in which what is here stays."""
        return self.of(Act.CONFLICT, choice=Choice.LEAVE)

    @property
    def left_and_kept(self) -> int:
        return self.left + self.kept

    @property
    def same(self) -> int:
        return self.of(Act.SAME)

    @property
    def rejected(self) -> int:
        return self.of(Act.REJECT)


@dataclass(frozen=True)
class Change:
    """A field of a row: what is here, what the file says, what was exported where known."""

    label: str
    before: list[Piece]
    after: list[Piece]
    exported: str | None
    # Whether it names a record that the row, or one above it, would make or made.
    is_made: bool = False

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.after)


@dataclass(frozen=True)
class Cell:
    """A cell of the file under its heading, and what is wrong with it."""

    heading: str
    text: str
    problems: list[str]


def shown_headings(import_: Import, subject: Subject) -> list[str]:
    """The file's own headings; contact cards have none: what they hold, in the reader's words."""
    if import_.reading.get("format") != "vcard":
        return list(import_.headings)
    fields = [subject.field(heading) for heading in import_.headings]
    return [
        str(field.label) if field else heading
        for field, heading in zip(fields, import_.headings, strict=True)
    ]


class ShownRow:
    """A row with what a page says of it."""

    def __init__(
        self, row: ImportRow, import_: Import, subject: Subject, *, is_gone: bool = False
    ) -> None:
        self.row, self.import_, self.subject = row, import_, subject
        self.is_gone = is_gone

    @property
    def label(self) -> str:
        return self.row.label or next((text for text in map(str, self.row.cells) if text), "")

    @property
    def has_choice(self) -> bool:
        return self.row.act in CHOSEN

    @property
    def url(self) -> str:
        """The page of the record that the row is about, where there is one."""
        if self.row.record_id is None or self.is_gone:
            return ""
        model = self.subject.resource._meta.model
        return str(model(pk=self.row.record_id).get_absolute_url())

    @cached_property
    def changes(self) -> list[Change]:
        found = []
        for change in self.row.changes:
            field = self.subject.field(change.get("field", ""))
            before, after = difference(
                str(change.get("before") or ""), str(change.get("after") or "")
            )
            exported = change.get("exported")
            found.append(
                Change(
                    str(field.label if field else change.get("label", "")),
                    before,
                    after,
                    None if exported is None else str(exported),
                    "creates" in change or isinstance(change.get("value"), dict),
                )
            )
        return found

    @property
    def has_exported(self) -> bool:
        """Whether it is known what the file's maker had seen."""
        return any(change.exported is not None for change in self.changes)

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells that say something or that something is wrong with."""
        said: dict[int, list[str]] = {}
        for problem in self.row.problems:
            if problem.get("column") is not None:
                said.setdefault(problem["column"], []).append(told(problem))
        headings = shown_headings(self.import_, self.subject)
        width = max(len(headings), len(self.row.cells), *(at + 1 for at in said), 0)
        cells = [
            Cell(
                headings[at] if at < len(headings) else "",
                str(self.row.cells[at]) if at < len(self.row.cells) else "",
                said.get(at, []),
            )
            for at in range(width)
        ]
        return [cell for cell in cells if cell.text or cell.problems]

    @property
    def faulty(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.problems]

    @property
    def sound(self) -> list[Cell]:
        return [cell for cell in self.cells if not cell.problems]

    @property
    def problems(self) -> list[str]:
        """What is said of the row as a whole."""
        return [told(problem) for problem in self.row.problems if problem.get("column") is None]


def rows_of(import_: Import, kind: Kind, *, only_alike: bool = False) -> QuerySet[ImportRow]:
    """The rows under a tab, in the order of the file."""
    rows = import_.rows.filter(kind.rows).order_by("number")
    return rows.exclude(alike=[]) if only_alike else rows


def shown_rows(rows: Sequence[ImportRow], import_: Import, subject: Subject) -> list[ShownRow]:
    """The rows of a page; of an import that was undone, which of the new records are gone."""
    made: set[int | None] = set()
    if import_.undone_at:
        made = {row.record_id for row in rows if row.act == Act.CREATE} - {None}
    model = subject.resource._meta.model
    standing = set(model.objects.filter(pk__in=made).values_list("pk", flat=True)) if made else ()
    return [
        ShownRow(
            row,
            import_,
            subject,
            is_gone=row.record_id in made and row.record_id not in standing,
        )
        for row in rows
    ]
