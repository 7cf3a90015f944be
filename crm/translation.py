"""The catalogues of the interface's languages: collected, kept and compiled with Babel.

Nothing but Python is needed: a machine without GNU gettext runs and tests the product.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

KEYWORDS = {
    name + suffix: spec
    for name, spec in {
        "_": None,
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for suffix in ("", "_lazy", "_noop")
}
SOURCES = ("crm", "partners", "missions", "templates")


def python_of(template: str) -> str:
    """A template's messages as calls in Python, a line of the template a line of the result."""
    return "\n".join(line.strip() for line in templatize(template).split("\n"))


def messages(root: Path) -> Iterator[tuple[Path, int, str | tuple[str, ...], str | None]]:
    """Every message of the code and the templates: file, line, singular (and plural), context."""
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts:
                continue
            source = path.read_text(encoding="utf-8")
            if path.suffix != ".py":
                source = python_of(source)
            file = BytesIO(source.encode())
            for line, message, _comments, context in extract(
                "python", file, keywords=KEYWORDS, options={"encoding": "utf-8"}
            ):
                yield path.relative_to(root), line, message, context


def collected(root: Path) -> Catalog:
    """The messages to translate, with the files that they stand in."""
    catalog = Catalog(project="Ponti", charset="utf-8")
    for path, _line, message, context in messages(root):
        catalog.add(message, locations=[(path.as_posix(), 0)], context=context)
    return catalog


def catalogue_files(root: Path) -> list[Path]:
    """The .po file of each language."""
    return sorted((root / "locale").glob("*/LC_MESSAGES/django.po"))


def read_catalogue(path: Path) -> Catalog:
    """A .po file as it stands."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def update_catalogue(path: Path, template: Catalog) -> int:
    """Bring a .po file in line with the messages collected; returns how many want translating."""
    catalogue = read_catalogue(path)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, width=98, include_lineno=False, sort_output=True)
    return sum(not _is_translated(message.string) for message in catalogue if message.id)


def compile_catalogues(root: Path) -> None:
    """Write the .mo file of each language where it is missing or older than its .po file."""
    for path in catalogue_files(root):
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            buffer = BytesIO()
            write_mo(buffer, read_catalogue(path))
            draft = target.with_suffix(".mo.part")
            draft.write_bytes(buffer.getvalue())
            draft.replace(target)


def _is_translated(string: str | Sequence[str] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string or ()))
