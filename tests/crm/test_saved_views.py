"""Saved views: a list under a name, found again, shared and pinned."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from crm.models import SavedView
from crm.saved_views import SavedViewForm
from partners.models import City
from tests.factories import make_city, make_organisation, make_person

pytestmark = pytest.mark.django_db
LIST = reverse("view-list")
PARTNERS = reverse("partners:organisation-list")


def make_view(owner, name="Nagoya", query="", page="partners:organisation-list", **fields):
    return SavedView.objects.create(owner=owner, name=name, page=page, query=query, **fields)


def text(response):
    return response.content.decode()


def test_a_list_is_saved_as_it_is_narrowed_and_found_under_its_own_address(
    officer_client, officer, nagoya, tokyo
):
    make_organisation("Nagoya University", nagoya)
    make_organisation("Japan Finance Corporation", tokyo)
    page = officer_client.get(f"{PARTNERS}?city={nagoya.pk}&sort=-name")
    address = f"{reverse('view-create')}?{page.context['save_query']}"
    assert "City: Nagoya" in text(officer_client.get(address))
    sent = {
        "list": "partners:organisation-list",
        "query": f"city={nagoya.pk}&sort=-name",
        "name": "Ours in Nagoya",
        "is_pinned": "on",
    }
    response = officer_client.post(reverse("view-create"), sent, follow=True)
    view = SavedView.objects.get()
    assert (view.owner, view.query) == (officer, f"city={nagoya.pk}&sort=-name")
    assert [one.name for one in response.context["page"].rows] == ["Nagoya University"]
    assert "<b>Ours in Nagoya</b>" in text(response)
    assert "Update view" not in text(response)


def test_a_pinned_view_stands_in_the_side_of_every_page(officer_client, officer):
    view = make_view(officer)
    assert view.get_absolute_url() not in text(officer_client.get("/"))
    officer_client.post(reverse("view-pin", args=[view.pk]))
    assert view.get_absolute_url() in text(officer_client.get("/"))
    officer_client.post(reverse("view-unpin", args=[view.pk]))
    assert view.get_absolute_url() not in text(officer_client.get("/"))


def test_the_side_asks_once_however_many_are_pinned(
    officer_client, officer, django_assert_max_num_queries
):
    officer.pinned_views.add(make_view(officer, "First"))
    with django_assert_max_num_queries(60) as few:
        officer_client.get(LIST)
    officer.pinned_views.add(*(make_view(officer, f"View {number}") for number in range(19)))
    with django_assert_max_num_queries(len(few)):
        assert "View 18" in text(officer_client.get(LIST))


def test_a_shared_view_is_for_that_role_and_nobody_else(
    officer_client, officer, reader_client, steward_client
):
    make_view(officer, "For readers", shared_with=Group.objects.get(name="Reader"))
    make_view(officer, "For me")
    readers = text(reader_client.get(LIST))
    assert "For readers" in readers
    assert "For me" not in readers
    assert "For readers" not in text(steward_client.get(LIST))


def test_another_ones_shared_view_is_not_changed(officer, reader_client, reader):
    view = make_view(officer, shared_with=Group.objects.get(name="Reader"))
    for name in ("view-refresh", "view-delete", "view-update"):
        refused = reader_client.post(reverse(name, args=[view.pk]))
        assert refused.status_code == 403
        assert "Only its owner changes a view" in text(refused)
    assert reader_client.post(reverse("view-pin", args=[view.pk])).status_code == 302
    assert list(view.pinned_by.all()) == [reader]
    view.shared_with = None
    view.save()
    assert reader_client.get(view.get_absolute_url()).status_code == 404
    assert view.get_absolute_url() not in text(reader_client.get("/"))


def test_a_reader_keeps_views_and_does_not_share_them(reader_client, officer_client):
    address = f"{reverse('view-create')}?list=partners:organisation-list"
    assert 'name="shared_with"' not in text(reader_client.get(address))
    assert 'name="shared_with"' in text(officer_client.get(address))


def test_a_view_whose_filters_changed_says_so_and_takes_them_over(officer_client, officer, nagoya):
    make_organisation("Nagoya University", nagoya, tier=1)
    view = make_view(officer, query=f"city={nagoya.pk}")
    page = officer_client.get(f"{PARTNERS}?city={nagoya.pk}&tier=1&view={view.pk}")
    assert "Update view" in text(page)
    assert "Save as new" in text(page)
    officer_client.post(
        reverse("view-refresh", args=[view.pk]), {"query": page.context["saved"].query}
    )
    view.refresh_from_db()
    assert view.query == f"city={nagoya.pk}&tier=1"


def test_the_links_of_a_list_stay_with_its_view(officer_client, officer, nagoya):
    make_organisation("Nagoya University", nagoya)
    view = make_view(officer)
    page = officer_client.get(f"{PARTNERS}?view={view.pk}")
    assert f"view={view.pk}" in page.context["filterset"].cleared
    other = make_view(officer, "People", page="partners:person-list")
    assert f"<code>view={other.pk}</code>" in text(
        officer_client.get(f"{PARTNERS}?view={other.pk}")
    )


def test_a_view_that_asks_for_a_city_no_longer_there_says_what_is_left_out(officer_client, officer):
    city = make_city("Kobe")
    view = make_view(officer, query=f"city={city.pk}&tier=1")
    City.objects.filter(pk=city.pk).delete()
    page = text(officer_client.get(view.get_absolute_url(), follow=True))
    assert f"<code>city={city.pk}</code>" in page


def test_an_export_has_the_columns_of_its_view_in_their_order(officer_client, officer, nagoya):
    make_person("Haruka", "Tanabe", make_organisation("Nagoya University", nagoya))
    view = make_view(officer, page="partners:person-list", columns=["email", "key", "family_name"])
    url = reverse("partners:person-export")
    body = b"".join(officer_client.get(f"{url}?view={view.pk}&format=csv")).decode("utf-8-sig")
    assert body.startswith("E-mail,Key,Family name")
    refused = officer_client.get(f"{url}?view=99999&format=csv")
    assert refused.status_code == 400


def test_columns_chosen_on_the_page_of_exports_are_saved_with_the_view(officer_client, nagoya):
    sent = (
        f"list=partners:person-list&columns=&columns=key&columns=email&format=csv&city={nagoya.pk}"
    )
    form = text(officer_client.get(f"{reverse('view-create')}?{sent}"))
    assert 'name="columns" value="key,email"' in form
    officer_client.post(
        reverse("view-create"),
        {
            "list": "partners:person-list",
            "query": f"city={nagoya.pk}",
            "columns": "key,email",
            "name": "Addresses",
        },
    )
    view = SavedView.objects.get()
    assert (view.columns, view.query) == (["key", "email"], f"city={nagoya.pk}")


def test_the_page_of_exports_updates_the_columns_of_the_view_it_comes_from(
    officer_client, officer, nagoya
):
    query = f"city={nagoya.pk}"
    view = make_view(officer, page="partners:person-list", query=query, columns=["email"])
    export = f"{reverse('partners:person-export')}?{query}&view={view.pk}"
    update = reverse("view-update", args=[view.pk])
    assert f'formaction="{update}"' in text(officer_client.get(export))
    form = text(officer_client.get(f"{update}?{query}&view={view.pk}&columns=&columns=key,email"))
    assert "Columns of the file: Key, E-mail" in form
    sent = {"name": view.name, "columns": "key,email", "export": "1"}
    assert officer_client.post(update, sent)["Location"] == export
    view.refresh_from_db()
    assert (view.columns, view.query) == (["key", "email"], query)


def test_the_columns_of_another_ones_view_are_saved_as_a_view_of_ones_own(
    officer, steward, steward_client
):
    group = Group.objects.get(name="Steward")
    view = make_view(officer, page="partners:person-list", shared_with=group)
    page = text(steward_client.get(f"{reverse('partners:person-export')}?view={view.pk}"))
    assert reverse("view-update", args=[view.pk]) not in page
    assert "Save as a view, with these columns" in page


def test_the_side_leads_to_saved_views_before_there_is_one(reader_client):
    page = reader_client.get("/")
    assert f'href="{LIST}"' in text(page).partition("<main")[0]


def test_a_name_is_used_once_for_a_list(officer_client, officer):
    make_view(officer, "Nagoya")
    sent = {"list": "partners:organisation-list", "query": "", "name": "Nagoya"}
    page = text(officer_client.post(reverse("view-create"), sent))
    assert "You have a view of this list with this name." in page


def test_a_name_taken_at_the_same_moment_is_told(officer_client, officer, monkeypatch):
    make_view(officer, "Nagoya")
    monkeypatch.setattr(SavedViewForm, "clean_name", lambda form: form.cleaned_data["name"])
    sent = {"list": "partners:organisation-list", "query": "", "name": "Nagoya"}
    page = text(officer_client.post(reverse("view-create"), sent))
    assert "You have a view of this list with this name." in page


def test_what_cant_be_a_column_is_not_saved(officer_client):
    sent = {"list": "partners:person-list", "columns": "key,\0,e\0mail,<b>", "name": "Addresses"}
    assert officer_client.post(reverse("view-create"), sent).status_code == 302
    assert SavedView.objects.get().columns == ["key"]


def test_a_shared_view_has_the_columns_that_its_reader_may_export(officer, reader, reader_client):
    grant = Permission.objects.get(codename="export_meeting")
    reader.user_permissions.add(grant)
    view = make_view(
        officer,
        page="missions:meeting-list",
        columns=["title", "people"],
        shared_with=reader.groups.get(),
    )
    url = reverse("missions:meeting-export")
    body = b"".join(reader_client.get(f"{url}?view={view.pk}&format=csv")).decode("utf-8-sig")
    assert body.splitlines() == ["Title"]


def test_a_view_deleted_comes_back_under_its_address_with_its_pins(officer_client, officer, reader):
    view = make_view(officer, "Nagoya", columns=["name"])
    view.pinned_by.add(officer, reader)
    page = officer_client.post(reverse("view-delete", args=[view.pk]), follow=True)
    assert "Deleted: Nagoya" in text(page)
    assert not SavedView.objects.exists()
    officer_client.post(reverse("view-restore"))
    back = SavedView.objects.get()
    assert (back.pk, back.columns, back.pinned_by.count()) == (view.pk, ["name"], 2)


@pytest.mark.parametrize("name", ["", "home", "partners:coverage", "drop", "admin:index"])
def test_what_is_no_list_is_not_saved(officer_client, name):
    assert officer_client.get(f"{reverse('view-create')}?list={name}").status_code == 404
