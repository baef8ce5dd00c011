"""Data Portability: each call under each fault, addresses that may be fetched, and archives of every kind."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from audits.facts import BrowserExtension, CoverageState, PhoneApp, PlayDevice, Rung, Strength, Why
from audits.sources.contract import Exported
from audits.sources.google import exported, portability, portability_files
from audits.sources.google.errors import Busy, GoogleFault, LimitReached, TooMany, Unreachable, Unreadable
from audits.sources.google.session import Session
from audits.sources.google.source import Stamp
from audits.sources.registry import SOURCES
from tests.sources.conftest import NOW, ask, credentials
from tests.sources.stub import Answering, Got, Stub, reply
from tests.sources.test_faults import FAULTS

Serve = Callable[[Answering], Stub]
CLIENT = "privacy-audit-exports.apps.sandbox.test"
MAYA = "maya@gmail.test"
STAMP = Stamp(connection="c", source="s", seen_at=NOW, rung=Rung.EXPORT, strength=Strength.PROVES)


@pytest.fixture
def session(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """Maya's consent to all three lists, at the sandbox."""
    monkeypatch.setenv("GOOGLE_BASE_URL", sandbox.url)
    sandbox.edit(MAYA, "change_exports", ready_after=0)
    given = sandbox.tokens(MAYA, sorted(portability.RESOURCES.values()), CLIENT)
    held = credentials(**given, client_id=CLIENT, client_secret="sandbox-exports-secret")
    with Session(held, now=lambda: NOW, stopped=lambda: False) as opened:
        yield opened


def facts(session: Session, resource: str) -> Any:
    job = portability.initiate(session, resource)
    found = portability.state_of(session, job)
    assert found.state == portability.COMPLETE
    return portability_files.read(resource, [portability.download(session, url) for url in found.urls], STAMP)


def test_mayas_apps_with_names_that_play_no_tricks(session: Session) -> None:
    read = facts(session, "play.installs")
    assert read.why is None
    apps = {app.name: app for app in read.facts if isinstance(app, PhoneApp)}
    assert len(apps) == 6
    assert apps["HushTrack"].device == "Google Pixel 8"
    assert apps["HushTrack"].package == "", "Google names no package"
    assert apps["Recipe Keeper"].device == "samsung SM-A146P"
    assert "<script>alert(5)</script>" in apps, "a name stays data; pages escape it"
    assert "Torch thgil" in apps, "the sign that turns writing round is gone"


def test_mayas_phones(session: Session) -> None:
    read = facts(session, "play.devices")
    phones = [one for one in read.facts if isinstance(one, PlayDevice)]
    assert [one.name for one in phones] == ["Google Pixel 8", "Google Pixel 6a", "samsung SM-A146P"]
    assert len({one.device_id for one in phones}) == 3
    assert phones[2].last_seen_at == datetime(2026, 11, 21, 23, 41, tzinfo=UTC)


def test_mayas_extensions(session: Session) -> None:
    read = facts(session, "chrome.extensions")
    found = {one.name: one for one in read.facts if isinstance(one, BrowserExtension)}
    assert {name: (one.enabled, one.incognito) for name, one in found.items()} == {
        "Page Mirror": (True, True),
        "Coupon Crab": (True, False),
        "Google Docs enil ffo": (False, False),
    }


def test_a_second_copy_by_the_same_consent_is_not_made(session: Session) -> None:
    portability.initiate(session, "play.devices")
    with pytest.raises(LimitReached) as caught:
        portability.initiate(session, "play.devices")
    assert caught.value.why is Why.BUSY
    portability.reset(session)


@pytest.mark.parametrize(
    ("status", "word"),
    [(429, "RESOURCE_EXHAUSTED_TIME_BASED"), (429, "RESOURCE_EXHAUSTED_ONE_TIME"), (400, "FAILED_PRECONDITION")],
)
def test_google_s_words_for_not_so_soon(serve: Serve, status: int, word: str) -> None:
    serve(lambda got: reply({"error": {"code": status, "details": [{"reason": word}], "status": "OTHER"}}, status))
    with (
        Session(credentials(), now=lambda: NOW, stopped=lambda: False) as asking,
        pytest.raises(LimitReached) as caught,
    ):
        portability.initiate(asking, "play.devices")
    assert not isinstance(caught.value, Busy), "waiting a minute does not help"


