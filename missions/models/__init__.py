"""What we do with partners: missions, meetings, follow-ups and agreements."""

from missions.models.agreements import Agreement, Party
from missions.models.attendances import Attendance
from missions.models.follow_ups import FollowUp
from missions.models.meetings import Meeting
from missions.models.missions import Delegate, Initiative, Mission, Organiser, Stop

__all__ = [
    "Agreement",
    "Attendance",
    "Delegate",
    "FollowUp",
    "Initiative",
    "Meeting",
    "Mission",
    "Organiser",
    "Party",
    "Stop",
]
