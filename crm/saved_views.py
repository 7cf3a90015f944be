"""Saved views: a list with its filters, order and columns under a name, found again and shared.

A view is an address that somebody keeps. It shows its reader what the list of that address shows
them, and nothing else: sharing one gives no right. So whoever writes records may share with any
role; those who only read keep theirs to themselves.
"""

from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View

from crm import navigation
from crm.export_page import ListExport
from crm.following import next_url
from crm.lists import ListPage, list_page
from crm.models import SavedView, User
from crm.roles import ROLE_NAMES, ROLES

MAY_SHARE = "crm.enter_admin"
DELETED = "deleted_view"
NAMED_ALREADY = gettext_lazy("You have a view of this list with this name.")


class RoleField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A role, by its name in the reader's language."""

    def label_from_instance(self, group: Any) -> str:
        return str(ROLE_NAMES.get(group.name, group.name))


class SavedViewForm(forms.ModelForm):  # type: ignore[type-arg]
    """A view's name, with whom it is shared, and whether it stands in the reader's side."""

    shared_with = RoleField(
        label=gettext_lazy("Shared with"),
        queryset=Group.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody: only I see it"),
        help_text=gettext_lazy("They see what they may see anyway; only you change it."),
    )
    is_pinned = forms.BooleanField(label=gettext_lazy("Pin it to my side"), required=False)

    class Meta:
        model = SavedView
        fields = ["name", "shared_with"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        if user.has_perm(MAY_SHARE):
            roles = Group.objects.filter(name__in=ROLES).order_by("pk")
            self.fields["shared_with"].queryset = roles  # type: ignore[attr-defined]
        else:
            del self.fields["shared_with"]
        if self.instance.pk:
            pinned = self.instance.pinned_by.filter(pk=user.pk).exists()
            self.fields["is_pinned"].initial = pinned

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        namesakes = SavedView.objects.filter(
            owner=self.instance.owner, page=self.instance.page, name=name
        )
        if namesakes.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(NAMED_ALREADY)
        return name


class SavedViewList(TemplateView):
    """Mine, and those shared with me, of the lists that I may open."""

    template_name = "crm/view_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        pages = navigation.opened_by(user)
        seen = (
            SavedView.objects.seen_by(user)
            .filter(page__in=pages)
            .select_related("owner", "shared_with")
        )
        pinned = set(user.pinned_views.values_list("pk", flat=True))
        rows: list[dict[str, Any]] = [
            {
                "view": one,
                "entry": pages[one.page],
                "is_pinned": one.pk in pinned,
                "may_change": one.may_be_changed_by(user),
                "role": ROLE_NAMES.get(one.shared_with.name, one.shared_with.name)
                if one.shared_with
                else "",
            }
            for one in seen
        ]
        return super().get_context_data(
            mine=[row for row in rows if row["view"].owner_id == user.pk],
            others=[row for row in rows if row["view"].owner_id != user.pk],
            **kwargs,
        )


class SavedViewDetail(View):
    """Leads to the list, as it was saved."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = get_object_or_404(SavedView.objects.seen_by(request.user), pk=pk)
        if not navigation.address(view.page):
            raise Http404(_("This list is no longer there."))
        return HttpResponseRedirect(view.address_of(view.page))


class ChangedView(View):
    """An act on a view that the reader may change; another's is refused."""

    def get_saved(self) -> SavedView:
        """Raises PermissionDenied where it is somebody else's."""
        view = get_object_or_404(SavedView.objects.seen_by(self.request.user), pk=self.kwargs["pk"])
        if not view.may_be_changed_by(self.request.user):
            raise PermissionDenied(_("Only its owner changes a view: save it as one of yours."))
        return view


def asked_list(request: HttpRequest, page: str) -> type[ListPage]:
    """The list of a URL name. Raises Http404 where there is none that the reader may open."""
    found = list_page(page) if page in navigation.opened_by(request.user) else None
    if found is None:
        raise Http404(_("There is no such list."))
    return found


def understood(request: HttpRequest, page: str, asked: QueryDict) -> str:
    """An address of the list with the parts that it understands, in its own order."""
    filterset = asked_list(request, page).filterset_class(asked, request=request)
    parts = {name: values for name, values in filterset.address.items() if name != "view"}
    return urlencode(parts, doseq=True, safe=",")


def export_page(page: type[ListPage]) -> type[ListExport] | None:
    """The page that takes the list out as a file."""
    url = navigation.address(page.export_url_name)
    return getattr(resolve(url).func, "view_class", None) if url else None


def headings(view: SavedView, page: type[ListPage], reader: User) -> list[str | Promise]:
    """The headings of the view's columns that its reader may take."""
    if (export := export_page(page)) is None:
        return []
    known = {column.name: column.heading for column in export.exported.columns(reader)}
    return [known[name] for name in view.columns if name in known]


def named_columns(values: list[str]) -> list[str]:
    """The names of columns, separated by commas or repeated."""
    named = dict.fromkeys(name for one in values for name in one.split(","))
    return [name for name in named if name.isidentifier()][:100]


class SavedViewForms(FormView):  # type: ignore[type-arg]
    """What saving a new view and changing one share."""

    template_name = "crm/view_form.html"
    form_class = SavedViewForm
    saved: SavedView

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {**kwargs, "instance": self.saved, "user": self.request.user}

    @property
    def comes_from_export(self) -> bool:
        """Whether the columns were chosen just now, on the page that exports."""
        post = self.request.method == "POST"
        return "export" in self.request.POST if post else "columns" in self.request.GET

    def back(self) -> str:
        """Where the view was made or changed from, as it is now."""
        view, page = self.saved, asked_list(self.request, self.saved.page)
        if self.comes_from_export and self.request.user.has_perm(page.export_permission):
            return view.address_of(page.export_url_name)
        return view.get_absolute_url() if view.pk else view.address_of(view.page)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        saved, asked = self.saved, QueryDict(self.saved.query)
        page = asked_list(self.request, saved.page)
        filterset = page.filterset_class(asked, request=self.request)
        return super().get_context_data(
            saved=saved,
            headings=headings(saved, page, cast(User, self.request.user)),
            comes_from_export=self.comes_from_export,
            back_url=self.back(),
            entry=navigation.opened_by(self.request.user)[saved.page],
            words=filterset.words,
            ignored=filterset.ignored,
            columns=",".join(saved.columns),
            **kwargs,
        )

    def form_valid(self, form: Any) -> HttpResponse:
        user = cast(User, self.request.user)
        try:
            with transaction.atomic():
                saved = form.save()
                if form.cleaned_data["is_pinned"]:
                    saved.pinned_by.add(user)
                else:
                    saved.pinned_by.remove(user)
        except IntegrityError:  # the same form, sent twice at once
            form.add_error("name", NAMED_ALREADY)
            return self.form_invalid(form)
        messages.success(self.request, _("Saved: %(name)s") % {"name": saved.name})
        return HttpResponseRedirect(self.back())


class SavedViewCreate(SavedViewForms):
    """A list under a name: `list` is its URL name, the rest of the address is the list's own."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        sent = request.POST if request.method == "POST" else request.GET
        asked = QueryDict(sent.get("query", ""), mutable=True) if "query" in sent else sent.copy()
        self.saved = SavedView(
            owner=cast(User, request.user),
            page=sent.get("list", ""),
            columns=named_columns(sent.getlist("columns")),
        )
        self.asked = asked

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        page = asked_list(request, self.saved.page)
        known = page.filterset_class.base_filters
        for name in [name for name in self.asked if name not in known]:
            del self.asked[name]
        self.saved.query = understood(request, self.saved.page, self.asked)
        return super().dispatch(request, *args, **kwargs)


class SavedViewUpdate(ChangedView, SavedViewForms):
    """Its name and with whom it is shared; its columns too, where the address names some."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.saved = self.get_saved()
        sent = request.POST if request.method == "POST" else request.GET
        if "columns" in sent:
            self.saved.columns = named_columns(sent.getlist("columns"))
        return super().dispatch(request, *args, **kwargs)


class SavedViewAct(ChangedView):
    """One click on a view, then back to where it was."""

    http_method_names = ["post"]

    def back(self, default: str) -> HttpResponse:
        return HttpResponseRedirect(next_url(self.request, default))


class SavedViewRefresh(SavedViewAct):
    """The view takes over the filters and the order that its list has now."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = self.get_saved()
        view.query = understood(request, view.page, QueryDict(request.POST.get("query", "")))
        view.save()
        messages.success(request, _("Updated: %(name)s") % {"name": view.name})
        return HttpResponseRedirect(view.get_absolute_url())


class SavedViewPin(SavedViewAct):
    """In the reader's side from now on; a shared one may be pinned by all who see it."""

    is_pinned = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = cast(User, request.user)
        view = get_object_or_404(SavedView.objects.seen_by(user), pk=pk)
        if self.is_pinned:
            view.pinned_by.add(user)
        else:
            view.pinned_by.remove(user)
        return self.back(reverse("view-list"))


class SavedViewDelete(SavedViewAct):
    """Gone, until the message is gone: it can be brought back under its own address."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        with transaction.atomic():
            view = self.get_saved()
            fields = ("pk", "owner_id", "name", "page", "query", "columns", "shared_with_id")
            kept = {name: getattr(view, name) for name in fields}
            pins = list(view.pinned_by.values_list("pk", flat=True))
            view.delete()
        request.session[DELETED] = {"fields": kept, "pins": pins}
        messages.success(
            request,
            _("Deleted: %(name)s") % {"name": view.name},
            extra_tags=f"undo:{reverse('view-restore')}",
        )
        return HttpResponseRedirect(reverse("view-list"))


class SavedViewRestore(SavedViewAct):
    """Brings back the view that was deleted last."""

    def post(self, request: HttpRequest) -> HttpResponse:
        kept = request.session.pop(DELETED, None)
        if kept is None:
            messages.info(request, _("There is no view to bring back."))
            return HttpResponseRedirect(reverse("view-list"))
        fields = kept["fields"]
        with transaction.atomic():
            named = SavedView.objects.filter(
                owner=fields["owner_id"], page=fields["page"], name=fields["name"]
            )
            if named.exists():
                messages.warning(request, NAMED_ALREADY)
                return HttpResponseRedirect(reverse("view-list"))
            if not Group.objects.filter(pk=fields["shared_with_id"]).exists():
                fields["shared_with_id"] = None
            view = SavedView.objects.create(**fields)
            view.pinned_by.set(User.objects.filter(pk__in=kept["pins"]))
        messages.success(request, _("Brought back: %(name)s") % {"name": view.name})
        return HttpResponseRedirect(reverse("view-list"))