# --------------------------------------------------------------------------- faults of each call

CALLS: dict[str, Callable[[Session, str], object]] = {
    "dataportability.portabilityArchive.initiate": lambda s, job: portability.initiate(s, "play.installs"),
    "dataportability.archiveJobs.getPortabilityArchiveState": portability.state_of,
    "dataportability.authorization.reset": lambda s, job: portability.reset(s),
}
NOTHING_TO_SPOIL = {"wrong types", "no kind"}  # these answers name no kind, and a reset's answer is an empty object
# Google did it, and only the answer was lost: asked once more, it says that it was done.
DONE_ALREADY = {
    "dataportability.portabilityArchive.initiate": Why.BUSY,
    "dataportability.authorization.reset": Why.NEEDS_RECONNECTING,
}
ANSWER_LOST = {"cut", "truncated"}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in NOTHING_TO_SPOIL])
def test_each_fault_of_each_call_is_named(
    session: Session, sandbox: Any, monkeypatch: pytest.MonkeyPatch, call: str, fault: str
) -> None:
    job = portability.initiate(session, "play.devices")
    named = FAULTS[fault]
    sandbox.fault(call, named.kind, named.reason)
    with pytest.raises(GoogleFault) as caught:
        CALLS[call](session, job)
    assert caught.value.why is (DONE_ALREADY.get(call, named.why) if fault in ANSWER_LOST else named.why)
    assert "@" not in caught.value.detail


@pytest.mark.parametrize("kind", ["reset", "cut", "hang", 403, 404, 500, 503])
def test_an_archive_that_can_not_be_fetched_now_is_only_out_of_reach(
    session: Session, sandbox: Any, kind: str | int
) -> None:
    job = portability.initiate(session, "play.devices")
    (url,) = portability.state_of(session, job).urls
    sandbox.fault("/portability-archives", kind)
    with pytest.raises(Unreachable):
        portability.download(session, url)


def test_a_redirect_is_not_followed(serve: Serve) -> None:
    stub = serve(lambda got: reply(b"", 302, {"Location": f"{stub.url}/elsewhere"}))
    with Session(credentials(), now=lambda: NOW, stopped=lambda: False) as asking, pytest.raises(Unreachable):
        portability.download(asking, f"{stub.url}/archive")
    assert set(stub.paths) == {"/archive"}


def test_our_token_does_not_go_to_a_signed_address(serve: Serve) -> None:
    stub = serve(lambda got: reply(b"PK"))
    with Session(credentials(), now=lambda: NOW, stopped=lambda: False) as asking:
        portability.download(asking, f"{stub.url}/archive")
    assert "authorization" not in {name.lower() for name in stub.got[0].headers}


def test_an_archive_that_is_too_large_is_not_read(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portability, "LARGEST_ARCHIVE", 1_000)
    stub = serve(lambda got: reply(b"x" * 5_000))
    with Session(credentials(), now=lambda: NOW, stopped=lambda: False) as asking, pytest.raises(Unreadable):
        portability.download(asking, stub.url)


# --------------------------------------------------------------------------- answers that are not believed

STATES: list[Any] = [
    {},
    {"state": "NEW_WORD"},
    {"state": "STATE_UNSPECIFIED"},
    {"state": 7},
    {"state": "COMPLETE"},
    {"state": "COMPLETE", "urls": []},
    {"state": "COMPLETE", "urls": "https://storage.googleapis.com/a"},
    {"state": "COMPLETE", "urls": [7]},
    {"state": "COMPLETE", "urls": ["https://evil.test/a"]},
    {"state": "COMPLETE", "urls": ["{here}/a"] * 11},
    {"error": {"code": 500}},
]


@pytest.mark.parametrize("said", STATES, ids=str)
def test_a_state_that_is_not_believed(serve: Serve, said: Any) -> None:
    def answer(got: Got) -> bytes:
        return reply(json.loads(json.dumps(said).replace("{here}", stub.url)))

    stub = serve(answer)
    with Session(credentials(), now=lambda: NOW, stopped=lambda: False) as asking, pytest.raises(Unreadable):
        portability.state_of(asking, "job")


@pytest.mark.parametrize("job", [None, 7, "", "a/b", "../a", "a" * 300, "a b", "ä"])
def test_a_job_id_that_is_not_believed(serve: Serve, job: Any) -> None:
    serve(lambda got: reply({"archiveJobId": job}))
    with Session(credentials(), now=lambda: NOW, stopped=lambda: False) as asking, pytest.raises(Unreadable):
        portability.initiate(asking, "play.devices")


