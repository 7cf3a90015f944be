"""Files that people chose on a form which came back: kept, so that they need not choose them again.

A file waits in the store under a name that only a signed token knows; `manage.py tidy` forgets
those that nobody came back for.
"""

import uuid
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.core import signing
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone

from crm.models import User

WAITING = "waiting"
KEPT = timedelta(days=1)


class KeptFile(File):  # type: ignore[type-arg]
    """A file that waited, under the name it was chosen by; `token` names it on the form."""

    def __init__(self, file: Any, name: str, token: str) -> None:
        super().__init__(file, name)
        self.token = token


def keep(upload: Any, user: User) -> str:
    """Let the file wait; the token that brings it back, to this user alone."""
    if isinstance(upload, KeptFile):
        return upload.token
    suffix = PurePath(upload.name).suffix.lower()[:10]
    upload.seek(0)
    path = default_storage.save(f"{WAITING}/{uuid.uuid4()}{suffix}", upload)
    return signing.dumps([user.pk, path, upload.name], salt=WAITING)


def kept(token: str, user: User) -> KeptFile | None:
    """The file that waited; nothing where the token is another's, too old or no token."""
    try:
        owner, path, name = signing.loads(token, salt=WAITING, max_age=KEPT)
        if owner == user.pk:
            return KeptFile(default_storage.open(path, "rb"), name, token)
    except (signing.BadSignature, OSError, ValueError):
        pass
    return None


def forget_waiting() -> int:
    """Delete the files that nobody can bring back any more; how many there were."""
    if not default_storage.exists(WAITING):
        return 0
    before, count = timezone.now() - KEPT, 0
    for name in default_storage.listdir(WAITING)[1]:
        path = f"{WAITING}/{name}"
        if default_storage.get_modified_time(path) < before:
            default_storage.delete(path)
            count += 1
    return count
