"""The roles: always what the table says."""

import pytest
from django.contrib.auth.models import Group, Permission

from crm.roles import ROLES, sync_roles


@pytest.mark.django_db
def test_a_second_sync_changes_nothing():
    sync_roles()
    assert sync_roles() == []


@pytest.mark.django_db
def test_a_role_changed_by_hand_is_brought_back_and_said_so():
    sync_roles()
    reader = Group.objects.get(name="Reader")
    reader.permissions.add(Permission.objects.get(codename="delete_person"))
    reader.permissions.remove(Permission.objects.get(codename="view_city"))

    [drift] = sync_roles()

    assert str(drift) == (
        "Reader: brought back to the table: "
        "given back partners.view_city, took away partners.delete_person"
    )
    assert reader.permissions.count() == len(ROLES["Reader"])


@pytest.mark.django_db
def test_a_permission_that_does_not_exist_is_refused_loudly(monkeypatch):
    monkeypatch.setitem(ROLES, "Reader", {"partners.view_planet"})
    with pytest.raises(LookupError, match=r"partners\.view_planet"):
        sync_roles()


def test_only_an_administrator_deletes():
    assert not [name for names in ROLES.values() for name in names if ".delete_" in name]
