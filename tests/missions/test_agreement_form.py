"""Agreements written, changed and renewed on their pages."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from missions.models import Agreement, Party
from tests.factories import make_agreement, make_meeting, make_merge, make_organisation
from tests.reading import words

NEW = "/agreements/new/"


@pytest.fixture
def ours(db):
    return make_organisation("Liguria International", side="home", country="IT")


@pytest.fixture
def theirs(db):
    return make_organisation("Japan Finance Corporation")


def answers(**changes):
    found = {
        "title": "Letter of intent",
        "kind": "letter",
        "status": "draft",
        "protocol_number": "",
        "signed_on": "",
        "in_force_from": "",
        "in_force_until": "",
        "notes": "",
        "token": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
    }
    return {**found, **changes}


def signed(ours, theirs, **changes):
    return answers(
        status="signed", signed_on="15 January 2026", ours=[ours.pk], theirs=[theirs.pk], **changes
    )


def errors(response, field):
    return " ".join(response.context["form"].errors.get(field, []))


def test_an_agreement_is_written_with_its_parties(officer_client, ours, theirs):
    data = signed(ours, theirs, protocol_number="LI 2026/7", in_force_until="14/1/2028")
    officer_client.post(NEW, data)
    agreement = Agreement.objects.get()
    assert agreement.signed_on == date(2026, 1, 15)
    assert agreement.in_force_until == date(2028, 1, 14)
    assert {*agreement.organisations.all()} == {ours, theirs}
    assert Party.history.count() == 2


def test_a_form_sent_twice_makes_one(officer_client, ours, theirs):
    for _time in range(2):
        officer_client.post(NEW, signed(ours, theirs))
    assert Agreement.objects.count() == 1


def test_once_signed_there_is_a_party_on_each_side(officer_client, ours):
    answer = officer_client.post(NEW, answers(status="signed", ours=[ours.pk]))
    assert errors(answer, "ours") == ""
    assert "on their side" in errors(answer, "theirs")
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"signed_on": "1/1/2026"}, "signed_on", "A draft isn’t signed"),
        ({"status": "signed", "signed_on": "1/1/2190"}, "signed_on", "in the future"),
        ({"signed_on": "31 February 2026"}, "signed_on", "February has 28 days"),
        (
            {"in_force_from": "2/2/2026", "in_force_until": "1/2/2026"},
            "in_force_until",
            "before it",
        ),
        ({"title": ""}, "title", "required"),
        ({"theirs": ["999999"]}, "theirs", "not one of the available choices"),
        ({"theirs": ["abc"]}, "theirs", "not one of the available choices"),
        ({"meeting": "-1"}, "meeting", "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(officer_client, db, changes, field, said):
    answer = officer_client.post(NEW, answers(**changes))
    assert answer.status_code == 200
    assert said in errors(answer, field)


def test_a_form_with_twenty_parties_costs_as_much_as_with_one(
    officer_client, ours, django_assert_max_num_queries
):
    few = make_agreement("Few", [ours, make_organisation()])
    many = make_agreement("Many", [ours, *(make_organisation(f"P{n}") for n in range(20))])
    counts = []
    for agreement in (few, many):
        with django_assert_max_num_queries(20) as queries:
            officer_client.get(f"/agreements/{agreement.pk}/edit/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_organisation_stands_on_its_own_side(officer_client, ours):
    answer = officer_client.post(NEW, answers(theirs=[ours.pk]))
    assert "theirs" in answer.context["form"].errors


def test_the_form_begins_with_whom_the_address_says(officer_client, ours, theirs):
    meeting = make_meeting([ours, theirs], title="Guarantees")
    form = officer_client.get(f"{NEW}?meeting={meeting.pk}").context["form"]
    assert form.initial["meeting"] == meeting
    assert form.initial["ours"] == [ours]
    assert form.initial["theirs"] == [theirs]
    form = officer_client.get(f"{NEW}?organisation={theirs.pk}").context["form"]
    assert form.initial["theirs"] == [theirs]
    assert officer_client.get(f"{NEW}?meeting=x&organisation=99&renews=%00").status_code == 200


def test_a_renewal_takes_over_the_parties_and_begins_the_day_after(officer_client, ours, theirs):
    old = make_agreement(
        "Memorandum",
        [ours, theirs],
        status="signed",
        kind="contract",
        in_force_until=date(2026, 12, 31),
    )
    page = officer_client.get(f"/agreements/{old.pk}/renew/")
    initial = page.context["form"].initial
    assert initial["in_force_from"] == date(2027, 1, 1)
    assert (initial["kind"], initial["ours"], initial["theirs"]) == ("contract", [ours], [theirs])
    data = answers(renews=old.pk, in_force_from="1 January 2027", ours=[ours.pk])
    officer_client.post(f"/agreements/{old.pk}/renew/", data)
    renewal = Agreement.objects.exclude(pk=old.pk).get()
    assert renewal.renews == old
    again = officer_client.get(f"/agreements/{old.pk}/renew/", follow=True)
    assert "being renewed already" in words(again)
    assert again.redirect_chain[-1][0] == renewal.get_absolute_url()


def test_only_what_was_signed_is_renewed_and_never_in_a_circle(officer_client, ours, theirs):
    draft = make_agreement("Draft")
    answer = officer_client.get(f"/agreements/{draft.pk}/renew/", follow=True)
    assert "Only an agreement that was signed" in words(answer)
    answer = officer_client.post(NEW, answers(renews=draft.pk))
    assert "Only an agreement that was signed" in errors(answer, "renews")
    first = make_agreement("First", [ours, theirs], status="signed")
    second = make_agreement("Second", status="signed", renews=first)
    data = signed(ours, theirs, renews=second.pk, version=first.version)
    answer = officer_client.post(f"/agreements/{first.pk}/edit/", data)
    assert "itself renews this one" in errors(answer, "renews")


def test_two_people_lose_no_party_to_each_other(officer_client, ours, theirs):
    agreement = make_agreement("Letter of intent", [ours], kind="letter")
    opened = {"version": agreement.version, "opened": [ours.pk]}
    url = f"/agreements/{agreement.pk}/edit/"
    officer_client.post(url, answers(**opened, ours=[ours.pk], theirs=[theirs.pk]))
    answer = officer_client.post(url, answers(**opened, ours=[ours.pk], notes="Mine"))
    assert "Somebody saved this meanwhile" in words(answer)
    form = answer.context["form"]
    assert form["theirs"].value() == [str(theirs.pk)]
    assert form["notes"].value() == "Mine"


# The document


def docx(inner="word/document.xml", content=b"<w/>"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(inner, content)
    return file.getvalue()


def png():
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    return file.getvalue()


ODT = b"application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7 ..."),
        ("A.PDF", b"%PDF-1.7 ..."),
        ("趣意書.docx", docx()),
        ("a.odt", docx("mimetype", ODT)),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"),
        ("a.png", png()),
    ],
)
def test_a_document_is_attached(officer_client, db, name, content):
    officer_client.post(NEW, answers(document=SimpleUploadedFile(name, content)))
    agreement = Agreement.objects.get()
    answer = officer_client.get(f"/agreements/{agreement.pk}/document/")
    assert b"".join(answer.streaming_content) == content


def spoiled() -> bytes:
    """An archive that opens, with a file inside that can't be unpacked."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("mimetype", ODT)
    content = bytearray(written.getvalue())
    content[42] = 0xFF
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", b"MZ", "This type of file"),
        ("pdf", b"%PDF-", "This type of file"),
        ("a.pdf", b"<script>", "not what is in it"),
        ("a.docx", b"%PDF-1.7", "not what is in it"),
        ("a.docx", docx("xl/workbook.xml"), "not what is in it"),
        ("a.docx", docx()[:-30], "not what is in it"),
        ("a.odt", docx("mimetype", b"application/zip"), "not what is in it"),
        ("a.odt", spoiled(), "not what is in it"),
        ("a.jpg", png(), "not what is in it"),
        ("a.png", png()[:40], "not what is in it"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"%PDF-" + b"x" * 20 * 1024 * 1024, "larger than 20 MB"),
    ],
)
def test_a_wrong_document_gets_a_sentence_and_loses_nothing(
    officer_client, theirs, name, content, said
):
    answer = officer_client.post(
        NEW,
        answers(document=SimpleUploadedFile(name, content), theirs=[theirs.pk], notes="Typed"),
    )
    assert said in errors(answer, "document")
    form = answer.context["form"]
    assert form["title"].value() == "Letter of intent"
    assert form["notes"].value() == "Typed"
    assert form["theirs"].value() == [str(theirs.pk)]
    assert not Agreement.objects.exists()


