"""What search is found in: right after every way of writing, told where broken, as promised."""

import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import NotSupportedError, OperationalError, connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from crm.search import (
    matching,
    search_index,
)
from crm.text import folded
from missions.contact import settle_meeting
from missions.models import Agreement, Meeting, Mission, Party, Stop
from partners.models import City, Organisation, Person, Sector
from tests.factories import make_meeting, make_organisation, make_person

pytestmark = pytest.mark.django_db


def finds(typed: str) -> bool:
    return Organisation.objects.matching(typed).exists()


def test_the_index_follows_every_way_of_writing(nagoya):
    one = Organisation(name="Alpha Institute", kind="other", country="JP", city=nagoya)
    one.refresh_derived()
    Organisation.objects.bulk_create([one])
    assert finds("alpha")
    one.name = "Beta Institute"
    one.refresh_derived()
    Organisation.objects.bulk_update([one], ["name", *Organisation.DERIVED])
    assert finds("beta")
    assert not finds("alpha")
    Organisation.objects.update(search_text="\ngamma\n", search_tokens="gamma")
    assert finds("gamma")
    assert finds("ga")
    assert not finds("beta")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partners_organisation SET search_text = 'delta', search_tokens = ''")
    assert finds("delta")
    assert not finds("ga")
    Organisation.objects.all().delete()
    assert not finds("delta")
    call_command("check_derived")


def test_a_version_restored_from_the_history_is_found_by_its_old_name():
    one = make_organisation("Alpha Institute")
    one.name = "Beta Institute"
    one.save()
    one.history.last().instance.save()
    assert finds("alpha")
    assert not finds("beta")


def test_renaming_is_followed_wherever_the_name_is_found(genoa):
    bank = make_organisation("Cassa Alfa", city=genoa)
    piana = make_person("Alessio", "Piana", organisation=bank)
    mission = Mission.objects.create(title="To Liguria")
    stop = Stop.objects.create(mission=mission, city=genoa)
    meeting = make_meeting([bank], [piana], mission=mission, stop=stop)
    settle_meeting(meeting)
    agreement = Agreement.objects.create(title="Memorandum")
    Party.objects.create(agreement=agreement, organisation=bank)

    genoa.name = "Superba"
    genoa.save()
    bank.refresh_from_db()
    bank.name = "Cassa Omega"
    bank.save()
    piana.family_name = "Monte"
    piana.save()

    for model in (City, Organisation, Person, Mission, Meeting, Agreement):
        assert model.objects.matching("superba").count() == 1, model
    for model in (Organisation, Person, Meeting, Agreement):
        assert model.objects.matching("omega superba").count() == 1, model
        assert not model.objects.matching("alfa").exists(), model
    assert Meeting.objects.matching("monte liguria").get() == meeting
    call_command("check_derived")


def test_parts_that_go_take_their_names_along(genoa, tokyo):
    mission = Mission.objects.create(title="Journey")
    stop = Stop.objects.create(mission=mission, city=genoa)
    assert Mission.objects.matching("genova").exists()
    stop.delete()
    assert not Mission.objects.matching("genova").exists()


def break_index() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP INDEX partners_organisation_words")
        else:
            cursor.execute("DROP TRIGGER partners_organisation_words_update")
            cursor.execute("UPDATE partners_organisation SET search_tokens = search_tokens || ' x'")
            cursor.execute(
                "UPDATE partners_organisation SET search_tokens = rtrim(search_tokens, ' x')"
            )


@pytest.mark.parametrize("command", ["check", "rebuild"])
def test_a_broken_index_is_told_and_made_anew(command):
    make_organisation("Alpha Institute")
    break_index()
    with pytest.raises(CommandError):
        call_command("check_derived")
    if command == "check":
        call_command("check_derived", fix=True, stdout=StringIO())
    else:
        call_command("rebuild_search", stdout=StringIO())
    assert finds("al institu")
    call_command("check_derived")


class LackingEditor:
    """Writes to a database that lacks what an index needs."""

    connection = connection

    def __init__(self, complaint: str) -> None:
        self.complaint = complaint

    def execute(self, statement: str) -> None:
        raise OperationalError(self.complaint)


@pytest.mark.parametrize("complaint", ["no such module: fts5", "no such tokenizer: trigram"])
def test_a_database_without_what_search_needs_is_refused_in_words(complaint):
    with pytest.raises(NotSupportedError, match="FTS5 and its trigram tokenizer"):
        search_index("partners_city").code(apps, LackingEditor(complaint))  # type: ignore[arg-type]


# Letters that break parsers, few of them so that they meet.
PUNCTUATION = "' -.%_\\\"("
LETTERS = st.text(alphabet="ae1é木京東Ж" + PUNCTUATION, min_size=1, max_size=12)


def is_there(name: str, typed: str) -> bool:
    """What `matching()` promises of one name, said as plainly as can be."""
    text = folded(name)
    joined = re.sub("(?<=[木京東]) (?=[木京東])", "", text)
    asked = [
        core
        for part in re.findall("[木京東]+|[^木京東 ]+", folded(typed))
        if (core := part.strip(PUNCTUATION))
    ]
    for core in asked:
        if core[0] in "木京東" or len(core) > 2:
            if core not in text and core not in joined:
                return False
        elif not any(word.startswith(core) for word in re.findall("[ae1ж]+", text)):
            return False
    return bool(asked)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=LETTERS.filter(folded), typed=LETTERS.filter(lambda typed: typed.count("1") < 7))
def test_the_engine_finds_what_plain_python_finds(db, name, typed):
    assume(folded(typed))
    sector = Sector(slug="x", name=name, name_it=name)
    sector.refresh_derived()
    Sector.objects.all().delete()
    Sector.objects.bulk_create([sector])
    assert matching(Sector.objects.all(), typed).exists() is is_there(name, typed)
