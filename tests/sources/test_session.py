"""A token that runs out on the way, one that is dead, and where tokens go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from audits.facts import CoverageState, Why
from audits.sources.google import drive_storage
from tests.sources.conftest import NOW, TOKEN, ask, credentials
from tests.sources.stub import Answering, Got, Stub, reply

Serve = Callable[[Answering], Stub]
STORAGE = {"kind": "drive#about", "storageQuota": {"usage": "10", "usageInDrive": "4"}}
DEAD = reply({"error": {"code": 401, "errors": [{"reason": "authError"}]}}, 401)


def google(*, alive: str, refreshed: bytes | None = None) -> Answering:
    """Accepts one access token; refreshing gives `fresh`."""

    def answer(got: Got) -> bytes | None:
        if got.path == "/token":
            return refreshed or reply({"access_token": "fresh", "expires_in": 3599})
        return reply(STORAGE) if got.headers["authorization"] == f"Bearer {alive}" else DEAD

    return answer


def test_a_live_token_is_used_as_it_is(serve: Serve) -> None:
    stub = serve(google(alive=TOKEN))
    seen = drive_storage.SOURCE.look(ask())
    assert seen.coverage.complete
    assert seen.refreshed is None
    assert seen.coverage.requests == len(stub.got) == 1


def test_a_refused_token_is_renewed_once_and_handed_back(serve: Serve) -> None:
    stub = serve(google(alive="fresh"))
    seen = drive_storage.SOURCE.look(ask())
    assert seen.coverage.complete
    assert seen.refreshed is not None
    assert (seen.refreshed.access_token, seen.refreshed.expires_at) == ("fresh", NOW + timedelta(seconds=3599))
    assert stub.paths == ["/drive/v3/about", "/token", "/drive/v3/about"]
    assert seen.coverage.requests == 3


@pytest.mark.parametrize("left", [timedelta(0), timedelta(seconds=5), timedelta(days=-3)])
def test_a_token_that_has_run_out_is_renewed_first(serve: Serve, left: timedelta) -> None:
    stub = serve(google(alive="fresh"))
    seen = drive_storage.SOURCE.look(ask(credentials=credentials(expires_at=NOW + left)))
    assert seen.coverage.complete
    assert stub.paths == ["/token", "/drive/v3/about"]


def test_no_access_token_yet(serve: Serve) -> None:
    stub = serve(google(alive="fresh"))
    assert drive_storage.SOURCE.look(ask(credentials=credentials(access_token="", expires_at=None))).coverage.complete
    assert stub.paths == ["/token", "/drive/v3/about"]


def test_a_token_refused_again_after_renewing_needs_reconnecting(serve: Serve) -> None:
    stub = serve(google(alive="nobody's"))
    seen = drive_storage.SOURCE.look(ask())
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.FAILED, Why.NEEDS_RECONNECTING)
    assert stub.paths == ["/drive/v3/about", "/token", "/drive/v3/about"]


def test_a_dead_grant_needs_reconnecting_and_is_not_asked_again(serve: Serve) -> None:
    stub = serve(google(alive="fresh", refreshed=reply({"error": "invalid_grant"}, 400)))
    seen = drive_storage.SOURCE.look(ask())
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.FAILED, Why.NEEDS_RECONNECTING)
    assert seen.coverage.detail == "400 invalid_grant"
    assert stub.paths == ["/drive/v3/about", "/token"]


def test_a_refresh_that_is_down_for_a_moment_heals(serve: Serve) -> None:
    answers = iter([reply(b"", 503), reply({"access_token": "fresh", "expires_in": 3599})])
    serve(lambda got: next(answers) if got.path == "/token" else google(alive="fresh")(got))
    assert drive_storage.SOURCE.look(ask()).coverage.complete


def test_a_refresh_that_stays_down_is_googles_error_and_not_a_dead_grant(serve: Serve) -> None:
    serve(google(alive="fresh", refreshed=reply(b"", 500)))
    seen = drive_storage.SOURCE.look(ask())
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.FAILED, Why.GOOGLE_ERROR)


def test_without_a_refresh_token_a_refused_one_needs_reconnecting(serve: Serve) -> None:
    stub = serve(google(alive="fresh"))
    seen = drive_storage.SOURCE.look(ask(credentials=credentials(refresh_token="")))
    assert seen.coverage.why is Why.NEEDS_RECONNECTING
    assert stub.paths == ["/drive/v3/about"]


def test_no_token_at_all_asks_nothing(serve: Serve) -> None:
    stub = serve(google(alive="fresh"))
    seen = drive_storage.SOURCE.look(ask(credentials=credentials(access_token="", refresh_token="")))
    assert seen.coverage.why is Why.NEEDS_RECONNECTING
    assert stub.got == []


def test_a_token_that_runs_out_in_the_middle_is_renewed(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two calls of one look, an hour between them."""
    from audits.sources.google import call
    from audits.sources.google.documents import DRIVE, service
    from audits.sources.google.session import Session

    stub = serve(lambda got: reply(STORAGE) if got.path != "/token" else reply({"access_token": "f", "expires_in": 9}))
    clock = [NOW]
    with Session(credentials(), now=lambda: clock[0], stopped=lambda: False) as session:
        about = service(DRIVE, stub.url).about().get(fields="kind")
        call.fetch(session, about, "drive#about")
        clock[0] += timedelta(hours=2)
        call.fetch(session, about, "drive#about")
    assert [got.headers.get("authorization") for got in stub.got] == [f"Bearer {TOKEN}", None, "Bearer f"]


def test_the_token_endpoint_gets_no_access_token_and_the_api_no_secret(serve: Serve) -> None:
    stub = serve(google(alive="fresh"))
    drive_storage.SOURCE.look(ask())
    for got in stub.got:
        assert ("authorization" in got.headers) == (got.path != "/token")
        assert (b"secret" in got.body) == (got.path == "/token")


def test_a_redirect_takes_no_token_elsewhere(serve: Serve) -> None:
    with Stub(lambda got: reply(STORAGE)) as elsewhere:
        serve(lambda got: reply(b"", 302, {"Location": f"{elsewhere.url}/drive/v3/about"}))
        seen = drive_storage.SOURCE.look(ask())
        assert (seen.coverage.state, seen.coverage.why) == (CoverageState.FAILED, Why.UNREADABLE)
        assert elsewhere.got == []
