"""The rows that were checked, written in one transaction: all of them or none."""

from crm.models import Import, Job, User


def start(source: Import, user: User) -> Job | None:
    """Write the rows that are to be taken: at once where they are few, else by the job returned.

    The import is WRITING meanwhile and WRITTEN when it is over; back to CHECKED where a record
    was changed since it was checked. Raises `crm.jobs.Refused`.
    """
    raise NotImplementedError
