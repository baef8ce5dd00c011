"""The one story of `make run`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from privacy_audit import environment, modes
from privacy_audit.launch import parts, ports, redis_server, state
from privacy_audit.launch.crew import Crew
from privacy_audit.launch.output import CappedLog, Output, note, say
from privacy_audit.launch.processes import Warden
from privacy_audit.launch.signals import Signals


def run(owner: int | None) -> None:
    """Bring everything up, say where, and stay. Ends by StopAsked, ConfigurationError or GaveUp."""
    signals = Signals(owner)
    folder = state.open_folder()
    with state.held(folder) as lock:
        state.forget_last_run(folder)
        check_settings()
        with cleaned_up(folder, lock) as (warden, private):
            crew = Crew(Output(CappedLog(folder / "log" / "run.log")), warden, signals)
            try:
                bring_up(crew, folder, private)
                say(welcome())
                crew.watch()
            finally:
                crew.stop()


def check_settings() -> None:
    modes.ensure_keys()
    modes.check()
    ports.require_free(environment.read("HOST"), "PORT")
    if needs_sandbox():
        ports.require_free("127.0.0.1", "SANDBOX_PORT")


def needs_sandbox() -> bool:
    return modes.mode() == "demo" and not environment.read("GOOGLE_BASE_URL")


@contextmanager
def cleaned_up(folder: Path, lock: int) -> Iterator[tuple[Warden, Path]]:
    """A private folder for sockets, gone afterwards together with run.json, even when we are killed."""
    warden = Warden(lock)
    private = state.short_folder()
    try:
        warden.tell("remove", private)
        warden.tell("remove", folder / "run.json")
        yield warden, private
    finally:
        state.forget_last_run(folder)
        shutil.rmtree(private, ignore_errors=True)
        warden.dismiss()


def bring_up(crew: Crew, folder: Path, private: Path) -> None:
    redis_url = bring_redis(crew, folder, private)
    if needs_sandbox():
        crew.start(parts.sandbox())
    crew.finish("preparation", [sys.executable, "-m", "privacy_audit.launch.prepare"], {"REDIS_URL": redis_url})
    crew.start(parts.web(redis_url))
    crew.start(parts.worker(folder, redis_url))
    crew.wait_until_all_answer()


def bring_redis(crew: Crew, folder: Path, private: Path) -> str:
    """The Redis that was named, or our own for this run."""
    given = environment.read("REDIS_URL")
    if given:
        if not redis_server.answers(given):
            note("The Redis named by REDIS_URL does not answer yet. Pages work; audits wait until it does.")
        return given
    crew.start(parts.redis(redis_server.find(), private))
    state.remember_run(folder, redis_server.url(private))
    return redis_server.url(private)


def welcome() -> str:
    practice = ": practice data, sign in as maya@gmail.test" if needs_sandbox() else ""
    return f"Privacy Audit is at {modes.base_url()}{practice}. Ctrl-C stops it."
