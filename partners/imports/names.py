"""Names in cells: a person's taken apart, and what stands for an organisation's."""

from collections.abc import Mapping

from crm.text import folded, script_language

NAMES = ("given_name", "family_name", "native_name")


def split_name(text: str) -> dict[str, str]:
    """The names that one text holds: “Haruka Tanabe”, “Tanabe, Haruka”, “TANABE Haruka”, “田辺 遥”.

    A word all in capitals among others is the family's; else the last word is.
    """
    if script_language(text):
        return {"native_name": text}
    family, comma, given = (part.strip() for part in text.partition(","))
    if not comma:
        words = text.split()
        loud = [word for word in words if len(word) > 1 and word.isupper()]
        if not loud or len(loud) == len(words):
            loud = words[-1:]
        family = " ".join(loud)
        given = " ".join(word for word in words if word not in loud)
    found = {"given_name": given, "family_name": family}
    return {name: part for name, part in found.items() if part}


def names_beside(text: str, said: Mapping[str, str]) -> dict[str, str]:
    """What a name in full adds to those that the row says on their own.

    Beside a given name alone it is, or it holds, the family name; beside a family name the given.
    """
    if script_language(text):
        return {} if "native_name" in said else {"native_name": text}
    given, family = said.get("given_name"), said.get("family_name")
    if given is None and family is None:
        return split_name(text)
    if given is not None and family is not None:
        return {}
    known = {folded(word) for word in (given or family or "").split()}
    words = text.replace(",", " ").split()
    holds = known <= {folded(word) for word in words}
    rest = " ".join(word for word in words if folded(word) not in known) if holds else text
    return {"family_name" if family is None else "given_name": rest} if rest else {}


def name_key(name: str, country: str) -> str:
    """What stands for an organisation's name: in another country it is another one's."""
    return f"{folded(name)[:200]}|{country}"
