"""What combos offer: at most ten, in both scripts, never what is archived."""

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.combos import ComboField, ComboMultipleField
from partners.choices import CityFinder, OrganisationFinder
from tests.factories import make_affiliation, make_city, make_organisation, make_person

PARTICIPANTS = "missions:participant-choices"
ORGANISATIONS = "partners:organisation-choices"


def offered(client, url_name, typed, **parameters):
    answer = client.get(reverse(url_name), {"q": typed, **parameters})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "typed", ["finance", "FINÁNCE japan", "JFC", "日本政策", "nagoya", "名古屋", "jf"]
)
def test_an_organisation_is_found_in_both_scripts_by_short_name_and_by_city(
    officer_client, nagoya, typed
):
    make_organisation(short_name="JFC", native_name="日本政策金融公庫", city=nagoya)
    assert "Japan Finance Corporation" in offered(officer_client, ORGANISATIONS, typed)


@pytest.mark.parametrize("typed", ["tana", "Haruka T", "田辺", "たなべ", "finance"])
def test_a_person_is_found_by_any_name_and_by_employer(officer_client, typed):
    make_person(
        native_name="田辺 遥", native_reading="たなべ はるか", organisation=make_organisation()
    )
    assert "Haruka Tanabe" in offered(officer_client, "partners:person-choices", typed)


@pytest.mark.parametrize("typed", ["Genova", "genoa", "ジェノヴァ"])
def test_a_city_is_found_by_any_spelling(officer_client, genoa, typed):
    assert "Genoa, Italy" in offered(officer_client, "partners:city-choices", typed)


def test_the_largest_city_of_a_name_comes_first(officer_client):
    make_city("Santiago de Compostela", "ES", population=95_000)
    make_city("Santiago", "CL", population=4_837_000)
    found = offered(officer_client, "partners:city-choices", "santiago")
    assert found.index("Chile") < found.index("Spain")


def test_a_slip_is_forgiven_where_nothing_is_called_so(officer_client, genoa):
    make_organisation()
    make_person(organisation=make_organisation("Kinance House", kind="company"))
    assert "Japan Finance Corporation" in offered(officer_client, ORGANISATIONS, "fimance")
    assert "Kinance" not in offered(officer_client, ORGANISATIONS, "finance")
    assert "Haruka Tanabe" in offered(officer_client, PARTICIPANTS, "tanade")
    assert "Genoa, Italy" in offered(officer_client, "partners:city-choices", "Gneova")


def test_one_box_finds_organisations_and_people(officer_client):
    make_person("Kenji", "Morikawa", organisation=make_organisation())
    make_organisation("Moriyama Works")
    found = offered(officer_client, PARTICIPANTS, "mori")
    assert "Kenji Morikawa" in found
    assert "Moriyama Works" in found


def test_people_of_those_chosen_are_offered_before_anything_is_typed(officer_client):
    finance = make_organisation()
    make_person(organisation=finance)
    make_person("Emi", "Moriyama")
    found = offered(officer_client, PARTICIPANTS, "", chosen=f"organisation-{finance.pk}")
    assert "Haruka Tanabe" in found
    assert "Moriyama" not in found


def test_what_is_chosen_is_not_offered_again(officer_client):
    finance = make_organisation()
    assert "Japan Finance" not in offered(
        officer_client, PARTICIPANTS, "japan", chosen=f"organisation-{finance.pk}"
    )


def test_what_is_archived_is_never_offered(officer_client, officer):
    make_organisation("Closed Bank").archive(officer)
    make_person("Closed", "Person").archive(officer)
    found = offered(officer_client, PARTICIPANTS, "closed")
    assert "Bank" not in found
    assert "Person" not in found


