"""How `make run` ends: quickly, and with nothing left behind."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from privacy_audit.environment import BASE_DIR
from tests.launch.conftest import House
from tests.services.processes import wait_for

pytestmark = pytest.mark.work


def assert_nothing_is_left(house: House) -> None:
    assert house.alive() == {}
    assert list(house.temporary.iterdir()) == []
    assert not (house.state / "run.json").exists()


def begin(house: House, *command: str) -> None:
    """Do not wait until it answers, only until there is something to stop."""
    house.process = subprocess.Popen(
        command, env=house.environment(), cwd=BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    wait_for(lambda: (house.state / "run.json").exists(), "the first part to be started")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_to_stop_while_it_starts(house: House, number: int) -> None:
    begin(house, sys.executable, "-m", "privacy_audit.launch")
    assert house.ask_to_stop(number) == ("", "")
    assert house.process
    assert house.process.returncode == 0
    assert_nothing_is_left(house)


def test_ctrl_c_counts_even_where_a_shell_had_it_ignored(house: House) -> None:
    """What a script starts with `&` begins with this signal ignored."""
    begin(house, "sh", "-c", f"trap '' INT; exec {sys.executable} -m privacy_audit.launch")
    assert house.ask_to_stop(signal.SIGINT) == ("", "")
    assert_nothing_is_left(house)


def test_it_ends_with_the_process_it_belongs_to(house: House) -> None:
    """`make` killed with SIGKILL cannot tell anybody."""
    begin(house, "sh", "-c", f"{sys.executable} -m privacy_audit.launch --end-with $$ & wait")
    assert house.process
    house.process.kill()
    wait_for(lambda: not house.alive(), "every process to end")
    assert_nothing_is_left(house)


def test_it_stops_soon_and_a_second_start_finds_everything_prepared(house: House) -> None:
    house.start()
    begun = time.monotonic()
    assert house.ask_to_stop() == ("", "")
    print(f"\nstop: {time.monotonic() - begun:.2f} s", end="")
    assert_nothing_is_left(house)
    kept = [house.state / "keys.json", house.state / "static_built" / "staticfiles.json"]
    before = [path.stat().st_mtime_ns for path in kept]
    begun = time.monotonic()
    house.start()
    print(f", second start: {time.monotonic() - begun:.2f} s")
    assert [path.stat().st_mtime_ns for path in kept] == before
    with closing(sqlite3.connect(house.state / "database.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM audits_applist").fetchone() == (2,), "the demo's made-up lists"


def test_killed_outright_its_parts_end_soon(house: House) -> None:
    house.start()
    assert house.process
    house.process.kill()
    wait_for(lambda: not house.alive(), "every process to end")
    assert_nothing_is_left(house)
