"""A city: its partners, people and meetings."""

import pytest

from tests.factories import (
    make_meeting,
    make_mission,
    make_organisation,
    make_person,
    make_sector,
    make_stop,
)

pytestmark = pytest.mark.django_db


def test_a_city_shows_its_partners_people_and_meetings(nagoya, tokyo, reader_client):
    university = make_organisation("Nagoya University", nagoya, [make_sector("Robotics")])
    make_organisation("Japan Finance Corporation", tokyo)
    make_person("Haruka", "Tanabe", university, "Director")
    make_meeting([university], city=nagoya, title="First talk", time_zone="Asia/Tokyo")
    mission = make_mission()
    stop = make_stop(mission, nagoya)
    make_meeting([university], mission=mission, stop=stop, title="At a stop")
    make_meeting([university], city=tokyo, title="Elsewhere", time_zone="Asia/Tokyo")
    content = reader_client.get(f"/partners/cities/{nagoya.pk}/").content.decode()
    for shown in ["Nagoya University", "Haruka Tanabe", "First talk", "At a stop", "Robotics"]:
        assert shown in content
    assert "Japan Finance Corporation" not in content
    assert "Elsewhere" not in content
    assert f'href="/partners/?city={nagoya.pk}&amp;sector=robotics"' in content


def test_a_city_leads_to_its_whole_list(nagoya, reader_client):
    for place in range(12):
        make_organisation(f"Partner {place}", nagoya)
    response = reader_client.get(f"/partners/cities/{nagoya.pk}/")
    assert len(response.context["organisations"]) == 10
    assert f'href="/partners/?city={nagoya.pk}"' in response.content.decode()


def test_a_city_that_nobody_uses_says_so(tokyo, officer_client):
    content = officer_client.get(f"/partners/cities/{tokyo.pk}/").content.decode()
    assert "No partner here yet." in content


def test_an_unknown_city_is_not_found(reader_client):
    assert reader_client.get("/partners/cities/999999/").status_code == 404


@pytest.mark.parametrize("page", ["cities/{}", "sectors/robotics"], ids=["city", "sector"])
def test_what_a_confidential_meeting_was_about_is_kept_from_readers(
    nagoya, reader_client, officer_client, page
):
    met = make_organisation("Nagoya University", nagoya)
    make_meeting(
        [met],
        city=nagoya,
        sectors=[make_sector("Robotics")],
        title="Sale of the spin-off",
        is_confidential=True,
    )
    url = f"/partners/{page.format(nagoya.pk)}/"
    assert "Sale of the spin-off" not in reader_client.get(url).content.decode()
    assert "Sale of the spin-off" in officer_client.get(url).content.decode()
