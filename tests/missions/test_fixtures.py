"""The demonstration data says what the published account of the mission says, and no more."""

import pytest
from django.core.management import call_command

from missions.models import (
    Agreement,
    Attendance,
    Delegate,
    FollowUp,
    Initiative,
    Meeting,
    Mission,
    Organiser,
    Stop,
)
from partners.models import Affiliation, Membership, Organisation, Person

HOME = {
    "Regione Liguria",
    "Filse",
    "RAISE",
    "Istituto Italiano di Tecnologia",
    "Consiglio Nazionale delle Ricerche",
    "Università di Genova",
    "Liguria International",
}
MET = {
    "Embassy of Italy in Japan",
    "Shibuya Start-up Support",
    "Central Japan Economic Federation",
    "Nagoya Innovator’s Garage",
    "Incubator of Nagoya University",
    "Japan Finance Corporation",
    "AIRC Consortium",
    "Tokyo Metropolitan Industrial Technology Research Institute",
}
NOT_MET = {"Italian Chamber of Commerce for Japan", "Nagoya University"}


@pytest.fixture(autouse=True)
def japan(db, few_cities):
    call_command("load_cities")
    call_command("load_sectors")
    call_command("load_demonstration")


def names(organisations):
    return {organisation.name for organisation in organisations}


def test_there_are_seventeen_organisations_on_their_sides():
    assert names(Organisation.objects.filter(side="home")) == HOME
    assert names(Organisation.objects.partners()) == MET | NOT_MET
    assert Organisation.objects.count() == 17


def test_those_who_were_met_were_met_on_a_date_unknown_and_nobody_else_was():
    assert names(Organisation.objects.filter(is_met=True)) == MET
    assert not Organisation.objects.exclude(last_contact_on=None).exists()
    assert set(Organisation.objects.values_list("is_met", "contact_order")) == {
        (True, 0),
        (False, 1),
    }


def test_raise_includes_three_and_the_incubator_is_part_of_its_university():
    assert set(Membership.objects.values_list("group__name", "member__short_name")) == {
        ("RAISE", "IIT"),
        ("RAISE", "CNR"),
        ("RAISE", "University of Genoa"),
    }
    incubator = Organisation.objects.exclude(parent=None).get()
    assert (incubator.name, incubator.parent.name) == (
        "Incubator of Nagoya University",
        "Nagoya University",
    )


def test_the_mission_is_completed_without_a_date_and_serves_the_expo():
    mission = Mission.objects.get()
    assert (mission.status, mission.starts_on, mission.ends_on) == ("completed", None, None)
    assert mission.initiative == Initiative.objects.get(name="Expo Osaka 2025")
    assert mission.initiative.starts_on is None
    assert "high-technology" in mission.aims
    assert "synergies for growth and innovation on both sides" in mission.aims
    assert list(Organiser.objects.values_list("organisation__name", "role")) == [
        ("Liguria International", "lead"),
        ("Italian Chamber of Commerce for Japan", "collaborating"),
    ]


def test_it_stops_in_tokyo_nagoya_and_tokyo_again():
    assert list(
        Stop.objects.values_list("position", "city__name", "city__country", "starts_on")
    ) == [(1, "Tokyo", "JP", None), (2, "Nagoya", "JP", None), (3, "Tokyo", "JP", None)]


def test_three_places_in_the_delegation_are_held_and_nobody_is_named():
    delegates = Delegate.objects.order_by("pk")
    assert [str(delegate.organisation) for delegate in delegates] == [
        "Regione Liguria",
        "Filse",
        "RAISE",
    ]
    assert {(delegate.person, delegate.role, delegate.status) for delegate in delegates} == {
        (None, "member", "confirmed")
    }


def test_eight_meetings_were_held_in_order_without_dates():
    meetings = Meeting.objects.for_programme()
    assert list(meetings.values_list("stop__position", "position", "organisations__name")) == [
        (1, 1, "Embassy of Italy in Japan"),
        (1, 2, "Shibuya Start-up Support"),
        (2, 1, "Central Japan Economic Federation"),
        (2, 2, "Nagoya Innovator’s Garage"),
        (2, 3, "Incubator of Nagoya University"),
        (3, 1, "Japan Finance Corporation"),
        (3, 2, "AIRC Consortium"),
        (3, 3, "Tokyo Metropolitan Industrial Technology Research Institute"),
    ]
    assert set(
        meetings.values_list("status", "local_date", "local_time", "duration", "time_zone")
    ) == {("held", None, None, None, "Asia/Tokyo")}
    assert {meeting.mission for meeting in meetings} == {Mission.objects.get()}


def test_one_person_is_known_and_is_not_said_to_have_travelled():
    piana = Person.objects.get()
    affiliation = Affiliation.objects.get(person=piana)
    assert piana.name == "Alessio Piana"
    assert affiliation.organisation.name == "Regione Liguria"
    assert (affiliation.is_primary, affiliation.since, affiliation.until) == (True, None, None)
    assert "does not say that he travelled" in piana.notes
    assert "our reading" in piana.notes
    assert not Attendance.objects.exists()


def test_nothing_is_invented():
    assert not FollowUp.objects.exists()
    assert not Agreement.objects.exists()
    assert not Organisation.objects.exclude(tier=None, owner=None, email="", phone="").exists()
    assert not Person.objects.exclude(email="", phone="", mobile="", native_name="").exists()
    for organisation in Organisation.objects.all():
        if organisation.native_name or organisation.website:
            assert "ublic reference fact" in organisation.notes, organisation


def test_every_record_has_its_history_with_the_reason():
    for noun in (Organisation, Membership, Person, Affiliation, Mission, Stop, Delegate, Meeting):
        created = noun.history.filter(history_type="+")
        assert created.count() == noun.objects.count()
        assert set(created.values_list("history_change_reason", flat=True)) == {
            "Demonstration data"
        }


def test_its_keys_are_the_same_in_every_installation():
    bank = Organisation.objects.get(name="Japan Finance Corporation")
    assert str(bank.key) == "2783398d-8f3a-5b3e-bfa0-dbde509a5201"


def test_a_database_in_use_is_left_alone(capsys):
    call_command("load_demonstration")
    assert "this database is in use" in capsys.readouterr().out
    assert Organisation.objects.count() == 17


def test_nothing_derived_has_drifted():
    call_command("check_derived")
