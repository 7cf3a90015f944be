"""The state of an agreement: the same, whether asked of one or of all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from missions.models import Agreement
from tests.factories import make_agreement, make_followup, make_meeting, make_organisation

TODAY = date(2026, 11, 22)
STATE = Agreement.State


def on(days):
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"status": "draft"}, STATE.DRAFT),
        ({"status": "withdrawn", "in_force_until": on(-5)}, STATE.WITHDRAWN),
        ({"status": "signed"}, STATE.IN_FORCE),
        ({"status": "signed", "in_force_from": on(1)}, STATE.SIGNED),
        ({"status": "signed", "in_force_from": on(0)}, STATE.IN_FORCE),
        ({"status": "signed", "in_force_until": on(91)}, STATE.IN_FORCE),
        ({"status": "signed", "in_force_until": on(90)}, STATE.EXPIRING),
        ({"status": "signed", "in_force_until": on(0)}, STATE.EXPIRING),
        ({"status": "signed", "in_force_until": on(-1)}, STATE.ENDED),
        ({"status": "ended", "in_force_until": on(400)}, STATE.ENDED),
        ({"status": "signed", "in_force_from": on(3), "in_force_until": on(30)}, STATE.SIGNED),
    ],
)
def test_status_and_dates_come_to_a_state(db, fields, state):
    assert make_agreement(**fields).state_on(TODAY) == state


def is_in_force(one: Agreement, today: date) -> bool:
    """Signed, begun and not over; a renewed one until what renews it begins."""
    return (
        one.is_signed
        and one.has_begun(today)
        and not one.is_over(today)
        and not any(renewal.has_begun(today) for renewal in one.signed_renewals)
    )


def test_a_signed_renewal_renews_and_a_draft_does_not(db):
    old = make_agreement(status="signed", in_force_until=on(20))
    renewal = make_agreement(renews=old, in_force_from=on(21))
    assert old.state_on(TODAY) == STATE.EXPIRING
    renewal.status = "signed"
    renewal.save()
    assert old.state_on(TODAY) == STATE.RENEWED
    assert is_in_force(old, on(20))
    assert not Agreement.objects.expiring(today=TODAY).exists()


days = st.one_of(st.none(), st.integers(-100, 100).map(on))
statuses = st.sampled_from(Agreement.Status.values)


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(st.tuples(statuses, days, days, days), min_size=1, max_size=4),
    renewing=st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_rows_and_one_agree(rows, renewing):
    """Every agreement is in the one state that the lists find it in."""
    with transaction.atomic():
        made: list[Agreement] = []
        for (status, signed, start, end), renews in zip(rows, renewing, strict=False):
            if end and ((signed and end < signed) or (start and end < start)):
                end = None
            made.append(
                make_agreement(
                    status=status,
                    signed_on=signed,
                    in_force_from=start,
                    in_force_until=end,
                    renews=made[0] if renews and made else None,
                )
            )
        ids = [one.pk for one in made]
        found = {
            state: {*Agreement.objects.in_state(state, TODAY).values_list("pk", flat=True)}
            for state in STATE
        }
        running = {*Agreement.objects.in_force(TODAY).values_list("pk", flat=True)}
        for one in Agreement.objects.filter(pk__in=ids):
            assert [state for state in STATE if one.pk in found[state]] == [one.state_on(TODAY)]
            assert (one.pk in running) == is_in_force(one, TODAY)
        transaction.set_rollback(True)


def test_an_alarm_goes_off_at_90_30_and_7_days_and_never_once_renewed(db):
    for left in (91, 90, 89, 30, 8, 7, 0):
        make_agreement(f"in {left}", status="signed", in_force_until=on(left))
    renewed = make_agreement("renewed", status="signed", in_force_until=on(7))
    make_agreement("next", status="signed", renews=renewed, in_force_from=on(8))

    def alarming(since, today=TODAY):
        return [one.title for one in Agreement.objects.alarming(since, today)]

    assert alarming(TODAY) == ["in 7", "in 30", "in 90"]
    assert alarming(on(-1)) == ["in 7", "in 30", "in 89", "in 90"]
    assert "in 0" in alarming(on(-7)), "a day that was missed is made up for"


def dormant():
    return {one.title for one in Agreement.objects.dormant(TODAY)}


def test_an_agreement_is_dormant_where_nothing_happened_for_a_year(db):
    ours = make_organisation("Regione Liguria", side="home", country="IT")
    old = {"status": "signed", "signed_on": on(-500)}
    quiet, met, kept = (make_organisation(name) for name in ("Quiet", "Met", "Kept"))
    make_agreement("quiet", [ours, quiet], **old)
    make_agreement("met", [ours, quiet, met], **old)
    make_agreement("kept", [ours, kept], **old)
    make_agreement("young", [ours, quiet], status="signed", signed_on=on(-300))
    make_agreement("undated", [ours, quiet], status="signed")
    make_agreement("over", [ours, quiet], **old, in_force_until=on(-1))
    make_agreement("nobody", [ours], **old)
    renewed = make_agreement("renewed", [ours, quiet], **old)
    make_agreement("renewal", [ours, quiet], status="signed", in_force_from=on(5), renews=renewed)
    make_meeting([met, ours], local_date=on(-360))
    make_meeting([quiet], local_date=on(-370))
    make_followup(kept, done_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert dormant() == {"quiet"}


def test_a_meeting_only_planned_does_not_wake_an_agreement(db):
    quiet = make_organisation()
    make_agreement("quiet", [quiet], status="signed", signed_on=on(-500))
    make_meeting([quiet], local_date=on(5), status="planned")
    assert dormant() == {"quiet"}
