"""What somebody sees to by a day: promises, and the tasks of a checklist."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Record, User


class Duty(Record):
    """Open until somebody marks it done; late once its day has passed."""

    due_on = models.DateField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("marked done by"),
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        abstract = True

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def is_open(self) -> bool:
        return not self.is_done

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def days_late(self) -> int:
        """Days past the due date; 0 where it is not overdue."""
        return (timezone.localdate() - self.due_on).days if self.is_overdue and self.due_on else 0

    def mark_done(self, by: User) -> None:
        """Done now; marking it again changes nothing."""
        if not self.is_done:
            self.forget_end()
            self.done_at, self.done_by = timezone.now(), by
            self.save()

    def reopen(self) -> None:
        """Open again, as if it had not ended."""
        if not self.is_open:
            self.forget_end()
            self.save()

    def forget_end(self) -> None:
        """Open on this instance, unsaved."""
        self.done_at = self.done_by = None
