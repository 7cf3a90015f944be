"""An organisation: its page, and what staff do with it."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext_lazy
from django.views.generic import DetailView

from crm.navigation import address
from crm.parts import PartFormSet
from crm.text import one_line, script_language
from crm.views import RecordForm, RecordUpdate
from partners.alike import looks_like, twins
from partners.forms import OrganisationForm
from partners.models import Organisation
from partners.timeline import KINDS, timeline
from partners.views.archiving import RecordArchive, RecordRestore, open_follow_ups
from partners.views.merged import LeadsOn, MergedForm

SHOWN = 20
BESIDE = 5


class OrganisationDetail(PermissionRequiredMixin, LeadsOn, DetailView):  # type: ignore[type-arg]
    """Who they are, what was promised, what happened."""

    permission_required = "partners.view_organisation"
    model = Organisation
    template_name = "partners/organisation_detail.html"

    def get_queryset(self) -> Any:
        return Organisation.objects.select_related(
            "city", "owner", "parent", "archived_by"
        ).prefetch_related("sectors")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation: Any = self.object
        show = self.request.GET.get("show", "")
        if log_url := address("missions:meeting-log"):
            log_url = f"{log_url}?organisation={organisation.pk}"
        add_url = address("missions:followup-create")
        may_log = self.request.user.has_perm("missions.add_meeting")
        return {
            **super().get_context_data(**kwargs),
            **self.promises(organisation),
            **self.people(organisation),
            "show": show if show in KINDS else "",
            "timeline": timeline(
                organisation, self.request.user, show, self.request.GET.get("after", "")
            ),
            "counts": {
                "meetings": organisation.meetings.count(),
                "agreements": organisation.agreements.count(),
            },
            "next_meeting": organisation.meetings.upcoming()
            .select_related("city", "stop__city")
            .first(),
            "groups": organisation.memberships.filter(group__archived_at=None).select_related(
                "group"
            )[:SHOWN],
            "members": organisation.members.filter(member__archived_at=None).select_related(
                "member"
            )[:SHOWN],
            "children": organisation.children.active()[:SHOWN],
            "agreements": organisation.agreements.prefetch_related("renewals")[:SHOWN],
            "log_url": log_url if may_log else "",
            "add_url": f"{add_url}?organisation={organisation.pk}" if add_url else "",
            "twin": self.request.user.has_perm("partners.merge_organisation")
            and looks_like(organisation),
            "today": timezone.localdate(),
        }

    def promises(self, organisation: Any) -> dict[str, Any]:
        """What is open between us, ours and theirs."""
        visible = organisation.follow_ups.visible_to(self.request.user)
        promised = visible.open()
        rows = list(promised.for_list()[:SHOWN])
        everybody = organisation.follow_ups.model.objects.visible_to(self.request.user)
        return {
            "reckoning": visible.reckoned(),
            "promised_beside": everybody.beside(organisation).open().for_list()[:BESIDE],
            "promises": {
                "us": [row for row in rows if row.promised_by == "us"],
                "them": [row for row in rows if row.promised_by == "them"],
                "count": promised.count() if len(rows) == SHOWN else len(rows),
                "overdue": sum(row.is_overdue for row in rows),
            },
        }

    def people(self, organisation: Any) -> dict[str, Any]:
        """Who works there, then who did."""
        rows = organisation.affiliations.filter(person__archived_at=None).select_related("person")
        current = rows.current().order_by("person__sort_name", "pk")
        former = rows.exclude(pk__in=rows.current().values("pk")).order_by(
            F("until").desc(), "person__sort_name", "pk"
        )
        now = list(current[:SHOWN])
        return {
            "current": now,
            "current_count": current.count() if len(now) == SHOWN else len(now),
            "former": former[:SHOWN],
        }


class OrganisationCreate(RecordForm):
    """A new organisation; one that looks like another asks once more."""

    permission_required = "partners.add_organisation"
    model = Organisation
    form_class = OrganisationForm

    def is_sure(self, form: Any, parts: dict[str, PartFormSet]) -> bool:
        if "anyway" not in self.request.POST:
            self.alike = twins(form.instance)
        return not self.alike

    alike: list[Any] = []

    def get_initial(self) -> dict[str, Any]:
        """The name that was looked for and not found."""
        name = one_line(self.request.GET.get("name", ""))[:200]
        return {"native_name" if script_language(name) else "name": name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "alike": self.alike,
            "alike_url": reverse("partners:organisation-alike"),
        }


class OrganisationUpdate(MergedForm, RecordUpdate):
    permission_required = "partners.change_organisation"
    model = Organisation
    form_class = OrganisationForm


class OrganisationArchive(RecordArchive):
    permission_required = "partners.archive_organisation"
    model = Organisation
    restore_url_name = "partners:organisation-restore"

    def consequences(self, record: Any) -> list[tuple[int, Any]]:
        return [
            (
                record.affiliations.current().filter(person__archived_at=None).count(),
                ngettext_lazy(
                    "%(count)d person who works there stays in the list of people.",
                    "%(count)d people who work there stay in the list of people.",
                    "count",
                ),
            ),
            (
                record.meetings.count(),
                ngettext_lazy(
                    "%(count)d meeting keeps naming it.",
                    "%(count)d meetings keep naming it.",
                    "count",
                ),
            ),
            open_follow_ups(record),
        ]


class OrganisationRestore(RecordRestore):
    permission_required = "partners.archive_organisation"
    model = Organisation
