"""An import taken back as a whole, updates included."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm.models import Import, Job, User


@dataclass(frozen=True)
class Touched:
    """A record of the import that somebody changed or linked since: it stays as it is."""

    label: str
    url: str
    why: str


def touched(source: Import) -> Sequence[Touched]:
    """What an undoing leaves alone, and why."""
    raise NotImplementedError


def start(source: Import, user: User) -> Job | None:
    """Undo what nobody touched: at once where it is little, else by the job returned.

    The import is UNDOING meanwhile, then UNDONE or PARTLY_UNDONE. Raises `crm.jobs.Refused`.
    """
    raise NotImplementedError
