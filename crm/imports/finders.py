"""Records that cells name, never by number: looked up for a whole batch of rows at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from crm.imports.words import said as _
from crm.models import User
from crm.text import folded

# What a finder remembers from one batch to the next, at most.
REMEMBERED = 5_000

Named = tuple[str, Mapping[str, str]]


class Finder:
    """Finds one kind of record by its names.

    `prepare()` is given every cell of a batch with its row, and does the queries: as many for 500
    rows as for one. `find()` then answers from memory, or raises a ValueError that says how to
    mend the cell.
    """

    def prepare(self, cells: Iterable[Named]) -> None:
        """Read what these cells may mean."""
        raise NotImplementedError

    def candidates(self, text: str, row: Mapping[str, str]) -> list[Any]:
        """The records that the cell may mean, of what was prepared."""
        raise NotImplementedError

    def find(self, text: str, row: Mapping[str, str]) -> Any:
        found = self.candidates(text, row)
        if not found:
            raise ValueError(self.unknown(text))
        if len(found) > 1:
            raise ValueError(self.several(text, found))
        return found[0]

    def is_named(self, record: Any, text: str) -> bool:
        """Whether an export writes the record so."""
        return folded(str(record)) == folded(text)

    def unknown(self, text: str) -> str:
        return _("Nothing is called “%(name)s”.") % {"name": text}

    def several(self, text: str, found: list[Any]) -> str:
        return _("Several are called “%(name)s”: %(found)s.") % {
            "name": text,
            "found": "; ".join(map(str, found[:5])),
        }


class FewFinder(Finder):
    """Finds records that are so few that all are read, once."""

    def __init__(self) -> None:
        self._by_name: dict[str, dict[Any, Any]] | None = None

    def records(self) -> Iterable[Any]:
        raise NotImplementedError

    def names(self, record: Any) -> Iterable[str]:
        """What the record is called."""
        raise NotImplementedError

    def prepare(self, cells: Iterable[Named]) -> None:
        if self._by_name is None and any(cells):
            self._by_name = {}
            for record in self.records():
                for name in filter(None, map(folded, self.names(record))):
                    self._by_name.setdefault(name, {})[record.pk] = record

    def candidates(self, text: str, row: Mapping[str, str]) -> list[Any]:
        return list((self._by_name or {}).get(folded(text), {}).values())

    def is_named(self, record: Any, text: str) -> bool:
        return folded(text) in map(folded, self.names(record))


class UserFinder(FewFinder):
    """Colleagues by e-mail or name."""

    def records(self) -> Iterable[User]:
        return User.objects.filter(is_active=True)

    def names(self, record: User) -> Iterable[str]:
        return (record.email, record.name)

    def unknown(self, text: str) -> str:
        return _("No colleague has the e-mail or the name “%(name)s”.") % {"name": text}

    def several(self, text: str, found: list[Any]) -> str:
        return _("Several colleagues are called “%(name)s”: give the e-mail of the one meant.") % {
            "name": text
        }
