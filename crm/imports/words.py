"""What is said of a row, kept in every language: who reads it later may read another one."""

from collections.abc import Callable, Mapping
from typing import Any, Self

from django.conf import settings
from django.utils import translation


class Said(str):
    """Text in the language of the moment; `texts` has it in each."""

    texts: dict[str, str]

    def __new__(cls, texts: Mapping[str, str]) -> Self:
        here = texts.get(translation.get_language() or "")
        made = super().__new__(cls, next(iter(texts.values())) if here is None else here)
        made.texts = dict(texts)
        return made

    def __mod__(self, given: Any) -> "Said":
        """The same with what is filled in, which may be said in each language itself."""
        filled = {}
        for code, text in self.texts.items():
            filled[code] = text % {name: _then(value, code) for name, value in given.items()}
        return Said(filled)


def _then(value: Any, code: str) -> Any:
    return value.texts.get(code, value) if isinstance(value, Said) else value


def in_each(say: Callable[[], object]) -> Said:
    """What is said in every language."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = str(say())
    return Said(texts)


def said(message: str) -> Said:
    """A message in every language: what `gettext()` is where it is read later."""
    return in_each(lambda: translation.gettext(message))


def kept(text: str) -> dict[str, Any]:
    """The text as a row keeps it."""
    return {"text": text, "texts": text.texts} if isinstance(text, Said) else {"text": text}


def told(problem: Mapping[str, Any]) -> str:
    """What was kept, in the language of its reader."""
    texts = problem.get("texts") or {}
    return str(texts.get(translation.get_language() or "", problem.get("text", "")))
