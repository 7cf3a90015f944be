"""Cities: found however they are spelt, and carrying their own time."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from partners.models import City
from tests.factories import make_city, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Every city of the file."""
    call_command("load_cities")


@pytest.mark.usefixtures("world")
def test_typing_any_spelling_finds_the_city():
    for typed, found in {
        "Genova": "Genoa",
        "Genoa": "Genoa",
        "genoa": "Genoa",
        "ジェノヴァ": "Genoa",
        "ｼﾞｪﾉｳﾞｧ": "Genoa",
        "tokyo": "Tokyo",
        "toki": "Tokyo",
        "東京": "Tokyo",
        "Nagoya": "Nagoya",
        "名古屋": "Nagoya",
        "横浜": "Yokohama",
        "seoul": "Seoul",
        "서울": "Seoul",
        "prishtina": "Pristina",
    }.items():
        assert City.objects.matching(typed)[0].name == found, typed
    assert not City.objects.matching("Atlantis").exists()

    native = dict(City.objects.filter(country="JP").values_list("name", "native_name"))
    assert {name: native[name] for name in ("Tokyo", "Nagoya", "Osaka", "Yokohama")} == {
        "Tokyo": "東京",
        "Nagoya": "名古屋",
        "Osaka": "大阪",
        "Yokohama": "横浜",
    }
    assert (native["Kyoto"], native["Kobe"], native["Saitama"]) == ("京都", "神戸", "さいたま")
    assert City.objects.get(name="Pristina").country.code == "XK"
    assert City.objects.count() == City.history.filter(history_change_reason="GeoNames").count()
    assert not City.objects.exclude(country="JP").filter(native_name__regex="[ぁ-ん]").exists()


@pytest.mark.usefixtures("few_cities")
def test_loading_again_adds_only_what_was_never_here(capsys):
    City.objects.create(geonames_id=1850147, name="Edo", country="JP", time_zone="Asia/Tokyo")
    call_command("load_cities")
    assert City.objects.filter(name="Edo").exists()
    assert not City.objects.filter(name="Tokyo").exists()
    capsys.readouterr()
    call_command("load_cities")
    assert capsys.readouterr().out == ""


def test_a_steward_can_add_one_with_name_country_and_zone():
    City(name="Awaji", country="JP", time_zone="Asia/Tokyo").full_clean()
    with pytest.raises(ValidationError, match="is not a time zone"):
        City(name="Awaji", country="JP", time_zone="Tokyo").full_clean()
    with pytest.raises(ValidationError, match="both coordinates"):
        City(name="Awaji", country="JP", time_zone="Asia/Tokyo", latitude=34.3).full_clean()


def test_only_cities_with_an_active_organisation_are_in_use(nagoya, tokyo, genoa):
    make_organisation(city=nagoya)
    make_organisation(city=tokyo).archive(by=None)
    assert list(City.objects.in_use()) == [nagoya]


def test_the_largest_of_two_cities_of_one_name_comes_first():
    make_city("Alexandria", "US", population=150_000)
    egyptian = make_city("Alexandria", "EG", population=5_000_000)
    assert City.objects.matching("alex")[0] == egyptian