def test_a_document_chosen_waits_while_the_form_comes_back(officer_client, manager_client, db):
    chosen = SimpleUploadedFile("趣意書.pdf", b"%PDF-1.7")
    answer = officer_client.post(NEW, answers(title="", document=chosen))
    assert "趣意書.pdf" in words(answer)
    token = answer.context["form"].fields["document"].widget.token
    again = officer_client.post(NEW, answers(title="", document__kept=token))
    assert "趣意書.pdf" in words(again), "as often as need be"
    manager_client.post(NEW, answers(document__kept=token))
    assert not Agreement.objects.get().document, "not to somebody else"
    other = "6f9619ff-8b86-d011-b42d-00c04fc964fe"
    officer_client.post(NEW, answers(document__kept=token, token=other))
    agreement = Agreement.objects.latest("pk")
    assert agreement.document.read() == b"%PDF-1.7"
    assert "waiting" not in str(agreement.document.name)


def test_a_wrong_document_does_not_wait(officer_client, db):
    bad = SimpleUploadedFile("a.pdf", b"no")
    for data in (answers(document=bad), answers(document=bad, find="ours")):
        answer = officer_client.post(NEW, data)
        assert answer.context["form"].fields["document"].widget.token == ""
    assert officer_client.post(NEW, answers(title="", document__kept="x:y")).status_code == 200


