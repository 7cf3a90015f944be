"""Merges of much, done in the background."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django_tasks import task

from crm.jobs import Work, start, working
from crm.models import Job, User
from partners.merging.counting import links_of, moved, total
from partners.merging.joining import Wish, join
from partners.merging.journal import Tell
from partners.merging.undoing import undo
from partners.models import Merge


def _steps(work: Work, rows: int) -> Tell:
    """Counts so many rows, moved and then kept in their history; tells every hundredth of it."""
    work.expect(max(1, 2 * rows))
    waiting = 0

    def tell(more: int) -> None:
        nonlocal waiting
        waiting += more
        if 100 * waiting >= work.job.steps:
            work.advance(waiting)
            waiting = 0

    return tell


@task()
def join_later(key: str, label: str, wish: dict[str, Any]) -> None:
    with working(key) as work:
        model = apps.get_model(label)
        join(
            model,
            Wish(
                wish["survivor"],
                wish["others"],
                {int(pk): version for pk, version in wish["versions"].items()},
                wish["picks"],
            ),
            work.job.user,
            _steps(work, total(links_of(model, list(wish["others"])))),
        )


@task()
def undo_later(key: str, merge_id: int) -> None:
    with working(key) as work:
        rows = sum(moved(Merge.objects.get(pk=merge_id).journal).values())
        undo(merge_id, work.job.user, tell=_steps(work, rows))


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
