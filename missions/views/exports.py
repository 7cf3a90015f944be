"""Missions and what belongs to them as files."""

from crm.export_page import ListExport
from missions.exports import AGREEMENTS, FOLLOW_UPS, MEETINGS, MISSIONS
from missions.filters import MeetingFilter, MissionFilter
from missions.filters.agreements import AgreementFilter
from missions.filters.follow_ups import FollowUpFilter


class MissionExport(ListExport):
    permission_required = ("missions.view_mission", "missions.export_mission")
    exported = MISSIONS
    filterset_class = MissionFilter


class MeetingExport(ListExport):
    permission_required = ("missions.view_meeting", "missions.export_meeting")
    exported = MEETINGS
    filterset_class = MeetingFilter


class FollowUpExport(ListExport):
    permission_required = ("missions.view_followup", "missions.export_followup")
    exported = FOLLOW_UPS
    filterset_class = FollowUpFilter


class AgreementExport(ListExport):
    permission_required = ("missions.view_agreement", "missions.export_agreement")
    exported = AGREEMENTS
    filterset_class = AgreementFilter
