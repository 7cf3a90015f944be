"""Collects the interface's strings into the catalogues, for the translators."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from crm.translation import catalogue_files, collected, update_catalogue


class Command(BaseCommand):
    help = "Collects the strings of code and templates into locale/*/LC_MESSAGES/django.po."

    def handle(self, *args: Any, **options: Any) -> None:
        template = collected(settings.BASE_DIR)
        for path in catalogue_files(settings.BASE_DIR):
            missing = update_catalogue(path, template)
            self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {missing} to translate")
