"""One database's share of a run: told what to do on standard input, answers in JSON lines."""

import json
import os
import sys
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
django.setup()

from django.core.management import call_command

from benchmarks import exporting, pages
from benchmarks.generate import Generator
from partners.models import Organisation, Person


def answer(command: str, number: int, state: dict[str, Any]) -> Any:
    """The answer to one command."""
    if command == "fill":
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if Organisation.objects.count() != number:
            Generator(number, is_alone=True).run(say=lambda text: print(text, file=sys.stderr))
        return pages.facts()
    if command == "sizes":
        state["pages"] = pages.Pages()
        return state["pages"].sizes()
    if command == "round":
        return state["pages"].round()
    if command == "export":
        return {"product": exporting.product(), "bare": exporting.bare()}
    if command == "memory":
        return exporting.memory(Person.objects.count())
    raise ValueError(command)


def main() -> None:
    state: dict[str, Any] = {}
    for line in sys.stdin:
        command, _, number = line.strip().partition(" ")
        print(json.dumps(answer(command, int(number or 0), state)), flush=True)


if __name__ == "__main__":
    main()
