"""Attaching a document."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.urls import reverse

from missions import documents


class DocumentInput(forms.ClearableFileInput):
    """The document attached, a tick that takes it off, and another one; scripts weigh it first."""

    template_name = "missions/document_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        types = ",".join(documents.TYPES)
        super().__init__({"accept": types, **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["megabytes"] = documents.MEGABYTES
        if self.is_initial(value):
            context["document_url"] = reverse(
                "missions:agreement-document", args=[value.instance.pk]
            )
            context["document_name"] = PurePath(value.name).name
        return context
