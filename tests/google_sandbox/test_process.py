"""Alone as a process: one line when ready, gone when told, never on another machine's address."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from google_sandbox import connect, start
from google_sandbox.server import refuse_unless_loopback
from tests.google_sandbox.caller import MAYA, METADATA
from tests.google_sandbox.wire import exchange, open_connection, request

READY = "The sandbox Google is ready at "


@contextmanager
def process(*words: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    command = [sys.executable, "-m", "google_sandbox", "--port", "0", *words]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert running.stdout
        line = running.stdout.readline()
        assert line.startswith(READY), running.stderr.read() if running.stderr else ""
        yield running, line.removeprefix(READY).strip()
    finally:
        running.kill()
        running.communicate()


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_at_once_even_with_connections_and_hanging_requests(number: signal.Signals) -> None:
    with process("--fault", "drive.files.list=hang", "--quiet") as (running, url):
        google = connect(url)
        token = google.token(MAYA, [METADATA])
        with open_connection(google) as idle, open_connection(google) as hanging:
            assert exchange(idle, request("/__sandbox__/health")).status == 200
            hanging.sendall(request("/drive/v3/files", token))
            google.wait_for_hanging()
            began = time.monotonic()
            running.send_signal(number)
            assert running.wait(timeout=5) == 0
            assert time.monotonic() - began < 1.5
        assert not listening(google.port)


def test_its_lines_hold_no_address_no_token_no_code() -> None:
    with process("--latency-ms", "1") as (running, url):
        google = connect(url)
        token = google.token("sam@shelter.test", [METADATA])
        path = f"/admin/directory/v1/users/sam%40shelter.test/tokens?access_token={token}&code=4%2F0Asecret"
        with open_connection(google) as connection:
            assert exchange(connection, request(path, token)).status == 403
        running.send_signal(signal.SIGTERM)
        _, lines = running.communicate(timeout=5)
    assert "GET /admin/directory/v1/users/…/tokens 403" in lines
    for secret in ("shelter.test", token, "secret", "?"):
        assert secret not in lines


def test_arguments_shape_it() -> None:
    words = ("--client", "mine:hush:project:testing", "--fault", "/x=503,first=1", "--quota", "drive=500:429")
    with process(*words, "--issuer", "http://me.test") as (_, url):
        state = connect(url).state()
        assert state["clients"] == [{"id": "mine", "project": "project"}]
        assert (state["faults"][0]["status"], state["quotas"][0]["units"]) == (503, 500)


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "google_sandbox", *words], capture_output=True, text=True, timeout=20, check=False
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104
def test_refuses_every_address_but_loopback(host: str) -> None:
    with pytest.raises(ValueError, match="not a loopback address"):
        start(host=host)


def test_says_in_one_sentence_why_it_cannot_start() -> None:
    elsewhere = run("--host", "0.0.0.0", "--port", "0")  # noqa: S104
    assert elsewhere.returncode == 2
    assert elsewhere.stderr.strip().splitlines() == [
        "The sandbox cannot start: The sandbox listens on this machine only. 0.0.0.0 is not a loopback address."
    ]
    with start() as google:
        taken = run("--port", str(google.port))
    assert taken.returncode == 2
    assert taken.stderr.startswith("The sandbox cannot start: ")
    assert len(taken.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("words", [("--client", "a:b"), ("--fault", "x"), ("--quota", "x"), ("--port", "x")])
def test_unreadable_arguments(words: tuple[str, str]) -> None:
    answer = run(*words)
    assert answer.returncode == 2
    assert words[0] in answer.stderr


def test_loopback_has_many_names() -> None:
    for host in ("localhost", "127.0.0.1", "127.1.2.3", "::1"):
        refuse_unless_loopback(host)


def test_in_a_thread_nothing_stays_behind() -> None:
    before = set(threading.enumerate())
    descriptors = set(os.listdir("/proc/self/fd"))
    with start() as google, open_connection(google) as connection:
        exchange(connection, request("/__sandbox__/health"))
        port = google.port
    google.stop()
    assert set(threading.enumerate()) <= before
    assert not listening(port)
    assert len(set(os.listdir("/proc/self/fd")) - descriptors) == 0


def test_stands_on_its_own_feet() -> None:
    """Neither Django nor the product is imported."""
    code = (
        "import sys, google_sandbox.__main__, google_sandbox.application;"
        "print([m for m in ('django', 'audits', 'privacy_audit', 'allauth', 'celery') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
