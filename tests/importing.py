"""Files as tests bring them: an import made ready to be checked."""

from typing import Any

from django.core.files.base import ContentFile

from crm.imports import checking, writing
from crm.imports.reading import open_table, recognise
from crm.imports.subjects import subjects
from crm.models import Import, ImportRow, User
from crm.text import folded


def make_import(
    user: User, subject: str, content: str | bytes, name: str = "file.csv", **fields: Any
) -> Import:
    """The file as it is given, recognised, its headings matched by name, label or alias."""
    data = content.encode() if isinstance(content, str) else content
    source = Import(user=user, subject=subject, file_name=name, size=len(data), **fields)
    source.file.save(name, ContentFile(data), save=False)
    with source.file.open("rb") as file:
        source.reading = recognise(file, name).as_dict()
    source.headings = open_table(source).headings
    if not source.mapping:
        source.mapping = [field_of(subject, heading) for heading in source.headings]
    source.save()
    return source


def field_of(subject: str, heading: str) -> str:
    """The field that a heading names."""
    for field in subjects()[subject].fields:
        if heading == field.name or folded(heading) in {
            folded(str(field.label)),
            *map(folded, field.aliases),
        }:
            return field.name
    return ""


def rows_of(source: Import) -> list[ImportRow]:
    return list(source.rows.order_by("number"))


def acts(source: Import) -> list[str]:
    return [row.act for row in rows_of(source)]


def changes(row: ImportRow) -> dict[str, tuple[str, str]]:
    return {each["field"]: (each["before"], each["after"]) for each in row.changes}


def problems(source: Import) -> list[str]:
    return [problem["text"] for row in rows_of(source) for problem in row.problems]


def taken_in(user: User, subject: str, text: str, **fields: Any) -> Import:
    """The file checked and written, every row that can be."""
    source = make_import(user, subject, text, **fields)
    checking.start(source, user)
    assert problems(source) == []
    source.rows.filter(act__in=["create", "conflict"]).update(choice=ImportRow.Choice.TAKE)
    writing.start(source, user)
    return source
