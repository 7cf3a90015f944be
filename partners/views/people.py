"""A person: their page, and what staff do with it."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views import View
from django.views.generic import DetailView

from crm.combos import became
from crm.navigation import address
from crm.parts import PartFormSet
from crm.text import one_line, record_id, script_language
from crm.views import RecordForm, RecordUpdate
from partners.alike import looks_like, twins
from partners.forms import AffiliationFormSet, PersonForm
from partners.models import Organisation, Person
from partners.timeline import KINDS, timeline
from partners.views.archiving import RecordArchive, RecordRestore, open_follow_ups
from partners.views.merged import LeadsOn, MergedForm

SHOWN = 20


class PersonDetail(PermissionRequiredMixin, LeadsOn, DetailView):  # type: ignore[type-arg]
    """Who they are, how they may be reached, where they work and what we met for."""

    permission_required = "partners.view_person"
    model = Person
    template_name = "partners/person_detail.html"

    def get_queryset(self) -> Any:
        return Person.objects.select_related("archived_by", "user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person: Any = self.object
        show = self.request.GET.get("show", "")
        if log_url := address("missions:meeting-log"):
            log_url = f"{log_url}?person={person.pk}"
        affiliations = list(person.affiliations.select_related("organisation__city"))
        promised = person.follow_ups.visible_to(self.request.user).open()
        rows = list(promised.for_list()[:SHOWN])
        may_log = self.request.user.has_perm("missions.add_meeting")
        return {
            **super().get_context_data(**kwargs),
            "current": [row for row in affiliations if row.is_current],
            "former": [row for row in affiliations if not row.is_current],
            "primary": next(
                (row for row in affiliations if row.is_current and row.is_primary), None
            ),
            "promises": {
                "us": [row for row in rows if row.promised_by == "us"],
                "them": [row for row in rows if row.promised_by == "them"],
                "count": promised.count() if len(rows) == SHOWN else len(rows),
                "overdue": sum(row.is_overdue for row in rows),
            },
            "show": show if show in KINDS[:2] else "",
            "timeline": timeline(
                person,
                self.request.user,
                show if show in KINDS[:2] else "",
                self.request.GET.get("after", ""),
            ),
            "counts": {"meetings": person.meetings.count()},
            "log_url": log_url if may_log else "",
            "twin": self.request.user.has_perm("partners.merge_person") and looks_like(person),
            "today": timezone.localdate(),
        }


class PersonPhoto(PermissionRequiredMixin, LeadsOn, View):
    """The portrait. Its address changes with it, so the browser may keep it for a day."""

    model = Person
    says_so = False
    permission_required = "partners.view_person"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        photo = get_object_or_404(Person, pk=pk).photo
        try:
            file = photo.open("rb")
        except (OSError, ValueError) as error:
            raise Http404(_("There is no photograph.")) from error
        return FileResponse(
            file,
            content_type="image/jpeg",
            headers={
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, max-age=86400",
            },
        )


class AffiliationsMixin:
    """The lines of where a person works, on the person's form."""

    request: Any
    object: Any

    def get_parts(self) -> dict[str, PartFormSet]:
        person: Any = self.object or Person()
        saved = list(person.affiliations.select_related("organisation")) if person.pk else []
        options: dict[str, Any] = {}
        if self.request.method == "POST":
            options["data"] = self.request.POST
        elif not saved and (organisation := self.asked_organisation()):
            options["initial"] = [{"organisation": organisation.pk, "is_primary": True}]
        lines = AffiliationFormSet(prefix="affiliations", owner=person, saved=saved, **options)
        lines.extra = 0 if saved else 1
        return {"affiliations": lines}

    def asked_organisation(self) -> Organisation | None:
        """The organisation whose page one came from."""
        asked = record_id(self.request.GET.get("organisation", ""))
        found = became(Organisation.objects.filter(pk=asked).first()) if asked else None
        return None if found is None or found.is_archived else found


class PersonCreate(AffiliationsMixin, RecordForm):
    """A new person; one that looks like another asks once more."""

    permission_required = "partners.add_person"
    model = Person
    form_class = PersonForm
    alike: list[Any] = []

    def get_initial(self) -> dict[str, Any]:
        """The name that was looked for and not found, the family name last."""
        name = one_line(self.request.GET.get("name", ""))[:100]
        if script_language(name):
            return {"native_name": name}
        given, _space, family = name.rpartition(" ")
        return {"given_name": given or name, "family_name": family if given else ""}

    def is_sure(self, form: Any, parts: dict[str, PartFormSet]) -> bool:
        if "anyway" not in self.request.POST:
            lines = parts["affiliations"].kept
            form.instance.current_affiliations = [
                line.instance for line in lines if line.instance.is_current
            ]
            self.alike = twins(form.instance)
            del form.instance.current_affiliations
        return not self.alike

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "alike": self.alike,
            "alike_url": reverse("partners:person-alike"),
        }


class PersonUpdate(AffiliationsMixin, MergedForm, RecordUpdate):
    permission_required = "partners.change_person"
    model = Person
    form_class = PersonForm


class PersonArchive(RecordArchive):
    permission_required = "partners.archive_person"
    model = Person
    restore_url_name = "partners:person-restore"

    def consequences(self, record: Any) -> list[tuple[int, Any]]:
        return [
            (
                record.meetings.count(),
                ngettext_lazy(
                    "%(count)d meeting keeps naming them.",
                    "%(count)d meetings keep naming them.",
                    "count",
                ),
            ),
            open_follow_ups(record),
        ]


class PersonRestore(RecordRestore):
    permission_required = "partners.archive_person"
    model = Person
