"""The links of the shell: a link shows when its page exists and the reader may open it."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.models import SavedView

MOST_PINNED = 20


class Entry(NamedTuple):
    """A page of the side: its URL name, its word, its icon and the permission it asks for.

    `beside` names a page that shows the same otherwise, under an address of its own.
    """

    url_name: str
    label: str | Promise
    icon: str
    permission: str = ""
    beside: str = ""


class Link(NamedTuple):
    """An entry as one reader sees it on one page."""

    url_name: str
    url: str
    label: str | Promise
    icon: str
    is_here: bool


PAGES = [
    Entry("home", _("Home"), "home"),
    Entry(
        "partners:organisation-list",
        _("Partners"),
        "partners",
        "partners.view_organisation",
        beside="partners:map",
    ),
    Entry("partners:person-list", _("People"), "people", "partners.view_person"),
    Entry("missions:mission-list", _("Missions"), "missions", "missions.view_mission"),
    Entry("missions:meeting-list", _("Meetings"), "meetings", "missions.view_meeting"),
    Entry("missions:followup-list", _("Follow-ups"), "followups", "missions.view_followup"),
    Entry("missions:agreement-list", _("Agreements"), "agreements", "missions.view_agreement"),
    Entry("partners:coverage", _("Coverage"), "coverage", "partners.view_organisation"),
]
VIEWS = [Entry("view-list", _("Saved views"), "table")]
STEWARDSHIP = [
    Entry("import-list", _("Import"), "import", "partners.import_organisation"),
    Entry(
        "partners:organisation-duplicates",
        _("Duplicates"),
        "duplicates",
        "partners.merge_organisation",
        beside="partners:person-duplicates",
    ),
    Entry("export-list", _("Exports"), "export", "crm.view_export"),
    Entry("admin:index", _("Administration"), "admin", "crm.enter_admin"),
]


# Pages of the stewards below the address of another one.
APART = ("/partners/duplicates/", "/people/duplicates/")


def address(url_name: str) -> str:
    """The page's address, or nothing where there is no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def links(request: HttpRequest, entries: list[Entry]) -> list[Link]:
    """The entries that exist and that the reader may open."""
    found: list[Link] = []
    for entry in entries:
        url = address(entry.url_name)
        if url and (not entry.permission or request.user.has_perm(entry.permission)):
            is_here = request.path == url if url == "/" else request.path.startswith(url)
            is_here |= bool(entry.beside) and request.path == address(entry.beside)
            is_here &= entry in STEWARDSHIP or not request.path.startswith(APART)
            found.append(Link(entry.url_name, url, entry.label, entry.icon, is_here))
    return found


def opened_by(user: Any) -> dict[str, Entry]:
    """The pages of the side that the user may open, by their URL names."""
    return {
        entry.url_name: entry
        for entry in PAGES
        if not entry.permission or user.has_perm(entry.permission)
    }


def pinned(request: HttpRequest) -> list[Link]:
    """The saved views that the reader pinned, of the lists they may open; one query."""
    user: Any = request.user
    pages = opened_by(user)
    views = SavedView.objects.seen_by(user).filter(pinned_by=user)[:MOST_PINNED]
    here = request.GET.get("view")
    return [
        Link(
            "view-detail",
            one.get_absolute_url(),
            one.name,
            pages[one.page].icon,
            str(one.pk) == here,
        )
        for one in views
        if one.page in pages
    ]
