"""Who do we know there: people with a tie to whom a mission meets, the shortest way first."""

from datetime import date

import pytest

from missions.acquaintance import acquaintances
from tests.factories import (
    make_affiliation,
    make_meeting,
    make_membership,
    make_mission,
    make_organisation,
    make_person,
)
from tests.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def jfc(tokyo):
    return make_organisation("Japan Finance Corporation", tokyo)


@pytest.fixture
def region():
    return make_organisation("Regione Liguria", country="IT", side="home", kind="authority")


@pytest.fixture
def mission(jfc):
    mission = make_mission()
    make_meeting([jfc], mission=mission, status="planned")
    return mission


def page(client, mission):
    return words(client.get(f"/missions/{mission.pk}/who-we-know/"))


def names(organisation):
    [known] = acquaintances([organisation])
    return [(str(path.person or path.ties[0].via), path.steps) for path in known.paths]


def met(organisations, people, on):
    return make_meeting(organisations, people, local_date=on, status="held")


def test_the_shortest_way_comes_first_then_the_freshest(jfc, region):
    bank = make_organisation("Bank of Japan")
    network = make_organisation("World Finance Network", country="CH")
    make_membership(jfc, network)
    make_membership(region, network)
    giulia = make_person("Giulia", "Parodi", region)
    luca = make_person("Luca", "Canepa", region)
    marta = make_person("Marta", "Rossi", region)
    make_affiliation(marta, jfc, until=date(2024, 3, 31))
    kenji = make_person("Kenji", "Suzuki", bank)
    met([jfc], [giulia], date(2025, 5, 20))
    met([jfc], [luca], date(2026, 5, 20))
    met([jfc, bank], [kenji], date(2026, 9, 1))
    assert names(jfc) == [
        ("Luca Canepa", 1),
        ("Giulia Parodi", 1),
        ("Marta Rossi", 1),
        ("Kenji Suzuki", 2),
        ("World Finance Network", 2),
    ]


def test_each_way_reads_as_a_sentence(reader_client, mission, jfc, region):
    haruka = make_person("Haruka", "Tanabe", jfc)
    giulia = make_person("Giulia", "Parodi", region)
    luca = make_person("Luca", "Canepa", region)
    make_affiliation(luca, jfc, until=date(2024, 3, 31))
    met([jfc], [giulia, haruka], date(2026, 5, 20))
    text = page(reader_client, mission)
    assert "Giulia Parodi met Haruka Tanabe on 20 May 2026." in text
    assert "Luca Canepa worked there until 2024." in text
    assert "Haruka Tanabe met" not in text


def test_a_partners_person_comes_with_who_of_ours_met_them(reader_client, mission, jfc, region):
    bank = make_organisation("Bank of Japan")
    kenji = make_person("Kenji", "Suzuki", bank)
    make_affiliation(kenji, jfc, until=date(2022, 3, 31))
    met([bank], [kenji, make_person("Giulia", "Parodi", region)], date(2026, 3, 9))
    text = page(reader_client, mission)
    assert "Kenji Suzuki worked there until 2022. Giulia Parodi met them on 9 March 2026." in text


def test_people_at_what_it_is_part_of_are_one_step_further(jfc):
    ministry = make_organisation("Ministry of Finance")
    jfc.parent = ministry
    jfc.save()
    aiko = make_person("Aiko", "Mori", ministry)
    make_person("Ken", "Unmet", ministry)
    met([ministry], [aiko], date(2026, 3, 9))
    assert names(jfc) == [("Aiko Mori", 3)]


def test_archived_people_and_meetings_not_held_are_left_out(jfc, region, officer):
    gone = make_person("Giulia", "Parodi", region)
    met([jfc], [gone], date(2026, 3, 9))
    gone.archive(officer)
    planned = make_person("Luca", "Canepa", region)
    make_meeting([jfc], [planned], status="planned")
    assert names(jfc) == []


def test_a_confidential_meeting_shows_its_date_and_not_its_title(
    reader_client, mission, jfc, region
):
    giulia = make_person("Giulia", "Parodi", region)
    make_meeting(
        [jfc], [giulia], title="Secret rates", is_confidential=True, local_date=date(2026, 5, 20)
    )
    text = page(reader_client, mission)
    assert "20 May 2026" in text
    assert "Secret rates" not in text


def test_of_many_it_shows_the_first_and_says_how_many_more(reader_client, mission, jfc, region):
    met([jfc], [make_person(f"Given{n}", "Parodi", region) for n in range(9)], date(2026, 3, 9))
    assert "and 3 more" in page(reader_client, mission)


def test_a_citys_page_leads_to_those_who_know_its_partners(reader_client, tokyo, jfc, region):
    met([jfc], [make_person("Giulia", "Parodi", region)], date(2026, 5, 20))
    url = f"/partners/cities/{tokyo.pk}/who-we-know/"
    assert f'hx-get="{url}"' in reader_client.get(f"/partners/cities/{tokyo.pk}/").content.decode()
    assert "Giulia Parodi met Japan Finance Corporation" in words(reader_client.get(url))
    part = reader_client.get(url, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "Leads to Japan Finance Corporation" in words(part)


def test_it_asks_as_much_of_the_database_for_twenty_organisations_as_for_one(
    reader_client, region, tokyo, django_assert_max_num_queries
):
    group = make_organisation("World Finance Network")
    make_membership(region, group)
    counts = []
    for number in (1, 20):
        mission = make_mission(f"With {number}")
        for at in range(number):
            bank = make_organisation(f"Bank {number} {at}", tokyo, parent=group)
            make_membership(bank, group)
            theirs = make_person(f"Theirs{number}{at}", "Mori", bank)
            former = make_person(f"Former{number}{at}", "Mori", group)
            make_affiliation(former, bank, until=date(2024, 1, 1))
            ours = make_person(f"Ours{number}{at}", "Parodi", region)
            met([bank, group], [ours, theirs, former], date(2026, 5, 20))
            make_meeting([bank], mission=mission, status="planned")
        with django_assert_max_num_queries(60) as queries:
            assert reader_client.get(f"/missions/{mission.pk}/who-we-know/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
