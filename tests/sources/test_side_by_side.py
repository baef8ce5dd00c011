"""Sources as an audit runs them: at once, over one account, without a trace in the logs, and lightly loaded."""

from __future__ import annotations

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from audits.sources.registry import SOURCES
from tests.sources.conftest import EX, Google

LIVE = [name for name in SOURCES if name.startswith("drive") and name != "drive_shared_drives"]  # Maya has none
LIVE += ["calendar_sharing", "youtube"]


def test_sources_do_not_disturb_each_other(google: Google) -> None:
    asked = google.ask()
    alone = {name: set(SOURCES[name].look(asked).facts) for name in LIVE}
    with ThreadPoolExecutor(8) as pool:
        runs = [(name, pool.submit(SOURCES[name].look, asked)) for name in LIVE * 3]
        for name, run in runs:
            seen = run.result()
            assert seen.coverage.complete, (name, seen.coverage)
            assert set(seen.facts) == alone[name]


def test_one_broken_api_leaves_the_others(google: Google) -> None:
    google.sandbox.fault("drive.apps.list", 503)
    asked = google.ask()
    with ThreadPoolExecutor(4) as pool:
        seen = dict(zip(LIVE, pool.map(lambda name: SOURCES[name].look(asked), LIVE), strict=True))
    assert [name for name in LIVE if not seen[name].coverage.complete] == ["drive_apps"]


@pytest.mark.parametrize("kind", [None, 401, 403, 503, "reset", "truncated", "wrong_types"])
def test_logs_hold_no_token_no_address_and_no_name(google: Google, caplog: pytest.LogCaptureFixture, kind: Any) -> None:
    caplog.set_level(logging.CRITICAL, logger="google_sandbox")  # the stand-in may log; we may not
    asked = google.ask()
    if kind is not None:
        google.sandbox.fault("drive.*", kind)
    with caplog.at_level(logging.DEBUG):
        seen = [SOURCES[name].look(asked) for name in LIVE]
    assert asked.credentials is not None
    for secret in (asked.credentials.access_token, asked.credentials.refresh_token, EX, EX.split("@")[0], "@", "Beach"):
        assert secret not in caplog.text
        assert all(secret not in one.coverage.detail for one in seen)


def test_big_is_read_page_by_page(google: Google) -> None:
    """100,000 files, of which 3,000 are shared: 1,000 by link, 2,000 with somebody; 1,000 are in the bin."""
    assert len(google.look("drive_public", "big@gmail.test").facts) == 1000
    seen = google.look("drive_outsiders", "big@gmail.test")
    assert seen.coverage.complete
    assert len(seen.facts) == 2000
    assert seen.coverage.requests - 1 == google.asked("drive.files.list") == 98


def test_naming_the_sources_does_not_load_googleapiclient() -> None:
    code = "import sys, audits.sources.registry; print('googleapiclient' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == "False"
