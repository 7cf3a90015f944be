"""Measure the product against a bare Django view and raw SQL: `python -m benchmarks`.

Needs PostgreSQL: the server of DATABASE_URL, where it makes databases of its own and drops them
again, or one it starts where PostgreSQL is installed. Says ratios, since seconds are the machine's.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks.report import Results, markdown
from tests.postgres import postgres, server_programs

REPORT = Path(__file__).parent.parent / "docs" / "benchmarks.md"


class Worker:
    """A process that works on one database."""

    def __init__(self, address: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker"],
            env={**os.environ, "DATABASE_URL": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, command: str) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"The benchmark stopped at “{command}”.")
        return json.loads(line)

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


@contextmanager
def scratch(server: str, size: int, keep: bool) -> Iterator[str]:
    """The address of a database for this size, dropped afterwards unless kept."""
    name = f"bench_{size // 1000}k" if size % 1000 == 0 else f"bench_{size}"
    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        if not keep:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(
                    sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
                )


def measure(server: str, sizes: list[int], rounds: int, keep: bool) -> Results:
    """Everything, the sizes turn by turn so that the machine's moods meet them all."""
    with ExitStack() as stack:
        workers: dict[int, Worker] = {}
        for size in sizes:
            workers[size] = Worker(stack.enter_context(scratch(server, size, keep)))
            stack.callback(workers[size].close)
        with psycopg.connect(server) as connection:
            version = connection.info.server_version
        results = Results(
            f"{os.cpu_count()} cores, Python {platform.python_version()}, "
            f"PostgreSQL {version // 10000}.{version % 10000}",
        )
        for size, worker in workers.items():
            results.facts[size] = worker(f"fill {size}")
        for size, worker in workers.items():
            results.memory[size] = worker("memory")
            results.queries[size] = worker("sizes")
            worker("round")  # The first one pays for what is loaded once.
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", file=sys.stderr)
            for size, worker in workers.items():
                results.rounds[size].append(worker("round"))
                if number % 3 == 0:
                    results.exports[size].append(worker("export"))
        results.load = os.getloadavg()[1]
        return results


def apart(name: str, environment: dict[str, str]) -> str:
    """What a benchmark with a database of its own says; on SQLite where no address is given."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}"],
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--keep", action="store_true", help="leave the databases for the next run")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    chosen = parser.parse_args(arguments)
    named, programs = os.environ.get("DATABASE_URL", ""), server_programs()
    if named and not named.startswith(("postgres://", "postgresql://")):
        sys.exit("The benchmarks need PostgreSQL: set DATABASE_URL to postgres://user@host/name.")
    if not named and not programs:
        sys.exit("The benchmarks need PostgreSQL: install it, or set DATABASE_URL to a server.")
    server = nullcontext(named) if named else postgres(programs)  # type: ignore[arg-type]
    with server as address:
        results = measure(address, chosen.sizes, chosen.rounds, chosen.keep)
        sections = [
            apart(name, {"DATABASE_URL": url})
            for name in ("searching", "importing")
            for url in (address, "")
        ]
    book = subprocess.run(
        [sys.executable, "-m", "benchmarks.briefing"], check=True, stdout=subprocess.PIPE, text=True
    )
    text = "\n".join([markdown(results), book.stdout, *sections])
    print(text)
    if chosen.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
