"""Tests in a real Chromium: a page for a role, a language, a theme and a width.

Without Chromium they are skipped, and the summary says so; in CI (`CI=true`) that is an error.
Every page fails its test if the browser's console shows an error: a breach of the
Content-Security-Policy is one.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from crm.models import User
from tests.factories import make_user

# Playwright runs a loop of its own in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
HERE = Path(__file__).parent
LEFT_OUT = (
    "The browser tests were left out: Chromium is not installed (Debian: apt install chromium)."
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HEIGHT = 900
# How long an act on a page may take on a machine that does much else, in milliseconds.
PATIENCE = 30_000

expect.set_options(timeout=15_000)

PageAs = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mine = [item for item in items if HERE in item.path.parents]
    if mine and not CHROMIUM and os.environ.get("CI"):
        raise pytest.UsageError(LEFT_OUT)
    for item in mine:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.django_db(transaction=True))
        if not CHROMIUM:
            item.add_marker(pytest.mark.skip(reason=LEFT_OUT))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not CHROMIUM:
        terminalreporter.section("LEFT OUT", red=True, bold=True)
        terminalreporter.line(LEFT_OUT)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture
def page_as(browser: Browser, live_server: Any) -> Iterator[PageAs]:
    """Opens a page, signed in as a role; addresses given to `goto` start with “/”."""
    errors: list[str] = []
    contexts = []

    def noted(page: Page) -> Callable[[ConsoleMessage], None]:
        def note(message: ConsoleMessage) -> None:
            # The page itself may be a 404 that the test asked for; nothing on it may be.
            is_page = str(message.location.get("url")) == page.url
            is_breach = "Content Security Policy" in message.text
            if message.type == "error" and (is_breach or not is_page):
                errors.append(f"{page.url}: {message.text}")

        return note

    def opened(
        role: str | None = "Officer",
        language: str = "en",
        theme: str = "light",
        width: int = 1280,
        **options: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHT},
            color_scheme="dark" if theme == "dark" else "light",
            locale={"en": "en-GB", "it": "it-IT"}[language],
            timezone_id="Europe/Rome",
            reduced_motion="reduce",
            has_touch=width < 600,
            **options,
        )
        contexts.append(context)
        if role:
            context.add_cookies([session_cookie(role, language, theme, live_server.url)])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", noted(page))
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors, errors


def session_cookie(role: str, language: str, theme: str, url: str) -> Any:
    """The session of a user of that role, made where there is none yet."""
    email = f"{role.lower()}@browser.example.org"
    user = User.objects.filter(email=email).first()
    if user is None and role == "Administrator":
        user = User.objects.create_superuser(email, name="Ada Administrator")
    elif user is None:
        user = make_user(email, role, name=f"Olivia {role}")
    user.language, user.theme = language, theme
    user.save()
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


def axe_findings(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, a line for each element."""
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    violations = Axe().run(page, options=options).response["violations"]
    return [
        f"{page.url} {found['id']}: {found['help']}: {node['html'][:300]}"
        for found in violations
        for node in found["nodes"]
    ]


def assert_axe_clean(page: Page) -> None:
    findings = axe_findings(page)
    assert not findings, "\n".join(findings)


def scrolls_sideways(page: Page) -> bool:
    """Whether anything is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
