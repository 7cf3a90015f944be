"""The daily e-mail: what it says, to whom, once, and never lost."""

import threading
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Digest
from tests.factories import (
    make_agreement,
    make_city,
    make_followup,
    make_meeting,
    make_mission,
    make_organisation,
    make_task,
    make_user,
)

TODAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)  # 07:30 in Rome


def on(days):
    return TODAY + timedelta(days=days)


def send(now=MORNING, **options: Any):
    """The mails of one run, by whom they are to."""
    mail.outbox = []
    call_command("send_digests", now=now.isoformat(), **options)
    return {sent.to[0]: sent for sent in mail.outbox}


@pytest.fixture(autouse=True)
def at_the_door(settings):
    settings.SITE_URL = "https://ponti.example.org"


@pytest.fixture
def jfc(officer):
    """A partner of the officer's that was met lately."""
    jfc = make_organisation(owner=officer, tier=1)
    make_meeting([jfc], local_date=on(-20))
    return jfc


def ending(days, *organisations, title=None, **fields):
    fields = {"status": "signed", "signed_on": date(2025, 1, 1)} | fields
    title = title or f"Ends in {days}"
    return make_agreement(title, organisations, in_force_until=on(days), **fields)


def test_it_says_what_the_day_holds(officer, jfc):
    tokyo = make_city("Tokyo")
    planned = {"status": "planned", "author": officer, "city": tokyo}
    make_meeting([jfc], title="Guarantees", local_date=TODAY, local_time=time(18), **planned)
    make_meeting([jfc], title="Breakfast", local_date=on(1), local_time=time(8), **planned)
    make_meeting([jfc], title="Lunch", local_date=on(1), local_time=time(13), **planned)
    make_followup(jfc, "Send the list", assignee=officer, due_on=on(-21))
    make_followup(jfc, "Send the terms", assignee=officer, due_on=on(7))
    make_followup(jfc, "Not yet", assignee=officer, due_on=on(8))
    make_followup(jfc, "Somebody else’s", due_on=on(-1))
    make_task(make_mission(), "Book the interpreter", assignee=officer, due_on=on(2))
    make_task(make_mission(status="cancelled"), "Called off", assignee=officer, due_on=on(2))
    ending(7, jfc, title="Memorandum")
    make_organisation("Garage", owner=officer, tier=2)
    sent = send()["officer@example.org"]
    assert sent.subject == "Monday 23 November 2026: 1 meeting today, a meeting tomorrow"
    text = " ".join(sent.body.split())
    for said in (
        "Guarantees 18:00 Tokyo · 10:00 Rome",
        "Breakfast 08:00 Tokyo · 00:00 Rome",
        "Send the list Japan Finance Corporation, 3 weeks late",
        "Send the terms Japan Finance Corporation, 30 November 2026, in 7 days",
        "Book the interpreter Mission to Japan, 25 November 2026, in 2 days",
        "Memorandum Within 7 days: 30 November 2026, in 7 days https://ponti.example.org/agree",
        "Garage Priority: never met",
        "https://ponti.example.org/preferences/",
    ):
        assert said in text
    for unsaid in ("Lunch", "Not yet", "Somebody", "Called off"):
        assert unsaid not in text
    html = sent.alternatives[0][0]
    assert '<a href="https://ponti.example.org/agreements/' in html
    assert "style" not in html
    assert sent.extra_headers["List-Unsubscribe"] == "<https://ponti.example.org/preferences/>"


def test_each_is_written_to_in_their_language_on_their_morning(officer, jfc):
    aiko = make_user("aiko@example.org", "Officer", time_zone="Asia/Tokyo", language="it")
    for user in (officer, aiko):
        make_followup(jfc, assignee=user, due_on=on(-1))
    Digest.objects.create(user=officer, day=on(-1), since=on(-1), sent_at=MORNING)
    midnight = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # 07:30 of the 23rd in Tokyo
    sent = send(midnight)
    assert [*sent] == ["aiko@example.org"]
    assert sent["aiko@example.org"].subject.startswith("Lunedì 23 novembre 2026")
    assert [*send()] == ["officer@example.org"]


def test_it_waits_for_the_hour_asked_for(officer, jfc):
    make_followup(jfc, assignee=officer, due_on=on(-1))
    officer.digest_hour = 9
    officer.save()
    assert send() == {}
    assert [*send(MORNING + timedelta(hours=2))] == ["officer@example.org"]


