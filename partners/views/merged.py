"""The old addresses of records that became another one: they lead there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import Organisation, Person


def ending(record: Any) -> str:
    """A record's name at the end of a sentence: “Filse S.p.A.” has its full stop."""
    return str(record).removesuffix(".")


def say_merged(request: HttpRequest, record: Any) -> None:
    """Why one finds oneself at another record's page."""
    names = {"name": record, "survivor": ending(record.merged_into)}
    messages.info(request, _("%(name)s was merged into %(survivor)s.") % names)


class LeadsOn:
    """A page of a record that leads to the same page of the record it became.

    Stands after the check of permissions. What is sent to it goes on to its own form.
    """

    model: "type[Organisation] | type[Person]"
    says_so = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"} and (answer := self.leads_to(request, kwargs["pk"])):
            return answer
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]

    def leads_to(self, request: HttpRequest, pk: int) -> HttpResponse | None:
        merged = self.model.objects.filter(pk=pk).exclude(merged_into=None)
        record = merged.select_related("merged_into").first()
        if record is None or request.resolver_match is None:
            return None
        if self.says_so:
            say_merged(request, record)
        name = request.resolver_match.view_name
        url = reverse(name, args=[record.merged_into_id])
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{url}?{query}" if query else url)


class MergedForm(LeadsOn):
    """The form of a record: sent after a merge it is not saved, and keeps what was typed."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.leads_to(request, kwargs["pk"]) or super().get(request, *args, **kwargs)  # type: ignore[misc]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super(LeadsOn, self).dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        record = form.instance
        if form.is_bound and record.merged_into_id:
            names = {"name": record, "survivor": record.merged_into}
            form.add_error(
                None,
                _(
                    "%(name)s was merged into %(survivor)s meanwhile, and nothing was saved. What "
                    "you typed is still here: take it over to %(survivor)s."
                )
                % names,
            )
            # It can't be saved again, so nobody is told to.
            form.conflict = None
        return form
