import pytest

from crm.imports.blanks import blank
from missions.models import Meeting
from partners.models import Affiliation, Organisation, Person


@pytest.mark.parametrize("model", [Person, Organisation, Affiliation, Meeting])
def test_a_blank_record_has_what_the_model_gives_a_new_one(model):
    new, made = blank(model), model()
    assert {name: getattr(new, name) for name in names(model)} == {
        name: getattr(made, name) for name in names(model)
    }
    assert new._state.adding


def names(model):
    return {field.attname for field in model._meta.concrete_fields} - {"key"}


def test_each_blank_record_has_a_key_of_its_own_unless_one_is_given():
    assert blank(Person).key != blank(Person).key
    assert blank(Person, key=None).key is None


def test_what_is_set_on_one_blank_record_is_on_no_other():
    blank(Person).given_name = "Haruka"
    assert blank(Person).given_name == ""
