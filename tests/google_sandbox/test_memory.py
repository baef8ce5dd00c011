"""What people allowed is still allowed after a restart, and a broken file begins anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from google_sandbox import DEFAULT_CLIENTS, connect
from google_sandbox.clock import Clock
from google_sandbox.memory import load, save
from google_sandbox.oauth.ledger import Ledger
from tests.services import ground
from tests.services.processes import wait_for

MAYA = "maya@gmail.test"
SCOPE = "https://www.googleapis.com/auth/drive.apps.readonly"
CLIENT = DEFAULT_CLIENTS[0]


def refreshed(url: str, token: str) -> int:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": CLIENT.id,
        "client_secret": CLIENT.secret,
    }
    return requests.post(f"{url}/token", data=form, timeout=10).status_code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_refresh_token_outlives_the_process(tmp_path: Path, number: int) -> None:
    path, port = tmp_path / "memory.json", ground.spare_port()
    command = [sys.executable, "-m", "google_sandbox", "--port", str(port), "--quiet", "--memory", str(path)]
    url = f"http://127.0.0.1:{port}"

    def run() -> subprocess.Popen[str]:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline()
        return process

    first = run()
    token = str(connect(url).tokens(MAYA, [SCOPE])["refresh_token"])
    wait_for(lambda: path.exists() and token in path.read_text(), "what was allowed to be kept")
    os.kill(first.pid, number)
    first.communicate()
    assert path.stat().st_mode & 0o777 == 0o600
    second = run()
    assert refreshed(url, token) == 200
    assert refreshed(url, "1//03nobody") == 400
    second.terminate()
    second.communicate()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"grants": [1], "consented": [], "refresh": []}', "\x00"])
def test_a_broken_file_begins_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "memory.json"
    path.write_text(text)
    ledger = Ledger(Clock(), DEFAULT_CLIENTS)
    load(path, ledger)
    assert ledger.grants() == []


def test_a_token_of_a_client_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "memory.json"
    before = Ledger(Clock(), DEFAULT_CLIENTS)
    token = before.give(CLIENT, MAYA, (SCOPE,))["refresh_token"]
    save(path, before)
    after = Ledger(Clock(), DEFAULT_CLIENTS[1:])
    load(path, after)
    assert after.use_refresh(token) is None
    assert after.grants() != []
