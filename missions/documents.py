"""The documents attached to agreements: which may be, judged by what is in them."""

import lzma
import warnings
import zipfile
import zlib
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from PIL import Image

MEGABYTES = 20
IMAGES = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
# The file that every archive of this type has within, and how that file begins.
ARCHIVES = {
    ".docx": ("word/document.xml", b""),
    ".odt": ("mimetype", b"application/vnd.oasis.opendocument.text"),
}
# How files of this type begin.
BEGINNINGS = {".pdf": b"%PDF-", ".doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}
TYPES = sorted({*IMAGES, *ARCHIVES, *BEGINNINGS})


def validate_document(document: "File[Any]") -> None:
    """Refuse a document that is too large, of another type, or not what its name says.

    One that is kept already is not read again.
    """
    if getattr(document, "_committed", False):
        return
    suffix = PurePath(document.name or "").suffix.lower()
    if suffix not in TYPES:
        raise ValidationError(
            _("This type of file can't be attached. Attach one of: %(types)s."),
            code="type",
            params={"types": ", ".join(TYPES)},
        )
    if document.size > MEGABYTES * 1024 * 1024:
        raise ValidationError(
            _("The file is larger than %(size)s MB."), code="size", params={"size": MEGABYTES}
        )
    file = getattr(document, "file", document)
    file.seek(0)
    if not holds(file, suffix):
        raise ValidationError(
            _(
                "This file is called %(type)s, but that is not what is in it: it may be damaged. "
                "Save it anew as one of: %(types)s."
            ),
            code="content",
            params={"type": suffix, "types": ", ".join(TYPES)},
        )
    file.seek(0)


def holds(file: IO[bytes], suffix: str) -> bool:
    """Whether there is in the file what its suffix says."""
    if suffix in BEGINNINGS:
        return file.read(len(BEGINNINGS[suffix])) == BEGINNINGS[suffix]
    if suffix in IMAGES:
        return is_image(file, IMAGES[suffix])
    name, beginning = ARCHIVES[suffix]
    try:
        with zipfile.ZipFile(file) as archive, archive.open(name) as inner:
            return inner.read(len(beginning)) == beginning
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError):
        return False
    except (KeyError, OSError, ValueError, RuntimeError):
        return False


def is_image(file: IO[bytes], kind: str) -> bool:
    """Whether it is a whole picture of that kind; no picture is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            Image.open(file, formats=[kind]).verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True
