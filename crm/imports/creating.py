"""A file given to be read in: kept privately, recognised, its columns matched."""

import hashlib
import uuid
from io import BytesIO
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import FormView

from crm.exports import CONTENT_TYPES, Delimiter, quoted_all
from crm.forms import DAMAGED, FieldManners
from crm.imports.columns import match
from crm.imports.listing import Importers
from crm.imports.reading import Shape, Unreadable, open_file, recognise
from crm.imports.subjects import Subject
from crm.models import Import, User
from crm.views import save_once
from crm.workbooks import write_workbook

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.vcf"
# What an upload takes beside its file.
SLACK = 1 << 20
# Megabytes of a file that is refused anyway: beyond them the connection is cut.
AT_MOST = 1_000
# What contact cards bring, and what finds a person among others' cards: they have no key of ours.
OF_CARDS, FOUND_BY = "people", "email"
# Which columns only our own files have.
OURS = {"key", "version"}


class FileInput(forms.FileInput):
    """A file that scripts weigh before it is sent."""

    template_name = "crm/import_file_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["megabytes"] = settings.IMPORT_MEGABYTES
        return context


class ImportForm(FieldManners, forms.Form):
    """What the file brings, and the file; cleaning it leaves its `shape` and `headings`."""

    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": DAMAGED})
    subject = forms.ChoiceField(label=_("What does it bring?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        widget=FileInput({"accept": ACCEPTED}),
        allow_empty_file=True,
    )

    def __init__(self, subjects: dict[str, Subject], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(subject.name, subject.label) for subject in subjects.values()]
        self.fields["subject"].choices = choices  # type: ignore[attr-defined]
        self.fields["file"].help_text = _(
            "A workbook (.xlsx) or a CSV file with headings in its first row, or contact cards "
            "(vCard, .vcf); at most %(size)s MB."
        ) % {"size": settings.IMPORT_MEGABYTES}
        self.initial.setdefault("token", uuid.uuid4())
        self.initial.setdefault("subject", choices[0][0])

    def clean_file(self) -> "UploadedFile[Any]":
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > settings.IMPORT_MEGABYTES << 20:
            raise forms.ValidationError(too_large())
        file = cast(Any, upload.file)
        try:
            self.shape = recognise(file, upload.name or "")
            table = open_file(lent(file), self.shape)
            if next(table.rows(), None) is None:
                raise Unreadable(
                    gettext("There are headings in it and no rows: there is nothing to import.")
                )
        except Unreadable as reason:
            raise forms.ValidationError(str(reason)) from reason
        self.headings = table.headings
        return upload

    def clean(self) -> dict[str, Any]:
        """Cards bring people, whatever was chosen: nobody has to choose the file again for that."""
        data = super().clean() or {}
        if "file" in data and self.shape.format == "vcard":
            if OF_CARDS not in dict(self.fields["subject"].choices):  # type: ignore[attr-defined]
                raise forms.ValidationError(
                    _("Contact cards bring people, which you may not import.")
                )
            data["subject"] = OF_CARDS
        return data


def lent(file: Any) -> Any:
    """Opens an open file, and leaves it open."""

    class Lent:
        def __enter__(self) -> Any:
            file.seek(0)
            return file

        def __exit__(self, *told: object) -> None:
            pass

    return Lent


def too_large() -> str:
    return gettext(
        "The file is larger than %(size)s MB and was not taken. Take out what is not needed, or "
        "split it in several files."
    ) % {"size": settings.IMPORT_MEGABYTES}


def refused(subjects: dict[str, Subject], initial: dict[str, Any]) -> ImportForm:
    """The form that says so beside the file, which was not even read."""
    told = {"token": uuid.uuid4(), "subject": next(iter(subjects)), **initial}
    form = ImportForm(subjects, told)
    form.errors["file"] = form.error_class([too_large()], renderer=form.renderer)
    return form


def digest_of(upload: "UploadedFile[Any]") -> str:
    """The SHA-256 of what was given."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def keep(
    upload: "UploadedFile[Any]", subject: Subject, shape: Shape, headings: list[str], user: User
) -> Import:
    """The import of a file that was recognised, its columns matched as far as they are known."""
    found = match(headings, subject, user)
    is_first = shape.format == "vcard" and not found.is_remembered
    return Import.objects.create(
        user=user,
        subject=subject.name,
        file=upload,
        file_name=(upload.name or "")[-200:],
        size=upload.size or 0,
        digest=digest_of(upload),
        reading=shape.as_dict(),
        headings=headings,
        mapping=found.mapping,
        matched_by=FOUND_BY if is_first else found.matched_by,
        only_fills=found.only_fills,
    )


# An upload that is too large must be refused before the form's token is looked for in it.
@method_decorator(csrf_exempt, name="dispatch")
class ImportCreate(Importers, FormView):  # type: ignore[type-arg]
    """Asks for a file, and what it brings."""

    template_name = "crm/import_create.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > (settings.IMPORT_MEGABYTES << 20) + SLACK:
            # What comes is let go by, so that the browser goes on to read the answer.
            for _megabyte in range(AT_MOST):
                if not request.read(1 << 20):
                    break
            form = refused(self.subjects, self.get_initial())
            return self.render_to_response(self.get_context_data(form=form), status=413)
        return self.take(request)

    @method_decorator(csrf_protect)
    def take(self, request: HttpRequest) -> HttpResponse:
        """Read what was sent, now that it is known to be of a size."""
        return super().post(request)

    def get_form(self, form_class: Any = None) -> ImportForm:
        return ImportForm(self.subjects, **self.get_form_kwargs())

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("subject", "")
        return {"subject": asked} if asked in self.subjects else {}

    def form_valid(self, form: ImportForm) -> HttpResponse:
        user, data = cast(User, self.request.user), form.cleaned_data
        kept: list[str] = []

        def save() -> str:
            made = keep(
                data["file"], self.subjects[data["subject"]], form.shape, form.headings, user
            )
            kept.append(made.file.name or "")
            return reverse("import-columns", args=[made.pk])

        try:
            url, _is_new = save_once(data["token"], user, save)
        except BaseException:
            for name in kept:
                default_storage.delete(name)
            raise
        return HttpResponseRedirect(url)

    def form_invalid(self, form: ImportForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(subjects=self.subjects, **kwargs)


class ImportTemplate(Importers, View):
    """An empty list with the headings that are understood."""

    def get(self, request: HttpRequest, subject: str, file_format: str) -> HttpResponseBase:
        found = self.subjects.get(subject)
        if found is None or file_format not in CONTENT_TYPES:
            raise Http404
        headings = [str(field.label) for field in found.fields if field.name not in OURS]
        file = BytesIO()
        if file_format == "xlsx":
            widths = [max(len(heading) + 4, 14) for heading in headings]
            write_workbook(file, str(found.label), headings, widths, [])
        else:
            delimiter = Delimiter.usual().character
            file.write(f"\ufeff{delimiter.join(quoted_all(headings, delimiter))}\r\n".encode())
        file.seek(0)
        return FileResponse(
            file,
            as_attachment=True,
            filename=f"{slugify(str(found.label))}.{file_format}",
            content_type=CONTENT_TYPES[file_format],
        )
