"""How `make run` ends: quickly, and with nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from privacy_audit.environment import BASE_DIR
from tests.launch.conftest import House
from tests.services.processes import wait_for

pytestmark = pytest.mark.work


def assert_nothing_is_left(house: House) -> None:
    assert house.alive() == {}
    assert list(house.temporary.iterdir()) == []
    assert not (house.state / "run.json").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_to_stop_it_leaves_nothing(house: House, number: int) -> None:
    house.start()
    begun = time.monotonic()
    said = house.ask_to_stop(number)
    assert time.monotonic() - begun < 10
    assert said == ("", "")
    assert house.process
    assert house.process.returncode == 0
    assert_nothing_is_left(house)


def test_a_second_start_finds_everything_prepared(house: House, record_property: Callable[..., None]) -> None:
    house.start()
    house.ask_to_stop()
    keys = (house.state / "keys.json").read_text()
    gathered = (house.state / "static_built" / "staticfiles.json").stat().st_mtime_ns
    begun = time.monotonic()
    house.start()
    print(f"second start: {time.monotonic() - begun:.2f} s")
    assert (house.state / "keys.json").read_text() == keys
    assert (house.state / "static_built" / "staticfiles.json").stat().st_mtime_ns == gathered


def test_killed_outright_it_leaves_nothing_and_starts_again_at_once(house: House) -> None:
    house.start()
    assert house.process
    house.process.kill()
    house.process.wait()
    house.start()  # waits until the last of the old ones has gone
    house.ask_to_stop()
    assert_nothing_is_left(house)


def test_killed_outright_its_parts_end_soon(house: House) -> None:
    house.start()
    assert house.process
    house.process.kill()
    wait_for(lambda: not house.alive(), "every process to end", seconds=10)
    assert_nothing_is_left(house)


def test_asked_to_stop_while_it_starts(house: House) -> None:
    command = [sys.executable, "-m", "privacy_audit.launch"]
    house.process = subprocess.Popen(
        command, env=house.environment(), cwd=BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    wait_for(lambda: (house.state / "run.json").exists(), "the first part to be started")
    assert house.ask_to_stop() == ("", "")
    assert_nothing_is_left(house)


def test_it_ends_with_the_process_it_belongs_to(house: House) -> None:
    """`make` killed with SIGKILL cannot tell anybody."""
    script = f"{sys.executable} -m privacy_audit.launch --end-with $$ & wait"
    house.process = subprocess.Popen(
        ["sh", "-c", script], env=house.environment(), cwd=BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    assert house.process.stdout
    assert house.process.stdout.readline()
    house.process.kill()
    wait_for(lambda: not house.alive(), "every process to end", seconds=10)
    assert_nothing_is_left(house)


def test_a_part_that_does_not_listen_is_ended(house: House) -> None:
    house.start()
    os.kill(min(house.alive("celery")), signal.SIGSTOP)
    house.ask_to_stop()
    assert_nothing_is_left(house)
