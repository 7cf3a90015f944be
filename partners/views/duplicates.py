"""The inbox of likely duplicates."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from crm.collisions import whole
from crm.counts import BOUND, bounded
from crm.following import next_url
from crm.lists import PagedList
from partners.duplicates import refresh
from partners.duplicates.wording import in_words, likelihood
from partners.models import Affiliation, OrganisationPair, PersonPair


class Row(NamedTuple):
    """A line of two records side by side."""

    label: str | Promise
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second


LABELS = {
    "place": gettext_lazy("city"),
    "works_for": gettext_lazy("works for"),
    "phone_international": gettext_lazy("phone"),
    "mobile_international": gettext_lazy("mobile"),
}


def rows_of(first: Any, second: Any, fields: Iterable[str]) -> list[Row]:
    """What at least one of the two says, as both say it."""
    found = []
    for field in fields:
        left, right = (_shown(record, field) for record in (first, second))
        if left or right:
            label = LABELS.get(field) or first._meta.get_field(field).verbose_name
            found.append(Row(label, left, right))
    return found


def _shown(record: Any, field: str) -> str:
    if field == "works_for":
        return ", ".join(post.organisation.name for post in record.current_affiliations)
    if field in {"phone_international", "mobile_international"}:
        return str(getattr(record, field) or getattr(record, field.removesuffix("_international")))
    if field == "kind":
        return str(record.get_kind_display())
    return str(getattr(record, field))


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than it must."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[: BOUND + 1].count())


class OfOrganisations(PermissionRequiredMixin):
    permission_required = "partners.merge_organisation"
    model: Any = OrganisationPair
    noun = "organisation"


class OfPeople(PermissionRequiredMixin):
    permission_required = "partners.merge_person"
    model: Any = PersonPair
    noun = "person"


class DuplicateList(PagedList):
    """Likely pairs, the likeliest first; or those that somebody said are two."""

    template_name = "partners/duplicate_list.html"
    paginator_class = BoundedPaginator
    paginate_by = 20
    noun: str
    fields: tuple[str, ...]

    @cached_property
    def is_dismissed(self) -> bool:
        return self.request.GET.get("show") == "dismissed"

    def get_queryset(self) -> Any:
        pairs: Any = self.model
        return (
            pairs.objects.filter(first__archived_at=None, second__archived_at=None)
            .filter(dismissed_at__isnull=not self.is_dismissed)
            .select_related("dismissed_by")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        pairs = list(context["page_obj"])
        for pair in pairs:
            pair.rows = rows_of(pair.first, pair.second, self.fields)
            pair.reasons_in_words = in_words(pair.reasons)
            pair.likelihood = likelihood(pair.score)
            pair.merge_url = self.merge_url(pair)
            act = "reopen" if pair.is_dismissed else "dismiss"
            pair.act_url = reverse(f"partners:{self.noun}-duplicate-{act}", args=[pair.pk])
        count = context["paginator"].count
        return {
            **context,
            "pairs": pairs,
            "count": count,
            "count_text": bounded(count),
            "is_dismissed": self.is_dismissed,
            "noun": self.noun,
        }

    def merge_url(self, pair: Any) -> str:
        """Where the two become one."""
        page = reverse(f"partners:{self.noun}-merge", args=[pair.first_id])
        return f"{page}?with={pair.second_id}"


class OrganisationDuplicates(OfOrganisations, DuplicateList):
    fields = (
        "native_name",
        "short_name",
        "kind",
        "place",
        "address",
        "website",
        "email",
        "phone_international",
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("first__city", "second__city")


class PersonDuplicates(OfPeople, DuplicateList):
    fields = (
        "native_name",
        "native_reading",
        "works_for",
        "email",
        "phone_international",
        "mobile_international",
    )

    def get_queryset(self) -> Any:
        current = Affiliation.objects.current().select_related("organisation")
        posts = [
            Prefetch(f"{side}__affiliations", queryset=current, to_attr="current_affiliations")
            for side in ("first", "second")
        ]
        pairs = super().get_queryset().select_related("first", "second")
        return pairs.prefetch_related(*posts)


class PairAct(View):
    """Something said about a pair; back to the list."""

    http_method_names = ["post"]
    model: Any
    noun: str

    @whole
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        with transaction.atomic():
            pair = self.model.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if pair is None:
                messages.info(request, _("Somebody has seen to this pair already."))
            else:
                self.act(pair)
        page = reverse(f"partners:{self.noun}-duplicates")
        return HttpResponseRedirect(next_url(request, page))

    def act(self, pair: Any) -> None:
        raise NotImplementedError


class PairDismiss(PairAct):
    """The two are two: never proposed again."""

    def act(self, pair: Any) -> None:
        if not pair.is_dismissed:
            pair.dismissed_at, pair.dismissed_by = timezone.now(), self.request.user
            pair.save(update_fields=["dismissed_at", "dismissed_by"])
        undo = reverse(f"partners:{self.noun}-duplicate-reopen", args=[pair.pk])
        messages.success(
            self.request,
            _("%(first)s and %(second)s are two. They are not proposed again.")
            % {"first": pair.first, "second": pair.second},
            extra_tags=f"undo:{undo}",
        )


class PairReopen(PairAct):
    """Back among those to look at, while they still look alike."""

    def act(self, pair: Any) -> None:
        if pair.is_dismissed:
            pair.dismissed_at = pair.dismissed_by = None
            pair.save(update_fields=["dismissed_at", "dismissed_by"])
            refresh([pair.first, pair.second])
        messages.success(self.request, _("The pair is among the likely duplicates again."))


class OrganisationDuplicateDismiss(OfOrganisations, PairDismiss):
    pass


class OrganisationDuplicateReopen(OfOrganisations, PairReopen):
    pass


class PersonDuplicateDismiss(OfPeople, PairDismiss):
    pass


class PersonDuplicateReopen(OfPeople, PairReopen):
    pass
