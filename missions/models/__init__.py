"""What we do with partners: missions, meetings, follow-ups and agreements."""

from missions.models.agreements import Agreement, Party
from missions.models.attendances import Attendance
from missions.models.checklists import Checklist, ChecklistStep, Task
from missions.models.digests import Digest
from missions.models.follow_ups import FollowUp
from missions.models.links import PrivateLink
from missions.models.meetings import Meeting
from missions.models.missions import Delegate, Initiative, Mission, Organiser, Stop

__all__ = [
    "Agreement",
    "Attendance",
    "Checklist",
    "ChecklistStep",
    "Delegate",
    "Digest",
    "FollowUp",
    "Initiative",
    "Meeting",
    "Mission",
    "Organiser",
    "Party",
    "PrivateLink",
    "Stop",
    "Task",
]
