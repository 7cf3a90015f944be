"""A person as a vCard 4, unfolded and read back here: names in both scripts, and what stays out."""

import base64
import io
import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from crm.models import Export, User
from missions.models import Delegate
from partners.models import Organisation, Person
from tests.factories import make_city, make_organisation, make_person
from tests.journeys import Journey

pytestmark = pytest.mark.django_db

Line = tuple[str, dict[str, str], str]


def read(body: bytes) -> list[list[Line]]:
    """The cards of a file: every line as its name, its parameters and its value, unescaped."""
    assert body.endswith(b"\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 75
    assert all(piece.decode() or not piece for piece in body.split(b"\r\n"))  # none is split
    found: list[list[Line]] = []
    for line in re.sub(r"\r\n[ \t]", "", body.decode()).split("\r\n")[:-1]:
        head, value = re.fullmatch(r'((?:[^":]|"[^"]*")+):(.*)', line).groups()  # type: ignore[union-attr]
        name, *rest = re.findall(r'(?:[^";]|"[^"]*")+', head)
        if line == "BEGIN:VCARD":
            found.append([])
        found[-1].append((name, dict(one.split("=", 1) for one in rest), value))
    return found


def values(card: list[Line], name: str, **parameters: str) -> list[str]:
    return [
        value
        for each, given, value in card
        if each == name and all(given.get(key) == wanted for key, wanted in parameters.items())
    ]


@pytest.fixture
def jfc(db: None) -> Organisation:
    return make_organisation(
        "Japan Finance Corporation",
        make_city("Tokyo"),
        native_name="日本政策金融公庫",
        website="https://www.jfc.example",
    )


@pytest.fixture
def tanabe(jfc: Organisation) -> Person:
    return make_person(
        "Haruka",
        "Tanabe",
        jfc,
        "Director, International",
        native_name="田辺 遥",
        native_reading="たなべ はるか",
        name_order="family",
        form_of_address="Dr",
        languages="ja, en",
        email="tanabe@example.jp",
        phone="+81 3 5253 1112",
        mobile="090-1234-5678",
        notes="Internal: likes fishing",
        source="A business card",
    )


def the_card(client: Client, person: Person) -> list[Line]:
    response = client.get(f"/people/{person.pk}.vcf")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    (card,) = read(response.content)
    return card


def test_the_name_is_there_in_both_scripts_and_as_it_is_read(
    officer_client: Client, tanabe: Person
) -> None:
    card = the_card(officer_client, tanabe)
    assert card[0][0] == "BEGIN"
    assert card[1] == ("VERSION", {}, "4.0")
    assert values(card, "FN", LANGUAGE="ja-Latn") == ["Tanabe Haruka"]
    assert values(card, "FN", LANGUAGE="ja") == ["田辺 遥"]
    latin, native, read_as = [line for line in card if line[0] == "N"]
    assert latin[2] == "Tanabe;Haruka;;Dr;"
    assert (native[2], native[1]["SORT-AS"]) == ("田辺;遥;;;", '"たなべ,はるか"')
    assert read_as[2] == "たなべ;はるか;;;"
    assert (read_as[1]["PHONETIC"], read_as[1]["SCRIPT"]) == ("script", "Hira")
    assert {line[1]["ALTID"] for line in (latin, native, read_as)} == {"1"}
    assert values(card, "X-PHONETIC-LAST-NAME") == ["たなべ"]
    assert values(card, "X-PHONETIC-FIRST-NAME") == ["はるか"]


def test_it_says_where_they_work_and_how_they_are_reached(
    officer_client: Client, tanabe: Person
) -> None:
    card = the_card(officer_client, tanabe)
    assert values(card, "ORG") == ["Japan Finance Corporation", "日本政策金融公庫"]
    assert values(card, "TITLE") == [r"Director\, International"]
    assert values(card, "EMAIL") == ["tanabe@example.jp"]
    assert values(card, "TEL") == ["tel:+819012345678", "tel:+81352531112"]
    assert values(card, "LANG", PREF="1") == ["ja"]
    assert values(card, "URL") == ["https://www.jfc.example"]
    assert values(card, "ADR") == [";;;Tokyo;;;Japan"]
    assert values(card, "UID") == [f"urn:uuid:{tanabe.key}"]
    assert values(card, "KIND") == ["individual"]
    assert re.fullmatch(r"\d{8}T\d{6}Z", values(card, "REV")[0])
    assert "fishing" not in str(card)


def test_marks_and_breaks_in_names_stay_in_their_value(officer_client: Client) -> None:
    place = make_organisation("Ricerca; Sviluppo, S.p.A.\\ 🤝\nEND:VCARD")
    person = make_person("Anna\r\nTEL:+39", 'D"Este', place, phone="n. 5")
    card = the_card(officer_client, person)
    assert values(card, "FN") == ['Anna TEL:+39 D"Este']
    assert values(card, "ORG") == [r"Ricerca\; Sviluppo\, S.p.A.\\ 🤝 END:VCARD"]
    assert values(card, "TEL", VALUE="text") == ["n. 5"]
    (name,) = [line for line in card if line[0] == "N"]
    assert name[1]["SORT-AS"] == '"D^\'Este,Anna TEL:+39"'


def test_long_japanese_lines_are_folded_between_characters(officer_client: Client) -> None:
    place = make_organisation("東京都立産業技術研究センター" * 10)
    card = the_card(officer_client, make_person("", "", place, native_name="田辺 遥"))
    assert values(card, "ORG") == [place.name]
    assert values(card, "FN", LANGUAGE="ja") == ["田辺 遥"]
    assert values(card, "N") == ["田辺;遥;;;"]


@pytest.mark.parametrize("why", ["archived", "not to be contacted"])
def test_of_who_is_archived_or_not_to_be_contacted_only_name_and_organisation(
    officer_client: Client, officer: User, tanabe: Person, why: str
) -> None:
    if why == "archived":
        tanabe.archive(officer, "Retired")
    else:
        tanabe.contact_preference = Person.ContactPreference.NONE
        tanabe.save()
    names = {line[0] for line in the_card(officer_client, tanabe)}
    assert not names & {"EMAIL", "TEL", "LANG", "PHOTO", "URL", "TITLE", "ADR"}
    assert {"FN", "N", "ORG"} <= names


def test_the_way_they_would_rather_not_be_reached_stays_out(
    officer_client: Client, tanabe: Person
) -> None:
    for preference, kept, left in (("email", "EMAIL", "TEL"), ("phone", "TEL", "EMAIL")):
        tanabe.contact_preference = preference
        tanabe.save()
        card = the_card(officer_client, tanabe)
        assert values(card, kept)
        assert not values(card, left)


def test_the_portrait_is_inside_and_small(officer_client: Client, tanabe: Person) -> None:
    written = io.BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(written, "JPEG")
    tanabe.photo.save("portrait.jpg", ContentFile(written.getvalue()))
    (photo,) = values(the_card(officer_client, tanabe), "PHOTO")
    kind, data = photo.split(",")
    assert kind == "data:image/jpeg;base64"
    inside = Image.open(io.BytesIO(base64.b64decode(data)))
    assert (inside.format, inside.size) == ("JPEG", (240, 180))


def test_a_portrait_that_cant_be_read_is_left_out(officer_client: Client, tanabe: Person) -> None:
    tanabe.photo.save("portrait.jpg", ContentFile(b"no picture"))
    assert not values(the_card(officer_client, tanabe), "PHOTO")
    tanabe.photo.storage.delete(str(tanabe.photo.name))
    assert not values(the_card(officer_client, tanabe), "PHOTO")


def test_every_card_taken_is_recorded(
    officer_client: Client, officer: User, tanabe: Person
) -> None:
    the_card(officer_client, tanabe)
    export = Export.objects.get()
    assert (export.user, export.subject, export.file_format) == (officer, "partners.person", "vcf")
    assert (export.filter_words, export.row_count) == ("Tanabe Haruka", 1)
    assert "email" in export.columns


def test_who_may_not_export_takes_no_card(reader_client: Client, tanabe: Person) -> None:
    assert reader_client.get(f"/people/{tanabe.pk}.vcf").status_code == 403
    assert "Contact card" not in reader_client.get(f"/people/{tanabe.pk}/").content.decode()
    assert not Export.objects.exists()


def test_the_pages_lead_to_the_cards(
    officer_client: Client, tanabe: Person, journey: Journey
) -> None:
    assert (
        f"/people/{tanabe.pk}.vcf" in officer_client.get(f"/people/{tanabe.pk}/").content.decode()
    )
    html = officer_client.get(f"/missions/{journey.mission.pk}/delegation/").content.decode()
    assert f"/missions/{journey.mission.pk}/delegation.vcf" in html


def test_a_delegation_is_its_named_people_but_for_who_declined(
    officer_client: Client, journey: Journey, django_assert_max_num_queries: Any
) -> None:
    engineer = journey.delegates[1]
    engineer.status = Delegate.Status.DECLINED
    engineer.save()
    with django_assert_max_num_queries(20):
        response = officer_client.get(f"/missions/{journey.mission.pk}/delegation.vcf")
    found = [values(card, "FN")[0] for card in read(response.content)]
    assert found == ["Aiko Morelli", "Giulia Parodi"]
    assert Export.objects.get().filter_words == "The delegation of Spring mission to Japan"


def test_a_delegation_of_nobody_with_a_name_has_no_cards_and_says_so(
    officer_client: Client, journey: Journey
) -> None:
    journey.mission.delegates.update(person=None)
    response = officer_client.get(f"/missions/{journey.mission.pk}/delegation.vcf", follow=True)
    assert "Nobody in the delegation has a name yet" in response.content.decode()
    assert not Export.objects.exists()
