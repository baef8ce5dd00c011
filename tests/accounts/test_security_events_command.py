"""manage.py security_events: ordering events from Google, with a service account's key that is never shown."""

from __future__ import annotations

import json
from io import StringIO

import jwt
import pytest
from django.core.management import CommandError, call_command

from audits.accounts.risc import keys, stream
from audits.models import ReceivedEvent


@pytest.fixture(autouse=True)
def _ready(monkeypatch, db, sandbox):
    monkeypatch.setattr(keys, "RING", keys.KeyRing())
    monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "2")


@pytest.fixture
def keyfile(sandbox, tmp_path):
    path = tmp_path / "key.json"
    path.write_text(json.dumps(sandbox.service_account()))
    return path


def run(keyfile, *action):
    out = StringIO()
    call_command("security_events", str(keyfile), *action, stdout=out)
    return out.getvalue()


def test_from_nothing_to_a_test_event_that_came(live, keyfile, settings):
    settings.BASE_URL = live
    assert "Not set up" in run(keyfile)
    assert "No event has come yet" in run(keyfile)
    assert f"{live}/events/google/" in run(keyfile, "set-up")
    said = run(keyfile)
    assert "(this installation)" in said
    assert "State: enabled" in said
    assert "asked for a test event" in run(keyfile, "test")
    assert ReceivedEvent.objects.get().kind == "verification"
    assert "Received: verification, 1 in all" in run(keyfile)


def test_it_orders_what_google_lists(keyfile, sandbox):
    run(keyfile, "set-up")
    assert "account-purged" not in " ".join(stream.ORDERED)
    assert len(stream.ORDERED) == 7
    assert stream.show(stream.ServiceAccount.from_file(keyfile))["events_requested"] == stream.ORDERED


def test_pausing(keyfile):
    run(keyfile, "set-up")
    assert "keeps none back" in run(keyfile, "pause")
    assert "State: disabled" in run(keyfile)
    run(keyfile, "resume")
    assert "State: enabled" in run(keyfile)


def test_a_stream_that_goes_elsewhere_is_said_to(keyfile, settings):
    run(keyfile, "set-up")
    settings.BASE_URL = "https://audit.example.org"
    assert "another address than ours" in run(keyfile)


def test_google_posts_to_https_only(keyfile, settings, sandbox):
    settings.ON_SANDBOX = False
    settings.BASE_URL = "http://localhost:8000"
    sandbox.clear_log()
    with pytest.raises(CommandError, match="https addresses only"):
        run(keyfile, "set-up")
    assert sandbox.log().total == 0


@pytest.mark.parametrize("action", ["test", "pause"])
def test_nothing_can_be_done_before_it_is_set_up(keyfile, action):
    with pytest.raises(CommandError, match=r"Google refused \(404\): Project has no"):
        run(keyfile, action)


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"[]", b"{}", b"\xff", b'{"client_email": 1, "private_key": 2, "private_key_id": 3}', b"[" * 50_000],
    ids=len,
)
def test_a_file_that_is_no_key(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="is not the JSON key file"):
        run(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none.json")


def test_a_damaged_key_is_not_printed(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"client_email": "a@b.test", "private_key_id": "1", "private_key": "SECRET"}))
    with pytest.raises(CommandError, match="cannot be used") as raised:
        run(path)
    assert "SECRET" not in str(raised.value)


def test_somebody_elses_key(keyfile, tmp_path):
    found = json.loads(keyfile.read_text()) | {"client_email": "else@elsewhere.test"}
    keyfile.write_text(json.dumps(found))
    with pytest.raises(CommandError, match=r"Google refused \(403\)"):
        run(keyfile)


@pytest.mark.parametrize("fault", [500, "reset", "truncated", "list", "empty"])
def test_google_away_or_unreadable(keyfile, sandbox, fault):
    run(keyfile, "set-up")
    sandbox.fault("/v1beta/stream", fault)
    with pytest.raises(CommandError, match="Google"):
        run(keyfile)


def test_the_key_stays_out_of_everything(keyfile, caplog):
    caplog.set_level("DEBUG")
    secret = json.loads(keyfile.read_text())["private_key"][60:100]
    said = run(keyfile, "set-up") + run(keyfile) + caplog.text
    assert secret not in said
    assert "Bearer" not in said
    assert secret not in repr(stream.ServiceAccount.from_file(keyfile))


def test_the_token_is_short_lived_and_for_this_api_alone(keyfile):
    claims = jwt.decode(stream.ServiceAccount.from_file(keyfile).token(), options={"verify_signature": False})
    assert claims["aud"] == stream.AUDIENCE
    assert claims["exp"] - claims["iat"] == 300
    assert claims["iss"] == claims["sub"]
