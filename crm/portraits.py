"""Portraits: photographs of people, kept small and without what a camera writes about itself."""

import io
import struct
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

MEGABYTES = 10
# A picture of more pixels is refused before it is read: a small file can hold a huge one.
PIXELS = 50_000_000
SIDE = 640
FORMATS = ("JPEG", "PNG", "WEBP")
NOT_A_PICTURE = _("This is not a JPEG, PNG or WebP picture.")


def portrait_path(record: Any, filename: str) -> str:
    """Where a portrait is kept: under a name that says nothing of the person."""
    return f"people/{uuid.uuid4()}.jpg"


def portrait(picture: "File[Any]") -> ContentFile[bytes]:
    """The picture as a JPEG of at most 640 × 640 pixels, upright, with nothing but its pixels.

    Raises ValidationError where it is too large, or no picture of a kind that we read.
    """
    if picture.size > MEGABYTES * 1024 * 1024:
        raise ValidationError(
            _("The picture is larger than %(size)s MB."), params={"size": MEGABYTES}
        )
    try:
        picture.seek(0)
        read = Image.open(picture, formats=FORMATS)
        if read.width * read.height > PIXELS:
            raise ValidationError(_("The picture has more than 50 million pixels."))
        # Made small first: a JPEG is then never unpacked at its full size.
        read.thumbnail((SIDE, SIDE))
        upright = ImageOps.exif_transpose(read)
        # What is see-through becomes white.
        flat = Image.new("RGB", upright.size, "white")
        seen = upright.convert("RGBA")
        flat.paste(seen, mask=seen.getchannel("A"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, struct.error) as error:
        raise ValidationError(NOT_A_PICTURE) from error
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=85, optimize=True)
    return ContentFile(written.getvalue(), "portrait.jpg")


class PortraitWidget(forms.ClearableFileInput):
    """The portrait there is, a tick that takes it off, and the entry for another."""

    template_name = "includes/portrait_entry.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["portrait_url"] = value.instance.photo_url if self.is_initial(value) else ""
        return context


class PortraitFormField(forms.FileField):
    """Takes a picture and gives the portrait made of it."""

    widget = PortraitWidget

    def clean(self, data: Any, initial: Any = None) -> Any:
        chosen = super().clean(data, initial)
        if not chosen or chosen is initial or not hasattr(chosen, "content_type"):
            return chosen
        return portrait(chosen)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": "image/jpeg,image/png,image/webp"}


class PortraitField(models.FileField):
    """A portrait; every form that shows it takes pictures and keeps portraits.

    Its record says under `photo_url` where the portrait is seen.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"upload_to": portrait_path, "blank": True, **options})

    def formfield(self, **options: Any) -> Any:
        options["widget"] = PortraitWidget
        return super().formfield(**{"form_class": PortraitFormField, **options})
