"""What “Whom did you meet?” asks for while one types."""

from crm.combos import ChoicesView
from missions.choices import ParticipantFinder


class ParticipantChoices(ChoicesView):
    finder = ParticipantFinder()
    permission_required = ("partners.view_organisation", "partners.view_person")
