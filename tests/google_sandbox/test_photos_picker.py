"""Choosing in Google Photos: sessions, the page for people, what was chosen, and every way it is refused."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from google_sandbox.discovery import document
from tests.google_sandbox.caller import ALEX, AUTH, MAYA, METADATA, NOOR, Caller
from tests.google_sandbox.schema import wrong_in

PHOTOS = (AUTH + "photospicker.mediaitems.readonly",)
DOCUMENT = document("photospicker.v1")


def ask(call: Caller, verb: str, path: str, account: str = MAYA, **more: Any) -> requests.Response:
    return call.send(verb, path, call.token(account, PHOTOS), **more)


def create(call: Caller, account: str = MAYA, **body: Any) -> dict[str, Any]:
    answer = ask(call, "POST", "/v1/sessions", account, json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def status(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"].get("status", "")


def items(call: Caller, session: str, **query: Any) -> requests.Response:
    return ask(call, "GET", "/v1/mediaItems", params={"sessionId": session, **query})


def test_a_session_from_its_beginning_to_its_end(call: Caller) -> None:
    made = create(call)
    assert made["pickerUri"].startswith(f"{call.google.url}/picker?session=")
    assert made["pollingConfig"]["pollInterval"] == "2.5s"
    assert 1700 < int(made["pollingConfig"]["timeoutIn"].rstrip("s")) <= 1800
    assert "mediaItemsSet" not in made
    path = f"/v1/sessions/{made['id']}"
    assert status(items(call, made["id"])) == (400, "FAILED_PRECONDITION")
    call.google.edit(MAYA, "choose_photos", photos=["PXL_kitchen.jpg", "PXL_bus.mp4"])
    now = ask(call, "GET", path).json()
    assert now["mediaItemsSet"] is True
    assert "pollingConfig" not in now
    listed = items(call, made["id"]).json()
    assert [item["type"] for item in listed["mediaItems"]] == ["PHOTO", "VIDEO"]
    camera = listed["mediaItems"][0]["mediaFile"]["mediaFileMetadata"]
    assert (camera["cameraMake"], camera["cameraModel"]) == ("Google", "Pixel 8")
    assert ask(call, "DELETE", path).json() == {}
    assert status(ask(call, "GET", path)) == (404, "NOT_FOUND")
    assert status(ask(call, "DELETE", path)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("account", [MAYA, ALEX])
def test_every_answer_has_the_published_shape(call: Caller, account: str) -> None:
    made = create(call, account)
    call.google.edit(account, "choose_photos")
    now = ask(call, "GET", f"/v1/sessions/{made['id']}", account).json()
    listed = ask(call, "GET", "/v1/mediaItems", account, params={"sessionId": made["id"]}).json()
    for answer, schema in ((made, "PickingSession"), (now, "PickingSession"), (listed, "ListMediaItemsResponse")):
        assert wrong_in(answer, {"$ref": schema}, DOCUMENT.schemas) == []


def test_without_the_permission_nothing_is_told(call: Caller) -> None:
    for scopes in ((METADATA,), ("openid",)):
        answer = call.send("POST", "/v1/sessions", call.token(MAYA, scopes), json={})
        assert status(answer) == (403, "PERMISSION_DENIED")
        assert f'scope="{PHOTOS[0]}"' in answer.headers["WWW-Authenticate"]
    assert call.send("POST", "/v1/sessions", json={}).status_code == 401


def test_an_account_without_google_photos(call: Caller) -> None:
    assert status(ask(call, "POST", "/v1/sessions", NOOR, json={})) == (400, "FAILED_PRECONDITION")


def test_a_session_belongs_to_its_account(call: Caller) -> None:
    made = create(call)
    assert ask(call, "GET", f"/v1/sessions/{made['id']}", ALEX).status_code == 404


def test_a_session_ends_by_the_clock(call: Caller) -> None:
    made = create(call)
    call.google.shift_clock(1000)
    assert ask(call, "GET", f"/v1/sessions/{made['id']}").json()["pollingConfig"]["timeoutIn"] <= "800s"
    call.google.shift_clock(801)
    assert ask(call, "GET", f"/v1/sessions/{made['id']}").status_code == 404
    assert requests.get(made["pickerUri"], timeout=10).status_code == 404


def test_pages_of_what_was_chosen(call: Caller) -> None:
    call.google.edit(MAYA, "add_photos", count=230, model="Pixel 8", make="Google")
    made = create(call)
    call.google.edit(MAYA, "choose_photos")
    found, token = [], None
    while True:
        page = items(call, made["id"], pageSize=500, **({"pageToken": token} if token else {})).json()
        found += page["mediaItems"]
        token = page.get("nextPageToken")
        if token is None:
            break
        assert len(page["mediaItems"]) == 100
    assert len({item["id"] for item in found}) == len(found) == 236
    assert items(call, made["id"], pageSize=-1).status_code == 400
    assert items(call, made["id"], pageToken="junk").status_code == 400


def test_a_mask_leaves_out_names_and_addresses(call: Caller) -> None:
    made = create(call)
    call.google.edit(MAYA, "choose_photos")
    mask = "nextPageToken,mediaItems(id,createTime,mediaFile(mediaFileMetadata(cameraModel)))"
    text = items(call, made["id"], fields=mask).text
    assert "Pixel 8" in text
    assert "baseUrl" not in text
    assert "kitchen" not in text
    assert items(call, made["id"], fields="mediaItems(colour)").status_code == 400


def test_people_choose_on_a_page_and_no_more_than_was_asked(call: Caller) -> None:
    made = create(call, pickingConfig={"maxItemCount": "1"})
    shown = requests.get(made["pickerUri"], timeout=10).text
    assert "PXL_kitchen.jpg" in shown
    assert "<b>Odd" not in shown
    done = requests.post(made["pickerUri"], data={"photo": ["2", "0", "x", "99"]}, timeout=10)
    assert "Done" in done.text
    assert [item["mediaFile"]["filename"] for item in items(call, made["id"]).json()["mediaItems"]] == [
        "PXL_kitchen.jpg"
    ]
    assert requests.get(made["pickerUri"], timeout=10).status_code == 404


def test_choosing_nothing_is_a_choice(call: Caller) -> None:
    made = create(call)
    requests.post(made["pickerUri"], timeout=10)
    assert items(call, made["id"]).json() == {}


@pytest.mark.parametrize("most", ["0", "-1", "many", "3000", "", None])
def test_a_number_that_is_none_is_refused(call: Caller, most: Any) -> None:
    assert ask(call, "POST", "/v1/sessions", json={"pickingConfig": {"maxItemCount": most}}).status_code == 400


def test_faults_and_the_log_know_the_methods_by_name(call: Caller) -> None:
    call.google.fault("photospicker.sessions.create", 429)
    assert ask(call, "POST", "/v1/sessions", json={}).status_code == 429
    assert [entry["status"] for entry in call.google.log().of("photospicker.sessions.create")] == [429]
