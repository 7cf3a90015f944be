"""Rows ticked in a list, on their way to be merged."""

import pytest
from django.urls import reverse

from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
URL = reverse("partners:organisation-merge-chosen")


@pytest.mark.parametrize("ids", ["", "1", "1,x", ",".join(map(str, range(1, 12)))])
def test_too_few_or_too_many_go_back_to_the_list(steward_client, ids):
    response = steward_client.get(f"{URL}?ids={ids}", follow=True)
    assert "Choose from two to 10 rows to merge." in response.content.decode()


def test_the_boxes_are_for_those_who_may_do_something_with_them(
    reader_client, officer_client, steward_client, nagoya
):
    make_organisation("Nagoya University", nagoya)
    page = reverse("partners:organisation-list")
    assert 'name="ids"' not in reader_client.get(page).content.decode()
    officers = officer_client.get(page).content.decode()
    assert 'aria-label="Choose Nagoya University"' in officers
    assert URL not in officers
    assert URL in steward_client.get(page).content.decode()


def test_the_rows_ticked_stand_side_by_side(steward_client):
    first, second, third = (make_organisation(f"Nagoya University {n}") for n in (1, 2, 3))
    response = steward_client.get(f"{URL}?ids={first.pk}&ids={second.pk}&ids={third.pk}")
    page = reverse("partners:organisation-merge", args=[first.pk])
    assert response["Location"] == f"{page}?with={second.pk}&with={third.pk}"
    shown = steward_client.get(response["Location"]).content.decode()
    assert all(str(one) in shown for one in (first, second, third))
