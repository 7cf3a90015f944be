"""Roles: groups made by the project, each with the permissions of this table and no others.

An Administrator is a superuser: the only one who deletes and who manages accounts.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import pgettext_lazy

REFERENCE = {"partners.city", "partners.sector"}
RECORDS = {
    "partners.organisation",
    "partners.membership",
    "partners.person",
    "partners.affiliation",
    "missions.initiative",
    "missions.mission",
    "missions.organiser",
    "missions.stop",
    "missions.delegate",
    "missions.checklist",
    "missions.checkliststep",
    "missions.task",
    "missions.meeting",
    "missions.attendance",
    "missions.followup",
    "missions.agreement",
    "missions.party",
}


def permitted(acts: str, models: set[str]) -> set[str]:
    """The names of Django's own permissions: “view change” of “partners.city” and so on."""
    return {
        f"{app}.{act}_{model}"
        for act in acts.split()
        for app, model in (name.split(".") for name in models)
    }


READER = permitted("view", REFERENCE | RECORDS)
OFFICER = (
    READER
    | permitted("add change", RECORDS)
    | {
        "crm.enter_admin",
        "missions.read_confidential",
        "partners.archive_organisation",
        "partners.archive_person",
        "partners.export_organisation",
        "partners.export_person",
        "missions.export_agreement",
        "missions.export_followup",
        "missions.export_meeting",
        "missions.export_mission",
    }
)
STEWARD = (
    OFFICER
    | permitted("add change", REFERENCE)
    | permitted("merge import", {"partners.organisation", "partners.person"})
    | {"missions.import_meeting"}
)
MANAGER = OFFICER | {"crm.view_export"}

ROLE_NAMES = {
    "Reader": pgettext_lazy("role", "Reader"),
    "Officer": pgettext_lazy("role", "Officer"),
    "Steward": pgettext_lazy("role", "Steward"),
    "Manager": pgettext_lazy("role", "Manager"),
}
ROLES = {"Reader": READER, "Officer": OFFICER, "Steward": STEWARD, "Manager": MANAGER}


@dataclass(frozen=True)
class Drift:
    """What a role had, or lacked, against the table, before it was brought back to it."""

    role: str
    is_new: bool
    added: frozenset[str]
    removed: frozenset[str]

    def __str__(self) -> str:
        if self.is_new:
            return f"{self.role}: created with {len(self.added)} permissions"
        changes = [f"given back {name}" for name in sorted(self.added)]
        changes += [f"took away {name}" for name in sorted(self.removed)]
        return f"{self.role}: brought back to the table: {', '.join(changes)}"


def sync_roles() -> list[Drift]:
    """Bring every role's group to the table, and tell which had drifted from it.

    Raises LookupError where the table names a permission that does not exist.
    """
    named = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    drifted = []
    with transaction.atomic():
        for role, wanted in ROLES.items():
            if unknown := sorted(wanted - named.keys()):
                raise LookupError(
                    f"The role {role} names permissions that do not exist: {', '.join(unknown)}. "
                    "Mend crm/roles.py, or run migrate if its models are newer."
                )
            group, is_new = Group.objects.get_or_create(name=role)
            present = {
                f"{app}.{codename}"
                for app, codename in group.permissions.values_list(
                    "content_type__app_label", "codename"
                )
            }
            if is_new or present != wanted:
                group.permissions.set([named[name] for name in wanted])
                drifted.append(
                    Drift(role, is_new, frozenset(wanted - present), frozenset(present - wanted))
                )
    return drifted
