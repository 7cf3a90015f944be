"""Versions, tokens and manners of every form."""

import threading
import uuid

import pytest
from django.db import connection
from django.forms import modelform_factory
from django.http import QueryDict

from crm.forms import RecordsField, VersionedModelForm
from crm.models import Submission
from crm.views import save_once
from partners.models import Organisation
from tests.factories import make_organisation, make_sector, make_user

Form = modelform_factory(
    Organisation,
    form=VersionedModelForm,
    fields=["name", "short_name", "kind", "country", "tier", "sectors", "notes"],
    field_classes={"sectors": RecordsField},
)


def opened(organisation):
    """What a browser sends back of a form that nobody touched."""
    data = QueryDict(mutable=True)
    for bound in Form(instance=Organisation.objects.get(pk=organisation.pk)):
        value = bound.value()
        if isinstance(value, list):
            data.setlist(bound.html_name, [str(getattr(each, "pk", each)) for each in value])
        else:
            data[bound.html_name] = "" if value is None else str(value)
    return data


def sent(organisation, data):
    return Form(data, instance=Organisation.objects.get(pk=organisation.pk))


def saved_by(user, organisation, **values):
    other = Organisation.objects.get(pk=organisation.pk)
    for name, value in values.items():
        setattr(other, name, value)
    other._history_user = user  # type: ignore[attr-defined]
    other.save()


@pytest.mark.django_db
def test_a_form_that_nobody_touched_has_nothing_to_save():
    jfc = make_organisation(sectors=[make_sector()], notes="One\r\ntwo")
    data = opened(jfc)
    data["notes"] = "One\r\ntwo"
    form = sent(jfc, data)
    assert form.is_valid()
    assert not form.has_changed()


@pytest.mark.django_db
def test_the_second_to_save_is_told_who_changed_what_and_keeps_what_they_typed(officer):
    jfc = make_organisation()
    data = opened(jfc)
    saved_by(officer, jfc, short_name="JFC", tier=1)
    data["short_name"] = "J.F.C."
    form = sent(jfc, data)
    assert not form.is_valid()
    assert [author.name for author in form.conflict.authors] == ["Olga Officer"]
    assert {(each.label, each.before, each.after) for each in form.conflict.changes} == {
        ("Short name", "empty", "JFC"),
        ("Tier", "empty", "Strategic"),
    }
    assert form["short_name"].value() == "J.F.C."
    assert form["short_name"].theirs.after == "JFC"
    assert form["tier"].value() == "1", "what was left alone takes their value"


@pytest.mark.django_db
def test_sent_again_the_form_saves_over_the_other(officer):
    jfc = make_organisation()
    data = opened(jfc)
    saved_by(officer, jfc, short_name="JFC", tier=1)
    data["short_name"] = "J.F.C."
    again = sent(jfc, sent(jfc, data).data)
    assert again.is_valid()
    again.save()
    jfc.refresh_from_db()
    assert (jfc.short_name, jfc.tier) == ("J.F.C.", 1)


@pytest.mark.django_db
def test_a_changed_set_of_sectors_is_told_in_words(officer):
    jfc = make_organisation()
    data = opened(jfc)
    saved_by(officer, jfc)
    Organisation.objects.get(pk=jfc.pk).sectors.add(make_sector("Robotics"))
    data["name"] = "JFC"
    (change,) = sent(jfc, data).conflict.changes
    assert (change.label, change.before, change.after) == ("Sectors", "empty", "Robotics")


@pytest.mark.django_db
def test_a_save_that_changed_nothing_stands_in_nobodys_way(officer):
    jfc = make_organisation()
    data = opened(jfc)
    saved_by(officer, jfc)
    data["name"] = "JFC"
    assert sent(jfc, data).is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30, "1\0"])
def test_a_version_that_makes_no_sense_saves_nothing(version):
    jfc = make_organisation()
    data = opened(jfc)
    data["name"], data["version"] = "JFC", version
    form = sent(jfc, data)
    assert not form.is_valid()
    assert form.conflict is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "Nagoya\0"),
        ("name", "x" * 300),
        ("kind", "\0"),
        ("tier", "9" * 40),
        ("sectors", "\0"),
        ("sectors", "9" * 40),
        ("country", "J\0"),
    ],
)
def test_what_no_field_can_hold_is_an_error_beside_it(name, value):
    jfc = make_organisation()
    data = opened(jfc)
    data[name] = value
    form = sent(jfc, data)
    assert not form.is_valid()
    assert form.errors[name]
    assert [problem.anchor for problem in form.problems] == [f"id_{name}"]


@pytest.mark.django_db
def test_right_to_left_and_emoji_are_names_too():
    jfc = make_organisation()
    data = opened(jfc)
    data["name"] = "غرفة التجارة 🤝 ジェノヴァ"
    form = sent(jfc, data)
    assert form.is_valid()
    assert form.save().name == "غرفة التجارة 🤝 ジェノヴァ"


@pytest.mark.django_db
def test_an_error_is_tied_to_its_field():
    form = Form(QueryDict("name=&token=x"))
    html = form["name"].as_field_group()
    assert 'aria-invalid="true"' in html
    assert "id_name_error" in html


@pytest.mark.django_db
def test_a_token_is_saved_once_and_the_second_is_led_to_the_first(officer):
    token = uuid.uuid4()
    assert save_once(token, officer, lambda: f"/partners/{make_organisation().pk}/") == (
        (url := f"/partners/{Organisation.objects.get().pk}/"),
        True,
    )
    assert save_once(token, officer, lambda: f"/partners/{make_organisation().pk}/") == (url, False)
    assert Organisation.objects.count() == 1


@pytest.mark.django_db
def test_a_save_that_fails_leaves_its_token_free(officer):
    token = uuid.uuid4()
    with pytest.raises(RuntimeError):
        save_once(token, officer, lambda: (_ for _ in ()).throw(RuntimeError))
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_the_same_moment_are_saved_once():
    user = make_user()
    token, answers, barrier = uuid.uuid4(), [], threading.Barrier(2)

    def send():
        try:
            barrier.wait()
            answers.append(save_once(token, user, lambda: f"/partners/{make_organisation().pk}/"))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Organisation.objects.count() == 1
    assert sorted(is_new for _, is_new in answers) == [False, True]
    assert len({url for url, _ in answers}) == 1
