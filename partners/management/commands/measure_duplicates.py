"""Says how well likely duplicates are found, on the labelled pairs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from partners.duplicates.measuring import figures, found, labelled_pairs


class Command(BaseCommand):
    help = (
        "Prints precision and recall of likely duplicates at the default threshold, on the "
        "labelled pairs of tests/data: over all, by kind, and over those it was tuned on, held "
        "out, written later and left fresh. Lists what was missed and what was taken for one, but "
        "of the fresh: nobody is to tune on those. Reads and writes no database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pairs", type=Path, default=settings.BASE_DIR / "tests" / "data")

    def handle(self, *args: Any, pairs: Path, **options: Any) -> None:
        labelled = list(labelled_pairs(pairs))
        parts = {
            "All": labelled,
            "Organisations": [pair for pair in labelled if pair.kind == "organisation"],
            "People": [pair for pair in labelled if pair.kind == "person"],
        }
        for pair in labelled:
            parts.setdefault(pair.part, []).append(pair)
        for name, part in parts.items():
            told = figures(part)
            self.stdout.write(
                f"{name:14} {told.pairs:4} pairs  precision {told.precision:.3f}"
                f"  recall {told.recall:.3f}"
            )
        for pair in labelled:
            if pair.part != "Fresh" and found(pair) != pair.is_one:
                self.stdout.write(f"{'Missed' if pair.is_one else 'Taken for one'}: {pair.line}")
