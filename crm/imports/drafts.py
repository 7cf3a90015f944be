"""A row of a file while it is read: the record it means, and what it would change there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.imports.words import kept
from crm.models import ImportRow

Act = ImportRow.Act
# From this score on a likely duplicate makes a new row wait for somebody's word.
STRONG = 0.8


def unless_said(act: str, alike: Sequence[Mapping[str, Any]]) -> str:
    """What is done with a row unless somebody says otherwise."""
    waits = act in {Act.CONFLICT, Act.REJECT, Act.SAME} or any(
        each["score"] >= STRONG for each in alike
    )
    return ImportRow.Choice.LEAVE if waits else ImportRow.Choice.TAKE


@dataclass(eq=False)
class Draft:
    """One row. `values` maps the names of fields to the cells that say something."""

    number: int
    cells: list[str]
    values: dict[str, str]
    record: Any = None
    instance: Any = None
    # The version of the record that the row was made from, where that is known.
    version: int | None = None
    # What the record's fields held then, stored.
    base: dict[str, Any] | None = None
    act: str = Act.SAME
    changes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    alike: list[dict[str, Any]] = field(default_factory=list)
    is_conflict: bool = False
    # What the subject's own resource keeps about the row.
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def is_stale(self) -> bool:
        """Whether somebody saved the record since the row was made."""
        return self.version is not None and self.version != getattr(
            self.record, "version", self.version
        )

    @property
    def is_new(self) -> bool:
        return self.record is None

    @property
    def changed(self) -> set[str]:
        """The record's own fields that change."""
        return {change["field"] for change in self.changes if "part" not in change}

    def judge(self) -> None:
        """Settle what the row does."""
        if any(not problem.get("is_told") for problem in self.problems):
            self.act = Act.REJECT
        elif self.is_conflict:
            self.act = Act.CONFLICT
        elif self.is_new:
            self.act = Act.CREATE
        else:
            self.act = Act.UPDATE if self.changes else Act.SAME

    @property
    def choice(self) -> str:
        """What is done with the row unless somebody says otherwise."""
        return unless_said(self.act, self.alike)

    def as_values(self, source_id: int) -> dict[str, Any]:
        """What an ImportRow keeps of it."""
        return {
            "source_id": source_id,
            "number": self.number,
            "cells": self.cells,
            "act": str(self.act),
            "choice": str(self.choice),
            "record_id": None if self.is_new else self.record.pk,
            "record_version": None if self.is_new else self.record.version,
            "label": str(self.notes.get("label") or self.instance or "")[:300],
            "changes": self.changes if self.act != Act.REJECT else [],
            "problems": [
                {"column": problem["column"], **kept(problem["text"])} for problem in self.problems
            ],
            "alike": self.alike,
        }
