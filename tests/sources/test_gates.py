"""When a source asks Google nothing at all, and how it says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audits.facts import CoverageState, Why
from audits.sources.google import scopes
from audits.sources.registry import SOURCES
from tests.sources.conftest import EVERY_SCOPE, ask, credentials
from tests.sources.stub import Answering, Stub

Serve = Callable[[Answering], Stub]
DRIVE = ["drive_apps", "drive_public", "drive_outsiders", "drive_named", "drive_trash", "drive_storage"]
DRIVE += ["drive_incoming", "drive_activity", "calendar_sharing", "youtube"]
MAIL = ["gmail_alerts", "gmail_settings"]
DIRECTORY = ["directory_user", "directory_apps", "directory_app_passwords", "reports_account", "reports_apps"]
EX = ("bob@mail.test",)
AT_WORK: dict[str, Any] = {
    "hosted_domain": "shelter.test",
    "administrator": credentials(refresh_token=""),
    "named_people": EX,
}


@pytest.fixture
def silent(serve: Serve) -> Stub:
    """Nobody may ask this one anything."""
    return serve(lambda got: None)


def why_not(stub: Stub, source: str, **changed: Any) -> tuple[CoverageState, Why | None]:
    seen = SOURCES[source].look(ask(**changed))
    assert stub.got == []
    assert seen.facts == ()
    assert seen.coverage.requests == 0
    assert seen.coverage.source == source
    return seen.coverage.state, seen.coverage.why


@pytest.mark.parametrize("source", [*DRIVE, *MAIL, *DIRECTORY, "sign_in_claims"])
def test_no_connection(silent: Stub, source: str) -> None:
    found = why_not(silent, source, connection="", credentials=None, granted=frozenset())
    assert found == (CoverageState.NOT_AVAILABLE, Why.NOT_CONNECTED)


@pytest.mark.parametrize("source", [*DRIVE, *MAIL, *DIRECTORY])
def test_a_look_that_was_never_asked_for(silent: Stub, source: str) -> None:
    found = why_not(silent, source, granted=frozenset(), asked=frozenset(), **AT_WORK)
    assert found == (CoverageState.REFUSED, Why.NOT_ASKED)


@pytest.mark.parametrize("source", [*DRIVE, *MAIL, *DIRECTORY])
def test_a_look_that_was_not_ticked(silent: Stub, source: str) -> None:
    found = why_not(silent, source, granted=frozenset(), **AT_WORK)
    assert found == (CoverageState.REFUSED, Why.UNTICKED)


@pytest.mark.parametrize(
    ("source", "other"),
    [
        ("drive_apps", scopes.DRIVE_METADATA),
        ("drive_public", scopes.DRIVE_APPDATA),
        ("drive_storage", scopes.DRIVE_APPS),
        ("gmail_settings", scopes.DRIVE_METADATA),
        ("directory_user", scopes.DIRECTORY_SECURITY),
        ("directory_apps", scopes.DIRECTORY_USER),
        ("reports_account", scopes.DIRECTORY_SECURITY),
        ("reports_apps", scopes.DIRECTORY_USER),
        ("drive_activity", scopes.DRIVE_METADATA),
        ("drive_incoming", scopes.DRIVE_ACTIVITY),
        ("calendar_sharing", scopes.CALENDAR_LIST),  # both are needed
        ("calendar_sharing", scopes.CALENDAR_ACLS),
    ],
)
def test_another_look_does_not_do(silent: Stub, source: str, other: str) -> None:
    assert why_not(silent, source, granted=frozenset({other}), **AT_WORK)[1] is Why.UNTICKED


@pytest.mark.parametrize("source", [*DRIVE, *MAIL])
def test_an_account_that_needs_reconnecting(silent: Stub, source: str) -> None:
    found = why_not(silent, source, credentials=None, named_people=EX)
    assert found == (CoverageState.FAILED, Why.NEEDS_RECONNECTING)


@pytest.mark.parametrize("source", DIRECTORY)
def test_a_personal_account_has_no_administrator(silent: Stub, source: str) -> None:
    found = why_not(silent, source, administrator=credentials())
    assert found == (CoverageState.NOT_AVAILABLE, Why.CONSUMER_ACCOUNT)


@pytest.mark.parametrize("source", DIRECTORY)
def test_at_work_an_administrator_look_is_asked_for_each_time(silent: Stub, source: str) -> None:
    found = why_not(silent, source, hosted_domain="shelter.test")
    assert found == (CoverageState.REFUSED, Why.NOT_ASKED)


@pytest.mark.parametrize("source", ["drive_named", "drive_incoming"])
@pytest.mark.parametrize("names", [(), ("", "  ")])
def test_nobody_named(silent: Stub, names: tuple[str, ...], source: str) -> None:
    found = why_not(silent, source, named_people=names)
    assert found == (CoverageState.NOT_AVAILABLE, Why.NOBODY_NAMED)


def test_a_personal_account_has_no_shared_drives(silent: Stub) -> None:
    found = why_not(silent, "drive_shared_drives")
    assert found == (CoverageState.NOT_AVAILABLE, Why.CONSUMER_ACCOUNT)


def test_where_two_permissions_are_needed_one_that_was_never_asked_for_is_not_called_un_ticked(silent: Stub) -> None:
    one = frozenset({scopes.CALENDAR_LIST})
    assert why_not(silent, "calendar_sharing", granted=one, asked=one) == (CoverageState.REFUSED, Why.NOT_ASKED)


def test_a_name_that_is_no_address_is_not_asked_about(silent: Stub) -> None:
    found = why_not(silent, "drive_named", named_people=("Bob", "x" * 400 + "@mail.test"))
    assert found == (CoverageState.NOT_AVAILABLE, Why.NOBODY_NAMED)


@pytest.mark.parametrize("source", [*DRIVE, *MAIL, *DIRECTORY])
def test_an_audit_that_was_stopped_asks_nothing(silent: Stub, source: str) -> None:
    found = why_not(silent, source, stopped=lambda: True, **AT_WORK)
    assert found == (CoverageState.FAILED, Why.STOPPED)


@pytest.mark.parametrize("scope", [scopes.DRIVE_METADATA, scopes.DRIVE_APPDATA])
def test_storage_is_read_with_either_look(google: Any, scope: str) -> None:
    assert google.look("drive_storage", granted=frozenset({scope})).coverage.complete


def test_an_administrator_look_uses_its_own_token_only(google: Any) -> None:
    """The Connection's own token is dead here, and nobody notices."""
    seen = google.look("directory_user", "sam@shelter.test", credentials=credentials(access_token="dead"))
    assert seen.coverage.complete
    assert seen.refreshed is None


def test_the_scopes_are_the_ones_the_calls_need() -> None:
    """Google's own description of each call names the scope that its source declares."""
    from audits.sources.google import documents

    accepted: dict[str, set[str]] = {}
    for api in vars(documents).values():
        if isinstance(api, documents.Api):
            accepted |= scopes_by_method(documents.document(api, ""))
    for source in SOURCES.values():
        for call in source.calls:
            if call.startswith("photospicker."):  # the one API without a document
                continue
            wanted = set(getattr(source, "scopes", ()))
            enough = wanted & accepted[call] if getattr(source, "all_scopes", False) else wanted <= accepted[call]
            assert enough, (source.name, call)
            assert wanted <= EVERY_SCOPE


def scopes_by_method(found: dict[str, Any]) -> dict[str, set[str]]:
    inner = {m["id"]: set(m.get("scopes", ())) for m in found.get("methods", {}).values()}
    for resource in found.get("resources", {}).values():
        inner |= scopes_by_method(resource)
    return inner
