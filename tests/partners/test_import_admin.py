"""Files of organisations and people, read in the administration."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from partners.models import Organisation, Person
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db
ORGANISATIONS = "/admin/partners/organisation/"
PEOPLE = "/admin/partners/person/"


def send(client: Client, address: str, text: str) -> Any:
    """The file read, and what it would change."""
    file = SimpleUploadedFile("file.csv", text.encode(), content_type="text/csv")
    return client.post(f"{address}import/", {"import_file": file, "format": "0"})


def confirm(client: Client, address: str, shown: Any) -> Any:
    form = shown.context["confirm_form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return client.post(f"{address}process_import/", {**sent, "confirm": "yes"})


def test_a_file_adds_changes_and_leaves_what_is_the_same(steward_client: Client):
    jfc = make_organisation("Japan Finance Corporation", kind="finance")
    same = make_organisation("Nagoya University", kind="university")
    text = (
        "key,name,kind,country,side,phone\n"
        f"{jfc.key},Japan Finance Corporation,agency,JP,partner,'=1+1\n"
        ",Nagoya University,university,JP,partner,\n"
        ",Shibuya Start-up Support,incubator,JP,partner,+81 3 5253 1111\n"
    )
    shown = send(steward_client, ORGANISATIONS, text)
    assert "finance → agency" in shown.text
    assert Organisation.objects.count() == 2
    assert confirm(steward_client, ORGANISATIONS, shown).status_code == 302
    jfc.refresh_from_db()
    assert jfc.kind == "agency"
    new = Organisation.objects.get(name="Shibuya Start-up Support")
    assert new.phone == "+81 3 5253 1111"
    assert new.history.count() >= 1
    version = same.version
    same.refresh_from_db()
    assert same.version == version


def test_one_wrong_row_and_nothing_is_saved(steward_client: Client):
    text = (
        "name,kind,country,side\n"
        "Nagoya University,university,JP,partner\n"
        "Wrong Kind,castle,JP,partner\n"
    )
    shown = send(steward_client, ORGANISATIONS, text)
    assert "Nothing was saved" in shown.text
    assert "castle" in shown.text
    assert not Organisation.objects.exists()


def test_two_namesakes_ask_for_the_key(steward_client: Client):
    make_organisation("Chamber of Commerce")
    make_organisation("Chamber of Commerce")
    text = "name,kind,country,side\nChamber of Commerce,chamber,JP,partner\n"
    assert "give the key" in send(steward_client, ORGANISATIONS, text).text


def test_people_come_in_too(steward_client: Client):
    text = (
        "given_name,family_name,native_name,name_order,contact_preference\n"
        "Haruka,Tanabe,田辺 遥,given,any\n"
    )
    shown = send(steward_client, PEOPLE, text)
    assert confirm(steward_client, PEOPLE, shown).status_code == 302
    assert Person.objects.get().native_name == "田辺 遥"


def test_only_stewards_import(officer_client: Client):
    assert officer_client.get(f"{ORGANISATIONS}import/").status_code == 403
    assert "/import/" not in officer_client.get(ORGANISATIONS).text


def test_a_person_is_matched_by_the_names_that_the_file_has(steward_client: Client):
    haruka = make_person("Haruka", "Tanabe", native_name="田辺 遥")
    text = "given_name,family_name,languages\nHaruka,Tanabe,ja\n"
    confirm(steward_client, PEOPLE, send(steward_client, PEOPLE, text))
    haruka.refresh_from_db()
    assert (haruka.languages, haruka.native_name) == ("ja", "田辺 遥")
    assert Person.objects.count() == 1
