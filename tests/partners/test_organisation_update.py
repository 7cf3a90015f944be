"""Changing a partner."""

import pytest

from partners.models import Organisation
from tests.factories import make_organisation, make_sector

pytestmark = pytest.mark.django_db


def opened(client, organisation):
    """What a browser sends back of the untouched form."""
    form = client.get(f"/partners/{organisation.pk}/edit/").context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        data[bound.html_name] = (
            [str(getattr(each, "pk", each)) for each in value]
            if isinstance(value, list)
            else ""
            if value is None
            else str(value)
        )
    return data


def sent(client, organisation, data):
    return client.post(f"/partners/{organisation.pk}/edit/", data)


def test_a_change_is_saved_with_its_author(officer_client):
    jfc = make_organisation()
    answer = sent(officer_client, jfc, opened(officer_client, jfc) | {"short_name": "JFC"})
    assert answer.url == f"/partners/{jfc.pk}/"
    jfc.refresh_from_db()
    assert (jfc.short_name, jfc.version) == ("JFC", 2)
    assert jfc.history.first().history_user.email == "officer@example.org"


def test_saving_unchanged_makes_no_version_and_no_history(officer_client, tokyo, officer):
    jfc = make_organisation(
        city=tokyo,
        sectors=[make_sector()],
        owner=officer,
        tier=1,
        website="https://www.jfc.go.jp/",
        notes="One\ntwo",
        parent=make_organisation("Ministry of Finance"),
    )
    kept = jfc.history.count()
    data = opened(officer_client, jfc)
    data["notes"] = data["notes"].replace("\n", "\r\n")
    assert sent(officer_client, jfc, data).status_code == 302
    jfc.refresh_from_db()
    assert jfc.version == 1
    assert jfc.history.count() == kept


def test_two_people_lose_nothing_to_each_other(officer_client, steward_client):
    jfc = make_organisation()
    mine, theirs = opened(officer_client, jfc), opened(steward_client, jfc)
    sent(steward_client, jfc, theirs | {"short_name": "JFC", "email": "info@jfc.example"})
    answer = sent(officer_client, jfc, mine | {"short_name": "J.F.C.", "notes": "My notes"})
    html = answer.content.decode()
    assert "Stella Steward saved it on" in html
    assert "Their value: <b>JFC</b>" in html
    assert "My notes" in html
    jfc.refresh_from_db()
    assert (jfc.short_name, jfc.notes) == ("JFC", "")

    form = answer.context["form"]
    again = {bound.html_name: bound.value() for bound in form if bound.value()}
    assert sent(officer_client, jfc, again).status_code == 302
    jfc.refresh_from_db()
    assert (jfc.short_name, jfc.notes, jfc.email) == ("J.F.C.", "My notes", "info@jfc.example")


def test_a_change_sent_twice_is_saved_once(officer_client):
    jfc = make_organisation()
    data = opened(officer_client, jfc) | {"short_name": "JFC"}
    assert sent(officer_client, jfc, data).status_code == 302
    assert sent(officer_client, jfc, data).status_code == 302
    jfc.refresh_from_db()
    assert jfc.version == 2


def test_a_retired_sector_stays_where_it_is(officer_client):
    steel = make_sector("Steel", is_retired=True)
    jfc = make_organisation(sectors=[steel])
    sent(officer_client, jfc, opened(officer_client, jfc) | {"short_name": "JFC"})
    assert list(Organisation.objects.get(pk=jfc.pk).sectors.all()) == [steel]


def test_nothing_is_part_of_its_own_unit(officer_client):
    jfc = make_organisation()
    unit = make_organisation("JFC Research Institute", parent=jfc)
    html = sent(officer_client, jfc, opened(officer_client, jfc) | {"parent": unit.pk})
    assert "is itself part of this organisation" in html.content.decode()


def test_nothing_is_part_of_itself(officer_client):
    jfc = make_organisation()
    answer = sent(officer_client, jfc, opened(officer_client, jfc) | {"parent": jfc.pk})
    assert answer.status_code == 200


def test_a_reader_changes_none(reader_client):
    jfc = make_organisation()
    assert reader_client.get(f"/partners/{jfc.pk}/edit/").status_code == 403
    assert sent(reader_client, jfc, {"name": "X"}).status_code == 403


def test_what_is_not_there_is_not_found(officer_client):
    assert officer_client.get("/partners/999999/edit/").status_code == 404
    assert officer_client.post(f"/partners/{'9' * 30}/edit/").status_code == 404
