"""Counts say what there is, or that there is more."""

import pytest
from django.db.models import F

from crm.counts import Counted, bounded, tallied
from partners.models import Organisation
from tests.factories import make_organisation


@pytest.mark.django_db
def test_a_tally_that_read_every_row_is_exact():
    for name in ("Nagoya City", "JETRO", "AIST"):
        make_organisation(name=name, kind="agency")
    tally = tallied([Counted(Organisation.objects.all()).by(kind=F("kind"))])["kind"]
    assert (tally, tally.is_partial) == ({"agency": 3}, False)


@pytest.mark.django_db
def test_a_tally_stops_reading_and_says_so():
    for name in ("Nagoya City", "JETRO", "AIST"):
        make_organisation(name=name, kind="agency")
    tally = tallied([Counted(Organisation.objects.all(), most=2).by(kind=F("kind"))])["kind"]
    assert tally.is_partial


def test_a_number_that_may_be_larger_has_a_plus():
    assert [bounded(37), bounded(37, is_partial=True), bounded(10_001)] == ["37", "37+", "10,000+"]
