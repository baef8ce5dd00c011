"""Calendar, YouTube and Drive Activity as Google words them: what they answer, and what they refuse."""

from typing import Any

import pytest
import requests

from tests.google_sandbox.caller import ACTIVITY, ALEX, CALENDARS, MAYA, NOOR, RULES, SAM, YOUTUBE, Caller, reason

LIST = "/calendar/v3/users/me/calendarList"
HALF_YEAR = 'detail.action_detail_case:PERMISSION_CHANGE AND time >= "2001-01-01T00:00:00+00:00"'


def names(call: Caller, **query: Any) -> list[str]:
    return [calendar["summary"] for calendar in call.json(MAYA, LIST, **query)["items"]]


def test_hidden_calendars_and_those_of_others_are_listed_when_asked_for(call: Caller) -> None:
    assert names(call) == ["Maya Okafor", "Netball team", "Appointments", "Ada"]
    assert names(call, minAccessRole="owner") == ["Maya Okafor", "Netball team", "Appointments"]
    assert names(call, minAccessRole="owner", showHidden="true")[-1] == "Old plans"


def test_pages_of_calendars(call: Caller) -> None:
    first = call.json(MAYA, LIST, maxResults=3)
    last = call.json(MAYA, LIST, maxResults=3, pageToken=first["nextPageToken"])
    assert [len(first["items"]), len(last["items"])] == [3, 1]
    assert "nextSyncToken" in last
    assert "nextSyncToken" not in first
    assert reason(call.get(MAYA, LIST, pageToken=first["nextPageToken"], showHidden="true")) == "invalid"


def test_a_sync_token_is_too_old(call: Caller) -> None:
    answer = call.get(MAYA, LIST, syncToken="x")
    assert (answer.status_code, reason(answer)) == (410, "fullSyncRequired")


def test_rules_of_the_main_calendar_begin_with_its_owner(call: Caller) -> None:
    rules = call.json(MAYA, "/calendar/v3/calendars/primary/acl")["items"]
    assert [rule["id"] for rule in rules] == [f"user:{MAYA}", "user:j.marsh@mail.test", "user:ada.okafor@gmail.test"]
    assert rules[1]["scope"] == {"type": "user", "value": "j.marsh@mail.test"}


def test_a_public_calendar_has_a_rule_without_an_address(call: Caller) -> None:
    call.google.share_calendar(ALEX, ALEX, "reader")
    rule = call.json(ALEX, "/calendar/v3/calendars/primary/acl")["items"][-1]
    assert (rule["id"], rule["scope"], rule["role"]) == ("default", {"type": "default"}, "reader")
    call.google.unshare_calendar(ALEX, ALEX)
    assert len(call.json(ALEX, "/calendar/v3/calendars/primary/acl")["items"]) == 1


def test_rules_of_a_calendar_that_one_only_reads_or_does_not_know(call: Caller) -> None:
    calendars = call.json(MAYA, LIST)["items"]
    adas = next(one["id"] for one in calendars if one["summary"] == "Ada")
    assert call.get(MAYA, f"/calendar/v3/calendars/{adas}/acl").status_code == 403
    assert call.get(ALEX, f"/calendar/v3/calendars/{adas}/acl").status_code == 404


def test_an_account_that_does_not_use_the_calendar(call: Caller) -> None:
    call.google.leave_calendar(ALEX)
    answer = call.get(ALEX, LIST)
    assert (answer.status_code, reason(answer)) == (403, "notACalendarUser")


@pytest.mark.parametrize(
    ("path", "scope"),
    [(LIST, RULES), ("/calendar/v3/calendars/primary/acl", CALENDARS), ("/youtube/v3/channels?part=id", CALENDARS)],
)
def test_each_call_wants_its_own_scope(call: Caller, path: str, scope: str) -> None:
    answer = call.get(MAYA, path, scopes=(scope,))
    assert (answer.status_code, reason(answer)) == (403, "insufficientPermissions")
    assert scope not in answer.headers["WWW-Authenticate"]


def test_only_the_parts_that_were_asked_for_are_shown(call: Caller) -> None:
    [channel] = call.json(MAYA, "/youtube/v3/channels", mine=True, part="id,statistics")["items"]
    assert set(channel) == {"kind", "etag", "id", "statistics"}
    assert channel["statistics"]["videoCount"] == "1"
    answer = call.get(MAYA, "/youtube/v3/channels", mine=True, part="secrets")
    assert (answer.status_code, reason(answer)) == (400, "unknownPart")


