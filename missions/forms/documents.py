"""Attaching a document."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from crm.models import User
from crm.uploads import keep, kept
from missions import documents


class DocumentInput(forms.ClearableFileInput):
    """The document attached, a tick that takes it off, and another one; scripts weigh it first.

    `user` is set by the form. One that was chosen on a form that came back waits for the next
    sending (see crm.uploads).
    """

    template_name = "missions/document_input.html"
    user: User
    token = ""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        types = ",".join(documents.TYPES)
        super().__init__({"accept": types, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        chosen = super().value_from_datadict(data, files, name)
        if chosen is None and (token := data.get(f"{name}__kept")):
            return kept(token, self.user)
        return chosen

    def keep(self, upload: Any) -> None:
        """Let a good document wait while its form comes back."""
        try:
            documents.validate_document(upload)
        except ValidationError:
            return
        self.token, self.kept_name = keep(upload, self.user), PurePath(upload.name).name

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["megabytes"] = documents.MEGABYTES
        if self.token:
            context["kept_token"], context["kept_name"] = self.token, self.kept_name
        if self.is_initial(value):
            context["document_url"] = reverse(
                "missions:agreement-document", args=[value.instance.pk]
            )
            context["document_name"] = PurePath(value.name).name
        return context