@pytest.mark.parametrize(
    ("url", "root", "may"),
    [
        ("https://storage.googleapis.com/bucket/a?X-Goog-Signature=1", "", True),
        ("https://bucket.storage.googleapis.com:443/a", "", True),
        ("https://takeout-download.usercontent.googleusercontent.com/a", "", True),
        ("http://storage.googleapis.com/a", "", False),
        ("https://storage.googleapis.com.evil.test/a", "", False),
        ("https://googleapis.com.evil/a", "", False),
        ("https://evilgoogleapis.com/a", "", False),
        ("https://storage.googleapis.com@evil.test/a", "", False),
        ("https://evil.test\\@storage.googleapis.com/a", "", False),
        ("https://storage.googleapis.com:8443/a", "", False),
        ("https://storage.googleapis.com:port/a", "", False),
        ("https://storage.googleapis.com/a b", "", False),
        ("https://storage.googleapis.com/" + "a" * 5_000, "", False),
        ("file:///etc/passwd", "", False),
        ("http://169.254.169.254/latest/meta-data", "", False),
        ("http://127.0.0.1:9000/a", "http://127.0.0.1:9000", True),
        ("http://127.0.0.1:9001/a", "http://127.0.0.1:9000", False),
        ("http://127.0.0.1:9000@evil.test/a", "http://127.0.0.1:9000", False),
        ("https://storage.googleapis.com/a", "http://127.0.0.1:9000", False),
    ],
)
def test_only_google_s_storage_is_fetched_from(url: str, root: str, may: bool) -> None:
    assert portability.may_fetch(url, root) is may


# --------------------------------------------------------------------------- archives


def packed(*files: tuple[str, bytes | str]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return whole.getvalue()


def install(title: Any = "Torch", **more: Any) -> dict[str, Any]:
    return {"install": {"doc": {"documentType": "Android Apps", "title": title}, **more}}


def read_apps(*archives: bytes) -> Any:
    return portability_files.read("play.installs", archives, STAMP)


def test_several_archives_folders_and_a_file_that_is_not_packed() -> None:
    one = packed(("A/Installs.json", json.dumps([install("One")])), ("A/Library.json", "[]"))
    two = packed(("B\\x/../installs.JSON", json.dumps([install("Two")])))
    three = json.dumps([install("Three")["install"]]).encode()
    assert [app.name for app in read_apps(one, two, three).facts] == ["One", "Two", "Three"]


def test_an_empty_list_is_a_whole_list() -> None:
    assert read_apps(packed(("Installs.json", "[]"))) == portability_files.Read((), None)


@pytest.mark.parametrize(
    "archive",
    [
        b"",
        b"PK",
        b"PK\x03\x04 and then nothing",
        packed(("Installs.json", "[]"))[:-30],
        packed(("Devices.json", "[]")),
        packed(("Installs.json", "")),
        packed(("Installs.json", "{}")),
        packed(("Installs.json", "null")),
        packed(("Installs.json", "[" * 100_000)),
        packed(("Installs.json", b"\xff\xfe\x00")),
        b"<html>Sign in</html>",
    ],
    ids=range(11),
)
def test_an_archive_that_is_none_is_not_an_empty_list(archive: bytes) -> None:
    with pytest.raises(Unreadable):
        read_apps(archive)


def test_an_archive_with_a_password_is_not_read() -> None:
    archive = bytearray(packed(("Installs.json", "[]")))
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    archive[6] |= 1
    with pytest.raises(Unreadable):
        read_apps(bytes(archive))


def test_limits_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portability_files, "LARGEST_FILE", 100_000)
    monkeypatch.setattr(portability_files, "MOST_ENTRIES", 5)
    monkeypatch.setattr(portability_files, "MOST_RECORDS", 5)
    bomb = packed(("Installs.json", " " * 50_000_000))
    assert len(bomb) < 60_000
    crowd = packed(*((f"{number}.json", "[]") for number in range(6)))
    many = packed(("Installs.json", json.dumps([install(f"App {number}") for number in range(6)])))
    for archive in (bomb, crowd, many):
        with pytest.raises(TooMany):
            read_apps(archive)


