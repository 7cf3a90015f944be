"""Signing out: nothing of what was seen stays on the device."""

from typing import Any

from allauth.account.views import LogoutView
from django.http import HttpResponse

# Pages that were kept to be read without a network, drafts, and the browser's own copies.
LEFT_BEHIND = '"cache", "storage"'


class SignOut(LogoutView):
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = LEFT_BEHIND
        return response
