"""Every answer of every API method, for every persona, against the discovery documents Google publishes."""

from typing import Any
from urllib.parse import quote

import pytest

from google_sandbox.api.registry import APIS
from google_sandbox.discovery import Document, document
from google_sandbox.personas import load
from tests.google_sandbox.caller import ALEX, BIG, MAYA, NOOR, PERSONAS, SAM, Caller
from tests.google_sandbox.schema import wrong_in

DRIVE = document("drive.v3")
DIRECTORY = document("admin.directory_v1")
REPORTS = document("admin.reports_v1")
USERINFO = document("oauth2.v2")
CALENDAR = document("calendar.v3")
YOUTUBE = document("youtube.v3")
ACTIVITY = document("driveactivity.v2")
PLAYED = {method for api in APIS for method in api.endpoints}


def check(seen: set[str], published: Document, method: str, answer: Any) -> None:
    seen.add(method)
    schema = {"$ref": published.methods[method].schema}
    assert wrong_in(answer, schema, published.schemas) == []


@pytest.mark.parametrize("account", PERSONAS)
def test_drive(call: Caller, account: str) -> None:
    seen: set[str] = set()
    whole = {"fields": "*"}
    check(seen, DRIVE, "drive.about.get", call.json(account, "/drive/v3/about", **whole))
    apps = call.json(account, "/drive/v3/apps")
    check(seen, DRIVE, "drive.apps.list", apps)
    for app in apps["items"]:
        check(seen, DRIVE, "drive.apps.get", call.json(account, f"/drive/v3/apps/{app['id']}"))
    files = one_of_each(call, account, seen)
    for file in files:
        path = f"/drive/v3/files/{file['id']}"
        check(seen, DRIVE, "drive.files.get", call.json(account, path, **whole))
        if "permissions" in file:
            listed = call.json(account, f"{path}/permissions", **whole)
            check(seen, DRIVE, "drive.permissions.list", listed)
            one = f"{path}/permissions/{file['permissions'][0]['id']}"
            check(seen, DRIVE, "drive.permissions.get", call.json(account, one, **whole))
    call.google.add_file(account, "New", type="photo", link="reader", gps=[1.5, 2.5])
    call.google.remove_file(account, files[0]["id"])
    start = call.json(account, "/drive/v3/changes/startPageToken")
    check(seen, DRIVE, "drive.changes.getStartPageToken", start)
    before = str(int(start["startPageToken"]) - 2)
    changes = call.json(account, "/drive/v3/changes", pageToken=before, **whole)
    assert len(changes["changes"]) == 2
    check(seen, DRIVE, "drive.changes.list", changes)
    assert {method for method in PLAYED if method.startswith("drive.")} == seen


def one_of_each(call: Caller, account: str, seen: set[str]) -> list[dict[str, Any]]:
    """All files of a small account; of a large one a few of every series."""
    more = {"corpora": "allDrives", "includeItemsFromAllDrives": True, "supportsAllDrives": True, "fields": "*"}
    size = 20 if account == BIG else 1000
    found = []
    for query in ("trashed=false", "trashed=true", "visibility='anyoneWithLink'", "mimeType contains 'video/'"):
        listed = call.json(account, "/drive/v3/files", q=query, pageSize=size, **more)
        check(seen, DRIVE, "drive.files.list", listed)
        found += listed["files"]
    if account == BIG:
        series = [cohort for cohort in load()[0][BIG].drive.corpus.cohorts if cohort.number_of]
        found = [cohort.file(cohort.count - 1) for cohort in series]
    assert found
    return [file for file in found if "driveId" not in file]


def test_directory(call: Caller) -> None:
    seen: set[str] = set()
    base = "/admin/directory/v1/users"
    check(seen, DIRECTORY, "directory.users.list", call.json(SAM, base, customer="my_customer"))
    public = call.json(NOOR, base, customer="my_customer", viewType="domain_public")
    check(seen, DIRECTORY, "directory.users.list", public)
    for user in (SAM, NOOR, "former@shelter.test", "kit@shelter.test"):
        check(seen, DIRECTORY, "directory.users.get", call.json(SAM, f"{base}/{user}"))
        tokens = call.json(SAM, f"{base}/{user}/tokens")
        check(seen, DIRECTORY, "directory.tokens.list", tokens)
        for token in tokens.get("items", ()):
            one = call.json(SAM, f"{base}/{user}/tokens/{token['clientId']}")
            check(seen, DIRECTORY, "directory.tokens.get", one)
        asps = call.json(SAM, f"{base}/{user}/asps")
        check(seen, DIRECTORY, "directory.asps.list", asps)
        for asp in asps.get("items", ()):
            one = call.json(SAM, f"{base}/{user}/asps/{asp['codeId']}")
            check(seen, DIRECTORY, "directory.asps.get", one)
    gone = call.send("DELETE", f"{base}/{SAM}/tokens/anonymous", call.token(SAM))
    assert (gone.status_code, gone.content) == (204, b"")
    played = {method for method in PLAYED if method.startswith("directory.")}
    assert played - {"directory.tokens.delete"} == seen


