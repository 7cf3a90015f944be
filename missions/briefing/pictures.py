"""The portraits of the delegation, as files that a book can hold."""

import io
import logging
from collections.abc import Iterable
from typing import Any

from PIL import Image, ImageOps

from missions.models import Delegate

logger = logging.getLogger(__name__)
SIDE = 360


def portraits(delegates: Iterable[Delegate]) -> dict[int, bytes]:
    """Square JPEGs by the delegate's id; none for a file that is missing or broken."""
    found = {}
    for delegate in delegates:
        if delegate.person and delegate.person.photo and (made := square(delegate.person.photo)):
            found[delegate.pk] = made
    return found


def square(photo: Any) -> bytes | None:
    """The upper middle of a photograph, where faces are."""
    try:
        with photo.open("rb") as file, Image.open(file) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            fitted = ImageOps.fit(upright, (SIDE, SIDE), centering=(0.5, 0.3))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        logger.warning("The photograph %s can't be read", photo.name)
        return None
    written = io.BytesIO()
    fitted.save(written, "JPEG", quality=82)
    return written.getvalue()
