"""Making a person, with where they work."""

import re

import pytest

from partners.models import Affiliation, Person
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db
URL = "/people/new/"


def sent(client, lines=(), **values):
    found = re.search(r'name="token" value="([^"]+)"', client.get(URL).content.decode())
    data = {
        "given_name": "Haruka",
        "family_name": "Tanabe",
        "name_order": "given",
        "contact_preference": "any",
        "token": found.group(1) if found else "",
        "affiliations-TOTAL_FORMS": str(len(lines)),
        "affiliations-INITIAL_FORMS": "0",
        **values,
    }
    for index, line in enumerate(lines):
        data |= {f"affiliations-{index}-{name}": value for name, value in line.items()}
    return client.post(URL, data)


def test_a_name_is_enough(officer_client):
    answer = sent(officer_client)
    haruka = Person.objects.get()
    assert answer.url == f"/people/{haruka.pk}/"
    assert not haruka.affiliations.exists()


def test_no_name_at_all_is_refused_in_the_constraints_words(officer_client):
    html = sent(officer_client, given_name="", family_name="").content.decode()
    assert "A person needs a name." in html
    assert not Person.objects.exists()


def test_where_they_work_is_saved_with_them_and_one_is_primary(officer_client):
    jfc, bank = make_organisation(), make_organisation("Bank of Japan")
    lines = [
        {"organisation": bank.pk, "since": "2020-04-01", "until": "2024-03-31"},
        {"organisation": jfc.pk, "job_title": "Director"},
        {},
    ]
    sent(officer_client, lines)
    haruka = Person.objects.get()
    assert haruka.affiliations.count() == 2
    assert haruka.primary_affiliation().organisation == jfc  # type: ignore[union-attr]
    assert haruka.sort_organisation == "japan finance corporation"


def test_another_line_is_added_without_saving_or_judging(officer_client):
    html = sent(officer_client, [{"job_title": "Director"}], more="affiliations").content.decode()
    assert 'name="affiliations-1-job_title"' in html
    assert 'value="Director"' in html
    assert "This field is required" not in html
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"job_title": "Director"}, "This field is required."),
        ({"since": "2025-02-01", "until": "2024-01-01"}, "The affiliation ends before it starts."),
        ({"since": "2025-02-30"}, "February has 28 days."),
        ({"since": "99/2025"}, "“99/2025” is not a date."),
        ({"job_title": "x" * 300}, "at most 200 characters (it has 300)"),
        ({"job_title": "a\0b"}, "Null characters are not allowed."),
        ({"organisation": "9" * 40}, "Select a valid choice."),
        (
            {"until": "2020-01-01", "is_primary": "on"},
            "An affiliation that has ended is not primary",
        ),
        ({"organisation__typed": "Nobody"}, "Nothing is found for “Nobody”"),
    ],
)
def test_a_wrong_line_saves_nothing_and_says_why(officer_client, line, message):
    jfc = make_organisation()
    if set(line) != {"job_title"} or len(line["job_title"]) > 20:
        line = {"organisation": jfc.pk, **line}
    html = sent(officer_client, [line]).content.decode()
    assert message in html
    assert not Person.objects.exists()


def test_two_primary_affiliations_are_refused(officer_client):
    jfc, bank = make_organisation(), make_organisation("Bank of Japan")
    lines = [{"organisation": each.pk, "is_primary": "on"} for each in (jfc, bank)]
    assert "Only one affiliation is primary." in sent(officer_client, lines).content.decode()
    assert not Person.objects.exists()


@pytest.mark.parametrize("total", ["", "abc", "9" * 30, "\0"])
def test_a_damaged_form_saves_nothing(officer_client, total):
    answer = sent(officer_client, **{"affiliations-TOTAL_FORMS": total})
    assert answer.status_code == 200
    assert not Person.objects.exists()


def test_a_form_sent_twice_makes_one_person(officer_client):
    jfc = make_organisation()
    first = sent(
        officer_client, [{"organisation": jfc.pk}], token="5a0f6c1e-1111-4222-8333-444455556666"
    )
    second = sent(
        officer_client, [{"organisation": jfc.pk}], token="5a0f6c1e-1111-4222-8333-444455556666"
    )
    assert first.url == second.url
    assert (Person.objects.count(), Affiliation.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("theirs", "ours", "reason"),
    [
        ({"email": "H.Tanabe@jfc.example"}, {"email": "h.tanabe@jfc.example"}, "the same e-mail"),
        ({"native_name": "田辺 遥"}, {"native_name": "田辺 遥"}, "the same native name"),
        ({"given_name": "TANABE", "family_name": "Haruka"}, {}, "family and given name swapped"),
    ],
)
def test_a_likely_duplicate_is_warned_about_with_the_reason(officer_client, theirs, ours, reason):
    known = make_person(**{"given_name": "Other", "family_name": "Name", **theirs})
    html = sent(officer_client, **ours).content.decode()
    assert f"/people/{known.pk}/" in html
    assert reason in html
    assert Person.objects.count() == 1
    sent(officer_client, **ours, anyway="1")
    assert Person.objects.count() == 2


def test_from_a_partners_page_the_organisation_is_filled_in(officer_client):
    jfc = make_organisation()
    html = officer_client.get(f"{URL}?organisation={jfc.pk}").content.decode()
    assert "Japan Finance Corporation" in html


@pytest.mark.parametrize("asked", ["abc", "9" * 30, "\0", "-1", ""])
def test_an_organisation_that_makes_no_sense_is_left_out(officer_client, asked):
    assert officer_client.get(URL, {"organisation": asked}).status_code == 200


def test_right_to_left_and_emoji_are_names_too(officer_client):
    sent(officer_client, given_name="ליאור", family_name="🤝 الأحمد")
    assert Person.objects.get().name == "ליאור 🤝 الأحمد"


def test_a_reader_makes_none(reader_client):
    assert reader_client.get(URL).status_code == 403
    assert reader_client.post(URL, {"given_name": "Haruka"}).status_code == 403


def test_a_short_name_is_found_among_many_that_hold_it(officer_client):
    known = make_person("An", "Li")
    for number in range(25):
        make_person(f"Lia{number}", "Aran")
    html = sent(officer_client, given_name="An", family_name="Li").content.decode()
    assert f"/people/{known.pk}/" in html
    assert "/people/" + str(known.pk + 1) not in html
