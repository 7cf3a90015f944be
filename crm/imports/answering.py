"""What somebody says of the names that no record answers to; then the rows are checked again."""

from django.contrib import messages
from django.utils.translation import gettext as _

from crm.imports import checking
from crm.imports.detail import RowsAct
from crm.imports.missing import AnswerForm
from crm.models import Import


class ImportAnswer(RowsAct):
    """Who is meant by a name that nobody here has, and which are created with the import."""

    is_answered = False

    def act(self, import_: Import) -> None:
        questions = self.subject.resource.questions(self.user)
        form = AnswerForm(import_, questions, self.request.POST)
        if not form.is_valid():
            messages.error(self.request, _("What was chosen is no longer offered: choose again."))
            return
        import_.answers = form.answers()
        import_.save(update_fields=["answers"])
        self.is_answered = True

    def go_on(self, import_: Import) -> None:
        if self.is_answered:
            checking.start(import_, self.user)
