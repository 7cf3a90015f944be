"""The door: who may try it, how often, and what they are told.

Sign-up is closed; accounts are made by an Administrator. Failures are counted by address and by
account. A browser that has signed in before is counted by itself, so that a stranger who keeps
failing on somebody's account can't keep its owner out.
"""

import secrets
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import PasswordChangeView
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

DEVICE_COOKIE = "device"
DEVICE_AGE = 180 * 24 * 3600
RETRY_AFTER = 60


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "The e-mail or the password is wrong. Capitals matter in the password."
        ),
        "too_many_login_attempts": _(
            "Too many attempts to sign in. Try again in five minutes, or choose a new password: "
            "“Forgot the password?” sends a link."
        ),
        "enter_current_password": _("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: the pages are pages, whatever headers ask for."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's address; the proxy's where the visitor's can't be told."""
        try:
            address: str = super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            address = request.META.get("REMOTE_ADDR") or "unknown"
        return address

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        device, email = known_device(request)
        is_known = device and email == str(credentials.get("email", "")).lower()
        return f"{key}:{device}" if is_known else key

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **hooks: Any
    ) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **hooks)
        email = user.get_username().lower()
        device, known_email = known_device(request)
        if known_email != email:
            device = secrets.token_urlsafe(16)
        response.set_signed_cookie(
            DEVICE_COOKIE,
            f"{device}:{email}",
            max_age=DEVICE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response


class PasswordChange(PasswordChangeView):
    """An account that has no password yet gets its first as one that is lost: by a link."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not request.user.has_usable_password():
            messages.info(
                request,
                _("Your account has no password yet: we send a link to choose one."),
            )
            return HttpResponseRedirect(reverse("account_reset_password"))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


def known_device(request: HttpRequest) -> tuple[str, str]:
    """This browser's name and the account that signed in from it last; empty where unknown."""
    try:
        value = request.get_signed_cookie(DEVICE_COOKIE, "", max_age=DEVICE_AGE)
    except BadSignature:
        value = ""
    device, _colon, email = str(value).partition(":")
    return device, email


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """The answer to an address that asks too often, with when to try again."""
    response = render(
        request, "429.html", {"seconds": RETRY_AFTER}, status=HTTPStatus.TOO_MANY_REQUESTS
    )
    response["Retry-After"] = str(RETRY_AFTER)
    return response
