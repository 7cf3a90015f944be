"""Which state an import is in, and who may bring it to the next one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from crm.jobs import Refused
from crm.models import Import, Job

State = Import.State
# Where an import goes back to when its work is cut off, which then changed nothing.
BEFORE = {
    State.CHECKING: State.UPLOADED,
    State.WRITING: State.CHECKED,
    State.UNDOING: State.WRITTEN,
}


def before(source: Import, busy: str) -> State | None:
    """Where the import goes back to from there; None where it is not busy."""
    if busy == State.UNDOING and source.undone_at:
        return State.PARTLY_UNDONE
    return BEFORE.get(State(busy))


def claim(
    source: Import, allowed: set[str], state: str, look: Callable[[], None] | None = None
) -> None:
    """Take the import for a piece of work, inside a transaction; `source` gets its new state.

    Raises Refused where somebody else has it, or is through with it; `look` may do so too, once
    nobody else can change what it looks at.
    """
    hold(source, allowed)
    if look is not None:
        look()
    put(source, state, job=None)


def hold(source: Import, allowed: set[str]) -> None:
    """Let nobody else change the import until the transaction ends.

    Raises Refused where it is in another state by now: given up, or somebody else's work.
    """
    locked = Import.objects.select_for_update().get(pk=source.pk)
    if locked.state not in allowed:
        raise Refused(
            _("This import is no longer waiting for that: it is “%(state)s”.")
            % {"state": locked.get_state_display()}
        )


def put(source: Import, state: str, **more: object) -> None:
    """Save the state, and what comes with it."""
    source.state = state
    for name, value in more.items():
        setattr(source, name, value)
    source.save(update_fields=["state", *more])


def follow(source: Import, job: Job) -> None:
    """Note the job that works on the import, which may be over already."""
    source.refresh_from_db(fields=["state"])
    source.job = job
    source.save(update_fields=["job"])


@contextmanager
def released(source: Import, busy: State) -> Iterator[None]:
    """Whatever fails in here, an import that is still busy with it goes back to where it was.

    One that was given up meanwhile, or that other work brought further, stays as it is.
    """
    try:
        yield
    except BaseException:
        back = before(source, busy)
        if Import.objects.filter(pk=source.pk, state=busy).update(state=back):
            source.state = str(back)
        raise


def mend(source: Import) -> None:
    """Bring back an import whose work was cut off without a word; pages call it before showing."""
    back = before(source, source.state)
    if back is None:
        return
    job: Job | None = source.job
    if job is None or job.is_over or job.is_stalled:
        found = Import.objects.filter(pk=source.pk, state=source.state, job=job)
        if found.update(state=back):
            source.state = back
