"""Agreements: the list, one of them, its document; written, changed and renewed."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import DetailView

from crm.lists import ListPage
from crm.parts import PartFormSet
from crm.text import record_id
from crm.views import RecordForm, RecordUpdate
from missions.filters.agreements import AgreementFilter
from missions.forms.agreements import AgreementForm
from missions.models import Agreement, Meeting, Party
from missions.models.meetings import LATEST
from missions.views.follow_ups import named
from partners.models import Organisation


class AgreementList(ListPage):
    template_name = "missions/agreement_list.html"
    permission_required = "missions.view_agreement"
    filterset_class = AgreementFilter
    export_url_name = "missions:agreement-export"
    export_permission = "missions.export_agreement"
    create_url_name = "missions:agreement-create"
    create_permission = "missions.add_agreement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        filterset = context["filterset"]
        context["all_url"] = filterset.query(expiring=None, dormant=None)
        context["expiring_url"] = filterset.query(expiring=1, dormant=None)
        context["dormant_url"] = filterset.query(dormant=1, expiring=None)
        return context


class AgreementDetail(PermissionRequiredMixin, DetailView):  # type: ignore[type-arg]
    permission_required = "missions.view_agreement"
    queryset = Agreement.objects.select_related("meeting__mission", "renews").prefetch_related(
        "meeting__organisations", "renewals"
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parties = list(
            Party.objects.filter(agreement=self.object)
            .select_related("organisation__city")
            .order_by("pk")
        )
        ours = [one for one in parties if one.organisation.side == Organisation.Side.HOME]
        if self.object.meeting:
            self.object.meeting.conceal_from(self.request.user)
        return super().get_context_data(
            parties_ours=ours,
            parties_theirs=[one for one in parties if one not in ours],
            document_name=PurePath(self.object.document.name or "").name,
            earlier_documents=[
                (version, PurePath(name).name) for version, name in earlier_documents(self.object)
            ],
            is_dormant=Agreement.objects.dormant().filter(pk=self.object.pk).exists(),
            **kwargs,
        )


def earlier_documents(agreement: Agreement) -> list[tuple[int, str]]:
    """The documents that others took the place of, newest first: the version that had each."""
    kept = agreement.history.exclude(document="").order_by("version", "history_id")
    newest = {name: version for version, name in kept.values_list("version", "document")}
    newest.pop(agreement.document.name, None)
    return sorted(((version, name) for name, version in newest.items()), reverse=True)


class AgreementDocument(PermissionRequiredMixin, View):
    """The document, for those who may see the agreement: always saved, never shown in place.

    `?version=` asks for one that another took the place of.
    """

    permission_required = "missions.view_agreement"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        agreement = get_object_or_404(Agreement, pk=pk)
        document = agreement.document
        if version := record_id(request.GET.get("version")):
            document.name = dict(earlier_documents(agreement)).get(version, "")
        if not document:
            raise Http404(_("This agreement has no document."))
        try:
            file = document.storage.open(str(document.name), "rb")
        except OSError as error:
            raise Http404(_("The document is missing from the store.")) from error
        return FileResponse(
            file,
            as_attachment=True,
            filename=PurePath(document.name or "").name,
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
        )


class AgreementPage(RecordForm):
    """What writing a new agreement and changing one share."""

    model = Agreement
    form_class = AgreementForm
    template_name = "missions/agreement_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def respond(self, form: Any, parts: dict[str, PartFormSet]) -> HttpResponse:
        form.keep_document()
        return super().respond(form, parts)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=self.cancel_url, **kwargs)

    @property
    def cancel_url(self) -> str:
        return self.object.get_absolute_url() if self.object else reverse("missions:agreement-list")


class AgreementCreate(AgreementPage):
    """A new agreement, begun from a meeting, a partner or an agreement, as the address says."""

    permission_required = "missions.add_agreement"

    @property
    def renewed(self) -> Agreement | None:
        """The agreement that the new one takes the place of."""
        found: Agreement | None = named(Agreement, self.request.GET.get("renews"))
        return found

    def get_initial(self) -> dict[str, Any]:
        if self.renewed and self.renewed.is_signed:
            return self.renewing(self.renewed)
        meeting = named(Meeting, self.request.GET.get("meeting"))
        parties = list(meeting.organisations.active()) if meeting else []
        if meeting:
            voices = meeting.attendances.exclude(organisation=None).select_related("organisation")
            parties += [one.organisation for one in voices if not one.organisation.is_archived]
        organisation = named(Organisation, self.request.GET.get("organisation"))
        if organisation and not organisation.is_archived:
            parties.append(organisation)
        return {"meeting": meeting, **on_sides(dict.fromkeys(parties))}

    def renewing(self, renewed: Agreement) -> dict[str, Any]:
        """What a renewal takes over: the parties and the kind; it begins where the old one ends."""
        end = renewed.in_force_until
        return {
            "title": renewed.title,
            "kind": renewed.kind,
            "renews": renewed,
            "in_force_from": end + timedelta(days=1) if end and end < LATEST else None,
            **on_sides(Organisation.objects.active().filter(parties__agreement=renewed)),
        }

    @property
    def cancel_url(self) -> str:
        return self.renewed.get_absolute_url() if self.renewed else super().cancel_url


def on_sides(parties: Iterable[Organisation]) -> dict[str, list[Organisation]]:
    """The parties under the field of their side."""
    sides: dict[str, list[Organisation]] = {"ours": [], "theirs": []}
    for one in parties:
        sides["ours" if one.side == Organisation.Side.HOME else "theirs"].append(one)
    return sides


class AgreementRenew(AgreementCreate):
    """A new agreement in the place of one that was signed."""

    @cached_property
    def renewed(self) -> Agreement:
        return get_object_or_404(Agreement, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.renewed.is_signed:
            messages.warning(request, _("Only an agreement that was signed can be renewed."))
            return HttpResponseRedirect(self.renewed.get_absolute_url())
        others = self.renewed.renewals.exclude(status=Agreement.Status.WITHDRAWN)
        if renewal := others.first():
            messages.info(request, _("It is being renewed already: here is its renewal."))
            return HttpResponseRedirect(renewal.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(renewed=self.renewed, **kwargs)


class AgreementUpdate(AgreementPage, RecordUpdate):
    permission_required = "missions.change_agreement"
