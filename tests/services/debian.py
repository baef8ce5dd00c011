"""Fetching what is missing with apt-get, which only root may do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")


def can_fetch() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def fetch(*packages: str) -> bool:
    """True when the packages are installed now."""
    if not can_fetch():
        return False
    print(f"Fetching {' '.join(packages)} with apt-get: this happens once.", file=sys.stderr, flush=True)
    with no_service_starts():
        return newest_lists() and run("install", "--yes", "--no-install-recommends", *packages)


@contextmanager
def no_service_starts() -> Iterator[None]:
    """Debian's packages of servers start them at once. Nobody asked for that: https://wiki.debian.org/policy-rc.d"""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


@cache
def newest_lists() -> bool:
    return run("update")


def run(*words: str) -> bool:
    """apt-get's own chatter is shown only when it failed."""
    told = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", "-q", *words], env=told, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
    return done.returncode == 0
