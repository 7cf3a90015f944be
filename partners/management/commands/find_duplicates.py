"""Looks for likely duplicates in everything."""

from typing import Any

from django.core.management.base import BaseCommand

from partners.duplicates import refresh
from partners.models import Organisation, OrganisationPair, Person, PersonPair

BATCH = 500


class Command(BaseCommand):
    help = (
        "Brings the keys and the likely pairs of every organisation and person up to date, a "
        "batch at a time: new pairs are kept, those whose reason is gone are dropped, dismissed "
        "ones stay dismissed. Records keep their pairs up to date as they are saved; run this "
        "after loading data past them, and every night."
    )

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        for model, pairs in ((Organisation, OrganisationPair), (Person, PersonPair)):
            done = new = 0
            words = model._meta.verbose_name_plural
            for batch in model.objects.batches(BATCH):
                new += refresh(batch)
                done += len(batch)
                if verbosity > 1 or done % (20 * BATCH) == 0:
                    self.stdout.write(f"{done} {words} …")
            waiting = pairs.objects.filter(dismissed_at=None).count()
            self.stdout.write(f"{done} {words}: {new} new pairs, {waiting} to look at.")
