"""manage.py capture: shapes of all that Google answers, and nothing of anybody's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audits import facts
from audits.audit import capturing, tell
from audits.facts import CoverageState, Why
from audits.models import AdministratorLook, Connection, TimelineEntry
from audits.sources.google import scopes
from audits.sources.google.http import Answer
from audits.sources.google.known_words import AMR, HEADERS, REASONS, SUBJECTS
from audits.sources.google.session import Question
from audits.sources.google.shapes import _keys, _words
from audits.sources.registry import SOURCES
from google_sandbox import discovery
from google_sandbox.personas import FOLDER, _file
from tests.audit import scenes

EVERY_SCOPE = sorted({value for name, value in vars(scopes).items() if name.isupper() and not name.startswith("_")})


def connected(sandbox: Any, email: str) -> Connection:
    """An account with every look open, and the administrator look too where it is of an organisation."""
    domain = email.partition("@")[2]
    person, connection = scenes.person_with_connection(email, domain if domain == "shelter.test" else "")
    tokens = sandbox.tokens(email, EVERY_SCOPE)
    connection.access_token, connection.refresh_token = tokens["access_token"], tokens["refresh_token"]
    connection.granted = connection.asked = EVERY_SCOPE
    connection.claims = {"amr": ["pwd", "from-" + email], "auth_time": 5, "received_at": timezone.now().timestamp()}
    connection.save()
    if connection.hosted_domain:
        look = AdministratorLook(person=person, connection=connection, granted=EVERY_SCOPE)
        look.access_token, look.expires_at = tokens["access_token"], connection.access_expires_at
        look.save()
    return connection


def capture(path: Path, email: str) -> str:
    out = StringIO()
    call_command("capture", str(path), "--account", email, stdout=out)
    assert str(path) in out.getvalue()
    return path.read_text()


def texts_in(found: Any, *, keys: bool = True) -> Iterator[str]:
    """Every text in a structure."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from [str(key)] if keys else []
            yield from texts_in(value, keys=keys)
    elif isinstance(found, list):
        for value in found:
            yield from texts_in(value, keys=keys)
    elif isinstance(found, str):
        yield found


NUMBER = r"(\d{1,6}(-RECOVERY)?(-anexp)?|in another form|not there)"
FEEDBACK = r"(\d{1,6}:account-notifier|in another form|not there)"
SUBJECT = "(" + "|".join(re.escape(text) for text in [*SUBJECTS, "another", "not there"]) + r"|.* \(an address\))"
FORMS = (
    re.compile(rf"mail: x-account-notification-type {NUMBER}, feedback-id {FEEDBACK}, subject {SUBJECT}"),
    re.compile(NUMBER),
    re.compile(FEEDBACK),
    re.compile(SUBJECT),
    re.compile(r"text of up to (20|60|300)"),
    re.compile(r"[1-5]\d\d"),
)
OWN_WORDS = (
    "form, account, personal, of an organisation, sign_in, amr, auth_time, said, not said, sources, state, why, facts, "
    "calls, parameters, times, statuses, reasons, answer, kinds, keys, items, lengths, object, list, nothing, number, "
    "true or false, zero, empty text, time, date, digits, zero in digits, link, address, long text, text, not JSON, "
    "(another key), one address, another, none or several, passed as we expect, not as we expect, "
    "no-reply@accounts.google.com, "
)


def nobodys() -> set[str]:
    """All that may stand in a capture: named by us, or published by Google. Nothing of it comes from an answer."""
    found = {*OWN_WORDS.split(", "), *_keys(), *SOURCES, *REASONS, *AMR, *(f"header {name}" for name in HEADERS)}
    found |= {f"word: {word}" for words in _words().values() for word in words}
    found |= {word.value for words in (Why, CoverageState) for word in words}
    found |= {name for name, one in vars(facts).items() if isinstance(one, type)}
    for name in ("drive.v3", "gmail.v1", "calendar.v3", "youtube.v3", "driveactivity.v2", "admin.directory_v1",
                 "admin.reports_v1"):  # fmt: skip
        document = discovery.document(name)
        found |= {*document.methods, *document.common}
        found |= {parameter for method in document.methods.values() for parameter in method.parameters}
    return found


@pytest.mark.parametrize("email", ["maya@gmail.test", "sam@shelter.test"])
def test_nothing_that_google_said_stands_in_it(db: None, sandbox: Any, tmp_path: Path, monkeypatch: Any, email: str):
    """Every word of it is known beforehand; and no text of an answer or of the personas' files is part of it."""
    said: set[str] = set()
    real = capturing.Overhearing.__call__

    def hear(self: Any, question: Question, answer: Answer) -> None:
        for _, one in capturing._apart(question, answer):
            said.update(texts_in(json.loads(one.body)) if one.body else ())
        real(self, question, answer)

    monkeypatch.setattr(capturing.Overhearing, "__call__", hear)
    connection = connected(sandbox, email)
    written = capture(tmp_path / "shapes.json", email)
    known = nobodys()
    strange = {text for text in texts_in(json.loads(written)) if text not in known}
    assert {text for text in strange if not any(form.fullmatch(text) for form in FORMS)} == set()

    said |= {text for path in FOLDER.glob("*.yaml") for text in texts_in(_file(path), keys=False)}
    said |= {connection.access_token, connection.refresh_token, connection.sub_key}
    assert len(said) > 100
    every_known = f"{sorted(known)} {sorted(SUBJECTS)}".lower()
    leaked = {text for text in said if len(text) > 3 and text in written and text.lower() not in every_known}
    assert {text for text in leaked if not re.fullmatch(NUMBER, text)} == set()