@pytest.mark.parametrize(
    "record",
    [
        7,
        {"install": 7},
        {"install": {}},
        {"install": {"doc": []}},
        install(None),
        install(7),
        install(""),
        install("\u202e\u200b"),
        install(firstInstallationTime="yesterday"),
        install(firstInstallationTime="2024-01-01T00:00:00"),
        install(deviceAttribute=[]),
        install(deviceAttribute={"model": 8}),
    ],
    ids=str,
)
def test_an_app_that_can_not_be_read_is_missing_and_said_to_be(record: Any) -> None:
    read = read_apps(json.dumps([record, install("Good")]).encode())
    assert [app.name for app in read.facts] == ["Good"]
    assert read.why is Why.UNREADABLE


def test_a_package_is_kept_if_google_ever_names_one() -> None:
    record = {"doc": {"title": "Torch", "packageName": "com.torch"}}
    (app,) = read_apps(json.dumps([record]).encode()).facts
    assert app.package == "com.torch"


@pytest.mark.parametrize(
    ("resource", "record"),
    [
        ("play.devices", {"device": {}}),
        ("play.devices", {"device": {"mostRecentData": []}}),
        ("play.devices", {"device": {"mostRecentData": {"modelName": "A"}, "lastTimeDeviceActive": 7}}),
        ("chrome.extensions", "Your data is encrypted and cannot be exported"),
        ("chrome.extensions", {"id": "a", "name": "A"}),
        ("chrome.extensions", {"id": "a", "name": "A", "enabled": "yes"}),
        ("chrome.extensions", {"id": "a b", "name": "A", "enabled": True}),
        ("chrome.extensions", {"name": "A", "enabled": True}),
    ],
)
def test_a_device_or_extension_that_can_not_be_read(resource: str, record: Any) -> None:
    records = {"Extensions": [record]} if resource.startswith("chrome") else [record]
    read = portability_files.read(resource, [json.dumps(records).encode()], STAMP)
    assert read == portability_files.Read((), Why.UNREADABLE)


# --------------------------------------------------------------------------- what an audit makes of it

NAMES = {source.name: source for source in exported.BY_RESOURCE.values()}
APP = read_apps(json.dumps([install()]).encode()).facts


def test_each_resource_has_a_source_and_a_scope() -> None:
    assert set(exported.BY_RESOURCE) == set(portability.RESOURCES)
    assert {one.scope for one in NAMES.values()} == set(portability.RESOURCES.values())
    assert all(SOURCES[name] is source and source.calls == () for name, source in NAMES.items())


def one(why: Why | None, found: Any = (), resource: str = "play.installs") -> tuple[Exported, ...]:
    return (Exported(resource=resource, read_at=NOW, why=why, facts=found),)


@pytest.mark.parametrize(
    ("changed", "state", "why"),
    [
        ({"connection": ""}, CoverageState.NOT_AVAILABLE, Why.NOT_CONNECTED),
        ({}, CoverageState.REFUSED, Why.NOT_ASKED),
        ({"hosted_domain": "shelter.test"}, CoverageState.NOT_AVAILABLE, Why.NOT_ELIGIBLE),
        ({"exported": one(None, resource="play.devices")}, CoverageState.REFUSED, Why.NOT_ASKED),
        ({"exported": one(Why.UNTICKED)}, CoverageState.REFUSED, Why.UNTICKED),
        ({"exported": one(Why.NOT_YET)}, CoverageState.NOT_AVAILABLE, Why.NOT_YET),
        ({"exported": one(Why.BUSY)}, CoverageState.FAILED, Why.BUSY),
        ({"exported": one(Why.UNREADABLE)}, CoverageState.FAILED, Why.UNREADABLE),
        ({"exported": one(Why.UNREADABLE, APP)}, CoverageState.PARTIAL, Why.UNREADABLE),
        ({"exported": one(None)}, CoverageState.COMPLETE, None),
        ({"exported": one(None, APP)}, CoverageState.COMPLETE, None),
    ],
)
def test_what_the_source_says(changed: dict[str, Any], state: CoverageState, why: Why | None) -> None:
    seen = SOURCES["play_apps"].look(ask(**changed))
    assert (seen.coverage.state, seen.coverage.why, seen.coverage.requests) == (state, why, 0)
    assert bool(seen.facts) is (changed.get("exported", one(None))[0].facts != ())
