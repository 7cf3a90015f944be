"""Where to go once an act is done: back to the page that it was done on."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request: HttpRequest, url: str) -> bool:
    """Whether an address that somebody sent leads to a page of ours, and not elsewhere."""
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())


def next_url(request: HttpRequest, default: str) -> str:
    """The page that a form says to go to next, where it is one of ours."""
    url = request.POST.get("next", "")
    return url if is_ours(request, url) else default
