"""The page of an import, for the whole of its life: progress, preview, result, undoing.

Whatever is decided on it carries a stamp of what its reader saw, so that a page left open while
somebody else went on does nothing.
"""

from collections.abc import Collection
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from crm.imports import plans, undoing, writing
from crm.imports.missing import answer_form
from crm.imports.rejected import send_rejected
from crm.imports.showing import AFTER, BEFORE, CHOSEN, Act, Choice, Kind, Tally, rows_of, shown_rows
from crm.imports.states import mend
from crm.imports.subjects import Subject, subjects
from crm.jobs import Refused
from crm.models import Import, ImportRow, User
from crm.text import record_id
from crm.workbooks import Unfit

State = Import.State
ROWS = 50
BUSY = (State.CHECKING, State.WRITING, State.UNDOING)
DONE = (State.WRITTEN, State.UNDONE, State.PARTLY_UNDONE)
MAY_BE_CANCELLED = (State.UPLOADED, State.CHECKING, State.CHECKED)


def stamp(import_: Import, *seen: object) -> str:
    """What stands for an import as somebody saw it."""
    return salted_hmac("import", f"{import_.pk} {import_.state} {seen}").hexdigest()[:20]


def rows_stamp(import_: Import, tally: Tally) -> str:
    """The same rows of the same check, whatever is chosen of them."""
    return stamp(import_, tally.last)


def numbers_stamp(import_: Import, tally: Tally) -> str:
    """The same rows, and those of each kind chosen that the page counts."""
    chosen = tally.created, tally.updated, tally.overwritten, tally.chosen
    return stamp(import_, tally.last, *chosen)


def stamps(import_: Import, tally: Tally) -> dict[str, str]:
    """What the forms of a checked import carry."""
    return {
        "rows_stamp": rows_stamp(import_, tally),
        "numbers_stamp": numbers_stamp(import_, tally),
    }


