"""Pages set by typst: the briefing book, the report of a mission.

The templates stand with those of the pages: `templates/<app>/<name>.typ`, and what they share
(paper, type, running heads, cover, contents) in `templates/typst/book.typ`. A template begins with

    #import "/templates/typst/book.typ": *

and finds what it sets in `data`; its pictures are files called `/pictures/<name>`. Data travels as
JSON and never as markup, so that nothing in it means anything to typst. The faces are the same
everywhere (see `crm.glyphs`), nothing is fetched, and what they can't set is written in words.
Every file is tagged and checked against PDF/UA-1: a heading, a title and a language of its own.
"""

import json
import logging
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from django.conf import settings

from crm.glyphs import settable

logger = logging.getLogger(__name__)

TEMPLATES: Path = settings.BASE_DIR / "templates"
FACES = ("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold")


@cache
def _fonts() -> typst.Fonts:
    """The faces inside typst and the Japanese ones, none of the machine's."""
    return typst.Fonts(
        include_system_fonts=False, font_paths=[str(files(package)) for package in FACES]
    )


def typeset(
    template: Path, data: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """The PDF of a template (`Path("missions/mission_briefing.typ")`) with this data.

    `data` needs `title`, `language` ("en", "it") and what else the template asks for; `pictures`
    maps plain file names to JPEG or PNG. Raises typst.TypstError where the template is wrong.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "templates").symlink_to(TEMPLATES, target_is_directory=True)
        (root / "pictures").mkdir()
        for name, content in (pictures or {}).items():
            (root / "pictures" / name).write_bytes(content)
        return _compiled(template, root, json.dumps(_settable(data)))


def _compiled(template: Path, root: Path, data: str) -> bytes:
    main = f'#include "/templates/{template.as_posix()}"'.encode()
    given: dict[str, Any] = {
        "root": str(root),
        "font_paths": _fonts(),
        "ignore_system_fonts": True,
        "sys_inputs": {"data": data},
    }
    try:
        pdf: bytes = typst.compile(main, None, pdf_standards="ua-1", **given)
    except typst.TypstError as error:
        # A letter that no face has, most likely: a page with a box is better than no page.
        logger.warning("%s is set without PDF/UA: %s", template, error.message)
        pdf = typst.compile(main, None, **given)
    return pdf


def _settable(value: Any) -> Any:
    """The data with every text in it as our faces can set it."""
    if isinstance(value, str):
        return settable(value)
    if isinstance(value, Mapping):
        return {key: _settable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_settable(one) for one in value]
    return value
