"""The page of a mission: its line, its programme, its delegation."""

from datetime import date, time

from missions.models import Meeting
from tests.factories import (
    make_delegate,
    make_followup,
    make_initiative,
    make_meeting,
    make_membership,
    make_mission,
    make_organisation,
    make_organiser,
    make_person,
    make_stop,
)
from tests.reading import words


def page(client, mission):
    response = client.get(f"/missions/{mission.pk}/")
    assert response.status_code == 200
    return response


def numbers(response):
    return [
        (entry.number, entry.meeting.title)
        for section in response.context["sections"]
        for entry in section.entries
    ]


def test_meetings_are_numbered_by_stop_and_position_so_one_without_a_time_keeps_its_place(
    reader_client, tokyo, nagoya
):
    mission = make_mission()
    first, second = make_stop(mission, tokyo, 1), make_stop(mission, nagoya, 2)
    make_meeting(
        mission=mission, stop=second, position=1, title="Garage", local_date=date(2025, 1, 7)
    )
    make_meeting(mission=mission, stop=first, position=2, title="Shibuya")
    make_meeting(
        mission=mission,
        stop=first,
        position=1,
        title="Embassy",
        local_date=date(2025, 1, 9),
        local_time=time(10),
    )
    assert numbers(page(reader_client, mission)) == [(1, "Embassy"), (2, "Shibuya"), (3, "Garage")]


def test_meetings_without_a_stop_come_last_under_their_own_heading(reader_client, tokyo):
    mission = make_mission()
    make_meeting(mission=mission, title="Briefing call")
    make_meeting(mission=mission, stop=make_stop(mission, tokyo), title="Embassy")
    response = page(reader_client, mission)
    assert numbers(response) == [(1, "Embassy"), (2, "Briefing call")]
    assert "Without a stop" in words(response)


def test_each_stop_is_a_station_with_its_native_name_and_a_dot_for_each_meeting(
    reader_client, tokyo, nagoya
):
    mission = make_mission()
    for position, city in enumerate((tokyo, nagoya, tokyo), start=1):
        stop = make_stop(mission, city, position)
        for _number in range(position):
            make_meeting(mission=mission, stop=stop)
    html = page(reader_client, mission).content.decode()
    line = html[html.index('class="journey') : html.index("</ol>")]
    assert line.count("<li>") == 3
    assert line.count("<i>") == 6
    assert 'lang="ja" dir="auto">名古屋' in line
    assert "Stop 2, 2 meetings" in line


def test_times_are_not_known_where_none_is(reader_client, tokyo):
    mission = make_mission()
    make_meeting(mission=mission, stop=make_stop(mission, tokyo))
    assert "Times not known" in words(page(reader_client, mission))


def test_a_known_time_stands_in_two_clocks(reader_client, tokyo):
    mission = make_mission()
    make_meeting(
        mission=mission,
        stop=make_stop(mission, tokyo),
        local_date=date(2025, 1, 15),
        local_time=time(10),
    )
    assert "10:00 Tokyo 02:00 Rome" in words(page(reader_client, mission))


def test_a_place_without_a_person_means_representatives_and_raise_includes_its_members(
    reader_client, genoa
):
    mission = make_mission()
    raise_ = make_organisation("RAISE", genoa, side="home")
    make_delegate(mission, raise_)
    for name, short in (
        ("Consiglio Nazionale delle Ricerche", "CNR"),
        ("Istituto Italiano di Tecnologia", "IIT"),
        ("University of Genoa", ""),
    ):
        make_membership(make_organisation(name, genoa, short_name=short, side="home"), raise_)
    make_membership(make_organisation("Former member", genoa), raise_, until=date(2020, 1, 1))
    text = words(page(reader_client, mission))
    assert "1 place, none named" in text
    assert "RAISE Representatives Includes CNR, IIT and University of Genoa" in text
    assert "Former member" not in text


