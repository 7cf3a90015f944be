"""What the list of agreements can be narrowed by."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Case, Model, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.address_parts import FlagField
from crm.facets import ChoiceFacet
from crm.models import User
from crm.pagination import Sort
from missions.filters import Condition, NarrowedFilter, RecordCondition, YearFacet
from missions.models import Agreement, FollowUp, Party
from missions.models.agreements import in_state
from partners.models import Organisation


class StateFacet(ChoiceFacet):
    """What status, dates and renewals of an agreement come to today."""

    def condition(self, values: Sequence[str], prefix: str = "") -> Q:
        either = Q(pk__in=[])
        for value in values:
            either |= in_state(value, timezone.localdate())
        return either

    def key(self, prefix: str = "") -> Any:
        today = timezone.localdate()
        return Case(*(When(in_state(one, today), Value(one.value)) for one in Agreement.State))


class Expiring(Condition):
    """In force, and ending within 90 days."""

    def condition(self, value: bool, reader: User) -> Q:
        return in_state(Agreement.State.EXPIRING, timezone.localdate())


class Dormant(Condition):
    """In force for a year in which nothing happened."""

    def condition(self, value: bool, reader: User) -> Q:
        return Q(pk__in=Agreement.objects.dormant().order_by().values("pk"))


class AgreementFilter(NarrowedFilter):
    state = StateFacet("status", _("State"), lambda: dict(Agreement.State.choices), in_order=True)
    kind = ChoiceFacet("kind", _("Kind"), lambda: dict(Agreement.Kind.choices))
    year = YearFacet("signed_on", _("Signed in"), none=_("Not signed, or not known"))
    expiring = Expiring(FlagField, _("Ends within 90 days"))
    dormant = Dormant(FlagField, _("Nothing happened for a year"))
    organisation = RecordCondition(Organisation, _("Party"), "organisations")

    sorts: ClassVar[dict[str, Sort]] = {
        "signed": Sort(_("Signed"), ("signed_order",)),
        "end": Sort(_("In force until"), ("in_force_until",)),
    }
    default_sort = "-signed"

    class Meta:
        model = Agreement
        fields: list[str] = []

    def counted_models(self) -> list[type[Model]]:
        return [Agreement, Party, Organisation, FollowUp]

    @cached_property
    def order(self) -> tuple[str, bool]:
        return ("end", False) if self.given.get("expiring") else ("signed", True)