def test_nobody_has_it_twice_a_day(officer, jfc):
    make_followup(jfc, assignee=officer, due_on=on(-1))
    assert len(send()) == 1
    assert send(MORNING + timedelta(hours=1)) == {}
    officer.time_zone = "America/New_York"
    officer.save()
    assert send(MORNING + timedelta(hours=13)) == {}, "a change of clock repeats no day"
    assert len(send(MORNING + timedelta(days=1, hours=6))) == 1


def test_nothing_to_say_sends_nothing_and_is_remembered(officer):
    assert send() == {}
    assert Digest.objects.get(user=officer).is_empty
    make_followup(make_organisation(), assignee=officer, due_on=on(-1))
    assert send() == {}


@pytest.mark.parametrize("fields", [{"wants_digest": False}, {"is_active": False}])
def test_it_is_not_sent_to_those_who_do_not_want_it_or_left(officer, jfc, fields):
    make_followup(jfc, assignee=officer, due_on=on(-1))
    type(officer).objects.update(**fields)
    assert send() == {}


def test_an_alarm_is_told_once_at_each_crossing_and_made_up_for_after_missed_days(officer, jfc):
    for days in (90, 89, 40, 30, 28, 8):
        ending(days, jfc)

    def told(day):
        sent = send(MORNING + timedelta(days=day)).get("officer@example.org")
        lines = sent.body.splitlines() if sent else []
        return [line.removeprefix("- ") for line in lines if line.startswith("- Ends")]

    assert told(0) == ["Ends in 30", "Ends in 90"]
    assert told(1) == ["Ends in 8"]
    assert told(10) == ["Ends in 40"]
    assert told(22) == ["Ends in 28"], "of the days 11 to 22"


def test_days_are_made_up_for_as_far_as_a_month(officer, jfc):
    Digest.objects.create(user=officer, day=on(-200), since=on(-200), is_empty=True)
    ending(50, jfc)
    ending(61, jfc)
    body = send()["officer@example.org"].body
    assert "Ends in 61" in body
    assert "Ends in 50" not in body, "it was told of 40 days ago, or nobody will be"
    assert Digest.objects.get(day=TODAY).since == on(-29)


def test_agreements_are_told_to_owners_of_a_party_and_all_to_managers(officer, manager, jfc):
    ending(30, jfc, title="Ours")
    ending(30, make_organisation("Another"), title="Theirs")
    renewed = ending(30, jfc, title="Renewed")
    ending(400, jfc, title="Renewal", renews=renewed, in_force_from=on(31))
    sent = send()
    assert "Ours" in sent["officer@example.org"].body
    assert "Theirs" not in sent["officer@example.org"].body
    body = sent["manager@example.org"].body
    assert "Ours" in body
    assert "Theirs" in body
    assert "Renewed" not in body


def test_an_agreement_that_fell_asleep_is_told_once(manager):
    partner = make_organisation()
    make_meeting([partner], local_date=on(-365))
    make_agreement("Asleep", [partner], status="signed", signed_on=on(-600))
    assert send() == {}
    assert "Asleep" in send(MORNING + timedelta(days=1))["manager@example.org"].body
    assert send(MORNING + timedelta(days=2)) == {}


def test_a_reader_is_told_nothing_confidential(reader, jfc):
    secret = make_meeting(
        [jfc],
        title="Secret talk",
        place="Secret call",
        status="planned",
        author=reader,
        is_confidential=True,
        local_date=TODAY,
    )
    make_followup(jfc, "Secret promise", meeting=secret, assignee=reader, due_on=on(-1))
    sent = send()["reader@example.org"]
    assert "Secret" not in sent.body + sent.subject + sent.alternatives[0][0]
    assert "Japan Finance Corporation" in sent.body


def test_markup_in_names_stays_text(officer):
    make_organisation("A & B <script>", owner=officer)
    sent = send()["officer@example.org"]
    assert "- A & B <script>" in sent.body
    assert "A &amp; B &lt;script&gt;" in sent.alternatives[0][0]


def test_somebody_without_a_role_is_told_nothing(db):
    user = make_user("nobody@example.org")
    make_followup(make_organisation(owner=user), assignee=user, due_on=on(-1))
    assert send() == {}


