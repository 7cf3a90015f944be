"""Drafts: what is typed in a form and not saved yet is kept in the browser (static/js/drafts.js).

A form that wants it includes includes/draft.html with a `key` of its own, and, beside its button,
includes/draft_state.html. Its view answers a POST with `find` by the form as typed, unsaved; once
it saved, its message carries `extra_tags=saved_tag(request)`, and the browser forgets the draft.
RecordForm does both.
"""

import re

from django.http import HttpRequest

SAVED = "saved:"


def saved_tag(request: HttpRequest) -> str:
    """The tag of a message that says that what this request sent is saved."""
    key = request.POST.get("draft", "")
    return f"{SAVED}{request.user.pk}:{key}" if re.fullmatch(r"[a-z0-9-]{1,60}", key) else ""
