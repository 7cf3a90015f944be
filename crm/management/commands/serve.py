"""`manage.py serve`: the server and the worker of background jobs, for one machine."""

import os
import signal
import subprocess
import sys
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

# How often it is seen to that the worker is there.
PAUSE = 2.0


def end(number: int, frame: FrameType | None) -> None:
    """Leave as Control-C does."""
    sys.exit(0)


def ended(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Whether it is over by then."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


class Command(BaseCommand):
    help = (
        "Serve on 127.0.0.1:PORT with a worker for long jobs beside it; both end together. "
        "A deployment runs gunicorn and `manage.py db_worker` as services of their own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reload", action="store_true", help="Django's reloading server.")

    def handle(self, *args: Any, **options: Any) -> None:
        address = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
        manage = [sys.executable, sys.argv[0]]
        gunicorn = [sys.executable, "-m", "gunicorn", "crm.wsgi", "--threads", "4"]
        served = (
            [*manage, "runserver", address]
            if options["reload"]
            else [*gunicorn, "--bind", address, "--log-level", "warning"]
        )
        signal.signal(signal.SIGTERM, end)
        works = [*manage, "db_worker", "--no-startup-delay", "-v0"]
        worker = subprocess.Popen(works)  # noqa: S603
        server = subprocess.Popen(served)  # noqa: S603
        try:
            while not ended(server, PAUSE):
                if worker.poll() is not None:
                    self.stderr.write("The worker of background jobs has ended: here is a new one.")
                    worker = subprocess.Popen(works)  # noqa: S603
        except (KeyboardInterrupt, SystemExit):
            server.terminate()
            server.wait()
        finally:
            worker.terminate()
            worker.wait()
