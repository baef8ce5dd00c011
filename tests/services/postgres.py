"""A PostgreSQL of our own in a temporary folder, on a unix socket. The machine's own clusters are left alone."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.services import debian, processes

MISSING = "PostgreSQL is missing, so the suite cannot run on it. On Debian and Ubuntu: apt-get install postgresql"
# Speed, not safety: the folder is thrown away.
OPTIONS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=", "max_connections=100")


def find() -> Path | None:
    """The folder with initdb and postgres, the newest of several."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=version, reverse=True)
    on_path = shutil.which("initdb")
    for initdb in [*installed, *([Path(on_path).resolve()] if on_path else [])]:
        if (initdb.parent / "postgres").exists():
            return initdb.parent
    return None


def version(path: Path) -> int:
    return int("".join(re.findall(r"\d+", path.parts[4])) or 0)


def find_or_fetch() -> Path | None:
    return find() or (find() if debian.fetch("postgresql") else None)


@contextmanager
def running(binaries: Path) -> Iterator[str]:
    """Yields a DATABASE_URL. PostgreSQL refuses to run as root: then it runs as an unprivileged account."""
    user = unprivileged() if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="privacy-audit-pg-") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user)
        processes.warden().tell("remove", folder)
        log = folder / "log"
        log.touch()
        make_cluster(binaries, folder, user, log)
        words = [word for option in OPTIONS for word in ("-c", option)]
        command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *words]
        server = processes.start(command, log, user=user)
        try:
            processes.wait_for(lambda: answers(folder), "PostgreSQL to answer")
            yield f"postgres://postgres@/{folder}/postgres"
        finally:
            processes.end(server, number=signal.SIGINT)


def unprivileged() -> str:
    names = {account.pw_name for account in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def make_cluster(binaries: Path, folder: Path, user: str | None, log: Path) -> None:
    options = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync"]
    made = processes.start([str(binaries / "initdb"), "-D", str(folder / "data"), *options], log, user=user)
    if made.wait(60):
        raise subprocess.SubprocessError(log.read_text(encoding="utf-8", errors="replace"))


def answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user="postgres", dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