@pytest.mark.parametrize("typed", ["b", "bank"])
def test_ten_at_most_for_the_same_few_queries(officer_client, typed):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            offered(officer_client, PARTICIPANTS, typed)
        return len(seen)

    make_person("Bankei", "One", organisation=make_organisation("Bank 0"))
    few = queries()
    for number in range(1, 15):
        make_person("Bankei", str(number), organisation=make_organisation(f"Bank {number}"))
    assert queries() <= few
    assert offered(officer_client, PARTICIPANTS, typed).count('role="option"') == 10


@pytest.mark.parametrize("typed", ["\x00", "'; drop table", "%", "_", "x" * 5000, "👩🏽‍🔬", "   "])
def test_absurd_text_finds_nothing_and_breaks_nothing(officer_client, typed):
    make_organisation()
    assert "Japan Finance" not in offered(officer_client, PARTICIPANTS, typed)


def test_absurd_choices_are_passed_over(officer_client):
    assert offered(officer_client, PARTICIPANTS, "", chosen="organisation-" + "9" * 40)
    assert offered(officer_client, PARTICIPANTS, "x", chosen="person-abc")


def test_strangers_are_sent_to_the_door(client):
    assert client.get(reverse(PARTICIPANTS), {"q": "a"}).status_code == 302


def test_names_are_escaped(officer_client):
    make_organisation("<b>Bold</b> & Sons")
    assert "<b>Bold" not in offered(officer_client, PARTICIPANTS, "bold")


class Visit(forms.Form):
    city = ComboField(CityFinder(), required=False)
    hosts = ComboMultipleField(OrganisationFinder(), required=False)


@pytest.mark.django_db
def test_find_keeps_what_was_typed_and_offers_the_choices(nagoya, rf):
    form = Visit(rf.post("/", {"city__typed": "nago", "find": "city"}).POST)
    html = str(form["city"])
    assert 'value="nago"' in html
    assert f'type="radio" name="city" value="{nagoya.pk}"' in html


@pytest.mark.django_db
def test_text_left_in_the_box_is_asked_about(nagoya, rf):
    form = Visit(rf.post("/", {"city__typed": "nago"}).POST)
    assert form.errors == {"city": ["“nago” is not chosen yet: choose below, or clear it."]}


@pytest.mark.django_db
def test_what_was_searched_is_answered_by_ticking_what_it_found(nagoya, rf):
    sent = {"city__typed": "nago", "city__searched": "nago", "city__offered": [nagoya.pk]}
    assert "city" in Visit(rf.post("/", sent).POST).errors
    form = Visit(rf.post("/", {**sent, "city": [nagoya.pk]}).POST)
    assert form.is_valid()
    assert form.cleaned_data["city"] == nagoya


@pytest.mark.django_db
def test_text_typed_after_ticking_is_still_asked_about(nagoya, rf):
    sent = {"city__typed": "toky", "city__searched": "nago", "city__offered": [nagoya.pk]}
    assert "city" in Visit(rf.post("/", {**sent, "city": [nagoya.pk]}).POST).errors


@pytest.mark.django_db
def test_the_choice_found_replaces_the_one_before(nagoya, tokyo, rf):
    form = Visit(rf.post("/", {"city": [tokyo.pk, nagoya.pk], "city__typed": ""}).POST)
    assert form.is_valid()
    assert form.cleaned_data["city"] == nagoya


@pytest.mark.django_db
def test_an_archived_record_stays_where_it_was_and_is_not_newly_chosen(officer, rf):
    bank = make_organisation("Closed Bank")
    bank.archive(officer)
    sent = rf.post("/", {"hosts": [bank.pk]}).POST
    assert "out of use" in Visit(sent).errors["hosts"][0]
    assert Visit(sent, initial={"hosts": [bank.pk]}).is_valid()


@pytest.mark.django_db
def test_a_person_is_shown_with_the_work_they_do_now(officer_client):
    person = make_person(organisation=make_organisation("Old Bank"))
    make_affiliation(person, make_organisation("New Bank"), is_primary=False)
    assert "Old Bank" in offered(officer_client, "partners:person-choices", "haruka")
