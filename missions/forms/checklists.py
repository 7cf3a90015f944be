"""The forms of a mission's tasks, and of the templates that they are made from."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.days import DayField
from crm.forms import FieldManners, Section, VersionedModelForm
from crm.models import User
from crm.parts import PartFormSet
from missions.models import Checklist, ChecklistStep, Task

# What most journeys need, and how many days before they start.
USUAL_STEPS = (
    (_("Letters of invitation"), 60),
    (_("Visas"), 45),
    (_("Interpreter"), 30),
    (_("Gifts"), 14),
    (_("Briefing book"), 7),
    (_("Letters of thanks"), -7),
)


class TaskForm(VersionedModelForm):
    """One line of a mission's checklist."""

    layout = [Section(_("The task"), ["what", "due_on", "assignee"])]

    class Meta:
        model = Task
        fields = ("what", "due_on", "assignee")
        field_classes = {"due_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].widget.attrs["autofocus"] = True
        people: Any = self.fields["assignee"]
        people.queryset = User.objects.filter(is_active=True) | User.objects.filter(
            pk=self.instance.assignee_id
        )


class ChecklistForm(VersionedModelForm):
    """A template; its steps are in lines of their own."""

    parts = ("steps",)
    layout = [Section(_("The checklist"), ["name"])]

    class Meta:
        model = Checklist
        fields = ("name",)


class StepLine(FieldManners, forms.ModelForm):  # type: ignore[type-arg]
    """One line: what, and how long before the start."""

    class Meta:
        model = ChecklistStep
        fields = ("what", "days_before")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days_before"].help_text = ""


class BaseStepFormSet(PartFormSet):
    """The steps of a template."""

    owner_field = "checklist"
    told_by = ("what", "days_before")


StepFormSet: Any = forms.formset_factory(
    StepLine, formset=BaseStepFormSet, extra=1, can_delete=True, max_num=100, absolute_max=200
)
