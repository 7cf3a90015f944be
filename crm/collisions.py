"""Acts that wait for each other's records: the database breaks one off, and it is done again."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction

Made = TypeVar("Made")

TIMES = 4
DEADLOCK = "40P01"  # PostgreSQL's code; SQLite lets only one write at a time


def all_or_nothing(act: Callable[[], Made]) -> Made:
    """Do it in a transaction; from the start again where somebody else's act stood in its way.

    Inside of another transaction that one decides.
    """
    done = 1
    while True:
        try:
            with transaction.atomic():
                return act()
        except OperationalError as error:
            is_deadlock = getattr(error.__cause__, "sqlstate", "") == DEADLOCK
            if not is_deadlock or connection.in_atomic_block or done == TIMES:
                raise
            done += 1
