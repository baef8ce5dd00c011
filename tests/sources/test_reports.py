"""The organisation's log: what is taken from it, what is left out, and that it is only ever about who asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from audits.facts import AccountEvent, CoverageState, Why
from audits.sources.google import reports
from audits.sources.registry import SOURCES
from tests.sources.conftest import NOW, Google, ask, credentials
from tests.sources.stub import Answering, Got, Stub, reply

Serve = Callable[[Answering], Stub]
SAM = "sam@shelter.test"
ADMINISTRATOR = [name for name, source in SOURCES.items() if getattr(source, "administrator", False)]
EVERYTHING = "2026-05-27T09:00:00.000Z"  # 180 days before NOW


def entry(*events: dict[str, Any], time: str = "2026-11-03T10:00:00.000Z", actor: str = "alice@gmail.test") -> Any:
    return {"id": {"time": time}, "actor": {"email": actor}, "events": [*events]}


def answering(*entries: Any, of: str = "login") -> Answering:
    def answer(got: Got) -> bytes:
        items = [*entries] if f"/applications/{of}" in got.path else []
        return reply({"kind": "admin#reports#activities", **({"items": items} if items else {})})

    return answer


def look(source: str = "reports_account", **changed: Any) -> Any:
    return SOURCES[source].look(
        ask(hosted_domain="shelter.test", administrator=credentials(refresh_token=""), **changed)
    )


def events(seen: Any) -> list[str]:
    return [fact.what for fact in seen.facts if isinstance(fact, AccountEvent)]


def test_sams_log_without_what_happens_every_day_and_nothing_twice(google: Google) -> None:
    seen = google.look("reports_account", SAM)
    assert seen.coverage.complete
    assert sorted(events(seen)) == [
        "2sv_disable",
        "login_success",
        "password_edit",
        "recovery_email_edit",
        "spare_key_lent_out",
        "suspicious_login",
    ]
    assert google.asked("reports.activities.list") == 2


def test_sams_apps_with_names_as_data_and_no_account_of_what_they_do(google: Google) -> None:
    seen = google.look("reports_apps", SAM)
    assert {(fact.what, fact.name) for fact in seen.facts if isinstance(fact, AccountEvent)} == {
        ("authorize", "Rota Planner"),
        ("authorize", "<img src=x onerror=alert(1)>"),
    }


def test_our_own_visits_are_left_out(google: Google) -> None:
    ours = {"client_id": google.client.id, "app_name": "Privacy Audit"}
    google.sandbox.add_event(SAM, "token", "authorize", parameters=ours)
    assert len(google.look("reports_apps", SAM).facts) == 2


def test_what_is_asked(serve: Serve) -> None:
    stub = serve(answering())
    look()
    [first, second] = stub.got
    assert first.path == "/admin/reports/v1/activity/users/alice%40gmail.test/applications/login"
    assert second.path.endswith("/applications/user_accounts")
    assert first.query["startTime"] == [EVERYTHING]
    assert first.query["maxResults"] == ["1000"]
    assert "ipAddress" not in first.query["fields"][0]


@pytest.mark.parametrize("status", [401, 403])
def test_a_role_that_is_missing_is_no_dead_token(serve: Serve, status: int) -> None:
    word = "authError" if status == 401 else "forbidden"
    body = {"error": {"code": status, "message": "Access denied.", "errors": [{"reason": word}]}}
    serve(lambda got: reply(body, status))
    found = look().coverage
    assert (found.state, found.why) == (CoverageState.NOT_AVAILABLE, Why.NOT_ADMINISTRATOR)


def test_an_empty_log_is_whole_and_empty(serve: Serve) -> None:
    serve(answering())
    seen = look()
    assert seen.coverage.complete
    assert seen.facts == ()


def test_an_entry_of_somebody_else_is_not_taken(serve: Serve) -> None:
    mine, other = entry({"name": "2sv_disable"}), entry({"name": "password_edit"}, actor="noor@shelter.test")
    serve(answering(mine, other))
    seen = look()
    assert events(seen) == ["2sv_disable"]
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)


def test_a_new_kind_of_event_is_kept_under_its_own_name(serve: Serve) -> None:
    serve(answering(entry({"name": "something_of_next_year"})))
    assert events(look()) == ["something_of_next_year"]


@pytest.mark.parametrize(
    ("marked", "kept"), [(True, ["login_success"]), (False, []), (None, []), ("true", []), (1, [])]
)
def test_a_sign_in_is_kept_only_when_google_marked_it(serve: Serve, marked: Any, kept: list[str]) -> None:
    said = {"name": "is_suspicious"} if marked is None else {"name": "is_suspicious", "boolValue": marked}
    serve(answering(entry({"name": "login_success", "parameters": [said]})))
    assert events(look()) == kept


@pytest.mark.parametrize(("apart", "count"), [(0, 1), (59, 1), (120, 2)])
def test_one_change_in_two_logs_is_one_and_two_changes_are_two(serve: Serve, apart: int, count: int) -> None:
    at = NOW - timedelta(days=3)

    def answer(got: Got) -> bytes:
        seconds = apart if got.path.endswith("user_accounts") else 0
        time = (at + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return reply({"kind": "reports#activities", "items": [entry({"name": "2sv_disable"}, time=time)]})

    serve(answer)
    assert events(look()) == ["2sv_disable"] * count


def test_where_mail_is_sent_on_to_is_named_and_tidied(serve: Serve) -> None:
    to = {"name": "email_forwarding_destination_address", "value": "\u202eex@mail.test\x00"}
    serve(answering(entry({"name": "email_forwarding_out_of_domain", "parameters": [to]})))
    assert [fact.name for fact in look().facts] == ["ex@mail.test"]


def test_an_app_without_an_id_is_missing_and_said_to_be(serve: Serve) -> None:
    named = {"name": "authorize", "parameters": [{"name": "app_name", "value": "App"}]}
    serve(answering(entry(named), of="token"))
    seen = look("reports_apps")
    assert seen.facts == ()
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)


def test_pages_are_read_to_the_end_and_not_without_end(
    google: Google, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "PAGE_SIZE", 2)
    whole = google.look("reports_account", SAM)
    assert whole.coverage.complete
    assert len(events(whole)) == 6
    assert google.asked("reports.activities.list") == 6
    google.sandbox.fault("reports.activities.list", "loop")
    assert google.look("reports_account", SAM).coverage.why is Why.UNREADABLE

    monkeypatch.setattr(reports, "MOST_PAGES", 3)
    google.sandbox.clear_faults()
    short = google.look("reports_account", SAM)
    assert (short.coverage.state, short.coverage.why) == (CoverageState.PARTIAL, Why.TOO_MANY)


@pytest.mark.parametrize("source", ADMINISTRATOR)
@pytest.mark.parametrize("address", ["", "all", "me", "112233445566778899002"])
def test_no_call_is_made_for_anything_but_an_address(serve: Serve, source: str, address: str) -> None:
    stub = serve(lambda got: None)
    seen = look(source, email=address)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.FAILED, Why.NOT_FOUND)
    assert stub.got == []


@pytest.mark.parametrize("source", ADMINISTRATOR)
def test_every_call_names_who_asked(google: Google, source: str) -> None:
    google.look(source, SAM)
    asked = [request["path"] for request in google.sandbox.log().requests if "/admin/" in request["path"]]
    assert asked
    assert all(f"/users/{SAM}" in path.replace("%40", "@") for path in asked)
