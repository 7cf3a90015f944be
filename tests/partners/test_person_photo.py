"""Photographs of people: what is kept of them, where they show, and what is refused."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from partners.models import Person
from tests.factories import make_person


def picture(size: tuple[int, int] = (1200, 900), kind: str = "JPEG", **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "navy").save(written, kind, **more)
    return written.getvalue()


def send(client: Client, person: Person, **fields: Any) -> Any:
    return client.post(
        reverse("partners:person-update", args=[person.pk]),
        {
            "version": person.version,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "name_order": "given",
            "contact_preference": "any",
            "affiliations-TOTAL_FORMS": "0",
            "affiliations-INITIAL_FORMS": "0",
            **fields,
        },
    )


def upload(content: bytes, name: str = "tanabe.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def test_a_photograph_is_kept_small_upright_and_without_what_the_camera_wrote(officer_client):
    person = make_person()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "The camera"
    send(officer_client, person, photo=upload(picture(exif=exif)))
    kept = Image.open(Person.objects.get().photo.open())
    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (480, 640), {})


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_become_jpeg(kind, officer_client):
    send(officer_client, make_person(), photo=upload(picture(kind=kind), f"tanabe.{kind}"))
    assert Image.open(Person.objects.get().photo.open()).format == "JPEG"


def test_its_file_name_does_not_name_the_person(officer_client):
    send(officer_client, make_person(), photo=upload(picture()))
    assert "tanabe" not in str(Person.objects.get().photo.name)


def test_a_photograph_stands_for_its_person(officer_client, reader_client):
    send(officer_client, make_person(), photo=upload(picture()))
    person = Person.objects.get()
    assert (
        f'src="{person.photo_url}"' in reader_client.get(person.get_absolute_url()).content.decode()
    )
    answer = reader_client.get(person.photo_url)
    assert answer["Content-Type"] == "image/jpeg"
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"#!/bin/sh", "This is not a JPEG, PNG or WebP picture."),
        (picture(kind="GIF"), "This is not a JPEG, PNG or WebP picture."),
        (picture()[:900], "This is not a JPEG, PNG or WebP picture."),
        (picture((8000, 7000), "PNG"), "The picture has more than 50 million pixels."),
    ],
    ids=["a script", "a gif", "cut short", "too many pixels"],
)
def test_what_is_no_portrait_is_refused_and_nothing_typed_is_lost(
    content, sentence, officer_client
):
    person = make_person()
    answer = send(officer_client, person, notes="Met in Genoa", photo=upload(content))
    page = answer.content.decode()
    assert sentence in page
    assert "Met in Genoa" in page
    assert not Person.objects.get().photo


def test_a_photograph_can_be_taken_off(officer_client):
    send(officer_client, make_person(), photo=upload(picture()))
    send(officer_client, Person.objects.get(), **{"photo-clear": "on"})
    person = Person.objects.get()
    assert not person.photo
    assert officer_client.get(reverse("partners:person-photo", args=[person.pk])).status_code == 404


def test_saving_without_another_keeps_it(officer_client):
    send(officer_client, make_person(), photo=upload(picture()))
    before = Person.objects.get()
    send(officer_client, before, notes="Met in Genoa")
    assert Person.objects.get().photo.name == before.photo.name


def test_the_administration_keeps_portraits_too(administrator_client):
    person = make_person()
    page = reverse("admin:partners_person_change", args=[person.pk])
    form = administrator_client.get(page).context["adminform"].form
    fields = {name: form.initial.get(name) or "" for name in form.fields if name != "photo"}
    lines = {
        f"affiliations-{name}": 0
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    administrator_client.post(page, {**fields, **lines, "photo": upload(picture())})
    assert Image.open(Person.objects.get().photo.open()).size == (640, 480)
