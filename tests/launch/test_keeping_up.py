"""Parts that die, wardens that die, and what people and the log are told."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from privacy_audit import worker_mark
from privacy_audit.launch import crew, output, processes, redis_server
from privacy_audit.launch.crew import Crew
from privacy_audit.launch.output import CappedLog, Output
from privacy_audit.launch.processes import GaveUp, Part, Running, Warden
from privacy_audit.launch.signals import Signals
from tests.services.processes import wait_for


@pytest.fixture
def said(tmp_path: Path) -> Output:
    return Output(CappedLog(tmp_path / "run.log"))


@pytest.fixture
def warden() -> Iterator[Warden]:
    started = Warden()
    yield started
    started.dismiss()


@pytest.fixture
def signals() -> Iterator[Signals]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
    before = {number: signal.getsignal(number) for number in numbers}
    yield Signals(None)
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)


def part(code: str, is_silent: Callable[[], bool] = lambda: False) -> Part:
    return Part("worker", [sys.executable, "-c", code], answers=lambda: True, is_silent=is_silent)


def test_a_part_that_keeps_dying_is_given_up(
    said: Output, warden: Warden, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(processes, "FIRST_WAIT_SECONDS", 0.001)
    running = Running(part("raise SystemExit(1)"), said, warden)
    with pytest.raises(GaveUp, match="The worker keeps stopping, so everything was stopped"):
        wait_for(lambda: running.look_after(), "never")
    assert capsys.readouterr().err.count("is being started again") == 1


def test_each_death_makes_the_next_wait_longer(said: Output, warden: Warden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes.time, "monotonic", lambda: 100.0)
    running = Running(part("raise SystemExit(1)"), said, warden)
    waits = []
    for _ in range(processes.MOST_DEATHS - 1):
        running._plan_next_start(100.0)
        waits.append(running._start_at - 100.0)
    assert waits == pytest.approx([0.3, 0.6, 1.2, 2.4])
    running.end()


def test_a_part_that_is_there_but_does_nothing_is_started_again(
    said: Output, warden: Warden, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker whose beat was killed finds no audits any more, and does not notice."""
    monkeypatch.setattr(processes, "ASK_EVERY_SECONDS", 0.0)
    heard = iter([True, True, False, *[True] * processes.MOST_SILENCES])
    running = Running(part("import time; time.sleep(60)", lambda: next(heard)), said, warden)
    first = running._process
    for _ in range(5):
        running.look_after()
    assert running._process is first  # silent twice, heard from, silent twice
    running.look_after()
    assert running._process is None
    running.end()


def test_a_worker_is_silent_only_when_redis_says_so(redis_url: str, tmp_path: Path) -> None:
    with redis.Redis.from_url(redis_url) as server:
        server.delete(worker_mark.KEY)
        assert redis_server.worker_is_silent(redis_url)
        server.set(worker_mark.KEY, int(time.time()))
        assert not redis_server.worker_is_silent(redis_url)
        server.delete(worker_mark.KEY)
    assert not redis_server.worker_is_silent(f"unix://{tmp_path}/nobody.sock")


def test_what_a_part_started_ends_with_it(said: Output, warden: Warden, tmp_path: Path) -> None:
    """A worker's beat must not live on beside the next worker's."""
    child = tmp_path / "child"
    code = (
        "import subprocess, sys, time; from pathlib import Path;"
        "started = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"Path({str(child)!r}).write_text(str(started.pid))"
    )
    running = Running(part(code), said, warden)
    wait_for(lambda: child.exists() and child.read_text() and running.has_ended(), "the part to end by itself")
    running.look_after()
    wait_for(lambda: not runs(int(child.read_text())), "its child to end too")
    running.end()


def runs(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_who_does_not_listen_is_ended(
    said: Output, warden: Warden, signals: Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "GRACE_SECONDS", 0.2)
    everybody = Crew(said, warden, signals)
    everybody.start(
        part("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1); time.sleep(60)")
    )
    everybody.start(part("import time; time.sleep(60)"))
    running = [running._process.pid for running in everybody._running if running._process]
    wait_for(lambda: said.pump(0.01) or said.log.path.exists(), "the stubborn one to be ready")
    everybody.stop()
    assert [runs(process_id) for process_id in running] == [False, False]


def test_a_killed_warden_is_replaced_and_told_everything_again(said: Output, tmp_path: Path) -> None:
    left = tmp_path / "left"
    left.mkdir()
    warden = Warden()
    warden.tell("remove", left)
    running = Running(part("import time; time.sleep(60)"), said, warden)
    assert running._process
    part_id, first = running._process.pid, warden._process.pid
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: warden.look_after() or warden._process.pid != first, "another warden")
    warden.dismiss()  # as if we were gone
    wait_for(lambda: not runs(part_id), "the part to be ended by the warden")
    assert not left.exists()


def test_the_log_is_capped_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "LARGEST_FILE", 1000)
    log = CappedLog(tmp_path / "run.log")
    for number in range(100):
        log.write("web server", f"line {number} ".encode() * 10)
    log.write("web server", b"x" * 1_000_000)
    sizes = [path.stat().st_size for path in sorted(tmp_path.iterdir())]
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["run.log", "run.log.1"]
    assert max(sizes) < 1000 + output.LONGEST_LINE + 100
    assert log.path.stat().st_mode & 0o077 == 0


def test_a_log_that_cannot_be_written_is_said_once_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = CappedLog(tmp_path / "missing" / "run.log")
    log.write("worker", b"one")
    log.write("worker", b"two")
    assert capsys.readouterr().err.count("cannot be written") == 1


@pytest.mark.parametrize(
    "line", [b"2026 ERROR celery", b'{"at": "x", "level": "critical"}', b"Traceback (most recent call last):"]
)
def test_trouble_is_told_calmly_and_once(said: Output, capsys: pytest.CaptureFixture[str], line: bytes) -> None:
    for _ in range(3):
        said._take(0, "worker", line + b"\n")
    told = capsys.readouterr().err.splitlines()
    assert told == [f"The worker reported a problem. Everything goes on; details are in {said.log.path}"]
    assert said.log.path.read_bytes() == (b"worker: " + line + b"\n") * 3


def test_ordinary_lines_are_only_logged(said: Output, capsys: pytest.CaptureFixture[str]) -> None:
    said._take(0, "web server", b"GET /healthz 200 1ms\nhalf a li")
    said._take(0, "web server", b"ne\n")
    assert said.log.path.read_text() == "web server: GET /healthz 200 1ms\nweb server: half a line\n"
    assert capsys.readouterr() == ("", "")


def test_a_line_without_end_does_not_fill_the_memory(said: Output) -> None:
    for _ in range(10):
        said._take(0, "web server", b"x" * 1500)
    assert sum(len(rest) for rest in said._unfinished.values()) <= output.LONGEST_LINE
