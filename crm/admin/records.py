"""What the admin of every record stands on."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.forms.utils import ErrorList
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _

from crm.admin.choices import KnownSelect, SelectMany, tell_known
from crm.admin.history import HistoryAdmin
from crm.admin.paging import BoundedPaginator
from crm.collisions import hold_linked, whole
from crm.forms import DateInput, RecordsField, TimeInput, VersionedModelForm
from crm.imports.subjects import import_address
from crm.models import ArchivableRecord, Record, Submission
from crm.search import can_slip, slipped

WIDGETS: dict[Any, dict[str, Any]] = {
    models.DateField: {"widget": DateInput},
    models.TimeField: {"widget": TimeInput},
}


class RecordForm(VersionedModelForm):
    """A record's form in the admin; `user` is who fills it in."""

    user: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        tell_known(self)

    def clean(self) -> dict[str, Any]:
        """What was merged since the form was opened is chosen as what it became."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            chosen = data.get(name) if isinstance(field, forms.ModelChoiceField) else None
            if isinstance(chosen, ArchivableRecord):
                data[name] = chosen.merged_into or chosen
            elif isinstance(chosen, QuerySet) and issubclass(chosen.model, ArchivableRecord):
                data[name] = list(dict.fromkeys(one.merged_into or one for one in chosen))
        return data

    def clean_sectors(self) -> Any:
        """A retired sector stays where it is and can't be newly chosen."""
        chosen = self.cleaned_data["sectors"]
        kept = set(self.initial.get("sectors") or [])
        if retired := [each for each in chosen if each.is_retired and each not in kept]:
            raise forms.ValidationError(
                _("“%(sector)s” is retired: choose another."), params={"sector": retired[0]}
            )
        return chosen


