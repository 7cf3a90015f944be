"""The book as a PDF, set by typst."""

from pathlib import Path

from crm.typesetting import typeset
from missions.briefing.wording import Words

TEMPLATE = Path("missions/mission_briefing.typ")


def pdf(book: Words, portraits: dict[int, bytes]) -> bytes:
    """The file; the people of the delegation with the portraits there are."""
    pictures = {f"{key}.jpg": content for key, content in portraits.items()}
    for person in book["delegation"]["people"]:
        if person["key"] in portraits:
            person["picture"] = f"{person['key']}.jpg"
    return typeset(TEMPLATE, book, pictures)
