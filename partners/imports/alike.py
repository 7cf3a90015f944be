"""New rows that look like a record that we have, told with the reasons."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.imports.drafts import STRONG, Draft
from crm.text import sort_key
from partners.duplicates import likely
from partners.duplicates.wording import in_words
from partners.models import Organisation


def note_alike(drafts: Sequence[Draft]) -> None:
    """Note on each new row the records that look the same."""
    for draft, found in zip(drafts, likely([draft.instance for draft in drafts]), strict=True):
        draft.alike = [
            _told(like.record, "; ".join(in_words(like.reasons)), like.score) for like in found
        ]


def note_namesakes(drafts: Sequence[Draft]) -> None:
    """Note the organisations of exactly the same name in the same country, however common it is."""
    names = {draft: sort_key(draft.instance.name) for draft in drafts}
    found: dict[tuple[str, Any], list[Organisation]] = {}
    for record in (
        Organisation.objects.active().filter(sort_name__in=set(names.values())).order_by("pk")
    ):
        found.setdefault((record.sort_name, record.country), []).append(record)
    for draft in drafts:
        noted = {each["id"] for each in draft.alike if each["score"] >= STRONG}
        same = found.get((names[draft], draft.instance.country), [])
        new = [record for record in same[:3] if record.pk not in noted]
        ids = {record.pk for record in new}
        draft.alike = [
            *(_told(record, _("the same name in the same country"), STRONG) for record in new),
            *(each for each in draft.alike if each["id"] not in ids),
        ]


def _told(record: Any, reason: str, score: float) -> dict[str, Any]:
    return {
        "id": record.pk,
        "label": str(record),
        "url": record.get_absolute_url(),
        "reason": reason,
        "score": round(score, 2),
    }
