"""Logs hold no token, no address and no name, whatever arrives in them."""

import io
import json
import logging

import pytest

from audits.accounts.dance import Dancer
from audits.audit import run, work
from audits.models import Connection, Trigger
from privacy_audit.security.logs import JsonLines, logging_settings, scrub

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "secret",
    [
        "maya@gmail.test",
        "j.marsh+old@mail.example.org",
        "j.marsh%40mail.test",
        "ya29.a0AfH6SMBx-_y",
        "1//03AbCdEfGh-_ij",
        "4/0AbCdEfGhIjKl",
        JWT,
        "GOCSPX-abcdefghijk",
        "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",
    ],
)
@pytest.mark.parametrize("around", ["{}", "<{}>", "GET /x?q={}&y=1", "{{'a': '{}'}}", 'to "{}".', "Bearer {}"])
def test_whatever_looks_like_a_secret_is_hidden(secret, around):
    assert secret not in scrub(around.format(secret))


@pytest.mark.parametrize(
    "text",
    [
        "/callback/?code=hunter2&state=hunter2&scope=x",
        "code_verifier=hunter2",
        'answer {"access_token": "hunter2", "id_token" : "hunter2"}',
        "{'refresh_token': 'hunter2'}",
        "Authorization: Bearer hunter2",
        "client_secret=hunter2;",
        "password=hunter2",
        "code%3Dhunter2",
    ],
)
def test_what_is_named_as_a_secret_is_hidden(text):
    assert "hunter2" not in scrub(text)


def test_what_operators_need_stays():
    for text in ("audit 12 finished in 3.4 s", "ID token: InvalidIssuerError", "400 invalid_grant", "status_code=404"):
        assert scrub(text) == text


def test_long_lines_are_cut():
    assert len(scrub("a b " * 10_000)) == 2000


def line(exc_info=None, **fields):
    record = logging.LogRecord("x", logging.INFO, "f", 1, "hello", (), exc_info)
    record.__dict__.update(fields)
    return json.loads(JsonLines().format(record))


def test_a_line_is_json():
    found = line(event={"route": "looks", "ms": 12, "who": "maya@gmail.test"})
    assert found["message"] == "hello"
    assert found["route"] == "looks"
    assert found["ms"] == 12
    assert found["who"] == "[address]"


def test_a_line_stays_one_line():
    assert "\n" not in JsonLines().format(logging.LogRecord("x", 20, "f", 1, "a\nb", (), None))


def test_an_exception_is_told_without_its_words():
    try:
        try:
            raise ValueError("maya@gmail.test ya29.secret")
        except ValueError as error:
            raise RuntimeError("a file called Holiday") from error
    except RuntimeError as error:
        found = line(exc_info=(type(error), error, error.__traceback__))
    assert [one["type"] for one in found["exception"]] == ["RuntimeError", "ValueError"]
    assert "test_logs.py" in found["exception"][0]["where"][0]
    for word in ("maya", "ya29", "Holiday"):
        assert word not in json.dumps(found)


@pytest.fixture
def everything_logged():
    """What would be written at DEBUG, by the very handlers of the settings."""
    text = io.StringIO()
    configured = logging_settings("DEBUG")
    configured["handlers"]["console"]["stream"] = text
    root, before = logging.getLogger(), (logging.getLogger().handlers[:], logging.getLogger().level)
    logging.config.dictConfig(configured)
    yield text
    root.handlers[:], root.level = before


def test_a_sign_in_and_an_audit_leave_no_token_address_or_name(db, sandbox, everything_logged):
    maya = Dancer("maya@gmail.test")
    maya.sign_in()
    for look in ("drive_apps", "drive_sharing"):
        maya.open_look(look)
    maya.client.post("/names/", {"address": "j.marsh@mail.test"})
    connection = Connection.objects.get()
    audit = work.start(connection.person, trigger=Trigger.PERSON)
    assert run.run(audit.pk) == "finished"
    for page in (
        "/overview/",
        "/overview/who/",
        "/looks/",
        "/account/",
        "/nowhere/?token=ya29.x&email=maya@gmail.test",
    ):
        maya.client.get(page)
    maya.go("/looks/drive_apps/open/", account="alex@gmail.test")
    maya.client.get("/accounts/google/login/callback/?code=4/0Asecret&state=secret")
    logged = everything_logged.getvalue()
    lines = [json.loads(one) for one in logged.splitlines()]
    assert any(one.get("route") == "google_callback" for one in lines)
    assert any(one["logger"].startswith("audits.audit") for one in lines)
    forbidden = (
        "maya", "marsh", "alex", "gmail", "ya29", "1//0", "4/0A", "eyJ", "PicPolish", "QuizTown", "code=", "state=",
        connection.sub, connection.name, connection.access_token, connection.refresh_token, str(connection.public_id),
    )  # fmt: skip
    for word in forbidden:
        assert word not in logged, word


def test_the_access_log_says_route_status_and_time_and_nothing_else(client, db, everything_logged):
    client.get("/privacy/?who=secret")
    found = [json.loads(one) for one in everything_logged.getvalue().splitlines()]
    [access] = [one for one in found if one["logger"] == "privacy_audit.access"]
    assert set(access) == {"at", "level", "logger", "message", "route", "method", "status", "ms"}
    assert (access["route"], access["method"], access["status"]) == ("privacy", "GET", 200)
