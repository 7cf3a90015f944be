"""A PostgreSQL server of the tests' own: made in a temporary folder, gone when they end."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def server_programs() -> Path | None:
    """The folder that holds initdb and pg_ctl, the newest of Debian's first; None without."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    on_path = shutil.which("initdb")
    for folder in [*reversed(debian), *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """Runs a server on the loopback address and yields the DATABASE_URL of an empty database."""
    # PostgreSQL refuses to run as root; a container's root lends it Debian's own account.
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="ponti-postgres-") as folder:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        data, port = Path(folder) / "data", free_port()

        def run(*command: str) -> None:
            subprocess.run(
                [programs / command[0], *command[1:]],
                check=True,
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )

        run(
            "initdb",
            "-D",
            str(data),
            "-U",
            "ponti",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale",
            "C.UTF-8",
        )
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(
                f"listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n"
                "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
            )
        run("pg_ctl", "-D", str(data), "-w", "-l", f"{folder}/log", "start")
        try:
            yield f"postgres://ponti@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
