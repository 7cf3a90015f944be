"""Private addresses as they are asked for: the link behind a token, or a refusal."""

import re
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from missions.models import PrivateLink

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
WRONG_TOKENS = 30
WITHIN = 300


class Refused(Exception):
    """The address opens nothing; `response` says why."""

    def __init__(self, status: HTTPStatus, words: str) -> None:
        super().__init__(words)
        self.response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
        self.response["Cache-Control"] = "no-store"


def opened(request: HttpRequest, token: str) -> PrivateLink:
    """The link in force behind a token, which is noted to have been opened today.

    Raises Http404 for a token that was never one, and Refused for one that no longer opens
    anything, or where an address of the net has asked for too many that never were.
    """
    found = PrivateLink.objects.select_related("user", "delegate__mission", "delegate__person")
    link: PrivateLink | None = None
    if TOKEN.fullmatch(token):  # PostgreSQL refuses to look for some of what an address can hold
        link = found.filter(token=token).first()
    if link is None:
        count_wrong(request)
        raise Http404(_("There is no such address."))
    if link.revoked_at or (link.user and not link.user.is_active):
        raise Refused(HTTPStatus.GONE, _("This private address was revoked. Ask for a new one."))
    if not request.user.is_authenticated:  # a colleague who looks at it opened nothing
        link.note_opening()
    return link


def count_wrong(request: HttpRequest) -> None:
    """Remember another wrong token from this address of the net. Raises Refused at too many."""
    key = f"wrong-token:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, WITHIN)
    try:
        count = cache.incr(key)
    except ValueError:  # it ran out between the two
        return
    if count > WRONG_TOKENS:
        refused = Refused(
            HTTPStatus.TOO_MANY_REQUESTS, _("Too many wrong addresses: wait a while.")
        )
        refused.response["Retry-After"] = str(WITHIN)
        raise refused
