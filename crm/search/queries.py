"""The one function in front of search, each database's own index behind it."""

from typing import Any, TypeVar

from django.db.models import BooleanField, F, Func, Q, QuerySet

from crm.search.documents import BESIDE
from crm.search.terms import ANYWHERE, Term, Word, slips_of, terms_of
from crm.text import folded

# PostgreSQL takes the records with one of so many words for nearly all, and would read them one by
# one: so each word is looked up in the index by itself.
MANY_WORDS = 10
# What stands before a word in the text of a document.
BEGINNINGS = (" ", "\n", BESIDE)
Rows = TypeVar("Rows", bound="QuerySet[Any]")


def matching(queryset: Rows, typed: str) -> Rows:
    """The records that have everything typed, each word in any of the fields they are found by."""
    if not folded(typed):
        return queryset
    terms = terms_of(typed)
    return queryset.filter(_all(terms)) if terms else queryset.none()


def matching_with(queryset: Rows, typed: str, column: str) -> Rows:
    """The same, where a word may stand in a column beside: text of a Document without an index.

    For records that are few, and for readers who may know what the column says.
    """
    together = Q()
    for term in terms_of(typed):
        together &= _all((term,)) | _written(term, column)
    return queryset.filter(together) if together else queryset.none()


def slipped(queryset: Rows, typed: str) -> Rows:
    """The records that have everything typed but for one slip in each of the longer words.

    For where nothing is `matching()`: a slip is another letter, one too many, one too few or two
    swapped, in a word of four Latin letters or more.
    """
    if not can_slip(typed):
        return queryset.none()
    terms = (term._replace(words=term.words + slips_of(term)) for term in terms_of(typed))
    return queryset.filter(_all(tuple(terms)))


def can_slip(typed: str) -> bool:
    """Whether `slipped()` can find what `matching()` does not."""
    return any(map(slips_of, terms_of(typed)))


def nearby(queryset: Rows, typed: str) -> tuple[Rows, bool]:
    """What matches; where nothing does, what matches but for a slip, and True. One query."""
    exact = matching(queryset, typed)
    if not can_slip(typed) or exact.exists():
        return exact, False
    return slipped(queryset, typed), True


def _all(terms: tuple[Term, ...]) -> Q:
    together = Q()
    pieces = tuple(term.piece for term in terms if not term.words and not term.instead)
    if pieces:
        together &= Q(Holds(pieces))
    for term in terms:
        if term.words or term.instead:
            together &= _any(term)
    return together


def _any(term: Term) -> Q:
    either = Q(Holds((term.piece,))) if term.piece else Q()
    if term.words:
        either |= Q(HasWord(term.words))
    if term.instead:
        either |= _all(term.instead)
    return either


def _written(term: Term, column: str) -> Q:
    """Whether a text has the term, however its words are written there."""
    spellings = {term.typed, *(word.tokens[0] for word in term.words if len(word.tokens) == 1)}
    pieces: set[str] = set()
    for spelling in spellings:
        is_anywhere = len(spelling) >= ANYWHERE or not spelling.isascii()
        pieces |= {spelling} if is_anywhere else {f"{mark}{spelling}" for mark in BEGINNINGS}
    either = Q()
    for piece in pieces:
        either |= Q(**{f"{column}__contains": piece})
    return either


class Indexed(Func):
    """Whether a record is among those that one of its indexes gives."""

    kind: str
    output_field = BooleanField()

    def __init__(self) -> None:
        super().__init__(F("pk"), F("search_text"), F("search_tokens"))

    def as_sqlite(
        self, compiler: Any, connection: Any, **options: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Its rowid is among those that the FTS5 table gives."""
        key: Any = self.source_expressions[0]
        table = f"{key.target.model._meta.db_table}_{self.kind}"
        column, _params = compiler.compile(key)
        sql = f"{column} IN (SELECT rowid FROM {table} WHERE {table} MATCH %s)"  # noqa: S608
        return sql, (self.match(),)

    def match(self) -> str:
        """The query in FTS5's language."""
        raise NotImplementedError


class Holds(Indexed):
    """Whether a record's search text holds every one of these pieces, three characters or more."""

    kind = "letters"
    operator = "AND"

    def __init__(self, pieces: tuple[str, ...]) -> None:
        self.pieces = pieces
        super().__init__()

    def match(self) -> str:
        quoted = ('"{}"'.format(piece.replace('"', '""')) for piece in self.pieces)
        return f" {self.operator} ".join(quoted)

    def as_postgresql(self, compiler: Any, *_: Any, **options: Any) -> tuple[str, list[Any]]:
        column, _params = compiler.compile(self.source_expressions[1])
        like = compiler.connection.ops.prep_for_like_query
        tests = f" {self.operator} ".join([f"{column} LIKE %s"] * len(self.pieces))
        return f"({tests})", [f"%{like(piece)}%" for piece in self.pieces]


class HoldsOne(Holds):
    """Whether a record's search text holds one of these pieces."""

    operator = "OR"


class HasWord(Indexed):
    """Whether a record has any of these words."""

    kind = "words"

    def __init__(self, words: tuple[Word, ...]) -> None:
        self.words = words
        super().__init__()

    def match(self) -> str:
        return " OR ".join(
            '"{}"{}'.format(" ".join(word.tokens), "*" if word.is_beginning else "")
            for word in self.words
        )

    def as_postgresql(self, compiler: Any, *_: Any, **options: Any) -> tuple[str, list[Any]]:
        column, _params = compiler.compile(self.source_expressions[2])
        queries = [
            "({})".format(" <-> ".join(f"'{token}'" for token in word.tokens))
            if not word.is_beginning
            else f"'{word.tokens[0]}':*"
            for word in self.words
        ]
        if len(self.words) < MANY_WORDS:
            return f"to_tsvector('simple', {column}) @@ %s::tsquery", [" | ".join(queries)]
        key: Any = self.source_expressions[0]
        tokens: Any = self.source_expressions[2]
        id_column, _params = compiler.compile(key)
        having = (
            f"SELECT had.id FROM unnest(%s::text[]) one JOIN {key.target.model._meta.db_table} had"  # noqa: S608
            f" ON to_tsvector('simple', had.{tokens.target.column}) @@ one::tsquery"
        )
        return f"{id_column} = ANY(ARRAY({having}))", [queries]
