"""The benchmarks' data is data that the product could have written."""

import pytest

from benchmarks.generate import Generator
from benchmarks.searching import QUERIES, section
from missions.contact import refresh_last_contact
from missions.models import Attendance, Meeting
from partners.models import City, Organisation, Person

pytestmark = pytest.mark.django_db


def test_generated_data_has_the_sizes_asked_for_and_nothing_derived_has_drifted():
    Generator(60).run()
    assert Organisation.objects.count() == 60
    assert Person.objects.count() == 120
    assert Meeting.objects.count() == 180
    assert Attendance.objects.count() > 100
    for model in (City, Organisation, Person):
        assert model.objects.refresh_derived() == 0
    before = list(Organisation.objects.values_list("pk", "last_contact_on", "is_met"))
    refresh_last_contact([pk for pk, _on, _met in before])
    assert list(Organisation.objects.values_list("pk", "last_contact_on", "is_met")) == before
    for meeting in Meeting.objects.all():
        stored = (meeting.starts_at, meeting.age_order)
        meeting.refresh_derived()
        assert (meeting.starts_at, meeting.age_order) == stored


def test_a_second_run_adds_to_the_first():
    Generator(5).run()
    Generator(5).run()
    assert Organisation.objects.count() == 10
    assert Person.objects.create(given_name="Haruka").pk > 20


def test_searching_is_measured_to_its_end():
    Generator(60).run_organisations()
    assert Organisation.objects.refresh_derived() == 0
    lines = section(rounds=1)
    assert [line for line in lines if line.startswith("| every third: japan | ")]
    assert len([line for line in lines if line.startswith("| ")]) == len(QUERIES) + 1
