"""A page as its reader takes it in: the words of its main part, without monograms."""

import re
from typing import Any

from django.utils.html import strip_tags

MONOGRAM = re.compile(r'<span class="mono[^"]*"[^>]*>[^<]*</span>')


def words(response: Any) -> str:
    """The text of <main>, with single spaces."""
    html = response.content.decode()
    if "<main" in html:
        html = html[html.index("<main") : html.index("</main>")]
    return " ".join(strip_tags(MONOGRAM.sub("", html).replace("><", "> <")).split())
