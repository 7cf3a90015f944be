"""What the combos of missions ask for while one types."""

from django.http import HttpRequest, HttpResponse

from crm.combos import ChoicesView
from missions.choices import (
    AgreementFinder,
    HomeFinder,
    MeetingFinder,
    ParticipantFinder,
    PartnerFinder,
)


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
        self.finder = MeetingFinder(request.user.has_perm("missions.read_confidential"))
        return super().get(request)


class AgreementChoices(ChoicesView):
    finder = AgreementFinder()
    permission_required = "missions.view_agreement"
