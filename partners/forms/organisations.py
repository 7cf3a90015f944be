"""The form of an organisation."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.combos import ComboField
from crm.forms import FieldManners, RecordsField, Section, VersionedModelForm
from crm.models import User
from partners.choices import CityFinder, OrganisationFinder
from partners.models import Organisation, Sector


class SectorTree(forms.CheckboxSelectMultiple):
    """Boxes to tick, those of a sector's own sectors below it."""

    template_name = "partners/sector_tree.html"


class OrganisationForm(VersionedModelForm):
    """What staff say of an organisation; a city fills in its country."""

    city = ComboField(
        CityFinder(),
        label=_("City"),
        required=False,
        help_text=_("In any spelling: Genova, Genoa, ジェノヴァ."),
    )
    parent = ComboField(
        OrganisationFinder(),
        label=_("Part of"),
        required=False,
        help_text=_("The organisation it is a unit of."),
    )

    layout = (
        Section(_("Who they are"), ("name", "native_name", "kind", "city", "country")),
        Section(
            _("How we keep them"),
            ("tier", "owner", "sectors"),
            _("tier, owner, sectors"),
            is_folded=True,
        ),
        Section(
            _("How to reach them"),
            ("website", "email", "phone", "address"),
            _("website, e-mail, phone, address"),
            is_folded=True,
        ),
        Section(
            _("More"),
            ("short_name", "side", "parent", "notes"),
            _("short name, side, part of, notes"),
            is_folded=True,
        ),
    )

    class Meta:
        model = Organisation
        fields = (
            "name",
            "native_name",
            "kind",
            "city",
            "country",
            "tier",
            "owner",
            "sectors",
            "website",
            "email",
            "phone",
            "address",
            "short_name",
            "side",
            "parent",
            "notes",
        )
        field_classes = {"sectors": RecordsField}
        widgets = {"sectors": SectorTree, "side": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.required = False
        country.help_text = _("Filled in by the city, where you choose one.")
        self._offer_sectors()
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(Q(is_active=True) | Q(pk=self.instance.owner_id))

    def _offer_sectors(self) -> None:
        """Those in use, and the retired ones that the record has."""
        kept = [each.pk for each in self.initial.get("sectors") or []]
        offered = Sector.objects.filter(Q(is_retired=False) | Q(pk__in=kept))
        sectors: Any = self.fields["sectors"]
        sectors.queryset, sectors.help_text = offered, ""
        rows = list(offered.select_related("parent"))
        below: dict[Any, list[Sector]] = {}
        for row in rows:
            below.setdefault(row.parent_id, []).append(row)
        tops = [row for row in rows if row.parent_id is None]
        ids = {row.pk for row in tops}
        tops += [row for row in rows if row.parent_id is not None and row.parent_id not in ids]
        sectors.widget.choices = [
            (str(top), [(each.pk, str(each)) for each in (top, *below.get(top.pk, []))])
            for top in tops
        ]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("country") and "country" not in self.errors:
            if city := values.get("city"):
                values["country"] = city.country
            else:
                self.add_error("country", _("Choose a country, or a city, which says the country."))
        return values

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        if "sectors" in self.changed_data:
            self.instance.settle_sectors()


class ArchiveForm(FieldManners, forms.Form):
    """Why a record is put away."""

    why = forms.CharField(
        label=_("Why?"),
        max_length=300,
        help_text=_("One line, for whoever finds it later: closed in 2024, merged into another."),
    )
