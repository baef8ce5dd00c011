"""Each kind of fault, seen at the socket; and when it strikes."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from google_sandbox import ControlError, Fault, Sandbox, start
from google_sandbox.faults import parse_rule
from tests.google_sandbox.caller import ALEX, MAYA, METADATA, NOOR, SAM, Caller, reason
from tests.google_sandbox.wire import exchange, once, open_connection, request

LIST = "drive.files.list"
FILES = "/drive/v3/files?pageSize=2"


@pytest.fixture
def raw(google: Sandbox) -> bytes:
    return request(FILES, google.token(MAYA, [METADATA]))


STATUSES = [
    (400, "", "badRequest"),
    (401, "", "authError"),
    (403, "", "insufficientPermissions"),
    (403, "rateLimitExceeded", "rateLimitExceeded"),
    (403, "userRateLimitExceeded", "userRateLimitExceeded"),
    (403, "domainPolicy", "domainPolicy"),
    (403, "accessNotConfigured", "accessNotConfigured"),
    (404, "", "notFound"),
    (429, "", "rateLimitExceeded"),
    (500, "", "internalError"),
    (502, "", "backendError"),
    (503, "", "backendError"),
    (503, "quotaExceeded", "quotaExceeded"),
]


@pytest.mark.parametrize(("status", "asked", "given"), STATUSES)
def test_statuses_come_in_googles_shape(call: Caller, status: int, asked: str, given: str) -> None:
    call.google.fault(LIST, status, asked)
    answer = call.get(MAYA, FILES)
    assert (answer.status_code, reason(answer)) == (status, given)
    assert answer.json()["error"]["code"] == status
    assert call.json(MAYA, "/drive/v3/apps")["items"]


def test_retry_after(call: Caller) -> None:
    call.google.fault(LIST, 429, retry_after=7)
    assert call.get(MAYA, FILES).headers["Retry-After"] == "7"


def test_the_token_endpoint_fails_in_its_own_shape(call: Caller) -> None:
    token = call.google.tokens(MAYA, (METADATA,))["refresh_token"]
    call.google.fault("/token", 400, "admin_policy_enforced", first=1)
    assert call.refresh(token).json()["error"] == "admin_policy_enforced"
    call.google.fault("/token", 400, first=1)
    assert call.refresh(token).json()["error"] == "invalid_grant"
    call.google.fault("/token", 503, first=1)
    assert call.refresh(token).status_code == 503
    call.google.fault("/revoke", 500)
    assert call.send("POST", "/revoke", data={"token": token}).status_code == 500
    assert call.refresh(token).status_code == 200


def test_truncated(google: Sandbox, raw: bytes) -> None:
    """All that was promised arrives: only the JSON in it ends too soon."""
    google.fault(LIST, "truncated")
    answer = once(google, raw)
    assert (answer.status, answer.ended, answer.whole) == (200, "kept", True)
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.body)


def test_cut(google: Sandbox, raw: bytes) -> None:
    """Less arrives than was promised."""
    google.fault(LIST, "cut")
    answer = once(google, raw)
    assert (answer.status, answer.ended, answer.whole) == (200, "closed", False)
    assert 0 < len(answer.body) < int(answer.headers["content-length"])


def test_empty(google: Sandbox, raw: bytes) -> None:
    google.fault(LIST, "empty")
    answer = once(google, raw)
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "0", b"")


def test_reset(google: Sandbox, raw: bytes) -> None:
    google.fault(LIST, "reset", first=1)
    answer = once(google, raw)
    assert (answer.status, answer.ended, answer.body) == (None, "reset", b"")
    assert once(google, raw).status == 200


def test_reset_on_a_connection_that_was_good_before(google: Sandbox, raw: bytes) -> None:
    google.fault(LIST, "reset", nth=2)
    with open_connection(google) as connection:
        assert exchange(connection, raw).status == 200
        assert exchange(connection, raw).ended == "reset"


def test_hang_until_released(google: Sandbox, raw: bytes) -> None:
    google.fault(LIST, "hang")
    with ThreadPoolExecutor(1) as pool, open_connection(google, timeout=0.15) as impatient:
        with pytest.raises(TimeoutError):
            exchange(impatient, raw)
        waiting = pool.submit(once, google, raw)
        google.wait_for_hanging(2)
        google.release()
        assert waiting.result(timeout=5).status == 200
    assert google.state()["hanging"] == 0


def test_hang_for_a_while(google: Sandbox, raw: bytes) -> None:
    google.fault(LIST, "hang", seconds=0.05)
    assert once(google, raw).status == 200
    assert google.log().requests[-1]["seconds"] >= 0.05


def test_stopping_lets_go_of_what_hangs() -> None:
    with ThreadPoolExecutor(1) as pool:
        with start(faults=["/drive/*=hang"]) as google:
            waiting = pool.submit(once, google, request(FILES))
            google.wait_for_hanging()
        assert waiting.result(timeout=5).ended in ("closed", "reset", "kept")


@pytest.mark.parametrize(("kind", "type_"), [("list", list), ("string", str)])
def test_not_an_object(google: Sandbox, raw: bytes, kind: str, type_: type) -> None:
    google.fault(LIST, kind)
    assert type(json.loads(once(google, raw).body)) is type_


def test_wrong_types(call: Caller) -> None:
    """An object of the right kind in which nothing has its type."""
    call.google.fault(LIST, "wrong_types")
    answer = call.json(MAYA, FILES, fields="kind,incompleteSearch,nextPageToken,files(id,shared,owners)")
    assert answer["kind"] == "drive#fileList"
    assert isinstance(answer["nextPageToken"], int)
    assert isinstance(answer["incompleteSearch"], list)
    assert not isinstance(answer["files"][0], dict)
    call.google.fault("drive.about.get", "wrong_types")
    assert isinstance(call.json(MAYA, "/drive/v3/about?fields=storageQuota")["storageQuota"], list)


def test_no_kind(call: Caller) -> None:
    call.google.fault(LIST, "no_kind")
    answer = call.json(MAYA, FILES)
    assert "kind" not in answer
    assert len(answer["files"]) == 2


def test_incomplete(call: Caller) -> None:
    assert call.json(MAYA, FILES)["incompleteSearch"] is False
    call.google.fault(LIST, "incomplete")
    assert call.json(MAYA, FILES)["incompleteSearch"] is True


def test_a_page_token_that_leads_in_a_circle(call: Caller) -> None:
    call.google.fault(LIST, "loop")
    first = call.json(MAYA, FILES)
    second = call.json(MAYA, FILES, pageToken=first["nextPageToken"])
    assert second == first


def test_changes_can_circle_too(call: Caller) -> None:
    start_token = call.json(MAYA, "/drive/v3/changes/startPageToken")["startPageToken"]
    call.google.fault("drive.changes.list", "loop")
    answer = call.json(MAYA, "/drive/v3/changes", pageToken=start_token)
    assert answer["nextPageToken"] == start_token
    assert "newStartPageToken" not in answer


def test_body_faults_leave_errors_alone(call: Caller) -> None:
    for kind in ("truncated", "list", "wrong_types", "cut"):
        call.google.fault(LIST, kind)
    assert call.get(MAYA, FILES, q="nonsense").json()["error"]["code"] == 400


def statuses(call: Caller, count: int, account: str = MAYA) -> list[int]:
    return [call.get(account, FILES).status_code for _ in range(count)]


def test_the_first_few(call: Caller) -> None:
    call.google.fault(LIST, 503, first=2)
    assert statuses(call, 4) == [503, 503, 200, 200]


def test_the_nth(call: Caller) -> None:
    call.google.fault(LIST, 503, nth=3)
    assert statuses(call, 4) == [200, 200, 503, 200]


def test_at_a_rate_with_a_seed() -> None:
    def run(seed: int) -> list[int]:
        with start(seed=seed, faults=["drive.files.list=500,rate=0.3"]) as google, Caller(google) as call:
            return statuses(call, 60)

    once_more = run(7)
    assert once_more == run(7)
    assert once_more != run(8)
    assert 5 < once_more.count(500) < 32


def test_for_one_person_only(call: Caller) -> None:
    call.google.fault(LIST, 500, user=ALEX)
    assert statuses(call, 1, MAYA) == [200]
    assert statuses(call, 1, ALEX) == [500]


def test_by_path_by_method_and_not_beyond(call: Caller) -> None:
    call.google.fault("/admin/*", 500)
    call.google.fault("drive.permissions.*", 500)
    assert call.get(SAM, f"/admin/directory/v1/users/{NOOR}").status_code == 500
    file = call.files(MAYA)[0]["id"]
    assert call.get(MAYA, f"/drive/v3/files/{file}/permissions").status_code == 500
    assert call.get(MAYA, f"/drive/v3/files/{file}").status_code == 200


def test_faults_can_be_taken_away(call: Caller) -> None:
    first = call.google.fault(LIST, 500)
    second = call.google.fault(LIST, 503)
    assert statuses(call, 1) == [500]
    call.google.clear_faults(first)
    assert statuses(call, 1) == [503]
    assert [fault["id"] for fault in call.google.state()["faults"]] == [second]
    call.google.clear_faults()
    assert statuses(call, 1) == [200]


def test_the_log_says_which_fault_struck(call: Caller) -> None:
    call.google.fault(LIST, "truncated", first=1)
    statuses(call, 2)
    assert [entry["fault"] for entry in call.google.log().of(LIST)] == ["truncated", None]


WRITTEN = [
    ("drive.files.list=503", Fault("drive.files.list", "status", 503)),
    ("/x*=403:rateLimitExceeded,first=2", Fault("/x*", "status", 403, "rateLimitExceeded", first=2)),
    ("/x=hang,seconds=0.5,user=a@b.test", Fault("/x", "hang", seconds=0.5, user="a@b.test")),
    ("/x=truncated,rate=0.25", Fault("/x", "truncated", rate=0.25)),
    ("/x=429,nth=3,retry_after=9", Fault("/x", "status", 429, nth=3, retry_after=9)),
]


@pytest.mark.parametrize(("text", "rule"), WRITTEN)
def test_written_rules(text: str, rule: Fault) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    "text", ["", "/x", "/x=", "/x=melt", "/x=200", "/x=999", "/x=503,when=now", "/x=503,first=two"]
)
def test_unreadable_rules(google: Sandbox, text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_rule(text)
    with pytest.raises(ControlError):
        google.control("fault", spec=text)


def test_a_fault_before_the_exchange_does_not_burn_the_code(call: Caller) -> None:
    code = call.code(MAYA)
    call.google.fault("/token", 503, first=1)
    assert call.exchange(code).status_code == 503
    assert call.exchange(code).status_code == 200


def test_waiting_for_what_never_hangs(google: Sandbox) -> None:
    with pytest.raises(TimeoutError):
        google.wait_for_hanging(1, seconds=0.01)
