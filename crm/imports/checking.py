"""What each row of a file would do: found out before anything is written."""

from crm.models import Import, Job, User


def start(source: Import, user: User) -> Job | None:
    """Check every row: at once where the file is small, else by the job that is returned.

    The import is CHECKING meanwhile and CHECKED when it is over. Raises `crm.jobs.Refused`.
    """
    raise NotImplementedError
