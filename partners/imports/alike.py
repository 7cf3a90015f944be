"""New rows that look like a record that we have, told with the reasons."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.imports.drafts import Draft


def note_alike(drafts: Sequence[Draft]) -> None:
    """Note on each new row the records that look the same: by the names they are sorted by."""
    if not drafts:
        return
    for draft in drafts:
        draft.instance.refresh_derived()
    model: Any = type(drafts[0].instance)
    names = {draft.instance.sort_name for draft in drafts} - {""}
    found: dict[str, list[Any]] = {}
    for record in model.objects.active().filter(sort_name__in=names):
        found.setdefault(record.sort_name, []).append(record)
    for draft in drafts:
        draft.alike = [
            {
                "id": record.pk,
                "label": str(record),
                "url": record.get_absolute_url(),
                "reason": _("the same name"),
                "score": 0.8,
            }
            for record in found.get(draft.instance.sort_name, [])[:3]
        ]
