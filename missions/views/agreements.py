"""Agreements: the list, one of them, and its document."""

from pathlib import PurePath
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import DetailView

from crm.lists import ListPage
from missions.filters import AgreementFilter
from missions.models import Agreement, Party
from partners.models import Organisation


class AgreementList(ListPage):
    template_name = "missions/agreement_list.html"
    permission_required = "missions.view_agreement"
    filterset_class = AgreementFilter

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        filterset = context["filterset"]
        context["all_url"] = filterset.query(expiring=None)
        context["expiring_url"] = filterset.query(expiring=1)
        return context


class AgreementDetail(PermissionRequiredMixin, DetailView):  # type: ignore[type-arg]
    permission_required = "missions.view_agreement"
    queryset = Agreement.objects.select_related("meeting__mission").prefetch_related(
        "meeting__organisations"
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
            **kwargs,
        )


class AgreementDocument(PermissionRequiredMixin, View):
    """The document, for those who may see the agreement: always saved, never shown in place."""

    permission_required = "missions.view_agreement"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        document = get_object_or_404(Agreement, pk=pk).document
        if not document:
            raise Http404(_("This agreement has no document."))
        try:
            file = document.open("rb")
        except OSError as error:
            raise Http404(_("The document is missing from the store.")) from error
        return FileResponse(
            file,
            as_attachment=True,
            filename=PurePath(document.name or "").name,
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
        )
