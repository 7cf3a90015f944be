"""Records that become one, as tests make and compare them."""

from typing import Any

from django.apps import apps
from django.utils import timezone
from simple_history.models import HistoricalChanges

from partners.merging.joining import Wish, join
from partners.merging.relations import pointers
from partners.models import Merge, Organisation, OrganisationPair, PersonPair

NOT_COMPARED = {"version", "updated_at"}


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours, but for history, merges and what counts changes."""
    tables = {}
    for app in ("crm", "partners", "missions"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if issubclass(model, HistoricalChanges) or model is Merge:
                continue
            left_out = NOT_COMPARED | ({"id", "found_at"} if hasattr(model, "COMPUTED") else set())
            columns = [f.attname for f in model._meta.fields if f.attname not in left_out]
            rows = model._base_manager.order_by("pk").values(*columns)
            tables[model._meta.label] = sorted(rows, key=repr)
    return tables


def say_two(first: Any, second: Any, user: Any) -> None:
    """Somebody said that these look alike and are two."""
    model = OrganisationPair if isinstance(first, Organisation) else PersonPair
    said = {"score": 0.6, "dismissed_at": timezone.now(), "dismissed_by": user}
    model.objects.update_or_create(first=first, second=second, defaults=said)


def pointing_at(record: Any) -> list[str]:
    """What still points at the record, as “model.column”."""
    return [
        f"{to.label}.{column}"
        for to in pointers(type(record))
        for column in to.columns
        if to.model._base_manager.filter(**{column: record.pk}).exists()
    ]


def merge(steward: Any, survivor: Any, *others: Any, **picks: Any) -> Merge:
    wish = Wish(survivor.pk, [one.pk for one in others], picks=picks)
    made = join(type(survivor), wish, steward)
    for record in (survivor, *others):
        record.refresh_from_db()
    return made
