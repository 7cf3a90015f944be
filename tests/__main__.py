"""The whole suite: on SQLite with the browser tests, then on PostgreSQL.

`TEST_DATABASE_URL` names a PostgreSQL server to use; without it one is started where its programs
are installed. What is missing is left out and said so; in CI (`CI=true`) it is a failure instead.
"""

import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

from tests.postgres import postgres, server_programs

LOUD = "\n" + "=" * 80 + "\n{}\n" + "=" * 80


def suite(name: str, arguments: list[str], **environment: str) -> bool:
    """Whether the suite passes in this environment."""
    print(LOUD.format(f"Tests on {name}"), flush=True)
    command = [sys.executable, "-m", "pytest", "--numprocesses", "auto", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}).returncode == 0


def has_libreoffice(library: str) -> bool:
    """Whether LibreOffice is installed with the part that this library is."""
    program = shutil.which("soffice")
    return bool(program) and (Path(str(program)).resolve().parent / library).exists()


def main(arguments: list[str]) -> int:
    left_out = []
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        left_out.append("the browser tests: Chromium is not installed (Debian: chromium)")
    for part, library, opened in (
        ("calc", "libsclo.so", "the exports"),
        ("writer", "libswlo.so", "the briefing book in Word"),
    ):
        if not has_libreoffice(library):
            left_out.append(
                f"LibreOffice opening {opened}: it is not installed "
                f"(Debian: libreoffice-{part}-nogui)"
            )
    named, programs = os.environ.get("TEST_DATABASE_URL"), server_programs()
    if not named and not programs:
        left_out.append("PostgreSQL: it is not installed (Debian: postgresql)")
    if left_out and os.environ.get("CI"):
        print(LOUD.format("CI leaves nothing out. Missing: " + "; ".join(left_out)))
        return 1

    passed = [suite("SQLite", arguments, DATABASE_URL="sqlite://:memory:")]
    server = nullcontext(named) if named else postgres(programs) if programs else None
    if server:
        with server as address:
            passed.append(
                suite("PostgreSQL", ["-m", "not browser", *arguments], DATABASE_URL=address)
            )
    for words in left_out:
        print(LOUD.format(f"LEFT OUT: {words}"))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