def test_no_channel_no_items(call: Caller) -> None:
    answer = call.json(ALEX, "/youtube/v3/channels", mine=True, part="id")
    assert "items" not in answer
    assert answer["pageInfo"]["totalResults"] == 0
    assert reason(call.get(ALEX, "/youtube/v3/playlists", mine=True, part="id")) == "channelNotFound"


def test_a_channel_without_uploads_has_no_such_list(call: Caller) -> None:
    call.google.change_channel(ALEX, videos=[])
    [channel] = call.json(ALEX, "/youtube/v3/channels", mine=True, part="contentDetails")["items"]
    uploads = channel["contentDetails"]["relatedPlaylists"]["uploads"]
    answer = call.get(ALEX, "/youtube/v3/playlistItems", playlistId=uploads, part="id")
    assert (answer.status_code, reason(answer)) == (404, "playlistNotFound")
    call.google.change_channel(ALEX)
    assert "items" not in call.json(ALEX, "/youtube/v3/channels", mine=True, part="id")


def test_videos_of_others_are_left_out(call: Caller) -> None:
    assert call.json(ALEX, "/youtube/v3/videos", id="abc,def", part="id")["items"] == []
    too_many = ",".join(f"v{n}" for n in range(51))
    assert call.get(MAYA, "/youtube/v3/videos", id=too_many, part="id").status_code == 400


def query(call: Caller, account: str = MAYA, scope: str = ACTIVITY, **body: Any) -> requests.Response:
    return call.send("POST", "/v2/activity:query", call.token(account, (scope,)), json=body)


def test_the_record_is_newest_first_and_in_pages(call: Caller) -> None:
    first = query(call, filter=HALF_YEAR, pageSize=4).json()
    last = query(call, filter=HALF_YEAR, pageSize=4, pageToken=first["nextPageToken"]).json()
    found = [*first["activities"], *last["activities"]]
    assert len(found) == 7
    assert sorted((one["timestamp"] for one in found), reverse=True) == [one["timestamp"] for one in found]
    assert "nextPageToken" not in last


def test_people_are_numbers_in_the_record(call: Caller) -> None:
    text = query(call, filter=HALF_YEAR, pageSize=50).text
    assert "j.marsh@mail.test" not in text
    assert '"personName": "people/' in text
    assert '"isCurrentUser": true' in text


def test_nothing_to_tell_is_an_answer_without_a_list(call: Caller) -> None:
    assert query(call, NOOR, filter=HALF_YEAR).json() == {}
    assert query(call, filter="detail.action_detail_case:RENAME").json() == {}
    assert query(call, filter="detail.action_detail_case:(RENAME PERMISSION_CHANGE)").json()["activities"]
    assert query(call, filter="time >= 4102444800000").json() == {}


@pytest.mark.parametrize(
    "body",
    [
        {"filter": "colour:red"},
        {"filter": 'time < "2026-01-01T00:00:00Z"'},
        {"filter": 'time >= "yesterday"'},
        {"ancestorName": "items/other"},
        {"itemName": "items/x"},
    ],
)
def test_a_question_that_is_not_understood(call: Caller, body: Any) -> None:
    answer = query(call, **body)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("body", ["[]", "{", '"x"'])
def test_a_body_that_is_no_object(call: Caller, body: str) -> None:
    answer = call.send("POST", "/v2/activity:query", call.token(MAYA, (ACTIVITY,)), data=body)
    assert answer.status_code == 400


def test_the_record_wants_its_own_scope(call: Caller) -> None:
    assert reason(query(call, scope=YOUTUBE)) == "insufficientPermissions"


def test_the_members_of_a_shared_drive(call: Caller) -> None:
    more = {"corpora": "allDrives", "includeItemsFromAllDrives": True, "supportsAllDrives": True}
    files = call.json(SAM, "/drive/v3/files", fields="files(driveId)", **more)["files"]
    drive = next(file["driveId"] for file in files if "driveId" in file)
    path = f"/drive/v3/files/{drive}/permissions"
    members = call.json(SAM, path, supportsAllDrives=True, fields="*")["permissions"]
    assert {one["emailAddress"] for one in members} == {SAM, NOOR, "auditor@accounts.test"}
    assert call.get(SAM, path).status_code == 404
