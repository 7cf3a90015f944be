"""What every page's shell needs."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

import crm
from crm.navigation import address


def shell(request: HttpRequest) -> dict[str, Any]:
    """The reader's theme, what they are late with, and where a meeting is logged.

    A view that knows whom the meeting would be with sets `log_url` in its own context, with the
    query string that fills the form in.
    """
    user = getattr(request, "user", None)
    context: dict[str, Any] = {
        "theme": getattr(user, "theme", "auto"),
        "product_version": crm.__version__,
    }
    if user is None or not user.is_authenticated:
        return context

    def overdue_count() -> int:
        mine = user.follow_ups.open().visible_to(user)
        return int(mine.filter(due_order__lt=timezone.localdate()).count())

    if user.has_perm("missions.add_meeting"):
        context["log_url"] = address("missions:meeting-log")
    if user.has_perm("missions.view_followup"):
        context["overdue_count"] = SimpleLazyObject(overdue_count)
    return context
