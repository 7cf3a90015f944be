"""The admin of what we do with partners."""

from missions.admin.agreements import AgreementAdmin, PartyAdmin
from missions.admin.checklists import ChecklistAdmin, ChecklistStepAdmin, TaskAdmin
from missions.admin.follow_ups import FollowUpAdmin
from missions.admin.meetings import AttendanceAdmin, MeetingAdmin
from missions.admin.missions import (
    DelegateAdmin,
    InitiativeAdmin,
    MissionAdmin,
    OrganiserAdmin,
    StopAdmin,
)

__all__ = [
    "AgreementAdmin",
    "AttendanceAdmin",
    "ChecklistAdmin",
    "ChecklistStepAdmin",
    "DelegateAdmin",
    "FollowUpAdmin",
    "InitiativeAdmin",
    "MeetingAdmin",
    "MissionAdmin",
    "OrganiserAdmin",
    "PartyAdmin",
    "StopAdmin",
    "TaskAdmin",
]
