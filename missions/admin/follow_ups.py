"""Follow-ups: on a meeting's form, and on their own."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.admin.records import PartForm, PartInline, RecordAdmin
from missions.models import FollowUp
from missions.models.follow_ups import OPEN


class FollowUpPartForm(PartForm):
    """A promise as a line of a meeting's form: the counterpart may be left to the meeting."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "organisation" in self.fields:
            self.fields["organisation"].required = False


class FollowUpFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The promises of a meeting. `met` holds the ids of whom it was with, once they are known."""

    met: set[int] | None = None

    def clean(self) -> None:
        """An empty counterpart is the one organisation met; where that can't be told, say so."""
        super().clean()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not form.has_changed() or data.get("DELETE") or data.get("organisation"):
                continue
            if "organisation" not in form.fields or "organisation" in form.errors:
                continue
            if self.met is not None and len(self.met) == 1:
                form.instance.organisation_id = next(iter(self.met))
            else:
                form.add_error(
                    "organisation",
                    _("Choose the counterpart: several organisations were met.")
                    if self.met
                    else _("Choose the counterpart: no organisation met is named."),
                )


class FollowUpsInline(PartInline):
    """What was promised at a meeting, by us and by them."""

    model = FollowUp
    form = FollowUpPartForm
    formset = FollowUpFormSet
    fields = ["promised_by", "what", "due_on", "organisation", "person", "assignee"]
    autocomplete_fields = ["organisation", "person", "assignee"]
    extra = 1


class StateFilter(admin.SimpleListFilter):
    """Open ones first."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("Open")),
            ("overdue", _("Overdue")),
            ("done", _("Done")),
            ("dropped", _("Dropped")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        found = FollowUp.objects.all()
        if self.value() == "open":
            return queryset.filter(pk__in=found.open().order_by())
        if self.value() == "overdue":
            return queryset.filter(pk__in=found.overdue().order_by())
        ended = {"done": "done_at__isnull", "dropped": "dropped_at__isnull"}
        name = ended.get(self.value() or "")
        return queryset.filter(**{name: False}) if name else queryset


@admin.register(FollowUp)
class FollowUpAdmin(RecordAdmin):
    """Promises, by us and by them."""

    date_hierarchy = "due_on"
    list_display = ["what", "promised_by", "organisation", "assignee", "due_on", "became"]
    list_filter = [StateFilter, "promised_by", "assignee"]
    list_select_related = ["organisation", "assignee"]
    ordering = ["-pk"]
    search_fields = ["what"]
    search_help_text = _("What was promised, or the counterpart")
    autocomplete_fields = ["meeting", "organisation", "person", "assignee"]
    readonly_fields = ["done_at", "done_by", "dropped_at", "dropped_by", "dropped_why"]
    actions = ["mark_done", "reopen"]
    fieldsets = [
        (None, {"fields": ["promised_by", "what", "due_on"]}),
        (_("Who"), {"fields": ["organisation", "person", "assignee"]}),
        (_("More"), {"fields": ["meeting", *readonly_fields]}),
    ]

    @admin.display(description=_("what became of it"))
    def became(self, follow_up: FollowUp) -> str:
        return str(follow_up.state.label)

    @admin.action(description=_("Mark as done"), permissions=["change"])
    def mark_done(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            done = list(queryset.filter(done_at=None).select_for_update(of=("self",)))
            for follow_up in done:
                follow_up.mark_done(request.user)
                self.log_change(request, follow_up, str(_("Marked as done.")))
        self._tell(
            request,
            ngettext("%(count)d marked as done.", "%(count)d marked as done.", len(done)),
            len(done),
        )

    @admin.action(description=_("Open again"), permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            reopened = list(queryset.exclude(OPEN).select_for_update(of=("self",)))
            for follow_up in reopened:
                follow_up.reopen()
                self.log_change(request, follow_up, str(_("Opened again.")))
        self._tell(
            request,
            ngettext("%(count)d opened again.", "%(count)d opened again.", len(reopened)),
            len(reopened),
        )

    def _tell(self, request: HttpRequest, sentence: str, count: int) -> None:
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)
