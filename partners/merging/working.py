"""Merges of much, done in the background."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django_tasks import task

from crm.jobs import start, working
from crm.models import Job, User
from partners.merging.joining import Wish, join
from partners.merging.undoing import undo
from partners.models import Merge


@task()
def join_later(key: str, label: str, wish: dict[str, Any]) -> None:
    with working(key) as work:
        work.expect(1)
        join(
            apps.get_model(label),
            Wish(
                wish["survivor"],
                wish["others"],
                {int(pk): version for pk, version in wish["versions"].items()},
                wish["picks"],
            ),
            work.job.user,
        )


@task()
def undo_later(key: str, merge_id: int) -> None:
    with working(key) as work:
        work.expect(1)
        undo(merge_id, work.job.user)


def start_joining(survivor: Any, wish: Wish, user: User) -> Job:
    """The merge, in the background."""
    return start(
        user,
        _("Merge into %(name)s") % {"name": survivor},
        join_later,
        survivor.get_absolute_url(),
        label=survivor._meta.label_lower,
        wish={
            "survivor": wish.survivor,
            "others": list(wish.others),
            "versions": {str(pk): version for pk, version in wish.versions.items()},
            "picks": dict(wish.picks),
        },
    )


def start_undoing(merge: Merge, user: User, back_url: str) -> Job:
    """Its undoing, in the background."""
    title = _("Undo the merge into %(name)s") % {"name": merge.survivor}
    return start(user, title, undo_later, back_url, merge_id=merge.pk)
