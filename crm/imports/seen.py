"""What a file has said already, on a disk of its own: memory does not grow with the file."""

import sqlite3
from collections.abc import Sequence
from hashlib import blake2b


class Seen:
    """Remembers in which row each record came first."""

    def __init__(self) -> None:
        # Without a name SQLite keeps it in a temporary file that nobody else sees.
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute("PRAGMA synchronous = OFF")
        self._kept.execute("CREATE TABLE seen (mark BLOB PRIMARY KEY, number INT) WITHOUT ROWID")

    def first(self, said: Sequence[tuple[str, int]]) -> list[int | None]:
        """For each identity with its row, the earlier row that said it; "" says nothing."""
        found: list[int | None] = []
        self._kept.execute("BEGIN")
        for identity, number in said:
            if not identity:
                found.append(None)
                continue
            mark = blake2b(identity.encode(), digest_size=16).digest()
            added = self._kept.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (mark, number))
            if added.rowcount:
                found.append(None)
                continue
            row = self._kept.execute("SELECT number FROM seen WHERE mark = ?", (mark,)).fetchone()
            found.append(int(row[0]))
        self._kept.execute("COMMIT")
        return found

    def find(self, identity: str) -> int | None:
        """The row that said it."""
        mark = blake2b(identity.encode(), digest_size=16).digest()
        row = self._kept.execute("SELECT number FROM seen WHERE mark = ?", (mark,)).fetchone()
        return None if row is None else int(row[0])

    def close(self) -> None:
        self._kept.close()
