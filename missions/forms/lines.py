"""The follow-up lines of a meeting's form."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.days import DayField
from crm.forms import FieldManners
from crm.models import User
from crm.parts import PartFormSet
from missions.forms.newcomers import Offered
from missions.models import FollowUp


class FollowUpLine(FieldManners, forms.ModelForm):  # type: ignore[type-arg]
    """A promise in one line.

    `options` are whom it can be promised to, `colleagues` who can see to it: ids and names.
    """

    due_on = DayField(label=_("Due"), required=False)
    colleague = Offered(label=_("Seen to by"), required=False)
    counterpart = Offered(label=_("Promised to or by"), required=False)

    no_counterpart = _("A promise needs a counterpart: add the organisation you met, above.")

    class Meta:
        model = FollowUp
        fields = ("promised_by", "what", "due_on")
        widgets = {"promised_by": forms.RadioSelect}

    def __init__(
        self,
        *args: Any,
        options: Sequence[tuple[str, str]] = (),
        colleagues: Sequence[tuple[str, str]] = (),
        user: User,
        **kwargs: Any,
    ) -> None:
        instance = kwargs.get("instance")
        saved = instance if instance is not None and instance.pk else None
        initial = {"colleague": str(user.pk)}
        own: list[tuple[str, str]] = []
        if saved is not None:
            own = [(str(saved.organisation_id), saved.organisation.name)]
            initial = {"colleague": str(saved.assignee_id or ""), "counterpart": own[0][0]}
            if saved.assignee and not saved.assignee.is_active:
                colleagues = [*colleagues, (str(saved.assignee_id), str(saved.assignee))]
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self._fill_in({"promised_by": FollowUp.By.US, **initial})
        self.fields["what"].widget.attrs["placeholder"] = _("What was promised")
        self.fields["promised_by"].choices = FollowUp.By.choices  # type: ignore[attr-defined]
        self.fields["colleague"].choices = [("", _("Nobody")), *colleagues]  # type: ignore[attr-defined]
        self.fields["counterpart"].choices = list(dict.fromkeys([*own, *options]))  # type: ignore[attr-defined]

    def _fill_in(self, initial: dict[str, str]) -> None:
        """A line that was just added starts as an empty form does."""
        missing = {
            key: value
            for name, value in initial.items()
            if (key := self.add_prefix(name)) not in self.data
        }
        if missing:
            data = self.data.copy()  # type: ignore[attr-defined]
            data.update(missing)
            self.data = data

    def has_changed(self) -> bool:
        """A new line without a word or a date says nothing, whoever would see to it."""
        says = any(self[name].data for name in ("what", "due_on")) if self.is_bound else False
        return bool(says or self.instance.pk) and super().has_changed()

    def clean(self) -> dict[str, Any]:
        if not self.fields["counterpart"].choices:  # type: ignore[attr-defined]
            raise ValidationError(self.no_counterpart)
        return self.cleaned_data

    @property
    def is_asked_whom(self) -> bool:
        """Whether there are several to choose from."""
        return len(self.fields["counterpart"].choices) > 1  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "organisation", "meeting"}  # type: ignore[misc]


class FollowUpLines(PartFormSet):
    """The follow-ups of a meeting; an empty line is none. Saved ones are changed, never removed."""

    owner_field = "meeting"
    told_by = ("promised_by", "what", "due_on")

    def save(self) -> None:
        """See missions.logging, which knows the counterparts."""
        raise NotImplementedError


FollowUps = forms.formset_factory(FollowUpLine, formset=FollowUpLines, extra=0, max_num=100)
