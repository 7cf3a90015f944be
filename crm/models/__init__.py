"""The user, the bases of every record, and what is kept about forms and files."""

from crm.models.exports import Export
from crm.models.imports import Import, ImportRow, ImportShape
from crm.models.jobs import STALLED, Job
from crm.models.records import (
    ArchivableQuerySet,
    ArchivableRecord,
    Record,
    RecordQuerySet,
    SearchableQuerySet,
    SearchableRecord,
)
from crm.models.saved_views import SavedView
from crm.models.submissions import Submission
from crm.models.users import User, UserManager

__all__ = [
    "STALLED",
    "ArchivableQuerySet",
    "ArchivableRecord",
    "Export",
    "Import",
    "ImportRow",
    "ImportShape",
    "Job",
    "Record",
    "RecordQuerySet",
    "SavedView",
    "SearchableQuerySet",
    "SearchableRecord",
    "Submission",
    "User",
    "UserManager",
]