@pytest.mark.parametrize("application", ["login", "user_accounts", "token", "drive"])
def test_reports(call: Caller, application: str) -> None:
    seen: set[str] = set()
    for user in (SAM, NOOR, "all"):
        found = call.json(SAM, f"/admin/reports/v1/activity/users/{user}/applications/{application}")
        check(seen, REPORTS, "reports.activities.list", found)
    assert {method for method in PLAYED if method.startswith("reports.")} == seen


@pytest.mark.parametrize("account", [MAYA, SAM, ALEX])
def test_calendar(call: Caller, account: str) -> None:
    seen: set[str] = set()
    listed = call.json(account, "/calendar/v3/users/me/calendarList", showHidden=True)
    check(seen, CALENDAR, "calendar.calendarList.list", listed)
    for calendar in listed["items"]:
        if calendar["accessRole"] == "owner":
            rules = call.json(account, f"/calendar/v3/calendars/{quote(calendar['id'])}/acl")
            check(seen, CALENDAR, "calendar.acl.list", rules)
    assert {method for method in PLAYED if method.startswith("calendar.")} == seen


def test_youtube(call: Caller) -> None:
    seen: set[str] = set()
    parts = "id,snippet,contentDetails,status"
    channels = call.json(MAYA, "/youtube/v3/channels", mine=True, part=f"{parts},statistics")
    check(seen, YOUTUBE, "youtube.channels.list", channels)
    check(seen, YOUTUBE, "youtube.channels.list", call.json(ALEX, "/youtube/v3/channels", mine=True, part="id"))
    uploads = channels["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"]
    items = call.json(MAYA, "/youtube/v3/playlistItems", playlistId=uploads, part="id,contentDetails,status")
    check(seen, YOUTUBE, "youtube.playlistItems.list", items)
    ids = ",".join(item["contentDetails"]["videoId"] for item in items["items"])
    check(seen, YOUTUBE, "youtube.videos.list", call.json(MAYA, "/youtube/v3/videos", id=ids, part="id,snippet,status"))
    playlists = call.json(MAYA, "/youtube/v3/playlists", mine=True, part="id,snippet,status")
    check(seen, YOUTUBE, "youtube.playlists.list", playlists)
    assert {method for method in PLAYED if method.startswith("youtube.")} == seen


@pytest.mark.parametrize("account", [MAYA, ALEX])
def test_drive_activity(call: Caller, account: str) -> None:
    seen: set[str] = set()
    answer = call.send("POST", "/v2/activity:query", call.token(account), json={"pageSize": 3})
    check(seen, ACTIVITY, "driveactivity.activity.query", answer.json())
    assert {method for method in PLAYED if method.startswith("driveactivity.")} == seen


@pytest.mark.parametrize("account", [MAYA, SAM, ALEX])
def test_userinfo(call: Caller, account: str) -> None:
    seen: set[str] = set()
    check(seen, USERINFO, "oauth2.userinfo.get", call.json(account, "/oauth2/v2/userinfo"))
    check(seen, USERINFO, "oauth2.userinfo.v2.me.get", call.json(account, "/userinfo/v2/me"))
    told = call.send("GET", "/oauth2/v2/tokeninfo", params={"access_token": call.token(account)}).json()
    assert wrong_in(told, {"$ref": "Tokeninfo"}, USERINFO.schemas) == []
    assert {method for method in PLAYED if method.startswith("oauth2.")} == seen


def test_the_walk_itself_finds_what_does_not_fit() -> None:
    for spoilt in ({"id": 7}, {"colour": "red"}, {"size": "12 MB"}, {"permissions": {}}, {"createdTime": "May"}):
        assert wrong_in(spoilt, {"$ref": "File"}, DRIVE.schemas)


def test_a_published_method_that_is_not_played_says_so(call: Caller) -> None:
    answer = call.get(MAYA, "/drive/v3/drives")
    assert answer.status_code == 501
    assert "drive.drives.list" in answer.json()["error"]["message"]