class PartForm(RecordForm):
    """A line of a record's form."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.conflict:
            self.add_error(None, _conflict_words(self.conflict))


def _conflict_words(conflict: Any) -> str:
    changes = "; ".join(
        f"{change.label}: “{change.before}” → “{change.after}”" for change in conflict.changes
    )
    names = ", ".join(author.name for author in conflict.authors)
    return _(
        "%(names)s changed this line while you were editing (%(changes)s). Check it and save again."
    ) % {"names": names, "changes": changes}


class ChoosesByTyping:
    """Every relation is chosen by typing a part of the name."""

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = KnownSelect(
                db_field,
                self.admin_site,  # type: ignore[attr-defined]
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc, no-any-return]

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault(
                "widget",
                SelectMany(db_field, self.admin_site),  # type: ignore[attr-defined]
            )
            kwargs.setdefault("form_class", RecordsField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc, no-any-return]


class PartInline(ChoosesByTyping, admin.StackedInline):  # type: ignore[type-arg, misc]
    """The parts of a record on its form, read in one query.

    `is_removable` parts can be taken off by whoever may change them: they are lines of the form,
    and their history stays. Others only an Administrator deletes.
    """

    form = PartForm
    extra = 0
    is_removable = False
    view_on_site = False
    formfield_overrides = WIDGETS

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*self.autocomplete_fields)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if self.is_removable:
            return self.has_change_permission(request, obj)
        return super().has_delete_permission(request, obj)


class RecordAdmin(ChoosesByTyping, HistoryAdmin):
    """A record: found in either script, saved once, never over somebody else's work."""

    form = RecordForm
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    formfield_overrides = WIDGETS
    parts: Sequence[str] = ()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list, with the way to import into it."""
        address = import_address(self.model, request.user)
        return super().changelist_view(request, {"import_url": address, **(extra_context or {})})

    # What an autocomplete offers

    def choices_offered(self, found: Any) -> Any:
        """The records that can be newly chosen."""
        return found.active() if hasattr(found, "active") else found

    def choice_label(self, record: Any) -> str:
        """A record as a choice is written."""
        return str(record)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Found as on the pages: every word, in either script, but for a slip where none is so."""
        if not hasattr(queryset, "matching"):
            return super().get_search_results(request, queryset, search_term)  # type: ignore[no-any-return]
        found = self.matched(request, queryset, search_term)
        if not can_slip(search_term) or found.exists():
            return found, False
        similar = slipped(queryset, search_term)
        if request.method == "GET" and _is_list(request) and similar.exists():
            self.message_user(
                request, _("Nothing is called exactly that: these are similar."), messages.INFO
            )
        return similar, False

    def matched(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """The records that have what is typed."""
        return queryset.matching(search_term)

    # The twin of a record's page

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        if obj is None or not hasattr(obj, "get_absolute_url"):
            return None
        try:
            return str(obj.get_absolute_url())
        except NoReverseMatch:
            return None

    # Saving

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        form.parts = self.parts
        return form

    @whole
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; its token and the lock make sure that it is saved once, on what is there."""
        token = _token(request)
        context = {"token": token, **(extra_context or {})}
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, context)  # type: ignore[no-any-return]
        try:
            with transaction.atomic():
                if object_id is None:
                    if (earlier := Submission.objects.filter(token=token).first()) is not None:
                        return self._sent_before(request, earlier)
                else:
                    self.lock(object_id)
                return super().changeform_view(request, object_id, form_url, context)  # type: ignore[no-any-return]
        except IntegrityError:
            if (earlier := Submission.objects.filter(token=token).first()) is None:
                raise
            return self._sent_before(request, earlier)

    def lock(self, object_id: str) -> None:
        """Let nobody else save this record until the transaction ends."""
        try:
            list(
                self.model._base_manager.select_for_update().filter(pk=object_id).values_list("pk")
            )
        except (ValueError, TypeError):
            return

    def _sent_before(self, request: HttpRequest, earlier: Submission) -> HttpResponse:
        if earlier.user_id != request.user.pk:
            raise PermissionDenied
        self.message_user(request, _("This form was saved already."), messages.INFO)
        return HttpResponseRedirect(earlier.url)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        url = self.change_url(obj)
        if IS_POPUP_VAR in request.POST:
            url = f"{url}?{IS_POPUP_VAR}=1"
        Submission.objects.create(token=_token(request), user_id=request.user.pk or 0, url=url)
        return super().response_add(request, obj, post_url_continue)  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A form that changes neither the record nor its parts leaves no trace."""
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = self.remembered(form.instance) if change else None
        super().save_related(request, form, formsets, change)
        if change and not form.has_changed() and any(each.has_changed() for each in formsets):
            form.instance.save()
        self.settle(form.instance, before)
        hold_linked()

    @whole
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            before = self.leaving(obj)
            super().delete_model(request, obj)
            self.settle_gone(before)

    @whole
    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            before = [self.leaving(obj) for obj in queryset]
            super().delete_queryset(request, queryset)
            for each in before:
                self.settle_gone(each)

    # What is derived, kept up to date after every way of writing

    def remembered(self, obj: Any) -> Any:
        """What must be known of a record before it is written, to settle it afterwards."""

    def leaving(self, obj: Any) -> Any:
        """What must be known of a record before it is deleted."""
        return self.remembered(obj)

    def settle(self, obj: Any, before: Any) -> None:
        """Bring what is derived from the record up to date; `before` is None for a new one."""

    def settle_gone(self, before: Any) -> None:
        """Bring what was derived from a deleted record up to date."""


def _is_list(request: HttpRequest) -> bool:
    """Whether a list is asked for, and not what an autocomplete offers."""
    asked = request.resolver_match
    return asked is not None and (asked.url_name or "").endswith("_changelist")


def _token(request: HttpRequest) -> uuid.UUID:
    """The form's token; a new one where it came without."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


__all__ = ["ErrorList", "PartForm", "PartInline", "Record", "RecordAdmin", "RecordForm"]
