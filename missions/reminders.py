"""Whose what is: the meetings and agreements that Home and the daily e-mail remind a user of."""

from django.db.models import Exists, OuterRef, Q

from crm.models import User
from missions.models import Agreement, Attendance, Meeting
from missions.models.agreements import AgreementQuerySet


def meetings_of(user: User) -> Q:
    """The meetings that they logged, attend, or have with a partner of theirs."""
    of_theirs = Meeting.organisations.through.objects.filter(
        meeting=OuterRef("pk"), organisation__owner=user
    )
    attended = Attendance.objects.filter(meeting=OuterRef("pk"), person__user=user)
    return Q(author=user) | Q(Exists(of_theirs)) | Q(Exists(attended))


def agreements_of(user: User) -> AgreementQuerySet:
    """The agreements with a partner of theirs; all of them for those who watch over everybody's.

    These are managers, known by their right to read the record of exports.
    """
    if user.has_perm("crm.view_export"):
        return Agreement.objects.all()
    return Agreement.objects.of_partners_of(user)
