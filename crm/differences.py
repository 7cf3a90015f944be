"""Two texts beside each other, with what differs between them marked word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# A word, a space, a mark; a kana or a Chinese character is a word of its own.
_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u9fff]+|\s+|.", re.S)
# Beyond so many words the comparison would take longer than anybody looks at it.
_MOST = 600
# Texts with less in common than this share were written anew: marking crumbs would only disturb.
_LEAST_ALIKE = 0.4


@dataclass(frozen=True)
class Piece:
    """Part of a text, and whether the other text lacks it."""

    text: str
    is_changed: bool


def difference(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """The pieces of each text; put together they are the text again."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if not old or not new or len(old) + len(new) > _MOST:
        return _whole(before), _whole(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _LEAST_ALIKE:
        return _whole(before), _whole(after)
    steps = matcher.get_opcodes()
    return (
        list(_joined((tag != "equal", "".join(old[a:b])) for tag, a, b, _c, _d in steps)),
        list(_joined((tag != "equal", "".join(new[c:d])) for tag, _a, _b, c, d in steps)),
    )


def _whole(text: str) -> list[Piece]:
    return [Piece(text, True)] if text else []


def _joined(parts: Iterator[tuple[bool, str]]) -> Iterator[Piece]:
    """One piece for each run; a lone space between two changed words belongs to them."""
    found = [(is_changed, text) for is_changed, text in parts if text]
    for at in range(1, len(found) - 1):
        if not found[at][1].strip() and found[at - 1][0] and found[at + 1][0]:
            found[at] = (True, found[at][1])
    run: list[str] = []
    for at, (is_changed, text) in enumerate(found):
        run.append(text)
        if at + 1 == len(found) or found[at + 1][0] != is_changed:
            yield Piece("".join(run), is_changed)
            run = []
