"""The briefing book of a mission: the page that offers it, and the file."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from crm.models import Job, User
from missions.briefing.making import (
    CONTENT_TYPES,
    MEETINGS_AT_ONCE,
    PERMISSION,
    Format,
    Readers,
    Wanted,
    has_many_meetings,
    make,
    make_later,
)
from missions.views.mission_page import MissionPage

JOBS_SHOWN = 5


class BriefingForm(forms.Form):
    """Which book; what the address leaves out is PDF, the reader's language, for us."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=Format,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("The book is made as PDF or as Word (docx).")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("The book is written in Italian or in English.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["for"] = forms.ChoiceField(
            label=_("For whom"),
            choices=Readers,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("The book is made for us or for the delegates.")},
        )

    @classmethod
    def asked(cls, request: HttpRequest) -> "BriefingForm":
        data = request.GET.dict()
        usual = {"language": get_language() or "en", "for": Readers.STAFF.value}
        return cls({**usual, **{name: value for name, value in data.items() if value}})

    @property
    def wanted(self) -> Wanted:
        chosen = self.cleaned_data
        return Wanted(chosen["format"], chosen["language"], chosen["for"])


class MissionBriefing(MissionPage, TemplateView):
    """Without `format` the choices; with it the book, or the job that makes a long one.

    A book is a list of people and how they are reached: making one asks for the right to export
    people, in both versions, and each is recorded.
    """

    permission_required = ("missions.view_mission", PERMISSION)
    template_name = "missions/mission_briefing.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "format" not in request.GET:
            return super().get(request, *args, **kwargs)
        form = BriefingForm.asked(request)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        user, address = cast(User, request.user), request.get_full_path()
        if has_many_meetings(self.mission):
            return redirect(make_later(self.mission, user, form.wanted, address, request.path))
        made = make(self.mission, user, form.wanted, address)
        response = HttpResponse(
            made.content,
            content_type=CONTENT_TYPES[form.wanted.file_format],
            headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
        )
        response.headers["Content-Disposition"] = content_disposition_header(True, made.name) or ""
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jobs = Job.objects.filter(user=cast(User, self.request.user), back_url=self.request.path)
        form = kwargs.pop("form", None) or BriefingForm(
            {"format": "pdf", "language": get_language() or "en", "for": "staff"}
        )
        return super().get_context_data(
            form=form,
            meeting_count=self.mission.meetings.exclude(status="cancelled").count(),
            meetings_at_once=MEETINGS_AT_ONCE,
            jobs=jobs.order_by("-pk")[:JOBS_SHOWN],
            **kwargs,
        )