class OfImport(PermissionRequiredMixin):
    """For those who may import what the file is about."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def import_(self) -> Import:
        imports = Import.objects.select_related("user", "written_by", "undone_by", "job")
        return get_object_or_404(imports, pk=self.kwargs["pk"])

    @cached_property
    def subject(self) -> Subject:
        found = subjects().get(self.import_.subject)
        if found is None:
            raise Http404(_("This kind of list is no longer imported."))
        return found

    def get_permission_required(self) -> tuple[str]:
        return (self.subject.permission,)


class ImportDetail(OfImport, TemplateView):
    """What would happen, what is happening, what happened."""

    template_name = "crm/import_detail.html"

    @property
    def is_stuck(self) -> bool:
        """Whether what is under way has ended without a result, or never will."""
        job = self.import_.job
        return self.import_.state in BUSY and (job is None or job.is_over or job.is_stalled)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mend(self.import_)
        if not request.htmx:  # type: ignore[attr-defined]
            return super().get(request, *args, **kwargs)
        if self.import_.state not in BUSY or self.is_stuck:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "crm/job_progress.html", self.get_progress())

    @property
    def problem(self) -> str:
        """Why the work that was last asked for came to nothing."""
        job = self.import_.job
        is_given_up = self.import_.state == State.CANCELLED
        if self.import_.state in BUSY or is_given_up or job is None:
            return ""
        if job.is_stalled:
            return _("It was cut off half-way. Nothing was written.")
        return job.problem if job.state == job.State.FAILED else ""

    def get_progress(self) -> dict[str, Any]:
        return {"job": self.import_.job, "poll_url": self.import_.get_absolute_url()}

    @cached_property
    def tally(self) -> Tally:
        return Tally(self.import_)

    @property
    def kinds(self) -> list[Kind]:
        return AFTER if self.import_.state in DONE else BEFORE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        import_, state = self.import_, self.import_.state
        context = super().get_context_data(
            **kwargs,
            import_=import_,
            subject=self.subject,
            state=state,
            is_busy=state in BUSY,
            is_stuck=self.is_stuck,
            problem=self.problem,
            may_be_cancelled=state in MAY_BE_CANCELLED,
            may_be_undone=state in undoing.MAY_BE_UNDONE,
            **self.get_progress(),
        )
        if state == State.CHECKED or state in DONE:
            context |= {"tally": self.tally, **self.get_rows()}
        if state == State.CHECKED:
            asked = answer_form(import_, self.request.user, self.subject.resource)
            return context | stamps(import_, self.tally) | {"answers": asked}
        return context | {"rows_stamp": stamp(import_)}

    def get_rows(self) -> dict[str, Any]:
        """The rows under the tab in the address, else under the first that has any."""
        counted = [(kind, self.tally.kind(kind)) for kind in self.kinds]
        asked = self.request.GET.get("rows", "")
        here = next((kind for kind, _number in counted if kind.name == asked), None)
        here = here or next((kind for kind, number in counted if number), None)
        if here is None:
            return {"tabs": []}
        act = {"new": Act.CREATE, "changed": Act.UPDATE}.get(here.name, "")
        alike = self.tally.alike(act) if act and self.import_.state == State.CHECKED else 0
        only_alike = bool(alike and self.request.GET.get("alike"))
        rows = rows_of(self.import_, here, only_alike=only_alike)
        paginator = Paginator(rows, ROWS)
        # The tally has counted them already.
        paginator.count = alike if only_alike else dict(counted)[here]
        page = paginator.get_page(self.request.GET.get("page"))
        shown = shown_rows(list(page.object_list), self.import_, self.subject)
        return {
            "tabs": [
                (kind, number, "page" if kind is here else "") for kind, number in counted if number
            ],
            "here": here,
            "here_count": paginator.count,
            "may_choose": self.import_.state == State.CHECKED
            and here.name in {"new", "changed", "conflicts"},
            "alike": alike,
            "only_alike": only_alike,
            "page_obj": page,
            "shown": shown,
            "in_columns": here.name in {"changed", "conflicts"}
            or (here.name == "left" and any(row.row.act != Act.CREATE for row in shown)),
        }


class ImportAct(OfImport, View):
    """Something decided on the page of an import: done once, on what its reader saw."""

    http_method_names = ["post", "options"]
    from_states: ClassVar[Collection[str]] = ()

    def get_stamp(self, import_: Import) -> str:
        """What the page must have shown for this to be done."""
        return stamp(import_)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.import_.state not in self.from_states:
            # Not to wait for whoever writes it.
            messages.error(request, gone_on(self.import_))
            return self.answer(self.import_)
        with transaction.atomic():
            locked = get_object_or_404(
                Import.objects.select_for_update(of=("self",)), pk=self.import_.pk
            )
            if problem := self.get_problem(locked):
                messages.error(request, problem)
                return self.answer(locked)
            self.act(locked)
        try:
            self.go_on(locked)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return self.answer(locked)

    def is_seen(self, import_: Import) -> bool:
        """Whether the page that was sent showed the import as it is."""
        seen = str(self.request.POST.get("stamp", ""))
        return constant_time_compare(seen, self.get_stamp(import_))

    def get_problem(self, import_: Import) -> str:
        """Why the page that was sent can do nothing any more."""
        if import_.state not in self.from_states:
            return gone_on(import_)
        return "" if self.is_seen(import_) else changed()

    def act(self, import_: Import) -> None:
        """Do it; the import is locked."""

    def go_on(self, import_: Import) -> None:
        """Start what keeps locks of its own. Raises `crm.jobs.Refused`."""

    def answer(self, import_: Import) -> HttpResponse:
        """Back to the page."""
        return HttpResponseRedirect(import_.get_absolute_url())

    @property
    def user(self) -> User:
        return cast(User, self.request.user)


def changed() -> str:
    """Why nothing is done on a page that shows something else than there is."""
    return _(
        "This import has changed since you opened the page, and nothing was done. "
        "Look at it as it is now, then decide."
    )


def gone_on(import_: Import) -> str:
    """Why a page that was left open can do nothing any more."""
    name = {"name": import_.file_name}
    match import_.state:
        case State.CANCELLED:
            return _("“%(name)s” was cancelled meanwhile. Nothing was imported.") % name
        case State.WRITING | State.WRITTEN:
            return _("“%(name)s” was sent already: it is imported once, not twice.") % name
        case State.UNDOING | State.UNDONE | State.PARTLY_UNDONE:
            return _("“%(name)s” was undone meanwhile.") % name
        case State.UPLOADED | State.CHECKING:
            return _("The columns of “%(name)s” are being matched again.") % name
    return _("“%(name)s” is ready to be imported, and nothing has been written.") % name


class RowsAct(ImportAct):
    """Something decided about rows that wait to be imported."""

    from_states = (State.CHECKED,)

    def get_stamp(self, import_: Import) -> str:
        return rows_stamp(import_, Tally(import_))


class ImportChoose(RowsAct):
    """Which rows of a page are imported and which are left out, or all of a kind."""

    has_chosen = False

    def act(self, import_: Import) -> None:
        kind = next((one for one in BEFORE if one.name == self.request.POST.get("rows")), None)
        if kind is None:
            return
        only_alike = bool(self.request.POST.get("alike"))
        rows = rows_of(import_, kind, only_alike=only_alike).filter(act__in=CHOSEN).order_by()
        every = self.request.POST.get("every", "")
        if every in Choice.values:
            rows.exclude(choice=every).update(choice=every)
        else:
            for choice in Choice.values:
                rows.filter(pk__in=self.chosen(choice)).update(choice=choice)
        self.has_chosen = True

    def chosen(self, choice: str) -> list[int]:
        """The rows of the page for which this was chosen."""
        return [
            pk
            for name, value in self.request.POST.items()
            if value == choice and (pk := record_id(name.removeprefix("choice-"))) is not None
        ]

    def answer(self, import_: Import) -> HttpResponse:
        if self.request.htmx:  # type: ignore[attr-defined]
            if not self.has_chosen:
                return HttpResponse(headers={"HX-Refresh": "true"})
            tally = Tally(import_)
            context = {"import_": import_, "subject": self.subject, "tally": tally}
            return render(self.request, "crm/import_ready.html", context | stamps(import_, tally))
        kept = {
            name: self.request.POST[name]
            for name in ("rows", "alike", "page")
            if self.request.POST.get(name)
        }
        return HttpResponseRedirect(f"{import_.get_absolute_url()}?{urlencode(kept)}#rows")


class ImportWrite(ImportAct):
    """Read the chosen rows in."""

    from_states = (State.CHECKED,)

    def get_stamp(self, import_: Import) -> str:
        return numbers_stamp(import_, Tally(import_))

    def go_on(self, import_: Import) -> None:
        def look() -> None:
            """Once more, now that the rows are locked: others choose and match columns too."""
            if not self.is_seen(import_):
                raise Refused(changed())

        writing.start(import_, self.user, look)


class ImportCancel(ImportAct):
    """Give an import up before anything is written: its rows and its file are not kept."""

    from_states = MAY_BE_CANCELLED

    def get_stamp(self, import_: Import) -> str:
        return (
            rows_stamp(import_, Tally(import_))
            if import_.state == State.CHECKED
            else stamp(import_)
        )

    def act(self, import_: Import) -> None:
        storage, name = import_.file.storage, import_.file.name
        ImportRow.objects.filter(source=import_).delete()
        import_.state, import_.file = State.CANCELLED, ""
        import_.save(update_fields=["state", "file"])
        if name:
            transaction.on_commit(lambda: storage.delete(name))
        messages.success(self.request, _("The import was cancelled. Nothing was written."))


class ImportUndo(ImportAct, TemplateView):
    """What undoing an import would do, in numbers, and what stays since colleagues changed it."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "crm/import_undo.html"
    from_states = undoing.MAY_BE_UNDONE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.import_.state not in self.from_states:
            messages.info(request, gone_on(self.import_))
            return self.answer(self.import_)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tally = Tally(self.import_)
        touched, undone = plans.touched(self.import_), plans.undone(self.import_)
        besides = plans.companions(self.import_)
        return super().get_context_data(
            **kwargs,
            import_=self.import_,
            tally=tally,
            touched=[*touched, *besides.touched],
            undone=undone,
            besides=len(besides.made),
            rest=tally.taken - len(touched) - undone,
            stamp=self.get_stamp(self.import_),
        )

    def go_on(self, import_: Import) -> None:
        undoing.start(import_, self.user)


class ImportRejected(OfImport, View):
    """The rejected rows, to be mended and given again."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | FileResponse:
        try:
            return send_rejected(self.import_)
        except Unfit as unfit:
            messages.error(request, str(unfit))
            return HttpResponseRedirect(self.import_.get_absolute_url())
