"""Takes the README's pictures (`make pictures`): the mission to Japan, and the fictional cast
where it leaves a page empty. Not a test of the suite: pytest runs it by name only.
"""

import subprocess
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from missions.models import Mission
from partners.models import Organisation
from tests.browser.conftest import PageAs
from tests.factories import (
    make_agreement,
    make_followup,
    make_meeting,
    make_organisation,
    make_person,
    make_user,
)
from tests.journeys import make_journey

PICTURES = Path(__file__).parent.parent.parent / "docs" / "pictures"


def take(page: Page, name: str) -> None:
    """The top of the page as it stands once all of it is there."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


@pytest.fixture
def cast(few_cities: None, db: None) -> Organisation:
    """The mission to Japan, and an invented officer's year with one of its partners."""
    for command in ("load_cities", "load_sectors", "load_demonstration"):
        call_command(command, verbosity=0)
    officer = make_user("officer@browser.example.org", "Officer", name="Marta Ferrando")
    bank = Organisation.objects.get(name="Japan Finance Corporation")
    home = Organisation.objects.get(name="Liguria International")
    bank.tier, bank.owner = 1, officer
    bank.save()
    for name, tier in (("Nagoya University", 1), ("Nagoya Innovator’s Garage", 2)):
        Organisation.objects.filter(name=name).update(tier=tier, tier_order=tier)
    tanabe = make_person("Haruka", "Tanabe", bank, "Director", native_name="田辺 遥")
    morikawa = make_person("Kenji", "Morikawa", bank, "Deputy manager", native_name="森川 健司")
    today = timezone.localdate()
    place: dict[str, Any] = {"time_zone": "Asia/Tokyo", "format": "video", "author": officer}
    reading = make_meeting(
        [bank],
        [tanabe],
        title="Second reading of the annex",
        local_date=today - timedelta(days=39),
        local_time=time(17, 30),
        outcome="They accept the wording on shared guarantees and will sign once our list of "
        "firms is with them.",
        **place,
    )
    make_meeting(
        [bank],
        [tanabe, morikawa],
        title="Guarantees for first-time exporters",
        status="planned",
        local_date=today + timedelta(days=3),
        local_time=time(17),
        **place,
    )
    make_followup(
        bank,
        what="Send the list of firms exporting for the first time",
        meeting=reading,
        assignee=officer,
        due_on=today - timedelta(days=3),
    )
    make_followup(
        bank,
        what="Return the signed annex",
        meeting=reading,
        assignee=officer,
        promised_by="them",
        person=tanabe,
        due_on=today + timedelta(days=23),
    )
    make_agreement(
        "Letter of intent on finance for small firms",
        organisations=[bank, home],
        kind="letter",
        status="signed",
        signed_on=date(today.year - 1, 12, 18),
        in_force_until=today + timedelta(days=39),
    )
    return bank


@pytest.mark.parametrize(
    ("name", "address", "theme", "width", "height"),
    [
        ("home", "/", "light", 1280, 860),
        ("partners", "/partners/?country=JP", "light", 1280, 860),
        ("partner", "{bank}", "light", 1280, 860),
        ("mission", "{mission}", "light", 1280, 860),
        ("log-a-meeting", "/meetings/log/?organisation={pk}", "light", 390, 844),
    ],
)
def test_take(page_as: PageAs, cast: Organisation, name, address, theme, width, height) -> None:
    mission = cast.meetings.exclude(mission=None).get().mission
    page = page_as("Officer", "en", theme, width)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(
        address.format(bank=cast.get_absolute_url(), mission=mission.get_absolute_url(), pk=cast.pk)
    )
    take(page, name)


