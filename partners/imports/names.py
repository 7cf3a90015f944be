"""Names in cells: a person's taken apart, and what stands for an organisation's."""

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


def name_key(name: str, country: str) -> str:
    """What stands for an organisation's name: in another country it is another one's."""
    return f"{folded(name)[:200]}|{country}"
