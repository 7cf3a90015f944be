"""The page of a partner."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import timezone

from tests.factories import (
    make_affiliation,
    make_agreement,
    make_followup,
    make_meeting,
    make_membership,
    make_organisation,
    make_person,
    make_sector,
)

pytestmark = pytest.mark.django_db


def page(client, user, organisation, query=""):
    client.force_login(user)
    answer = client.get(f"/partners/{organisation.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_both_names_the_kind_and_the_place_are_told(client, reader, tokyo):
    jfc = make_organisation(city=tokyo, native_name="日本政策金融公庫")
    html = page(client, reader, jfc)
    assert '<span class="native" lang="ja" dir="auto">日本政策金融公庫</span>' in html
    assert "Public finance in Tokyo, Japan." in html


def test_a_reader_is_offered_nothing_to_change(client, reader):
    html = page(client, reader, make_organisation())
    assert "/edit/" not in html
    assert "Archive" not in html
    assert "Log a meeting" not in html


def test_an_officer_can_edit_archive_and_log_with_them(client, officer):
    jfc = make_organisation()
    html = page(client, officer, jfc)
    assert f"/partners/{jfc.pk}/edit/" in html
    assert f"/partners/{jfc.pk}/archive/" in html
    assert f"/admin/partners/organisation/{jfc.pk}/change/" in html


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"local_date": date(2026, 10, 14)}, "14 October 2026"),
        ({}, "Met, date unknown"),
        (None, "Never"),
    ],
)
def test_last_contact_is_told_in_its_three_states(client, reader, held, said):
    jfc = make_organisation()
    if held is not None:
        make_meeting([jfc], **held)
    assert said in page(client, reader, jfc)


def test_the_timeline_runs_from_the_newest_to_the_undated(client, reader):
    jfc = make_organisation()
    make_meeting([jfc], title="Undated meeting")
    make_meeting([jfc], title="Spring meeting", local_date=date(2025, 4, 1))
    make_agreement("Letter of intent", [jfc], signed_on=date(2025, 12, 18))
    make_followup(jfc, "Annex sent", done_at=datetime(2026, 6, 12, 9, tzinfo=UTC))
    make_meeting(
        [jfc],
        title="Coming meeting",
        status="planned",
        local_date=timezone.localdate().replace(year=2099),
    )
    html = page(client, reader, jfc)
    order = ["Coming meeting", "Today", "Annex sent", "Letter of intent", "Spring", "Undated"]
    places = [html.index(words, html.index('class="timeline"')) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("show", "there", "away"),
    [
        ("meetings", "Spring meeting", "Annex sent"),
        ("follow-ups", "Annex sent", "Spring meeting"),
        ("agreements", "Letter of intent", "Annex sent"),
        ("nonsense", "Letter of intent", "Nothing"),
    ],
)
def test_the_timeline_shows_what_is_asked_for(client, reader, show, there, away):
    jfc = make_organisation()
    make_meeting([jfc], title="Spring meeting", local_date=date(2025, 4, 1))
    make_agreement("Letter of intent", [jfc], signed_on=date(2025, 12, 18))
    make_followup(jfc, "Annex sent", done_at=datetime(2026, 6, 12, 9, tzinfo=UTC))
    html = page(client, reader, jfc, f"?show={show}")
    timeline = html[html.index('class="timeline"') : html.index('class="rail"')]
    assert there in timeline
    assert away not in timeline


def test_older_leads_through_everything_once(client, reader):
    jfc = make_organisation()
    for number in range(1, 29):
        make_meeting(
            [jfc],
            title=f"Meeting {number:02}",
            local_date=date(2025, 1, 1 + number % 3),
            local_time=time(9),
            time_zone="Asia/Tokyo",
        )
        make_followup(
            jfc, f"Promise {number:02}", done_at=datetime(2025, 1, 2, 0, number % 2, tzinfo=UTC)
        )
    make_agreement("Agreement A", [jfc], signed_on=date(2025, 1, 2))
    make_agreement("Agreement B", [jfc])
    make_meeting([jfc], title="Undated")
    client.force_login(reader)
    seen, url = [], f"/partners/{jfc.pk}/"
    while url:
        timeline = client.get(url).context["timeline"]
        seen += [str(entry.record) for entry in timeline.entries]
        url = f"/partners/{jfc.pk}/?after={timeline.older}" if timeline.older else ""
    assert len(seen) == 59
    assert len(set(seen)) == 59
    assert seen[-2:] == ["Undated", "Agreement B"]


@pytest.mark.parametrize(
    "after", ["abc", "\0", "1.2", "9" * 70, "-5.9.9", "0.0.0", "-1.1." + "9" * 30]
)
def test_an_address_that_makes_no_sense_opens_the_first_page(client, reader, after):
    jfc = make_organisation()
    make_meeting([jfc], title="Spring meeting", local_date=date(2025, 4, 1))
    client.force_login(reader)
    answer = client.get(f"/partners/{jfc.pk}/", {"after": after, "show": "\0"})
    assert "Spring meeting" in answer.content.decode()


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 40])
def test_an_organisation_that_is_not_there_is_not_found(client, reader, pk):
    client.force_login(reader)
    assert client.get(f"/partners/{pk}/").status_code == 404


def test_a_reader_learns_that_a_confidential_meeting_was_not_what_was_said(client, reader, officer):
    jfc = make_organisation()
    meeting = make_meeting(
        [jfc],
        title="The merger",
        outcome="They agree",
        is_confidential=True,
        local_date=date(2026, 5, 1),
    )
    make_followup(jfc, "Send the merger papers", meeting=meeting)
    html = page(client, reader, jfc)
    assert "Confidential meeting" in html
    assert "1 May" in html
    assert "merger" not in html
    assert "They agree" not in html
    assert "The merger" in page(client, officer, jfc)


def test_open_promises_stand_on_the_side_that_made_them(client, officer):
    jfc = make_organisation()
    make_followup(jfc, "Send the list", due_on=date(2020, 1, 1))
    make_followup(jfc, "Return the annex", promised_by="them")
    html = page(client, officer, jfc)
    assert html.index("Send the list") < html.index("By them") < html.index("Return the annex")
    assert "2 open, 1 overdue" in html
    assert 'aria-label="Mark done: Send the list"' in html


def test_people_who_left_come_last_with_the_month_they_left(client, reader):
    jfc = make_organisation()
    make_affiliation(make_person("Naoko", "Arimura"), jfc, until=date(2026, 3, 31))
    make_person("Haruka", "Tanabe", jfc, "Director")
    html = page(client, reader, jfc)
    assert html.index("Haruka Tanabe") < html.index("Naoko Arimura")
    assert "Until March 2026" in html


def test_somebody_not_to_be_contacted_is_marked_and_has_no_address(client, reader):
    jfc = make_organisation()
    make_person("Kenji", "Morikawa", jfc, email="k@jfc.example", contact_preference="none")
    html = page(client, reader, jfc)
    assert "Not to be contacted" in html
    assert "k@jfc.example" not in html


def test_memberships_show_both_ways_with_role_and_dates(client, reader):
    raise_, iit, jfc = (make_organisation(name) for name in ("RAISE", "IIT", "JFC"))
    make_membership(iit, raise_)
    make_membership(raise_, jfc, role="Observer", since=date(2025, 1, 1))
    html = page(client, reader, raise_)
    assert html.index("Belongs to") < html.index("JFC") < html.index("Includes") < html.index("IIT")
    assert "Observer" in html
    assert "since January 2025" in html


def test_an_archived_partner_opens_with_when_who_and_why(client, officer):
    jfc = make_organisation()
    jfc.archive(officer, "Closed in 2024")
    html = page(client, officer, jfc)
    assert "by Olga Officer" in html
    assert "Closed in 2024" in html
    assert f'action="/partners/{jfc.pk}/restore/"' in html


def test_the_page_asks_as_much_of_the_database_for_twenty_parts_as_for_one(
    client, officer, tokyo, django_assert_max_num_queries
):
    client.force_login(officer)
    counts = []
    for number in (1, 20):
        jfc = make_organisation(f"Bank {number}", tokyo, [make_sector(f"Sector {number}")])
        for each in range(number):
            other = make_organisation(f"Other {number} {each}")
            person = make_person(f"Given{each}", "Family", jfc)
            meeting = make_meeting(
                [jfc, other], [person], local_date=date(2026, 1, 1 + each), city=tokyo
            )
            make_followup(jfc, "Open", person=person, assignee=officer, meeting=meeting)
            make_followup(jfc, "Done", done_at=datetime(2026, 2, 1, tzinfo=UTC))
            make_agreement("Agreement", [jfc, other], signed_on=date(2026, 1, 1))
            make_membership(jfc, other)
            make_membership(make_organisation(f"Member {number} {each}"), jfc)
            make_organisation(f"Unit {number} {each}", parent=jfc)
        with django_assert_max_num_queries(45) as queries:
            assert client.get(f"/partners/{jfc.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts[1] - counts[0] <= 2, "two lists that are cut short are counted"


def test_an_archived_member_or_group_is_out_of_the_memberships(reader_client, officer):
    raise_ = make_organisation("RAISE")
    institute, network = make_organisation("Closed Institute"), make_organisation("Closed Network")
    make_membership(institute, raise_)
    make_membership(raise_, network)
    institute.archive(by=officer)
    network.archive(by=officer)
    assert "Closed" not in reader_client.get(raise_.get_absolute_url()).content.decode()
