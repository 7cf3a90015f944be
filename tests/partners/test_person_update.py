"""Changing a person and where they work."""

from datetime import date

import pytest

from partners.models import Affiliation, Person
from tests.factories import make_affiliation, make_organisation, make_person

pytestmark = pytest.mark.django_db


def values(form):
    return {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}


def opened(client, person):
    """What a browser sends back of the untouched form."""
    context = client.get(f"/people/{person.pk}/edit/").context
    lines = context["parts"]["affiliations"]
    data = values(context["form"]) | values(lines.management_form)
    for line in lines:
        data |= values(line)
    return {name: "on" if value is True else str(value) for name, value in data.items()}


def sent(client, person, data):
    return client.post(f"/people/{person.pk}/edit/", data)


@pytest.fixture
def haruka():
    person = make_person(organisation=make_organisation(), job_title="Director")
    make_affiliation(person, make_organisation("Bank of Japan"), until=date(2024, 3, 31))
    return person


def test_saving_unchanged_makes_no_version_and_no_history(officer_client, haruka):
    kept = (Person.history.count(), Affiliation.history.count())
    assert sent(officer_client, haruka, opened(officer_client, haruka)).status_code == 302
    haruka.refresh_from_db()
    assert haruka.version == 1
    assert (Person.history.count(), Affiliation.history.count()) == kept


def test_a_changed_line_makes_a_new_version_of_the_person(officer_client, haruka):
    data = opened(officer_client, haruka) | {"affiliations-0-job_title": "Managing director"}
    assert sent(officer_client, haruka, data).status_code == 302
    haruka.refresh_from_db()
    assert haruka.version == 2
    assert haruka.primary_affiliation().job_title == "Managing director"


def test_a_move_keeps_the_history(officer_client, haruka):
    osaka = make_organisation("Osaka Gas")
    data = opened(officer_client, haruka)
    data.pop("affiliations-0-is_primary")
    data |= {
        "affiliations-0-until": "2026-03-31",
        "affiliations-2-organisation": str(osaka.pk),
        "affiliations-2-is_primary": "on",
        "affiliations-TOTAL_FORMS": "3",
    }
    assert sent(officer_client, haruka, data).status_code == 302
    assert haruka.affiliations.count() == 3
    assert haruka.primary_affiliation().organisation == osaka
    haruka.refresh_from_db()
    assert haruka.sort_organisation == "osaka gas"


def test_the_primary_one_can_change_places(officer_client, haruka):
    make_affiliation(haruka, make_organisation("Osaka Gas"))
    data = opened(officer_client, haruka)
    data.pop("affiliations-0-is_primary")
    lines = [name for name, value in data.items() if name.endswith("-organisation")]
    osaka = next(
        name
        for name in lines
        if Affiliation.objects.get(pk=data[name.replace("organisation", "id")]).organisation.name
        == "Osaka Gas"
    )
    data[osaka.replace("organisation", "is_primary")] = "on"
    assert sent(officer_client, haruka, data).status_code == 302
    assert haruka.primary_affiliation().organisation.name == "Osaka Gas"
    assert haruka.affiliations.filter(is_primary=True).count() == 1


def test_a_removed_line_goes_and_stays_in_the_history(officer_client, haruka):
    data = opened(officer_client, haruka) | {"affiliations-1-DELETE": "on"}
    sent(officer_client, haruka, data)
    assert haruka.affiliations.count() == 1
    assert Affiliation.history.filter(history_type="-").count() == 1


def test_who_saves_second_is_told_of_lines_added_changed_and_removed(
    officer_client, steward_client, haruka
):
    mine, theirs = opened(officer_client, haruka), opened(steward_client, haruka)
    osaka = make_organisation("Osaka Gas")
    theirs |= {
        "affiliations-0-job_title": "Managing director",
        "affiliations-1-DELETE": "on",
        "affiliations-2-organisation": str(osaka.pk),
        "affiliations-TOTAL_FORMS": "3",
    }
    assert sent(steward_client, haruka, theirs).status_code == 302
    answer = sent(officer_client, haruka, mine | {"notes": "Speaks Italian"})
    html = answer.content.decode()
    assert "Stella Steward saved it on" in html
    said = html[html.index('id="conflict"') : html.index("<fieldset")]
    assert "added: Osaka Gas" in said
    assert "changed: Managing director, Japan Finance Corporation" in said
    assert "removed: Bank of Japan" in said
    assert "Speaks Italian" in html
    haruka.refresh_from_db()
    assert haruka.notes == ""


def test_a_new_line_sent_twice_is_saved_once(officer_client, haruka):
    osaka = make_organisation("Osaka Gas")
    data = opened(officer_client, haruka) | {
        "affiliations-2-organisation": str(osaka.pk),
        "affiliations-2-job_title": "Adviser",
        "affiliations-TOTAL_FORMS": "3",
    }
    assert sent(officer_client, haruka, data).status_code == 302
    assert sent(officer_client, haruka, data).status_code == 302
    assert haruka.affiliations.count() == 3
    haruka.refresh_from_db()
    assert haruka.version == 2


def test_a_line_of_another_person_is_not_taken(officer_client, haruka):
    other = make_person("Kenji", "Morikawa", make_organisation("Osaka Gas"))
    line = other.affiliations.get()
    data = opened(officer_client, haruka) | {"affiliations-0-id": str(line.pk)}
    sent(officer_client, haruka, data)
    line.refresh_from_db()
    assert line.person == other


def test_the_form_asks_as_much_of_the_database_for_twenty_lines_as_for_one(
    officer_client, django_assert_max_num_queries
):
    counts = []
    for number in (1, 20):
        person = make_person(f"Given{number}")
        for each in range(number):
            make_affiliation(
                person, make_organisation(f"Bank {number} {each}"), until=date(2020, 1, 1)
            )
        with django_assert_max_num_queries(60) as queries:
            assert officer_client.get(f"/people/{person.pk}/edit/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_reader_changes_none(reader_client, haruka):
    assert reader_client.get(f"/people/{haruka.pk}/edit/").status_code == 403
    assert sent(reader_client, haruka, {}).status_code == 403
