"""Several records become one: chosen, compared side by side, merged; and what was merged."""

import uuid
from collections.abc import Sequence
from functools import cached_property
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, TemplateView

from crm.combos import ComboMultipleField, RecordFinder
from crm.forms import FieldManners
from crm.jobs import Refused
from crm.lists import PagedList
from crm.models import User
from crm.text import record_id
from crm.versions import conflict
from crm.views import save_once
from partners.choices import OrganisationFinder, PersonFinder
from partners.merging.comparing import Comparison
from partners.merging.counting import AT_ONCE, has_folded, in_words, links_of, moved, total
from partners.merging.joining import MOST, Changed, Wish, join
from partners.merging.telling import survivor_changes, told_stayed
from partners.merging.undoing import Stays, undo, why_not
from partners.merging.working import start_joining, start_undoing
from partners.models import Merge, Organisation, Person
from partners.models.merges import UNDONE_WITHIN
from partners.views.merged import LeadsOn, ending


class WithForm(FieldManners, forms.Form):
    """Which others are the same."""

    def __init__(self, finder: RecordFinder, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        label = gettext_lazy("The same as")
        self.fields["with"] = ComboMultipleField(finder, label=label, required=False)


class RecordMerge(PermissionRequiredMixin, LeadsOn, TemplateView):
    """Chooses whom (`with`), then compares them; sent, they become one."""

    template_name = "partners/merge_form.html"
    finder: RecordFinder
    related: Sequence[str] = ()
    problem = ""
    changed: Sequence[Any] = ()

    @cached_property
    def record(self) -> Any:
        shown = self.model.objects.select_related(*self.related)
        return get_object_or_404(shown, pk=self.kwargs["pk"])

    @cached_property
    def asked(self) -> list[int]:
        """The ids of the others, as the address or the form has them."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        ids = (record_id(value) for value in given.getlist("with"))
        return list(dict.fromkeys(pk for pk in ids if pk is not None))

    @cached_property
    def others(self) -> list[Any]:
        found = (
            self.model.objects.standing().select_related(*self.related).in_bulk(self.asked[:MOST])
        )
        return [found[pk] for pk in self.asked if pk in found and pk != self.record.pk]

    def why_not(self) -> str:
        """What stands against comparing these, in a sentence."""
        if self.record.pk in self.asked:
            return _("A record can’t be merged with itself: choose another one.")
        if len(self.asked) >= MOST:
            return _("At most %(most)s records are merged at once.") % {"most": MOST}
        gone = set(self.asked) - {one.pk for one in self.others}
        merged = self.model.objects.filter(pk__in=gone).exclude(merged_into=None)
        if (one := merged.select_related("merged_into").first()) is not None:
            names = {"name": one, "survivor": one.merged_into}
            return _("%(name)s was merged into %(survivor)s already.") % names
        return _("One of them is no longer there.") if gone else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(record=self.record, noun=self.noun, **kwargs)
        problem = self.problem or self.why_not()
        context["problem"] = problem
        is_finding = "find" in self.request.GET or self.request.GET.get("with__typed")
        if not self.others or is_finding or (problem and not self.problem):
            form = WithForm(self.finder, self.request.GET or None)
            if "find" in self.request.GET:
                form.hush()
            return {**context, "form": form}
        records = [self.record, *self.others]
        links = links_of(self.model, [one.pk for one in records])
        return {
            **context,
            "comparison": Comparison(records, links, self.request.POST),
            "conflicts": [(one, conflict(one, self.versions.get(one.pk))) for one in self.changed],
            "token": uuid.uuid4(),
            "is_long": total(links) > AT_ONCE,
        }

    @property
    def noun(self) -> str:
        return str(self.model._meta.model_name)

    @cached_property
    def versions(self) -> dict[int, int]:
        """The versions that the page was made of."""
        found = {}
        for pk in (self.record.pk, *self.asked):
            found[pk] = record_id(self.request.POST.get(f"version-{pk}", "")) or 0
        return found

    def wish(self) -> Wish:
        ids = [self.record.pk, *self.asked]
        survivor = record_id(self.request.POST.get("survivor", "")) or self.record.pk
        if survivor not in ids:
            survivor = self.record.pk
        picks = {
            name.removeprefix("take-"): str(value)
            for name, value in self.request.POST.items()
            if name.startswith("take-")
        }
        others = [pk for pk in ids if pk != survivor] if len(ids) > 1 else [survivor]
        return Wish(survivor, others, self.versions, picks)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user, wish = cast(User, request.user), self.wish()
        if self.record.pk in self.asked:
            return self.render_to_response(self.get_context_data())
        try:
            token = uuid.UUID(request.POST.get("token", ""))
        except ValueError:
            token = uuid.uuid4()
        try:
            url, is_new = save_once(token, user, lambda: self.act(wish, user))
        except Changed as refusal:
            self.changed, self.problem = refusal.records, str(refusal)
        except Refused as refusal:
            self.problem = str(refusal)
        else:
            if not is_new:
                messages.info(request, _("This had been done already."))
            return HttpResponseRedirect(url)
        vars(self).pop("others", None)
        vars(self).pop("record", None)
        return self.render_to_response(self.get_context_data())

    def act(self, wish: Wish, user: User) -> str:
        """Merge now, or in the background where there is much to move; where one goes next."""
        if total(links_of(self.model, list(wish.others))) > AT_ONCE:
            survivor = get_object_or_404(self.model, pk=wish.survivor)
            return start_joining(survivor, wish, user).get_absolute_url()
        merge = join(self.model, wish, user)
        names = ", ".join(merge.journal[0]["names"])
        messages.success(
            self.request,
            _("%(names)s: merged into %(survivor)s.")
            % {"names": names, "survivor": ending(merge.survivor)},
            extra_tags=f"undo:{reverse('partners:merge-undo', args=[merge.pk])}",
        )
        return merge.survivor.get_absolute_url()


class OrganisationMerge(RecordMerge):
    permission_required = "partners.merge_organisation"
    model = Organisation
    finder = OrganisationFinder()
    related = ("city", "owner", "parent")


class PersonMerge(RecordMerge):
    permission_required = "partners.merge_person"
    model = Person
    finder = PersonFinder()


class MayMerge(PermissionRequiredMixin):
    """For those who may merge records of one noun at least; they see those of that noun."""

    request: Any

    def has_permission(self) -> bool:
        return bool(self.visible)

    @cached_property
    def visible(self) -> dict[str, bool]:
        """Conditions for the merges that the reader may see."""
        user = self.request.user
        nouns = [
            one for one in ("organisation", "person") if user.has_perm(f"partners.merge_{one}")
        ]
        return (
            {f"{one}__isnull": False for one in nouns}
            if len(nouns) == 1
            else dict.fromkeys(["pk__isnull"] if nouns else [], False)
        )


class MergeList(MayMerge, PagedList):
    """Merges, newest first."""

    template_name = "partners/merge_list.html"

    def get_queryset(self) -> Any:
        kept = Merge.objects.filter(**self.visible).defer("journal")
        kept = kept.annotate(names=F("journal__0__names"))
        return kept.select_related("organisation", "person", "user")


class MergeDetail(MayMerge, DetailView):  # type: ignore[type-arg]
    """What was merged, by whom and when, what moved, and until when it can be undone."""

    template_name = "partners/merge_detail.html"
    would_stay: Sequence[Any] = ()

    def get_queryset(self) -> Any:
        kept = Merge.objects.filter(**self.visible)
        return kept.select_related("organisation", "person", "user", "undone_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        merge = self.object
        ids = merge.journal[0]["ids"] if merge.journal else []
        names = merge.journal[0]["names"] if merge.journal else []
        return super().get_context_data(
            names=names,
            records=list(zip(ids, names, strict=True)),
            moved=in_words(moved(merge.journal), type(merge.survivor)),
            has_folded=has_folded(merge.journal),
            changes=survivor_changes(merge),
            stayed=told_stayed(merge.journal),
            would_stay=told_stayed(self.would_stay),
            asks_rest=bool(self.would_stay) or "rest" in self.request.GET,
            why_not=why_not(merge),
            until=merge.created_at + UNDONE_WITHIN,
            **kwargs,
        )


class MergeUndo(MergeDetail):
    """Takes a merge back, at once or in the background; asks first where not all would go back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        merge = Merge.objects.filter(**self.visible, pk=pk).first()
        if merge is None:
            raise Http404
        user, url = cast(User, request.user), reverse("partners:merge-detail", args=[pk])
        is_sure = "sure" in request.POST
        if (why := why_not(merge)) == "" and sum(moved(merge.journal).values()) > AT_ONCE:
            job = start_undoing(merge, user, url if is_sure else f"{url}?rest=1#undo", is_sure)
            return HttpResponseRedirect(job.get_absolute_url())
        try:
            stayed = undo(pk, user, is_sure)
        except Stays as asked:
            self.object, self.would_stay = merge, asked.entries
            return self.render_to_response(self.get_context_data())
        except Refused as refusal:
            messages.error(request, why or str(refusal))
            return HttpResponseRedirect(url)
        if stayed:
            messages.warning(
                request, _("Undone, but for what was changed since: it is listed below.")
            )
        else:
            messages.success(request, _("Undone: all is as it was before the merge."))
        return HttpResponseRedirect(url)
