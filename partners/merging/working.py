"""Merges of much, done in the background."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from crm.jobs import Refused, Work, start, working
from crm.models import Job, User
from partners.merging.counting import links_of, moved, total
from partners.merging.joining import Wish, join
from partners.merging.journal import Tell
from partners.merging.telling import told_stayed
from partners.merging.undoing import Stays, undo
from partners.models import Merge

# Of what would stay so many are named.
NAMED = 5


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
def undo_later(key: str, merge_id: int, is_sure: bool = False) -> None:
    with working(key) as work:
        rows = sum(moved(Merge.objects.get(pk=merge_id).journal).values())
        try:
            undo(merge_id, work.job.user, is_sure, tell=_steps(work, rows))
        except Stays as asked:
            raise Refused(_stays(asked)) from asked


def _stays(asked: Stays) -> str:
    """Why nothing was undone yet: what would stay, the first of it by name."""
    count = len(asked.entries)
    names = (one["name"] or one["noun"] for one in told_stayed(asked.entries[:NAMED]))
    return ngettext(
        "Nothing is undone yet: %(names)s was changed since and would stay as it is. Go back to "
        "undo the rest.",
        "Nothing is undone yet: %(count)s changed since would stay as they are, among them "
        "%(names)s. Go back to undo the rest.",
        count,
    ) % {"count": count, "names": ", ".join(names)}


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


def start_undoing(merge: Merge, user: User, back_url: str, is_sure: bool) -> Job:
    """Its undoing, in the background; not sure, it ends where something would stay."""
    title = _("Undo the merge into %(name)s") % {"name": merge.survivor}
    return start(user, title, undo_later, back_url, merge_id=merge.pk, is_sure=is_sure)
