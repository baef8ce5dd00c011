"""The ground of a benchmark: a state folder of its own, the sandbox Google and Redis as real processes, migrations."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def laid() -> Iterator[Path]:
    """Settings for the demo mode in a folder that is thrown away, and an empty migrated database."""
    with tempfile.TemporaryDirectory(prefix="pa-bench-") as name:
        folder = Path(name)
        os.environ.update(
            {
                "PRIVACY_AUDIT_MODE": "demo",
                "PRIVACY_AUDIT_STATE": name,
                "DJANGO_SETTINGS_MODULE": "privacy_audit.settings",
                "REDIS_URL": f"unix://{folder / 'redis.sock'}",
                "SANDBOX_PORT": str(free_port()),
                "PORT": str(free_port()),
                "LOG_LEVEL": "WARNING",
            }
        )
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        yield folder


@contextlib.contextmanager
def process(
    command: Sequence[str], log: Path, ready: Callable[[], bool], values: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A child that is there once `ready` says so, and gone at the end."""
    with log.open("ab") as output:
        child = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env={**os.environ, **(values or {})})
    try:
        wait_for(ready, f"{command[1:4]} to be ready")
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()


@contextlib.contextmanager
def workers(folder: Path, count: int, threads: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """`count` worker processes with so many threads in all; the first has the beat, as in `make run`."""
    from privacy_audit.launch import parts

    with contextlib.ExitStack() as stack:
        children = []
        for number in range(count):
            os.environ["WORKER_THREADS"] = str(threads // count)
            part = parts.worker(folder, os.environ["REDIS_URL"])
            command = [word for word in part.command if number == 0 or word != "--beat"]
            command = [*command, f"--hostname=bench{number}@localhost"]
            values = {"AUDIT_SWEEP_SECONDS": "5"}
            children.append(stack.enter_context(process(command, folder / "worker.log", part.answers, values)))
        yield children


def processor_seconds(pid: int) -> float:
    """Seconds of processor time that this process has used; 0 where the system does not say."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def wait_for(condition: Callable[[], object], what: str, seconds: float = 60, every: float = 0.02) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            sys.exit(f"waited {seconds} s in vain for {what}")
        time.sleep(every)


def peak_memory(pid: int) -> float:
    """The most memory (MB) that this process ever held at once; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
