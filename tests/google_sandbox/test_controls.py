"""The handles: putting back, editing, reading the log, and who may turn them."""

import pytest

from google_sandbox import ControlError, Sandbox, connect, start
from tests.google_sandbox.caller import ALEX, BIG, EX, MAYA, METADATA, NOOR, SAM, Caller

FILES = "/drive/v3/files"


def test_reset_forgets_everything(call: Caller) -> None:
    google = call.google
    pair = google.tokens(MAYA, (METADATA,))
    google.latency(1)
    google.shift_clock(1000)
    google.fault("*", 500)
    google.quota("drive", 0)
    google.remove_app(MAYA, "PicPolish")
    google.change_account(MAYA, amr=None)
    google.change_user(SAM, isEnrolledIn2Sv=True)
    google.reset()
    state = google.state()
    assert (state["latency_ms"], state["shifted"], state["faults"], state["quotas"]) == (0, 0, [], [])
    assert state["grants"] == []
    assert google.log().total == 0
    assert call.refresh(pair["refresh_token"]).status_code == 400
    call = Caller(google)
    assert call.json(MAYA, "/drive/v3/apps")["items"][0]["name"] == "PicPolish"
    assert call.json(SAM, f"/admin/directory/v1/users/{SAM}")["isEnrolledIn2Sv"] is False


def test_apps_come_and_go(call: Caller) -> None:
    def names() -> list[str]:
        return [app["name"] for app in call.json(MAYA, "/drive/v3/apps")["items"]]

    call.google.remove_app(MAYA, "PicPolish")
    assert "PicPolish" not in names()
    new = call.google.add_app(MAYA, "Newcomer", drive_wide=True)
    assert call.json(MAYA, f"/drive/v3/apps/{new}")["hasDriveWideScope"] is True
    with pytest.raises(ControlError, match="no app"):
        call.google.remove_app(MAYA, "PicPolish")


def test_files_change(call: Caller) -> None:
    query = "visibility='anyoneWithLink' and trashed=false"
    before = len(call.files(MAYA, query))
    call.google.change_file(MAYA, "Ferry.jpg", link=None)
    assert len(call.files(MAYA, query)) == before - 1
    same = call.files(MAYA, "name = 'Ferry.jpg'", fields="files(id,imageMediaMetadata/location)")
    assert "location" in same[0]["imageMediaMetadata"]
    call.google.change_file(MAYA, same[0]["id"], name="Boat.jpg", trashed=True)
    assert call.files(MAYA, "name = 'Boat.jpg' and trashed=true")[0]["id"] == same[0]["id"]
    added = call.google.add_file(MAYA, "Letter", shared={"ex": "reader"})
    assert added in {f["id"] for f in call.files(MAYA, f"'{EX}' in readers")}
    call.google.remove_file(MAYA, added)
    assert call.get(MAYA, f"{FILES}/{added}").status_code == 404


def test_one_of_many_generated_files_changes(call: Caller) -> None:
    query = "visibility='anyoneWithLink'"
    before = call.files(BIG, query)
    call.google.change_file(BIG, before[0]["id"], link=None)
    call.google.remove_file(BIG, before[1]["id"])
    after = call.files(BIG, query)
    assert len(after) == len(before) - 2
    kept = call.json(BIG, f"{FILES}/{before[0]['id']}", fields="name,shared")
    assert kept == {"name": before[0]["name"], "shared": False}
    assert call.get(BIG, f"{FILES}/{before[1]['id']}").status_code == 404


def test_the_workspace_changes(call: Caller) -> None:
    call.google.change_user(SAM, isEnrolledIn2Sv=True)
    call.google.remove_app_password(SAM, 1)
    call.google.add_app_password(SAM, "Another program")
    call.google.edit(NOOR, "add_token", clientId="odd", anonymous=True)
    base = "/admin/directory/v1/users"
    assert call.json(SAM, f"{base}/{SAM}")["isEnrolledIn2Sv"] is True
    assert [a["name"] for a in call.json(SAM, f"{base}/{SAM}/asps")["items"]] == [
        "Printer in the office",
        "Another program",
    ]
    assert call.json(SAM, f"{base}/{NOOR}/tokens/odd")["anonymous"] is True
    call.google.edit(NOOR, "remove_token", clientId="odd")
    assert call.get(SAM, f"{base}/{NOOR}/tokens/odd").status_code == 404


def test_storage_changes(call: Caller) -> None:
    call.google.change_storage(ALEX, usage=5_000_000_000)
    quota = call.json(ALEX, "/drive/v3/about", fields="storageQuota(usage,limit)")["storageQuota"]
    assert quota == {"usage": "5000000000", "limit": "16106127360"}


WRONG = [
    ("edit", {"account": "nobody@gmail.test", "do": "add_app", "with": {"name": "x"}}, "no account"),
    ("edit", {"account": MAYA, "do": "melt"}, "unknown edit"),
    ("edit", {"account": MAYA, "do": "change_file", "with": {"file": "none", "words": {}}}, "no file"),
    ("edit", {"account": MAYA, "do": "add_file", "with": {"name": "x", "type": "dragon"}}, "dragon"),
    (
        "edit",
        {"account": MAYA, "do": "add_file", "with": {"name": "x", "type": "doc", "shared": {"zoe": "reader"}}},
        "zoe",
    ),
    ("edit", {"account": MAYA, "do": "change_account", "with": {"sub": "1"}}, "unknown words"),
    ("edit", {"account": MAYA, "do": "change_user", "with": {}}, "no Workspace"),
    ("edit", {"account": MAYA}, "do"),
    ("latency", {"ms": -1}, "600000"),
    ("latency", {"ms": "soon"}, "'<="),
    ("clock", {"shift": 1e12}, "hundred years"),
    ("fault", {"match": "/x", "kind": "status", "status": 200}, "400 to 599"),
    ("fault", {"match": "/x", "kind": "empty", "colour": 1}, "unknown words"),
    ("token", {"account": "nobody@gmail.test", "scopes": []}, "account"),
    ("token", {"account": MAYA, "scopes": [], "client": "nobody"}, "nobody"),
    ("quota", {"api": "drive", "colour": 1}, "colour"),
    ("melt", {}, "no control"),
]