def test_every_call_of_every_source_is_in_it(db: None, sandbox: Any, tmp_path: Path):
    """Whoever adds a source adds nothing here: sessions are overheard."""
    called: set[str] = set()
    for email in ("maya@gmail.test", "sam@shelter.test"):
        connected(sandbox, email)
        sandbox.clear_log()
        found = json.loads(capture(tmp_path / email, email))
        here = {method for source in found["sources"].values() for method in source["calls"]}
        apis = {name for name in sandbox.log().counts if not name.startswith(("POST ", "GET "))}
        assert here == apis
        called |= here
    assert {"drive.files.list", "drive.apps.list", "directory.users.get"} <= called


def test_it_says_how_each_look_went(db: None, sandbox: Any, tmp_path: Path):
    connected(sandbox, "maya@gmail.test")
    found = json.loads(capture(tmp_path / "x", "maya@gmail.test"))
    apps = found["sources"]["drive_apps"]
    assert (apps["state"], apps["why"]) == ("complete", "")
    assert apps["facts"]["ConnectedApp"] > 3
    assert found["sources"]["directory_user"]["why"] == "consumer_account"
    items = apps["calls"]["drive.apps.list"]["answer"]["keys"]["items"]
    assert items["items"]["keys"]["hasDriveWideScope"]["kinds"] == {"true or false": items["lengths"][0]}
    assert found["account"] == "personal"
    assert found["sign_in"] == {"amr": ["pwd", "another"], "auth_time": "said"}


def test_what_google_refuses_is_written_down_too(db: None, sandbox: Any, tmp_path: Path):
    connected(sandbox, "maya@gmail.test")
    sandbox.fault("drive.apps.list", 403, "forbidden")
    sandbox.fault("drive.about.get", "truncated")
    found = json.loads(capture(tmp_path / "x", "maya@gmail.test"))["sources"]
    assert found["drive_apps"]["calls"]["drive.apps.list"]["reasons"] == {"forbidden": 1}
    assert found["drive_apps"]["why"] == "forbidden"
    assert "not JSON" in found["drive_storage"]["calls"]["drive.about.get"]["answer"]["kinds"]


def test_a_large_account_has_an_end(db: None, sandbox: Any, tmp_path: Path, monkeypatch: Any):
    monkeypatch.setattr(capturing, "MOST_ANSWERS", 2)
    connected(sandbox, "maya@gmail.test")
    found = json.loads(capture(tmp_path / "x", "maya@gmail.test"))["sources"]
    assert all(sum(call["times"] for call in one["calls"].values()) <= 60 for one in found.values())
    assert "stopped" in {one["why"] for one in found.values()}


def test_a_token_that_was_renewed_is_kept(db: None, sandbox: Any, tmp_path: Path):
    connection = connected(sandbox, "maya@gmail.test")
    connection.access_expires_at = timezone.now()
    connection.save()
    before = connection.access_token
    capture(tmp_path / "x", "maya@gmail.test")
    connection.refresh_from_db()
    assert connection.access_token not in ("", before)


def test_the_person_reads_of_it(db: None, sandbox: Any, tmp_path: Path):
    connection = connected(sandbox, "maya@gmail.test")
    capture(tmp_path / "x", "maya@gmail.test")
    assert TimelineEntry.objects.get().kind == "captured"
    (text,) = [line.text for day in tell.timeline(connection.person, 1).days for line in day.entries]
    assert "No name and no content was written down" in text


def test_the_file_is_for_its_owner_alone(db: None, sandbox: Any, tmp_path: Path):
    connected(sandbox, "maya@gmail.test")
    capture(tmp_path / "x", "maya@gmail.test")
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_over_and_no_link_is_followed(db: None, sandbox: Any, tmp_path: Path):
    connected(sandbox, "maya@gmail.test")
    sandbox.clear_log()
    (tmp_path / "there").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("there", "link"):
        with pytest.raises(CommandError, match="is there already"):
            capture(tmp_path / name, "maya@gmail.test")
    with pytest.raises(CommandError, match="cannot be written"):
        capture(tmp_path / "no" / "folder", "maya@gmail.test")
    assert (tmp_path / "there").read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()
    assert sandbox.log().total == 0
    assert not TimelineEntry.objects.exists()


def test_who_may(db: None, sandbox: Any, tmp_path: Path, settings: Any):
    with pytest.raises(CommandError, match="No connected Google account"):
        capture(tmp_path / "x", "nobody@gmail.test")
    connection = connected(sandbox, "maya@gmail.test")
    Connection.objects.update(state="needs_reconnecting")
    with pytest.raises(CommandError, match="needs reconnecting"):
        capture(tmp_path / "x", "maya@gmail.test")
    Connection.objects.update(state="working")
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not in production"):
        capture(tmp_path / "x", connection.email)
    assert not (tmp_path / "x").exists()
