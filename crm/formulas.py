"""Cells that a spreadsheet would run, made harmless in CSV, and given back as they were.

A cell whose text would start a formula in Excel or LibreOffice gets an apostrophe in front:
`=1+1` is written `'=1+1`. What those programs skip before a formula (spaces, quotes, invisible
characters) is skipped here too. The same apostrophe goes in after a comma, semicolon, tab or
line break inside a cell, since a file opened with another delimiter than it was written with
falls apart there. `unguarded()` takes exactly these apostrophes off again.

One shape that starts with a plus goes through as it is: an international phone number written
in groups, `+81 3 5253 1111`. No spreadsheet can compute it, because of the spaces.
"""

import re
from collections.abc import Sequence

# What starts a formula, with the full-width and small twins that East Asian input turns into it.
_STARTERS = "=+\\-@＝＋－＠﹢﹣﹦﹫"
# What is skipped before a formula or can't be seen: quotes, spaces, control and format characters,
# blanks that count as letters, variation selectors and tags.
_SKIPPED = (
    "\"'`´‘’‚‛“”„‟«»＂＇｀"
    "\x00-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_PHONE = r"\+[1-9][0-9]{0,2}(?: [0-9]{1,14})+"
_FIRST = f"[{_SKIPPED}]*[{_STARTERS}\t\r\n]"
_LATER = f"[{_SKIPPED}]*[{_STARTERS}]"

_DANGER = re.compile(f"\\A(?={_FIRST})(?!{_PHONE}\\Z)|(?<=[,;\t\r\n])(?={_LATER})")
_GUARD = re.compile(f"\\A'(?={_FIRST})(?!{_PHONE}\\Z)|(?<=[,;\t\r\n])'(?={_LATER})")
# The same searches over many cells at once, each with NUL before it. Every one of them starts with
# a single character, which is what makes them quick.
_SKIPPED_WITHIN = _SKIPPED.replace("\x00-\x20", "\x01-\x20")
_FIRST_AMONG = re.compile(f"\0(?!{_PHONE}(?:\0|\\Z))[{_SKIPPED_WITHIN}]*[{_STARTERS}\t\r\n]")
_LATER_AMONG = [re.compile(f"{mark}[{_SKIPPED_WITHIN}]*[{_STARTERS}]") for mark in ",;\t\r\n"]


def guarded(text: str) -> str:
    """The text as it is safe to write: unchanged, or with an apostrophe before each danger."""
    return _DANGER.sub("'", text)


def unguarded(text: str) -> str:
    """What `guarded()` was given."""
    return _GUARD.sub("", text)


def guarded_all(cells: Sequence[str]) -> Sequence[str]:
    """The same as `guarded()` on each, in one look over all of them where none is dangerous."""
    text = "\0" + "\0".join(cells)
    if (
        text.count("\0") == len(cells)
        and _FIRST_AMONG.search(text) is None
        and not any(later.search(text) for later in _LATER_AMONG)
    ):
        return cells
    return [guarded(cell) for cell in cells]
