"""The list of follow-ups: mine, everyone's, overdue, done."""

from datetime import timedelta

from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import make_followup, make_meeting, make_organisation, make_person
from tests.reading import words


def promises(client, query=""):
    response = client.get(f"/follow-ups/{query}")
    assert response.status_code == 200
    return [follow_up.what for follow_up in response.context["page"].rows]


def due(days):
    return timezone.localdate() + timedelta(days=days)


def test_tabs_hold_mine_everyones_overdue_and_done(officer_client, officer, steward):
    partner = make_organisation()
    make_followup(partner, "Mine", assignee=officer, due_on=due(3))
    make_followup(partner, "Mine, late", assignee=officer, due_on=due(-3))
    make_followup(partner, "Theirs, late", assignee=steward, due_on=due(-5))
    make_followup(partner, "Nobody’s")
    for what in ("Done first", "Done last"):
        make_followup(partner, what, assignee=steward).mark_done(steward)
    assert promises(officer_client) == ["Mine, late", "Mine"]
    assert promises(officer_client, "?show=mine") == ["Mine, late", "Mine"]
    everyones = ["Theirs, late", "Mine, late", "Mine", "Nobody’s"]
    assert promises(officer_client, "?show=all") == everyones
    assert promises(officer_client, "?show=overdue") == ["Theirs, late", "Mine, late"]
    assert promises(officer_client, "?show=done") == ["Done last", "Done first"]
    make_followup(partner, "Given up", assignee=officer, due_on=due(-9)).drop(officer, "No money")
    assert promises(officer_client) == ["Mine, late", "Mine"]
    assert promises(officer_client, "?show=overdue") == ["Theirs, late", "Mine, late"]
    assert promises(officer_client, "?show=dropped") == ["Given up"]


def test_open_ones_stand_under_overdue_coming_and_no_date_with_their_counts(
    officer_client, officer
):
    partner = make_organisation()
    for days in (-3, -2, 0, 5, None):
        make_followup(partner, assignee=officer, due_on=None if days is None else due(days))
    groups = officer_client.get("/follow-ups/").context["groups"]
    assert [(str(group["label"]), group["count"]) for group in groups] == [
        ("Overdue", "2"),
        ("Coming", "2"),
        ("No date", "1"),
    ]


def test_filters_work_within_a_tab(officer_client, officer, steward):
    a, b = make_organisation("A"), make_organisation("B")
    make_followup(a, "Ours", assignee=steward)
    make_followup(b, "Theirs", promised_by="them")
    for query, left in (
        ("?show=all&by=them", ["Theirs"]),
        ("?show=all&by=us", ["Ours"]),
        (f"?show=all&assignee={steward.pk}", ["Ours"]),
        ("?show=all&assignee=none", ["Theirs"]),
        (f"?show=all&organisation={b.pk}", ["Theirs"]),
        ("?show=all&q=theirs", ["Theirs"]),
    ):
        assert promises(officer_client, query) == left, query


def test_a_slip_is_forgiven_only_where_no_tab_has_what_is_typed(officer_client, officer, steward):
    partner = make_organisation()
    make_followup(partner, "Send brochure", assignee=officer)
    make_followup(partner, "Send brochura", assignee=steward)
    assert promises(officer_client, "?q=brochura") == []
    assert promises(officer_client, "?q=brochuro") == ["Send brochure"]
    assert "these are similar" in words(officer_client.get("/follow-ups/?q=brochuro"))


def test_tabs_keep_the_filters(officer_client):
    make_followup(make_organisation(), promised_by="them")
    tabs = officer_client.get("/follow-ups/?show=all&by=them").context["filterset"].tabs
    assert [url for _name, _label, url in tabs] == [
        "?by=them",
        "?show=all&by=them",
        "?show=overdue&by=them",
        "?show=done&by=them",
        "?show=dropped&by=them",
    ]


def test_each_tab_says_what_would_fill_it(officer_client):
    for tab, said in (
        ("mine", "Nothing is promised in your name."),
        ("all", "Promises made at meetings"),
        ("overdue", "Nothing is overdue."),
        ("done", "Promises that were kept gather here"),
        ("dropped", "Nothing was given up."),
    ):
        assert said in words(officer_client.get(f"/follow-ups/?show={tab}"))


def test_what_was_promised_in_confidence_is_kept_from_readers(reader_client, officer_client):
    meeting = make_meeting(is_confidential=True)
    make_followup(make_organisation(), "Secret", meeting=meeting)
    assert promises(officer_client, "?show=all") == ["Secret"]
    assert promises(reader_client, "?show=all") == []
    assert promises(reader_client, "?show=all&q=secret") == []


def test_a_reader_has_no_ring_to_press(reader_client, officer_client):
    make_followup(make_organisation())
    assert "/done/" not in reader_client.get("/follow-ups/?show=all").content.decode()
    assert "/done/" in officer_client.get("/follow-ups/?show=all").content.decode()


def test_addresses_that_make_no_sense_give_a_sane_page(officer_client):
    for query in ("?show=drop&by=x&assignee=abc&organisation=-1&page=-1", "?after=9&show=done"):
        assert promises(officer_client, query) == []


def test_pages_go_on_where_dates_end(officer_client, officer):
    partner = make_organisation()
    for number in range(60):
        make_followup(
            partner, str(number), assignee=officer, due_on=due(number) if number < 30 else None
        )
    first = officer_client.get("/follow-ups/").context["page"].rows
    rest = promises(officer_client, f"?after={first[-1].pk}")
    assert [one.what for one in first] + rest == [str(number) for number in range(60)]


def test_one_row_and_twenty_cost_the_same(officer, django_assert_max_num_queries):
    client = signed_in(officer)

    def fill(count):
        for number in range(count):
            partner = make_organisation(f"Partner {number}")
            meeting = make_meeting([partner])
            for days in (-1, 1):
                make_followup(
                    partner,
                    meeting=meeting,
                    person=make_person(),
                    assignee=officer,
                    due_on=due(days),
                )

    fill(2)
    with django_assert_max_num_queries(14) as few:
        promises(client)
    fill(20)
    with django_assert_max_num_queries(14) as many:
        promises(client)
    assert len(few) == len(many)
