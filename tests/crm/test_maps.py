"""Places on the outlines of the world: the part shown, circles, names, and the date line."""

from itertools import combinations
from xml.etree import ElementTree

from django.conf import settings

from crm.maps import Circle, fitted, journey, outline_id, placed, project

TOKYO, NAGOYA = project(35.69, 139.69), project(35.18, 136.91)
GENOA, SAN_FRANCISCO = project(44.41, 8.93), project(37.77, -122.42)
LISBON = project(38.72, -9.14)


def test_the_outlines_have_every_country_by_its_code_and_all_in_one_group():
    tree = ElementTree.parse(settings.BASE_DIR / "crm/static/img/world.svg")
    land = tree.getroot().find("{*}g[@id='land']")
    assert land is not None
    ids = {path.get("id") for path in land}
    assert len(land) == 177
    assert {outline_id("JP"), outline_id("IT"), outline_id("XK")} <= ids


def test_degrees_lie_where_the_outlines_have_them():
    assert project(90, -180) == (0, 0)
    assert project(0, 0) == (500, 250)


def test_the_part_shown_holds_every_place_and_stays_in_the_world():
    view = fitted([TOKYO, NAGOYA])
    assert view.width < 200
    assert all(0 < share < 1 for place in (TOKYO, NAGOYA) for share in view.shares(place))
    assert view.x + view.width <= 1000
    assert fitted([TOKYO, SAN_FRANCISCO]).shape == "wide"


def test_areas_stand_for_counts_and_small_circles_lie_on_top():
    large, small = placed(
        [Circle("Genoa", 4, "", GENOA), Circle("Tokyo", 16, "", TOKYO)], fitted([GENOA, TOKYO])
    )
    assert (large.label, small.label) == ("Tokyo", "Genoa")
    assert large.radius / small.radius == 2


def test_names_that_would_touch_are_left_out_smallest_first():
    crowd = [
        Circle(f"City {number}", number, "", (850 + number % 5, 150 + number // 5))
        for number in range(1, 26)
    ]
    circles = placed(crowd, fitted([circle.point for circle in crowd] + [LISBON]))
    assert circles[0].is_labelled
    assert sum(circle.is_labelled for circle in circles) < 25
    assert all(circle.is_labelled for circle in circles if circle.is_labelled_small)


def test_a_journey_over_the_date_line_takes_the_short_way():
    way = journey([("Tokyo", TOKYO, 1), ("San Francisco", SAN_FRANCISCO, 2)])
    assert way is not None
    assert way.view.width < 500
    assert way.view.worlds == ["0", "1000"]


def test_a_city_that_is_come_back_to_is_one_halt_with_both_numbers():
    way = journey(
        [("Genoa", GENOA, None), ("Tokyo", TOKYO, 1), ("Nagoya", NAGOYA, 2), ("Tokyo", TOKYO, 3)]
    )
    assert way is not None
    assert [(halt.label, halt.number) for halt in way.halts] == [
        ("Genoa", ""),
        ("Tokyo", "1, 3"),
        ("Nagoya", "2"),
    ]
    assert len(way.legs) == 3
    assert all(one != other for one, other in combinations(way.legs, 2))