def test_the_administration_keeps_the_same_rules(officer_client, theirs):
    parts = {"parties-TOTAL_FORMS": 1, "parties-INITIAL_FORMS": 0}
    data = answers(status="signed", document=SimpleUploadedFile("a.pdf", b"no"), **parts)
    data["parties-0-organisation"] = theirs.pk
    html = officer_client.post("/admin/missions/agreement/add/", data).content.decode()
    assert "not what is in it" in html
    assert "on our side" in html
    assert not Agreement.objects.exists()


def test_a_replaced_document_is_still_there(officer_client, db):
    officer_client.post(NEW, answers(document=SimpleUploadedFile("old.pdf", b"%PDF-old")))
    agreement = Agreement.objects.get()
    changed = answers(version=agreement.version, document=SimpleUploadedFile("new.pdf", b"%PDF-n"))
    officer_client.post(f"/agreements/{agreement.pk}/edit/", changed)
    page = officer_client.get(agreement.get_absolute_url())
    assert "Earlier documents old" in words(page)
    answer = officer_client.get(f"/agreements/{agreement.pk}/document/?version=1")
    assert b"".join(answer.streaming_content) == b"%PDF-old"
    assert officer_client.get(f"/agreements/{agreement.pk}/document/?version=9").status_code == 404


def test_a_confidential_meeting_is_not_offered_to_those_who_may_not_read_it(
    reader_client, officer_client
):
    make_meeting([make_organisation("Garage")], title="Secret talk", is_confidential=True)
    assert b"Secret" in officer_client.get("/choices/meetings/?q=secret").content
    for typed in ("secret", "garage"):
        assert b"Secret" not in reader_client.get(f"/choices/meetings/?q={typed}").content


def test_a_party_that_was_merged_meanwhile_is_what_it_became(officer_client, steward, ours, theirs):
    gone = make_organisation("JFC Corp.")
    make_merge(steward, theirs, gone)
    officer_client.post(NEW, signed(ours, gone))
    assert {party.organisation for party in Party.objects.all()} == {ours, theirs}
