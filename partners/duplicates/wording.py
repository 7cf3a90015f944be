"""Why two records look like one, in the reader's language."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import pgettext_lazy as context

# By code; some say what it is that both have.
WORDS = {
    "name": gettext_lazy("the same name"),
    "name-alike": gettext_lazy("much the same name"),
    "names-agree": gettext_lazy("the native name and the Latin name agree"),
    "names-both": gettext_lazy("the same name in both scripts"),
    "native-name": gettext_lazy("the same native name"),
    "person-name": gettext_lazy("the same name"),
    "swapped": gettext_lazy("family and given name swapped"),
    "name-shorter": gettext_lazy("one name is part of the other"),
    "name-slip": gettext_lazy("names one letter apart"),
    "pet-name": gettext_lazy("one given name is short for the other"),
    "initial": gettext_lazy("the same family name and initial"),
    "acronym": gettext_lazy("%(value)s is short for the other"),
    "domain": gettext_lazy("the same domain, %(value)s"),
    "email": gettext_lazy("the same e-mail, %(value)s"),
    "role-email": gettext_lazy("the same shared e-mail, %(value)s"),
    "phone": gettext_lazy("the same phone, %(value)s"),
    "phone-after": gettext_lazy("the same phone with %(prefix)s and without, %(value)s"),
    "phone-after-0": gettext_lazy("the same phone after %(prefix)s / 0, %(value)s"),
    "mobile-after": gettext_lazy("the same mobile with %(prefix)s and without, %(value)s"),
    "mobile-after-0": gettext_lazy("the same mobile after %(prefix)s / 0, %(value)s"),
    "mobile": gettext_lazy("the same mobile, %(value)s"),
    "city": gettext_lazy("the same city"),
    "address": context("reason", "the same address"),
    "organisation": gettext_lazy("both at %(value)s"),
}


def in_words(reasons: Iterable[dict[str, Any]]) -> list[str]:
    """The reasons as sentences' parts, the strongest first."""
    found = []
    for reason in reasons:
        words = WORDS.get(reason["code"], gettext("the two look alike"))
        if reason["code"] == "acronym":
            reason = {**reason, "value": reason["value"].upper()}
        found.append(str(words) % reason if "value" in reason else str(words))
    return found


def likelihood(score: float) -> str:
    """How sure it is, in words."""
    if score >= 0.9:
        return gettext("Almost certainly one")
    if score >= 0.7:
        return gettext("Very likely one")
    return gettext("Perhaps one")
