"""What the combos of missions ask for while one types."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from crm.combos import ChoicesView
from crm.text import record_id
from missions.choices import (
    AgreementFinder,
    ColleagueFinder,
    HomeFinder,
    MeetingFinder,
    ParticipantFinder,
    PartnerFinder,
)
from missions.models.meeting_queries import READ_CONFIDENTIAL


class ParticipantChoices(ChoicesView):
    finder = ParticipantFinder()
    permission_required = ("partners.view_organisation", "partners.view_person")


class HomeChoices(ChoicesView):
    finder = HomeFinder()
    permission_required = "partners.view_organisation"


class PartnerChoices(ChoicesView):
    finder = PartnerFinder()
    permission_required = "partners.view_organisation"


class MeetingChoices(ChoicesView):
    permission_required = "missions.view_meeting"

    def get(self, request: HttpRequest) -> HttpResponse:
        self.finder = MeetingFinder(request.user.has_perm(READ_CONFIDENTIAL))
        return super().get(request)


class AgreementChoices(ChoicesView):
    finder = AgreementFinder()
    permission_required = "missions.view_agreement"


class ColleagueChoices(ChoicesView):
    """People, those of the organisation that the address ends with first; 0 is none."""

    permission_required = "partners.view_person"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.finder = ColleagueFinder(record_id(str(kwargs["organisation"])))

    def get(self, request: HttpRequest, organisation: int = 0) -> HttpResponse:
        return super().get(request)
