"""People as lists join them with where they work."""

import pytest

from partners.models import Person
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db


def test_a_person_is_listed_with_the_primary_current_affiliation():
    make_person("Haruka", organisation=make_organisation("Nagoya University"))
    make_person("Yuki")
    rows = Person.objects.with_primary().values_list("given_name", "post__organisation__name")
    assert sorted(rows, key=str) == [("Haruka", "Nagoya University"), ("Yuki", None)]
