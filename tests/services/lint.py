"""`make lint`: every rule the code is held to. All are run, then the broken ones are shown."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet

MANAGE = (sys.executable, "manage.py")
BIN = Path(sys.executable).parent

# As an operator would set it: the strictest of the three modes.
PRODUCTION = {
    "PRIVACY_AUDIT_MODE": "production",
    "BASE_URL": "https://audit.example.org",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DATA_KEYS": Fernet.generate_key().decode(),
    "LOOKUP_KEY": secrets.token_urlsafe(48),
    "DATABASE_URL": "postgres://audit@/run/postgresql/audit",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "GOOGLE_CLIENT_ID": "id",
    "GOOGLE_CLIENT_SECRET": "secret",
    "HOST_NAME": "Example Shelter",
    "HOST_CONTACT": "privacy@example.org",
}

STEPS: dict[str, tuple[tuple[str, ...], Mapping[str, str]]] = {
    "style": ((str(BIN / "ruff"), "check", "--quiet"), {}),
    "format": ((str(BIN / "ruff"), "format", "--check", "--quiet"), {}),
    "types": ((str(BIN / "mypy"),), {}),
    "floors": ((str(BIN / "lint-imports"), "--no-logo"), {}),
    "migrations": ((*MANAGE, "makemigrations", "--check", "--dry-run"), {}),
    "production": ((*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
}


def main() -> int:
    with tempfile.TemporaryDirectory() as state:
        return max([run(name, *step, state) for name, step in STEPS.items()])


def run(name: str, command: tuple[str, ...], values: Mapping[str, str], state: str) -> int:
    begun = time.monotonic()
    known = {**os.environ, "PRIVACY_AUDIT_STATE": state, **values}
    done = subprocess.run(command, env=known, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    verdict = "does not hold" if done.returncode else "holds"
    print(f"{name} {verdict} ({time.monotonic() - begun:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