@pytest.mark.parametrize(("name", "body", "words"), WRONG)
def test_wrong_handles_say_what_is_wrong(google: Sandbox, name: str, body: dict[str, object], words: str) -> None:
    with pytest.raises(ControlError, match=words):
        google.control(name, **body)


def test_handles_take_json_only(call: Caller) -> None:
    """A form of another site cannot send this content type without asking first."""
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
        answer = call.send("POST", "/__sandbox__/reset", data=b"{}", headers={"Content-Type": kind})
        assert answer.status_code == 415
    for body in (b"[]", b"{", b"7"):
        answer = call.send("POST", "/__sandbox__/reset", data=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400


def test_the_log_keeps_no_secret(call: Caller) -> None:
    code = call.code(MAYA, state="secret-state", login_hint=MAYA)
    pair = call.exchange(code).json()
    call.send("GET", "/tokeninfo", params={"access_token": pair["access_token"]})
    call.send("GET", f"{FILES}?access_token={pair['access_token']}")
    text = str(call.google.log())
    for secret in (code, pair["access_token"], pair["id_token"], "secret-state"):
        assert secret not in text
    assert "…" in text


def test_the_log_tells_who_asked_what(call: Caller) -> None:
    call.get(MAYA, FILES, q="trashed=false", pageSize=3)
    entry = call.google.log().of("drive.files.list")[0]
    assert (entry["user"], entry["status"], entry["method"], entry["path"]) == (MAYA, 200, "GET", FILES)
    assert entry["query"] == {"q": "trashed=false", "pageSize": "3"}
    call.google.clear_log()
    assert call.google.log().requests == []


def test_the_state_shows_no_token(call: Caller) -> None:
    pair = call.google.tokens(MAYA, (METADATA,))
    state = call.google.state()
    assert state["grants"] == [{"account": MAYA, "project": "privacy-audit", "scopes": [METADATA]}]
    assert not any(token in str(state) for token in pair.values())
    assert "secret" not in str(state["clients"])


def test_handles_work_from_another_place() -> None:
    with start() as google:
        remote = connect(google.url)
        remote.latency(3)
        assert google.state()["latency_ms"] == 3
        assert remote.port == google.port


def test_two_sandboxes_do_not_share_anything() -> None:
    with start() as one, start() as two, Caller(two) as call:
        one.remove_app(MAYA, "PicPolish")
        one.change_user(SAM, isAdmin=False)
        assert len(call.json(MAYA, "/drive/v3/apps")["items"]) == 11
        assert call.json(SAM, f"/admin/directory/v1/users/{SAM}")["isAdmin"] is True
        assert call.send("GET", FILES, one.token(MAYA, (METADATA,))).status_code == 401


@pytest.mark.parametrize(
    ("form", "seen"),
    [
        ({"do": "latency", "ms": "25"}, "waits 25 ms"),
        ({"do": "shift", "hours": "2"}, "7200 seconds ahead"),
        ({"do": "fault", "spec": "drive.*=503"}, "drive.*: status 503"),
        ({"do": "remove_app", "account": ALEX, "app": "Sketchboard"}, "Apps on this Drive: 0"),
        ({"do": "close_link", "account": MAYA, "file": "Ferry.jpg"}, "Open to anyone: 12"),
        ({"do": "two_step", "account": SAM, "on": "yes"}, "Two-step sign-in of Sam is on"),
    ],
)
def test_the_page_for_people(call: Caller, form: dict[str, str], seen: str) -> None:
    done = call.send("POST", "/__sandbox__/", data=form, headers={"Origin": call.google.url})
    assert done.status_code == 303
    page = call.send("GET", "/__sandbox__/").text
    assert seen in page
    assert "<script" not in page
    call.send("POST", "/__sandbox__/", data={"do": "reset"})
    assert seen not in call.send("GET", "/__sandbox__/").text


def test_the_page_for_people_takes_back_a_grant_and_faults(call: Caller) -> None:
    call.google.token(MAYA, (METADATA,))
    call.google.fault("/x", 500)
    assert "allowed privacy-audit" in call.send("GET", "/__sandbox__/").text
    call.send("POST", "/__sandbox__/", data={"do": "revoke", "account": MAYA, "project": "privacy-audit"})
    call.send("POST", "/__sandbox__/", data={"do": "clear_faults"})
    page = call.send("GET", "/__sandbox__/").text
    assert "Nobody has allowed anything yet" in page
    assert "None." in page


def test_the_page_for_people_is_for_this_page_only(call: Caller) -> None:
    elsewhere = call.send("POST", "/__sandbox__/", data={"do": "reset"}, headers={"Origin": "https://evil.example"})
    assert elsewhere.status_code == 403
    for form in (
        {"do": "melt"},
        {"do": "latency", "ms": "soon"},
        {"do": "fault", "spec": "x"},
        {"do": "shift", "hours": "nan"},
    ):
        assert call.send("POST", "/__sandbox__/", data=form).status_code == 400
    assert "style-src" in call.send("GET", "/").headers["Content-Security-Policy"]
    assert call.send("GET", "/__sandbox__/style.css").headers["Content-Type"].startswith("text/css")