LIST = """\
Given name;Family name;Native name;Organisation;Job title;E-mail;Phone
Haruka;Tanabe;田辺 遥;Japan Finance Corporation;Head of guarantees;h.tanabe@example.org;
Sayaka;Mizuno;水野 沙也香;Nagoya Innovator’s Garage;Programme lead;s.mizuno@example.org;052-000-1111
Kenji;Morikawa;森川 健司;Japan Finance Corporation;Deputy manager;;
Paolo;Ghiglione;;Filse;Head of funds;p.ghiglione@example.org;010 000 2222
Ren;Okada;岡田 蓮;Nagoya Uni;Researcher;r.okada@example.org;
"""


def test_take_an_import(page_as: PageAs, cast: Organisation, tmp_path: Path) -> None:
    tanabe = cast.affiliations.get(person__family_name="Tanabe").person
    tanabe.email, tanabe.phone = "h.tanabe@example.org", "+81 3 0000 1111"
    tanabe.save()
    (tmp_path / "Business cards.csv").write_text(LIST, encoding="utf-8-sig")
    page = page_as("Steward", "en", "light", 1280)
    page.set_viewport_size({"width": 1280, "height": 860})
    page.goto("/imports/new/?subject=people")
    page.set_input_files("input[type=file]", tmp_path / "Business cards.csv")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="See what would change").click()
    expect(page.locator("#ready button.primary")).to_be_visible()
    # By its address and not by the tab, which leads down to the rows.
    page.goto(f"{page.url.partition('?')[0]}?rows=changed")
    take(page, "import")


def test_take_a_merge_and_a_search(page_as: PageAs, cast: Organisation) -> None:
    twin = make_organisation(
        "JFC Nippon Koko",
        native_name="日本政策金融公庫",
        country="JP",
        city=cast.city,
        kind="finance",
        phone="+81 3 0000 3333",
    )
    page = page_as("Steward", "en", "light", 1280)
    page.set_viewport_size({"width": 1280, "height": 860})
    for name, address in (
        ("merge", f"/partners/{cast.pk}/merge/?with={twin.pk}"),
        ("search", "/search/?q=日本政策"),
    ):
        page.goto(address)
        take(page, name)


@pytest.fixture
def planned(few_cities: None, db: None) -> Mission:
    """An invented mission to Japan, planned."""
    for command in ("load_cities", "load_sectors"):
        call_command(command, verbosity=0)
    return make_journey(make_user("marta@example.org", "Officer", name="Marta Ferrando")).mission


@pytest.mark.parametrize(
    ("name", "page_name", "width", "height"),
    [
        ("workbench", "", 1280, 860),
        ("programme", "programme/", 390, 844),
        ("debrief", "debrief/", 1280, 860),
    ],
)
def test_take_a_journey(
    page_as: PageAs, planned: Mission, name: str, page_name: str, width: int, height: int
) -> None:
    if page_name == "debrief/":
        # As on the way back: the days are over, and nothing is written yet.
        for meeting in planned.meetings.all():
            meeting.local_date = timezone.localdate() - timedelta(days=2)
            meeting.save()
    page = page_as("Officer", "en", "light", width)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{planned.get_absolute_url()}{page_name}")
    take(page, name)


def test_take_the_briefing_book(planned: Mission, tmp_path: Path) -> None:
    """Three of its pages side by side; needs pdftoppm (Debian: poppler-utils)."""
    client = Client()
    client.force_login(make_user("luca@example.org", "Officer", name="Luca Rossi"))
    book = client.get(f"{planned.get_absolute_url()}briefing/?format=pdf&language=en").content
    (tmp_path / "book.pdf").write_bytes(book)
    subprocess.run(["pdftoppm", "-r", "72", "-png", "book.pdf", "page"], cwd=tmp_path, check=True)
    pages = [Image.open(tmp_path / f"page-{number:02}.png") for number in (1, 4, 6)]
    width, height = pages[0].size
    sheet = Image.new("RGB", (3 * width + 40, height + 2), "#c8ccd0")
    for index, page in enumerate(pages):
        sheet.paste(page, (index * (width + 20), 1))
    sheet.save(PICTURES / "briefing-book.png")
