"""The shell round every page: the side, the top, messages and the pages of errors."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

import crm
from crm.navigation import PAGES, STEWARDSHIP, address
from tests.factories import make_followup, make_organisation

pytestmark = pytest.mark.django_db

ROOT = Path(crm.__file__).parent.parent


def test_the_side_links_only_pages_that_exist(administrator_client):
    page = administrator_client.get("/").content.decode()
    for entry in (*PAGES, *STEWARDSHIP):
        assert (f'<a href="{address(entry.url_name)}"' in page) == bool(address(entry.url_name))


def test_a_reader_sees_neither_the_administration_nor_the_exports(reader_client):
    page = reader_client.get("/").content.decode()
    assert 'href="/admin/"' not in page
    assert 'href="/exports/"' not in page


def test_where_one_is_is_marked(reader_client):
    page = reader_client.get("/preferences/").content.decode()
    assert 'aria-current="page"' not in page
    assert '<a href="/" aria-current="page">' in reader_client.get("/").content.decode()


def test_the_side_counts_the_follow_ups_i_am_late_with(officer, steward, officer_client):
    yesterday = timezone.localdate() - timedelta(days=1)
    jfc = make_organisation()
    make_followup(organisation=jfc, assignee=officer, due_on=yesterday)
    make_followup(organisation=jfc, assignee=officer, due_on=timezone.localdate())
    make_followup(organisation=jfc, assignee=officer, due_on=yesterday, done_at=timezone.now())
    make_followup(organisation=jfc, assignee=steward, due_on=yesterday)
    response = officer_client.get("/preferences/")
    assert response.context["overdue_count"] == 1


def test_the_shell_costs_few_queries(officer_client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        officer_client.get("/accounts/password/change/")


def test_a_page_names_its_language_and_can_be_skipped_into(reader_client):
    page = reader_client.get("/").content.decode()
    assert '<html lang="en">' in page
    assert page.index('href="#page"') < page.index("<nav")


def test_the_footer_credits_geonames_and_says_the_version(reader_client):
    page = reader_client.get("/").content.decode()
    assert "https://www.geonames.org/" in page
    assert "CC BY 4.0" in page
    assert f"Ponti {crm.__version__}" in page


def test_the_version_is_the_projects():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == crm.__version__


def test_a_message_can_be_undone():
    message = Message(constants.SUCCESS, "Marked done.", extra_tags="undo:/follow-ups/3/reopen/")
    request = RequestFactory().get("/follow-ups/?mine=1")
    page = render_to_string("includes/messages.html", {"messages": [message]}, request)
    assert '<form method="post" action="/follow-ups/3/reopen/">' in page
    assert 'value="/follow-ups/?mine=1"' in page


def test_a_page_that_does_not_exist_says_so(reader_client):
    response = reader_client.get("/nowhere/")
    assert response.status_code == 404
    assert "This page doesn’t exist" in response.content.decode()


def test_a_form_from_elsewhere_is_refused_in_words():
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
    assert "The form was open too long" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_pages_of_last_resort_need_no_request_and_no_database(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = engines["django"].get_template(name).render()
    assert "</html>" in page


def test_no_template_has_a_style_or_a_script_of_its_own():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert " onclick=" not in text, path
        assert "<script>" not in text, path


LITERAL_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|oklch|oklab)\(|:\s*(white|black)\b")


def test_colours_are_named_in_one_file():
    for path in (ROOT / "crm/static/css").glob("*.css"):
        if path.name != "tokens.css":
            found = LITERAL_COLOUR.search(path.read_text())
            assert not found, f"{found} in {path}"