class Refusing(EmailBackend):
    """Takes no mail to the officer."""

    def send_messages(self, messages):
        if messages[0].to == ["officer@example.org"]:
            raise OSError("mailbox unavailable")
        return super().send_messages(messages)


class Silent(EmailBackend):
    def open(self):
        raise ConnectionRefusedError("nobody there")


def test_one_mail_that_fails_holds_up_nobody_and_is_tried_again(
    officer, manager, jfc, settings, capsys
):
    for user in (officer, manager):
        make_followup(jfc, assignee=user, due_on=on(-1))
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    with pytest.raises(CommandError, match="1 could not be sent"):
        send()
    assert [sent.to for sent in mail.outbox] == [["manager@example.org"]]
    assert "officer@example.org: OSError: mailbox unavailable" in capsys.readouterr().err
    settings.EMAIL_BACKEND = usual
    assert [*send()] == ["officer@example.org"]


def test_a_server_that_does_not_answer_loses_nothing(officer, jfc, settings):
    make_followup(jfc, assignee=officer, due_on=on(-1))
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Silent"
    with pytest.raises(CommandError, match="does not take our mail"):
        send()
    assert not Digest.objects.exists()
    settings.EMAIL_BACKEND = usual
    assert len(send()) == 1


def test_a_run_that_was_cut_off_is_made_good_an_hour_later_as_the_same_mail(officer, jfc):
    make_followup(jfc, assignee=officer, due_on=on(-1))
    cut_off = Digest.objects.create(user=officer, day=TODAY, since=TODAY)
    assert send() == {}, "another run may be at it"
    Digest.objects.update(claimed_at=cut_off.claimed_at - timedelta(hours=2))
    sent = send()["officer@example.org"]
    expected = f"<digest.{officer.pk}.20261123@ponti.example.org>"
    assert sent.extra_headers["Message-ID"] == expected


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_one(officer, jfc):
    make_followup(jfc, assignee=officer, due_on=on(-1))
    mail.outbox = []
    failures = []
    gate = threading.Barrier(2)

    def run():
        try:
            gate.wait(10)
            call_command("send_digests", now=MORNING.isoformat())
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(mail.outbox) == 1


def test_much_to_say_costs_as_much_as_little(officer):
    def fill(count):
        for number in range(count):
            partner = make_organisation(f"Partner {number}", owner=officer)
            make_meeting([partner], status="planned", author=officer, local_date=TODAY)
            for due_on in (on(-3), on(3)):
                make_followup(partner, assignee=officer, due_on=due_on)
            make_task(make_mission(), assignee=officer, due_on=on(1))
            ending(30, partner)

    def cost():
        Digest.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            assert len(send()) == 1
        return len(queries)

    fill(1)
    little = cost()
    fill(9)
    assert cost() == little
    fill(20)
    assert cost() <= little + 6, "those that are left out are counted"
    assert "and 20 more" in mail.outbox[0].body


def test_a_rehearsal_sends_and_keeps_nothing(officer, jfc, capsys):
    make_followup(jfc, "Send the list", assignee=officer, due_on=on(-1))
    assert send(dry_run=True) == {}
    assert "Send the list" in capsys.readouterr().out
    assert not Digest.objects.exists()


def test_what_is_not_set_is_said_and_nothing_is_sent(officer, settings):
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL is not set"):
        send()
    settings.SITE_URL = "https://ponti.example.org"
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with pytest.raises(CommandError, match="EMAIL_HOST is not set"):
        send()
    with pytest.raises(CommandError, match="is not an instant"):
        call_command("send_digests", now="tomorrow")
    assert not Digest.objects.exists()


def test_one_chooses_whether_and_from_which_hour(officer_client, officer):
    page = officer_client.get("/preferences/").content.decode()
    assert "Daily e-mail" in page
    officer_client.post("/preferences/", {"wants_digest": "False", "digest_hour": "6"})
    officer.refresh_from_db()
    assert (officer.wants_digest, officer.digest_hour) == (False, 6)
    officer_client.post("/preferences/", {"theme": "dark"})
    officer.refresh_from_db()
    assert (officer.wants_digest, officer.digest_hour) == (False, 6), "what is not sent stays"
    officer_client.post("/preferences/", {"digest_hour": "25"})
    officer.refresh_from_db()
    assert officer.digest_hour == 6
