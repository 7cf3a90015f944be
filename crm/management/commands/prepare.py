"""Makes a database ready to serve: what is missing is made, what was edited is left alone."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from crm.models import User
from crm.roles import ROLES, sync_roles
from crm.translation import compile_catalogues

ADMINISTRATOR = "admin@example.org"
ACCOUNTS = {role: f"{role.lower()}@example.org" for role in ROLES}


class Command(BaseCommand):
    requires_system_checks = []  # a start in seconds; the suite runs the checks
    help = (
        "Brings the database, the translations and the static files up to date: migrations, "
        "the cache table, the roles (always as crm/roles.py says), cities and sectors that were "
        "never here. Safe to run at every start: what people edited stays as they left it. "
        "Makes no account and no other data unless --demonstration is given."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demonstration",
            action="store_true",
            help="Where nobody has an account yet: load the mission to Japan, and make "
            f"{ADMINISTRATOR} and one account for each role. Their password is DEMO_PASSWORD "
            "where that is set, else a random one printed once.",
        )

    def handle(self, *args: Any, demonstration: bool, **options: Any) -> None:
        compile_catalogues(settings.BASE_DIR)
        self.migrate()
        call_command("createcachetable", verbosity=0)
        with transaction.atomic():
            for drift in sync_roles():
                self.stdout.write(f"Role {drift}.")
            call_command("load_cities", stdout=self.stdout)
            call_command("load_sectors", stdout=self.stdout)
            password = None
            if demonstration and not User.objects.exists():
                call_command("load_demonstration", stdout=self.stdout)
                password = self.make_accounts()
        if not settings.DEBUG:
            self.collect_static()
        self.say_how_to_sign_in(demonstration, password)

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
            self.stdout.write(f"Migrations: {len(plan)} applied.")
            call_command("rebuild_search", missing=True, stdout=self.stdout)

    def make_accounts(self) -> str:
        """One account for each role; the password that opens them all."""
        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        User.objects.create_superuser(ADMINISTRATOR, password, name="Demo administrator")
        for role, email in ACCOUNTS.items():
            user = User.objects.create_user(email, password, name=f"Demo {role.lower()}")
            user.groups.add(Group.objects.get(name=role))
        return password

    def collect_static(self) -> None:
        """Collects the static files where one of their sources changed since the last time."""
        digest = hashlib.sha256()
        for finder in get_finders():
            for path, storage in finder.list([]):
                facts = Path(storage.path(path)).stat()
                digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
        done = settings.STATIC_ROOT.with_suffix(".digest")
        if not done.exists() or done.read_text() != digest.hexdigest():
            call_command("collectstatic", interactive=False, verbosity=0)
            done.write_text(digest.hexdigest())
            self.stdout.write("Static files: collected.")

    def say_how_to_sign_in(self, demonstration: bool, password: str | None) -> None:
        if not demonstration:
            if not User.objects.exists():
                self.stdout.write(
                    "Nobody has an account yet: python manage.py createsuperuser makes the first."
                )
            self.stdout.write("Ponti is prepared.")
            return
        port = os.environ.get("PORT", "8000")
        present = set(User.objects.filter(is_active=True).values_list("email", flat=True))
        emails = [email for email in (ADMINISTRATOR, *ACCOUNTS.values()) if email in present]
        self.stdout.write(f"\nPonti: http://127.0.0.1:{port}/")
        if emails:
            self.stdout.write(f"Sign in as {', '.join(emails)}.")
        if password is None:
            self.stdout.write(
                "The password is the one of the first start. To set another:\n"
                f"  DEBUG=true .venv/bin/python manage.py changepassword {ADMINISTRATOR}\n"
            )
        elif os.environ.get("DEMO_PASSWORD"):
            self.stdout.write("Their password is DEMO_PASSWORD.\n")
        else:
            self.stdout.write(f"Their password, printed only now: {password}\n")
