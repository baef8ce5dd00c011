"""A Chromium of the machine: nothing is downloaded by Playwright itself."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.services import debian

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chromium-headless-shell")
ELSEWHERE = (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),)
MISSING = "Chromium is missing, so pages cannot be looked at. On Debian and Ubuntu: apt-get install chromium"

# Names beyond this machine resolve to nothing; the browser's own background calls are off.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def find() -> str | None:
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in on_path if path), None) or next((str(p) for p in ELSEWHERE if p.exists()), None)


def find_or_fetch() -> str | None:
    return find() or (find() if debian.fetch("chromium") else None)
