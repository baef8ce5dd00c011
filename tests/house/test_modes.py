"""The three modes. Each refusal has its own sentence, and its own line here."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from privacy_audit import modes
from privacy_audit.environment import BASE_DIR, VARIABLES, ConfigurationError
from tests.services.lint import PRODUCTION

LOCAL = {
    "PRIVACY_AUDIT_MODE": "local",
    "GOOGLE_CLIENT_ID": "id",
    "GOOGLE_CLIENT_SECRET": "secret",
    **{name: PRODUCTION[name] for name in modes.KEYS},
}
Give = Callable[..., None]
DEMO = {"PRIVACY_AUDIT_MODE": "demo", **{name: PRODUCTION[name] for name in modes.KEYS}}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Give:
    """Set exactly these variables, and no others that the product reads."""

    def give(values: dict[str, str], **changed: str) -> None:
        for name in ["DJANGO_SETTINGS_MODULE", *(variable.name for variable in VARIABLES)]:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"PRIVACY_AUDIT_STATE": str(tmp_path / "state"), **values, **changed}.items():
            monkeypatch.setenv(name, value)

    return give


@pytest.mark.parametrize("values", [DEMO, LOCAL, PRODUCTION], ids=["demo", "local", "production"])
def test_a_mode_with_what_it_needs(given: Give, values: dict[str, str]) -> None:
    given(values)
    modes.check()


PRODUCTION_REFUSES = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is missing or weak"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or weak"),
    ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is missing or weak"),
    ({"SECRET_KEY": "django-insecure-" + PRODUCTION["SECRET_KEY"]}, "SECRET_KEY is missing or weak"),
    ({"LOOKUP_KEY": "short"}, "LOOKUP_KEY is missing or weak"),
    ({"LOOKUP_KEY": PRODUCTION["SECRET_KEY"]}, "LOOKUP_KEY must not be the same as SECRET_KEY"),
    ({"DATA_KEYS": ""}, "DATA_KEYS is missing"),
    ({"DATA_KEYS": "not a key"}, "DATA_KEYS holds something that is not a Fernet key"),
    ({"DATA_KEYS": PRODUCTION["DATA_KEYS"] + ",rest"}, "DATA_KEYS holds something that is not a Fernet key"),
    ({"BASE_URL": "http://audit.example.org"}, "BASE_URL must begin with https:// in production"),
    ({"BASE_URL": ""}, "BASE_URL must begin with https:// in production"),
    ({"BASE_URL": "audit.example.org"}, "BASE_URL must be a whole address"),
    ({"EXIT_URL": "javascript:alert(1)"}, "EXIT_URL must be a whole address"),
    ({"PRIVACY_AUDIT_DEBUG": "1"}, "PRIVACY_AUDIT_DEBUG must not be set in production"),
    ({"GOOGLE_BASE_URL": "http://127.0.0.1:8001"}, "GOOGLE_BASE_URL points at a stand-in for Google"),
    ({"GOOGLE_BASE_URL": "https://sandbox.example.org"}, "GOOGLE_BASE_URL points at a stand-in for Google"),
    ({"GOOGLE_TOKEN_URL": "https://oauth2.googleapis.com.evil.example/token"}, "GOOGLE_TOKEN_URL points at a stand-in"),
    ({"GOOGLE_DRIVE_URL": "http://www.googleapis.com"}, "GOOGLE_DRIVE_URL points at a stand-in"),
    ({"GOOGLE_ISSUER": "https://issuer.example.org"}, "GOOGLE_ISSUER points at a stand-in"),
    ({"GOOGLE_CLIENT_ID": ""}, "GOOGLE_CLIENT_ID is missing"),
    ({"GOOGLE_CLIENT_SECRET": ""}, "GOOGLE_CLIENT_SECRET is missing"),
    ({"GOOGLE_ADMIN_CLIENT_ID": "admin"}, "GOOGLE_ADMIN_CLIENT_SECRET is missing"),
    ({"GOOGLE_PORTABILITY_CLIENT_ID": "lists"}, "GOOGLE_PORTABILITY_CLIENT_SECRET is missing"),
    (
        {
            "GOOGLE_CLIENT_ID": "7-a.apps.googleusercontent.com",
            "GOOGLE_PORTABILITY_CLIENT_ID": "7-b.apps.googleusercontent.com",
            "GOOGLE_PORTABILITY_CLIENT_SECRET": "secret",
        },
        "GOOGLE_PORTABILITY_CLIENT_ID is of the same Google Cloud project as GOOGLE_CLIENT_ID",
    ),
    ({"HOST_NAME": ""}, "HOST_NAME and HOST_CONTACT are missing"),
    ({"HOST_CONTACT": ""}, "HOST_NAME and HOST_CONTACT are missing"),
    ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
    ({"REDIS_URL": ""}, "REDIS_URL is missing"),
    ({"DATABASE_URL": "mysql://audit@host/audit"}, "DATABASE_URL must begin with postgres://"),
    ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must begin with redis://, rediss://, unix://"),
    ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be one of"),
    ({"PRIVACY_AUDIT_MODE": "prod"}, "PRIVACY_AUDIT_MODE must be one of demo, local, production"),
]


@pytest.mark.parametrize(("changed", "sentence"), PRODUCTION_REFUSES)
def test_production_refuses(given: Give, changed: dict[str, str], sentence: str) -> None:
    given(PRODUCTION, **changed)
    with pytest.raises(ConfigurationError, match=sentence):
        modes.check()


@pytest.mark.parametrize("name", modes.google_addresses())
def test_production_refuses_every_single_stand_in(given: Give, name: str) -> None:
    given(PRODUCTION, **{name: "https://stand-in.example.org"})
    with pytest.raises(ConfigurationError, match=f"{name} points at a stand-in for Google"):
        modes.check()


def test_production_accepts_googles_own_addresses(given: Give) -> None:
    given(PRODUCTION, GOOGLE_DRIVE_URL="https://www.googleapis.com", GOOGLE_ISSUER="https://accounts.google.com")
    modes.check()


@pytest.mark.parametrize("values", [DEMO, LOCAL], ids=["demo", "local"])
def test_plain_http_stays_on_this_machine(given: Give, values: dict[str, str]) -> None:
    given(values, BASE_URL="http://192.168.1.5:8000")
    with pytest.raises(ConfigurationError, match="BASE_URL may use http only on localhost"):
        modes.check()


@pytest.mark.parametrize("name", [name for name in modes.google_addresses() if name != "GOOGLE_ISSUER"])
def test_the_demo_speaks_only_to_this_machine(given: Give, name: str) -> None:
    given(DEMO, **{name: "https://accounts.google.com"})
    with pytest.raises(ConfigurationError, match="Demo mode speaks only to a sandbox Google on this machine"):
        modes.check()


def test_the_demo_may_use_another_emulator_on_this_machine(given: Give) -> None:
    given(DEMO, GOOGLE_BASE_URL="http://localhost:4002")
    modes.check()
    assert modes.google_base_url() == "http://localhost:4002"


def test_local_needs_real_clients_unless_it_has_a_stand_in(given: Give) -> None:
    given(LOCAL, GOOGLE_CLIENT_ID="")
    with pytest.raises(ConfigurationError, match=r"GOOGLE_CLIENT_ID is missing\. docs/google-setup\.md"):
        modes.check()
    given(LOCAL, GOOGLE_CLIENT_ID="", GOOGLE_BASE_URL="http://127.0.0.1:9000")
    modes.check()


def test_first_start_writes_private_keys_and_the_second_keeps_them(given: Give, tmp_path: Path) -> None:
    given({"PRIVACY_AUDIT_MODE": "demo"})
    modes.ensure_keys()
    path = tmp_path / "state" / "keys.json"
    first = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sorted(json.loads(first)) == sorted(modes.KEYS)
    modes.ensure_keys()
    modes.check()
    assert path.read_text() == first
    assert [found.name for found in path.parent.iterdir()] == ["keys.json"]


def test_keys_somebody_wrote_meanwhile_stay(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("theirs")
    modes.write_private(path, "ours", replace=False)
    assert path.read_text() == "theirs"
    modes.write_private(path, "ours")
    assert path.read_text() == "ours"
    assert [found.name for found in tmp_path.iterdir()] == ["keys.json"]


def test_production_neither_writes_nor_reads_keys_of_the_state_folder(given: Give, tmp_path: Path) -> None:
    given({"PRIVACY_AUDIT_MODE": "demo"})
    modes.ensure_keys()
    given(PRODUCTION, SECRET_KEY="")
    modes.ensure_keys()
    with pytest.raises(ConfigurationError, match="SECRET_KEY is missing or weak"):
        modes.check()


def test_a_command_says_one_sentence_and_no_more(given: Give) -> None:
    given(PRODUCTION, BASE_URL="http://audit.example.org")
    asked = [sys.executable, "manage.py", "check"]
    said = subprocess.run(asked, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert said.stderr.strip() == "BASE_URL must begin with https:// in production."
