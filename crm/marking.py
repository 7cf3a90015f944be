"""Where what was typed stands in a text: so that a page can mark it, whatever its spelling."""

import re
from typing import NamedTuple

from crm.text import folded


class Piece(NamedTuple):
    """A stretch of a text, and whether it is what was typed."""

    text: str
    is_match: bool


def marked(text: str, typed: str) -> list[Piece]:
    """The text in pieces, the typed words told apart; a word is marked wherever words begin,
    else at its first place."""
    flat, places = _flat(text)
    spots: list[tuple[int, int]] = []
    for word in sorted(set(folded(typed).split()), key=len, reverse=True):
        starts = [found.start() for found in re.finditer(rf"(?<!\w){re.escape(word)}", flat)]
        if not starts and (first := flat.find(word)) >= 0:
            starts = [first]
        spots += [(places[at], places[at + len(word) - 1] + 1) for at in starts]
    return _pieces(text, spots)


def _flat(text: str) -> tuple[str, list[int]]:
    """The text folded character by character, and where each of its characters comes from."""
    flat, places = "", []
    for place, char in enumerate(text):
        plain = " " if char.isspace() else folded(char)
        flat += plain
        places += [place] * len(plain)
    return flat, places


def _pieces(text: str, spots: list[tuple[int, int]]) -> list[Piece]:
    pieces: list[Piece] = []
    end = 0
    for start, stop in sorted(spots):
        if start < end:
            continue
        pieces += [Piece(text[end:start], False), Piece(text[start:stop], True)]
        end = stop
    pieces.append(Piece(text[end:], False))
    return [piece for piece in pieces if piece.text]
