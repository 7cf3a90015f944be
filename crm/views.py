"""What every page that writes a record stands on."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic.detail import SingleObjectTemplateResponseMixin
from django.views.generic.edit import ModelFormMixin, ProcessFormView

from crm.collisions import all_or_nothing, hold_linked
from crm.drafts import saved_tag
from crm.models import Submission, User
from crm.parts import OrderedPartFormSet, PartFormSet
from crm.text import record_id


def save_once(token: uuid.UUID, user: User, save: Callable[[], str]) -> tuple[str, bool]:
    """Run `save`, which gives the address of what it made, unless this token was saved before.

    Gives the address, and whether it was saved now. A second sending that arrives while the first
    is still being saved waits for it.
    """

    def act() -> tuple[str, bool]:
        try:
            with transaction.atomic():
                submission = Submission.objects.create(token=token, user=user)
        except IntegrityError:
            return Submission.objects.get(token=token).url, False
        submission.url = save()
        submission.save(update_fields=["url"])
        return submission.url, True

    return all_or_nothing(act)


class RecordForm(
    PermissionRequiredMixin,
    SingleObjectTemplateResponseMixin,
    ModelFormMixin,  # type: ignore[type-arg]
    ProcessFormView,
):
    """A page that creates or changes a record with its parts, whole or not at all.

    Buttons named `more` (with a part's name), `move` (with a line's and a direction), `find` (with
    a field's) and `mend` (with a field's and its value) send the form without saving it: the page
    comes back with another line, in another order, with choices or with the value.
    """

    request: HttpRequest
    template_name_suffix = "_form"

    def get_locked(self) -> Any:
        """The record to change, locked; None to create one."""
        return None

    def get_parts(self) -> dict[str, PartFormSet]:
        """The formsets of the record's parts, by name."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_opened()
        return self.respond(self.get_form(), self.get_parts())

    def get_opened(self) -> Any:
        """The record as the form is opened on it."""
        return None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "mend" in request.POST:
            self.mend(request)
        as_asked = dict(vars(self))

        def act() -> HttpResponse:
            # Done again, it reads anew what an earlier try had read.
            vars(self).clear()
            vars(self).update(as_asked)
            return self.sent(request)

        return all_or_nothing(act)

    def sent(self, request: HttpRequest) -> HttpResponse:
        """What is answered to the form that was sent, saved where all of it is right."""
        self.object = self.get_locked()
        form, parts = self.get_form(), self.get_parts()
        if {"more", "move", "find"} & request.POST.keys():
            self.arrange(request, parts)
            return self.respond_unjudged(form, parts)
        is_valid = all([form.is_valid(), *(part.is_valid() for part in parts.values())])
        if self.object and self.says_nothing_new(form, parts):
            return HttpResponseRedirect(self.get_success_url())
        if not is_valid:
            return self.respond(form, parts)
        if not self.is_sure(form, parts):
            return self.saved_before(form) or self.respond(form, parts)
        return self.saved(form, parts)

    def mend(self, request: HttpRequest) -> None:
        """Put what an error offered into its field."""
        name, _equals, value = request.POST["mend"].partition("=")
        data = request.POST.copy()
        data[name], data["find"] = value, ""
        request.POST = data  # type: ignore[assignment]

    def arrange(self, request: HttpRequest, parts: dict[str, PartFormSet]) -> None:
        """Add a line, or move one, as a button asks."""
        if (name := request.POST.get("more", "")) in parts:
            parts[name] = parts[name].with_another_line()
        name, _dash, rest = request.POST.get("move", "").partition("-")
        at, _dash, way = rest.partition("-")
        lines = parts.get(name)
        if isinstance(lines, OrderedPartFormSet) and (line := record_id(at)) is not None:
            parts[name] = lines.with_line_moved(line, -1 if way == "up" else 1)

    def respond(self, form: Any, parts: dict[str, PartFormSet]) -> HttpResponse:
        form.part_sets = list(parts.values())
        return self.render_to_response(self.get_context_data(form=form, parts=parts))

    def respond_unjudged(self, form: Any, parts: dict[str, PartFormSet]) -> HttpResponse:
        form.hush()
        for part in parts.values():
            part.hush()
        return self.respond(form, parts)

    def says_nothing_new(self, form: Any, parts: dict[str, PartFormSet]) -> bool:
        """Whether the record says all this already: nothing was typed, or it was sent twice."""
        return (
            not form.errors
            and not form.has_changed()
            and all(not any(part.errors) and not part.changes_something for part in parts.values())
        )

    def is_sure(self, form: Any, parts: dict[str, PartFormSet]) -> bool:
        """A last question before saving: false shows the form again."""
        return True

    def saved_before(self, form: Any) -> HttpResponse | None:
        """To the record that this very form made when it was sent the first time."""
        if self.object is not None:
            return None
        submission = Submission.objects.filter(token=form.submission_token).first()
        if submission is None:
            return None
        messages.info(
            self.request,
            _("This form had been saved already. Here is what it made."),
            extra_tags=saved_tag(self.request),
        )
        return HttpResponseRedirect(submission.url)

    def saved(self, form: Any, parts: dict[str, PartFormSet]) -> HttpResponse:
        """Save, and go to the record."""
        if self.object is not None:
            self.save(form, parts)
            hold_linked()
            messages.success(self.request, _("Saved."), extra_tags=saved_tag(self.request))
            return HttpResponseRedirect(self.get_success_url())

        def save() -> str:
            self.save(form, parts)
            hold_linked()
            return self.get_success_url()

        url, is_new = save_once(form.submission_token, self.request.user, save)  # type: ignore[arg-type]
        if is_new:
            messages.success(self.request, _("Saved."), extra_tags=saved_tag(self.request))
        else:
            messages.info(
                self.request,
                _("This form had been saved already. Here is what it made."),
                extra_tags=saved_tag(self.request),
            )
        return HttpResponseRedirect(url)

    def save(self, form: Any, parts: dict[str, PartFormSet]) -> None:
        """Write the record and its parts."""
        self.object = form.save()
        for part in parts.values():
            part.owner = self.object
            part.save()

    def get_success_url(self) -> str:
        return str(self.object.get_absolute_url())


class RecordUpdate(RecordForm):
    """A page that changes a record: locked while it is compared and saved.

    The lock lets others save what only points to the record, so that no two wait for each other.
    """

    def get_opened(self) -> Any:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def get_locked(self) -> Any:
        return get_object_or_404(
            self.get_queryset().select_for_update(of=("self",), no_key=True), pk=self.kwargs["pk"]
        )
