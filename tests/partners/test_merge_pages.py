"""The pages where records become one, and where that is undone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.models import Job
from partners.merging import counting
from partners.merging.working import join_later
from partners.models import Merge, Organisation, Person
from partners.views import merging
from tests.factories import (
    make_affiliation,
    make_agreement,
    make_city,
    make_followup,
    make_meeting,
    make_merge,
    make_organisation,
    make_person,
)

pytestmark = pytest.mark.django_db


def twins() -> tuple[Organisation, Organisation]:
    one = make_organisation(tier=1, notes="First.")
    two = make_organisation("JFC Corp.", email="info@jfc.example", tier=2, notes="Second.")
    make_meeting([one])
    return one, two


def sent(page: Any, **more: str) -> dict[str, Any]:
    """What the browser sends of the page as it stands."""
    data: dict[str, Any] = {}
    for line in page.content.decode().split("<input")[1:]:
        entry = line.split(">")[0]
        found = dict(
            part.split('="', 1)
            for part in entry.replace('" ', '"\n').rstrip('"').split("\n")
            if '="' in part
        )
        found = {name.strip(): value.rstrip('" ') for name, value in found.items()}
        is_set = (
            "checked" in entry if found.get("type") == "radio" else found.get("type") == "hidden"
        )
        if is_set and "name" in found:
            data.setdefault(found["name"], []).append(found["value"])
    return {**data, **more}


def page_of(client: Client, one: Any, *others: Any) -> Any:
    path = "people" if isinstance(one, Person) else "partners"
    return client.get(f"/{path}/{one.pk}/merge/", {"with": [other.pk for other in others]})


def test_it_asks_first_whom(steward_client):
    one = make_organisation()
    html = steward_client.get(f"/partners/{one.pk}/merge/").content.decode()
    assert "Up to nine that are the same one." in html


def test_only_what_differs_has_to_be_chosen(steward_client):
    one, two = twins()
    html = page_of(steward_client, one, two).content.decode()
    assert "Merge 2 records into one" in html
    assert "4 fields differ" in html
    assert 'name="take-email"' in html
    assert 'name="take-kind"' not in html


def test_what_points_at_each_is_said_as_people_would_say_it(steward_client):
    one, two = twins()
    make_agreement(organisations=[one])
    make_affiliation(make_person(), two)
    html = page_of(steward_client, one, two).content.decode()
    assert "<li>1 agreement</li><li>1 meeting</li>" in html
    assert "<li>1 person’s post</li>" in html


def test_the_one_with_more_links_is_proposed_with_the_fullest_fields(steward_client):
    one, two = twins()
    data = sent(page_of(steward_client, two, one))
    assert data["survivor"] == [str(one.pk)]
    assert data["take-name"] == [str(one.pk)]
    assert data["take-email"] == [str(two.pk)]
    assert data["take-notes"] == ["both"]


def test_records_of_the_same_name_are_told_apart_by_their_numbers(steward_client):
    one, other = twins()
    assert f"number {other.pk}" not in page_of(steward_client, one, other).content.decode()
    twin = make_organisation(email="info@jfc.example")
    page = page_of(steward_client, one, twin).content.decode()
    assert page.count(f"number {one.pk} ") == page.count(f"number {twin.pk} ") == 1


def test_sent_they_are_one_and_it_can_be_undone_at_once(steward_client):
    one, two = twins()
    url = f"/partners/{one.pk}/merge/"
    data = sent(page_of(steward_client, one, two), **{"take-name": str(two.pk)})
    answer = steward_client.post(url, data, follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/partners/{one.pk}/"
    assert "JFC Corp.: merged into JFC Corp." in html
    assert f"/merges/{Merge.objects.get().pk}/undo/" in html
    one.refresh_from_db()
    assert (one.name, one.tier, one.email) == ("JFC Corp.", 1, "info@jfc.example")


def test_sent_twice_it_is_done_once(steward_client):
    one, two = twins()
    data = sent(page_of(steward_client, one, two))
    for _time in range(2):
        answer = steward_client.post(f"/partners/{one.pk}/merge/", data, follow=True)
    assert "This had been done already." in answer.content.decode()
    assert Merge.objects.count() == 1


def test_a_record_merged_by_somebody_else_meanwhile_is_said(steward_client, officer):
    one, two = twins()
    data = sent(page_of(steward_client, one, two))
    make_merge(officer, make_organisation("Filse"), two)
    html = steward_client.post(f"/partners/{one.pk}/merge/", data).content.decode()
    assert "“JFC Corp.” was merged into “Filse” meanwhile. Nothing was merged." in html
    assert Merge.objects.count() == 1


def test_what_somebody_changed_meanwhile_is_said(steward_client):
    one, two = twins()
    data = sent(page_of(steward_client, one, two))
    two.phone = "+81 3 5253 1111"
    two.save()
    html = steward_client.post(f"/partners/{one.pk}/merge/", data).content.decode()
    assert "Changed meanwhile by somebody else: JFC Corp.. Nothing was merged." in html
    assert "<b>Phone</b>: <del>empty</del> → <ins>+81 3 5253 1111</ins>" in html
    assert not Merge.objects.exists()


def test_merging_with_itself_is_refused(steward_client):
    one, _two = twins()
    url = f"/partners/{one.pk}/merge/"
    for answer in (
        steward_client.get(url, {"with": one.pk}),
        steward_client.post(url, {"with": one.pk}),
    ):
        assert "can’t be merged with itself" in answer.content.decode()


@pytest.mark.parametrize("given", ["0", "999999", "x", "99999999999999999999", "1\0"])
def test_an_address_with_nobody_in_it_asks_whom(steward_client, given):
    one, _two = twins()
    answer = steward_client.get(f"/partners/{one.pk}/merge/", {"with": given})
    assert "Up to nine that are the same one." in answer.content.decode()


def test_two_people_become_one(steward_client):
    one, two = make_person(), make_person("H.", mobile="+81 90 1234 5678")
    data = sent(page_of(steward_client, one, two))
    steward_client.post(f"/people/{one.pk}/merge/", data)
    assert [person.mobile for person in Person.objects.active()] == ["+81 90 1234 5678"]


@pytest.mark.parametrize("page", ["", "edit/", "merge/", "?show=meetings"])
def test_the_old_address_leads_to_the_survivor(steward_client, steward, page):
    one, two = twins()
    make_merge(steward, one, two)
    answer = steward_client.get(f"/partners/{two.pk}/{page}", follow=True)
    assert answer.redirect_chain[-1][0] == f"/partners/{one.pk}/{page}"
    assert "JFC Corp. was merged into Japan Finance Corporation." in answer.content.decode()


@pytest.mark.parametrize("page", ["/", ".vcf", "/photo/", "/edit/"])
def test_an_old_address_of_a_person_leads_to_the_survivor(steward_client, steward, page):
    one, two = make_person(), make_person("Hana")
    make_merge(steward, one, two)
    answer = steward_client.get(f"/people/{two.pk}{page}")
    assert answer["Location"] == f"/people/{one.pk}{page}"


def test_what_was_typed_into_an_old_form_is_not_lost(steward_client, steward):
    one, two = twins()
    make_merge(steward, one, two)
    answer = steward_client.post(
        f"/partners/{two.pk}/edit/", {"name": "JFC Nagoya", "version": "2"}
    )
    html = answer.content.decode()
    assert "JFC Corp. was merged into Japan Finance Corporation meanwhile" in html
    assert 'value="JFC Nagoya"' in html
    assert "Save again" not in html
    two.refresh_from_db()
    assert two.name == "JFC Corp."


def test_a_record_that_was_merged_is_in_no_list_not_even_the_archived(steward_client, steward):
    one, two = twins()
    make_merge(steward, one, two)
    for address in ("/partners/?archived=1", "/partners/"):
        assert "JFC Corp." not in steward_client.get(address).content.decode()


def test_it_is_not_restored_alone(steward_client, steward):
    one, two = twins()
    make_merge(steward, one, two)
    answer = steward_client.post(f"/partners/{two.pk}/restore/", follow=True)
    assert "undo that merge to bring it back" in answer.content.decode()
    two.refresh_from_db()
    assert two.is_archived


def test_the_page_of_a_merge_says_what_moved_and_undoes_it(steward_client, steward):
    one, two = twins()
    make_followup(two)
    made = make_merge(steward, one, two)
    html = steward_client.get(f"/merges/{made.pk}/").content.decode()
    assert "<li>1 follow-up</li>" in html
    assert "<b>E-mail</b>: <del>empty</del> → <ins>info@jfc.example</ins>" in html
    assert "Until 20 February 2027" in html
    answer = steward_client.post(f"/merges/{made.pk}/undo/", follow=True)
    assert "Undone: all is as it was before the merge." in answer.content.decode()
    assert "Undone on 22 November 2026 by Stella Steward." in answer.content.decode()
    assert Organisation.objects.active().count() == 2


def test_the_list_of_merges_says_what_became_one(steward_client, steward):
    make_merge(steward, *twins())
    assert "with JFC Corp." in steward_client.get("/merges/").content.decode()


def test_what_both_had_is_said_to_be_there_once(steward_client, steward):
    one, two = make_person(), make_person("Hana")
    make_meeting([make_organisation()], [one, two])
    made = make_merge(steward, one, two)
    html = steward_client.get(f"/merges/{made.pk}/").content.decode()
    assert "is there once" in html
    assert "Nothing pointed at the others." not in html


def test_what_stays_is_said_on_the_page(steward_client, steward):
    one, two = twins()
    made = make_merge(steward, one, two)
    one.refresh_from_db()
    one.email = "new@jfc.example"
    one.save()
    html = steward_client.post(f"/merges/{made.pk}/undo/").content.decode()
    assert "Nothing is undone yet." in html
    assert "(e-mail): changed since: it stays as it is" in html
    assert Organisation.objects.active().count() == 1
    answer = steward_client.post(f"/merges/{made.pk}/undo/", {"sure": "1"}, follow=True)
    assert "What stayed when it was undone" in answer.content.decode()
    assert Organisation.objects.active().count() == 2


def test_a_merge_of_long_ago_is_for_good(steward_client, steward):
    made = make_merge(steward, *twins())
    Merge.objects.update(created_at=made.created_at - timedelta(days=91))
    answer = steward_client.post(f"/merges/{made.pk}/undo/", follow=True)
    assert "It could be undone until 21 November 2026." in answer.content.decode()
    assert "For good" in steward_client.get("/merges/").content.decode()


def test_a_long_list_of_merges_costs_no_more_queries(
    steward_client, steward, django_assert_num_queries
):
    make_merge(steward, make_person(), make_person("Hana"))
    steward_client.get("/merges/")
    with CaptureQueriesContext(connection) as counted:
        steward_client.get("/merges/")
    for _number in range(19):
        make_merge(steward, make_person(), make_person("Hana"))
    with django_assert_num_queries(len(counted)):
        steward_client.get("/merges/")


def test_much_is_moved_in_the_background(steward_client, monkeypatch):
    monkeypatch.setattr(merging, "AT_ONCE", 0)
    one, two = twins()
    make_followup(two)
    data = sent(page_of(steward_client, one, two))
    answer = steward_client.post(f"/partners/{one.pk}/merge/", data)
    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    assert counting.AT_ONCE == 500


@pytest.mark.parametrize(("count", "said"), [(1, True), (2, False)])
def test_selected_records_of_the_admin_go_to_the_page(steward_client, count, said):
    one, two = twins()
    ids = [one.pk, two.pk][:count]
    answer = steward_client.post(
        "/admin/partners/organisation/", {"action": "merge_selected", "_selected_action": ids}
    )
    if said:
        page = steward_client.get(answer["Location"])
        assert "Choose from 2 to 10 records to merge." in page.content.decode()
    else:
        assert answer["Location"] == f"/partners/{one.pk}/merge/?with={two.pk}"


def test_the_admin_says_that_a_record_was_merged(steward_client, steward):
    one, two = twins()
    make_merge(steward, one, two)
    page = steward_client.get(f"/admin/partners/organisation/{two.pk}/change/")
    assert "was merged into Japan Finance Corporation" in page.content.decode()
    restored = steward_client.post(f"/admin/partners/organisation/{two.pk}/restore/", follow=True)
    assert "undo that merge to bring it back" in restored.content.decode()


def test_an_officer_is_offered_no_merge(officer_client, steward_client):
    one = make_organisation()
    assert "Merge …" not in officer_client.get(f"/partners/{one.pk}/").content.decode()
    assert "Merge …" in steward_client.get(f"/partners/{one.pk}/").content.decode()


def test_what_several_of_many_say_is_asked_once(steward_client):
    records = [make_organisation(f"Osaka Hub {number}") for number in range(4)]
    Organisation.objects.filter(pk__in=[one.pk for one in records[:3]]).update(phone="06 5555 0101")
    html = page_of(steward_client, *records).content.decode()
    assert html.count('name="take-phone"') == 2
    assert html.count('name="take-name"') == 4


def test_each_is_shown_with_its_place(steward_client):
    one, two = (make_organisation("Osaka Hub", city=make_city(name)) for name in ("Osaka", "Kobe"))
    html = page_of(steward_client, one, two).content.decode()
    for record in (one, two):
        assert str(record.place) in html


def test_how_far_a_long_merge_is_is_told_while_it_is_open(steward_client, steward, monkeypatch):
    monkeypatch.setattr(merging, "AT_ONCE", 0)
    one, two = twins()
    for _number in range(3):
        make_followup(two)
    told: list[int] = []
    monkeypatch.setattr(Job, "tell", lambda job: told.append(job.steps_done))
    job = Job.objects.create(user=steward, title="Merge")
    wish = {"survivor": one.pk, "others": [two.pk], "versions": {}, "picks": {}}
    join_later.call(key=str(job.key), label="partners.organisation", wish=wish)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert told == sorted(told)
    assert 0 < told[1] < job.steps
    two.refresh_from_db()
    assert two.merged_into == one


def test_before_much_is_undone_one_is_asked_too(steward_client, steward, monkeypatch):
    monkeypatch.setattr(merging, "AT_ONCE", 0)
    one, two = twins()
    make_followup(two)
    made = make_merge(steward, one, two)
    one.refresh_from_db()
    one.email = "new@jfc.example"
    one.save()
    url = f"/merges/{made.pk}/undo/"
    for data, is_undone in (({}, False), ({"sure": "1"}, True)):
        steward_client.post(url, data)
        job = Job.objects.latest("pk")
        made.refresh_from_db()
        assert bool(made.undone_at) is is_undone
        if not is_undone:
            assert "Japan Finance Corporation was changed since" in job.problem
            assert "Undo the rest" in steward_client.get(job.back_url).content.decode()


def test_notes_of_one_alone_are_not_offered_one_after_the_other(steward_client):
    one, two = make_organisation(notes="First."), make_organisation("JFC Corp.")
    assert "one after the other" not in page_of(steward_client, one, two).content.decode()


def test_a_name_that_ends_in_a_full_stop_ends_the_sentence(steward_client, steward):
    one, two = make_organisation("Filse S.p.A."), make_organisation("Filse")
    make_merge(steward, one, two)
    html = steward_client.get(f"/partners/{two.pk}/", follow=True).content.decode()
    assert "Filse was merged into Filse S.p.A.<" in html.replace("\n", "").replace(" <", "<")
