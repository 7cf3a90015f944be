"""What every page's shell needs."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """The theme that the reader chose."""
    user = getattr(request, "user", None)
    return {"theme": getattr(user, "theme", "auto")}