def test_a_named_delegate_shows_with_their_role_and_organisation(reader_client):
    mission = make_mission()
    filse = make_organisation("Filse", side="home")
    make_delegate(mission, filse, person=make_person("Ada", "Bianchi"), role="head")
    assert "Ada Bianchi Filse Head of delegation" in words(page(reader_client, mission))


def test_the_lead_organiser_comes_before_the_one_that_collaborates(reader_client):
    mission = make_mission()
    make_organiser(mission, make_organisation("Chamber of Commerce"), role="collaborating")
    make_organiser(mission, make_organisation("Liguria International"), role="lead")
    text = words(page(reader_client, mission))
    assert "Liguria International Lead Chamber of Commerce Collaborating" in text


def test_initiative_aims_and_source_are_told(reader_client):
    mission = make_mission(
        initiative=make_initiative(), aims="To lay the ground.", notes="It says “among others”."
    )
    text = words(page(reader_client, mission))
    assert "Part of Expo Osaka 2025" in text
    assert "To lay the ground." in text
    assert "It says “among others”." in text


def test_dates_that_are_not_known_are_said_not_to_be(reader_client):
    assert "Dates not known" in words(page(reader_client, make_mission()))
    dated = make_mission(starts_on=date(2027, 2, 27), ends_on=date(2027, 3, 3))
    assert "27 February – 3 March 2027" in words(page(reader_client, dated))


def test_what_was_promised_and_what_came_of_the_meetings_gather_there(reader_client):
    mission = make_mission()
    partner = make_organisation()
    meeting = make_meeting([partner], mission=mission, outcome="A joint project was explored.")
    make_followup(partner, "Send the list", meeting=meeting)
    make_followup(partner, "Send another list")
    text = words(page(reader_client, mission))
    assert "A joint project was explored." in text
    assert "Send the list" in text
    assert "Send another list" not in text


def test_what_was_said_in_confidence_is_kept_from_readers(reader_client, officer_client):
    mission = make_mission()
    partner = make_organisation("Garage")
    meeting = make_meeting(
        [partner],
        mission=mission,
        is_confidential=True,
        title="Secret title",
        purpose="Secret purpose",
        outcome="Secret outcome",
    )
    make_followup(partner, "Secret promise", meeting=meeting)
    text = words(page(reader_client, mission))
    assert "Secret" not in text
    assert "Garage" in text
    assert "Confidential" in text
    assert words(page(officer_client, mission)).count("Secret") >= 4


def test_a_mission_of_which_nothing_is_known_says_what_would_fill_it(reader_client):
    text = words(page(reader_client, make_mission()))
    assert "The meetings of the mission gather here, stop by stop." in text
    assert "Whom the places in the delegation are held for is not known." in text


def test_a_mission_that_does_not_exist_is_not_found(reader_client):
    assert reader_client.get("/missions/99999999999999999999/").status_code == 404


def test_one_meeting_and_twenty_cost_the_same(
    officer_client, tokyo, nagoya, django_assert_max_num_queries
):
    def mission_of(count):
        mission = make_mission(initiative=None)
        group = make_organisation("RAISE")
        for number in range(count):
            stop = make_stop(mission, tokyo if number % 2 else nagoya, number)
            partner = make_organisation(f"Partner {number}", parent=make_organisation("Above"))
            meeting = make_meeting([partner], mission=mission, stop=stop, outcome="Good.")
            make_followup(partner, meeting=meeting)
            make_delegate(mission, partner, person=make_person())
            make_organiser(mission, partner)
            make_membership(partner, group)
        make_delegate(mission, group)
        return mission

    one, twenty = mission_of(1), mission_of(20)
    with django_assert_max_num_queries(19) as few:
        page(officer_client, one)
    with django_assert_max_num_queries(19) as many:
        page(officer_client, twenty)
    assert len(few) == len(many)
    assert Meeting.objects.count() == 21


def test_a_place_that_was_declined_waits_for_no_name(reader_client):
    mission, filse = make_mission(), make_organisation("Filse", side="home")
    make_delegate(mission, filse)
    make_delegate(mission, filse, status="declined")
    assert "2 places, 1 unnamed" in words(page(reader_client, mission))
