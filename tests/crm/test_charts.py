"""Charts as geometry: shares of the room, in numbers that SVG reads in every language."""

from django.utils import translation

from crm.charts import bars, columns, stack


def test_the_longest_bar_fills_the_room_and_zeros_are_left_out():
    drawn = bars([("Embassy", 1), ("Incubator", 4), ("Agency", 0)])
    assert [(bar.label, bar.width) for bar in drawn] == [
        ("Embassy", "25.00%"),
        ("Incubator", "100.00%"),
    ]


def test_the_pieces_of_a_bar_follow_each_other_and_fill_it():
    drawn = stack([("Kept", 1, "done"), ("Late", 0, "late"), ("Open", 3, "open")])
    assert [(piece.x, piece.width) for piece in drawn] == [
        ("0.00%", "25.00%"),
        ("25.00%", "75.00%"),
    ]


def test_columns_stand_on_one_line_and_keep_their_place_when_empty():
    drawn = columns([("March", 2, "", ""), ("April", 0, "", ""), ("May", 1, "", "")])
    assert [(one.y, one.height) for one in drawn.columns] == [
        ("0.0", "64.0"),
        ("64.0", "0.0"),
        ("32.0", "32.0"),
    ]
    assert (drawn.total, drawn.most) == (3, 2)


def test_nothing_is_drawn_of_nothing():
    assert (bars([]), stack([]), columns([]).columns) == ([], [], [])


def test_geometry_has_points_in_italian_too():
    with translation.override("it"):
        assert bars([("a", 1), ("b", 3)])[0].width == "33.33%"
