"""Drive: the facts of the personas, pages, parameters, scopes."""

from typing import Any

import pytest

from tests.google_sandbox.caller import (
    ALEX,
    APPS,
    AUTH,
    EX,
    MAYA,
    METADATA,
    NOOR,
    PERSONAS,
    SAM,
    SIGN_IN,
    Caller,
    reason,
)

LIST = "/drive/v3/files"
PERMISSIONS = "permissions(id,type,role,emailAddress,allowFileDiscovery,pendingOwner,deleted,expirationTime)"
SHOWN = f"nextPageToken,files(id,name,mimeType,ownedByMe,shared,driveId,imageMediaMetadata,{PERMISSIONS})"


def pictures(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [file for file in files if file["mimeType"].startswith("image/")]


def test_maya_and_the_ex(call: Caller) -> None:
    """Counted from the permissions themselves, not by a query."""
    files = call.files(MAYA, "'me' in owners and trashed=false", fields=SHOWN)
    reached = [f for f in files if any(p.get("emailAddress") == EX for p in f["permissions"])]
    assert (len(reached), len(pictures(reached))) == (38, 11)
    assert {p["role"] for f in reached for p in f["permissions"] if p.get("emailAddress") == EX} == {"reader", "writer"}


def test_maya_and_what_is_open(call: Caller) -> None:
    files = call.files(MAYA, "'me' in owners and trashed=false", fields=SHOWN)
    link = [f for f in files if any(p["type"] == "anyone" for p in f["permissions"])]
    located = [f for f in pictures(link) if "location" in f["imageMediaMetadata"]]
    assert (len(pictures(link)), len(located), len(link) - len(pictures(link))) == (12, 7, 1)
    assert len(pictures(call.files(MAYA, "trashed=true"))) == 5


def test_a_file_can_be_waiting_for_a_new_owner(call: Caller) -> None:
    files = call.files(MAYA, "'me' in owners", fields=SHOWN)
    waiting = [(f["name"], p["emailAddress"]) for f in files for p in f["permissions"] if p.get("pendingOwner")]
    assert waiting == [("Guest addresses", EX)]


def test_mayas_apps(call: Caller) -> None:
    apps = call.json(MAYA, "/drive/v3/apps")["items"]
    wide = [app["name"] for app in apps if app["authorized"] and app["hasDriveWideScope"]]
    assert wide == ["PicPolish", "QuizTown Results", "Backup Buddy", "Google Security Check"]
    names = [app["name"] for app in apps]
    assert "<script>alert(1)</script>" in names
    assert any("\u202e" in name for name in names)
    assert max(len(name) for name in names) > 240


def test_alex_shares_nothing(call: Caller) -> None:
    files = call.files(ALEX, fields=SHOWN)
    assert not any(file["shared"] for file in files)
    assert all([p["role"] for p in file["permissions"]] == ["owner"] for file in files)
    app = call.json(ALEX, "/drive/v3/apps")["items"]
    assert [a["hasDriveWideScope"] for a in app] == [False]


def test_storage_says_how_much_lies_outside_drive(call: Caller) -> None:
    beside = {}
    for account in (MAYA, ALEX):
        quota = call.json(account, "/drive/v3/about", fields="storageQuota")["storageQuota"]
        beside[account] = int(quota["usage"]) - int(quota["usageInDrive"])
    assert beside[MAYA] > 50 * 2**30
    assert beside[ALEX] < 2**24


def test_about_needs_fields(call: Caller) -> None:
    answer = call.get(MAYA, "/drive/v3/about")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "The 'fields' parameter is required for this method."
    assert reason(answer) == "required"


def test_apps_by_kind_of_file(call: Caller) -> None:
    both = call.json(MAYA, "/drive/v3/apps", appFilterExtensions="svg", appFilterMimeTypes="application/pdf")
    assert [app["name"] for app in both["items"]] == ["Sketchboard", "CloudPDF Lite"]
    assert call.get(MAYA, "/drive/v3/apps/0").status_code == 404


def test_permissions_show_only_to_those_who_can_share(call: Caller) -> None:
    files = {f["name"]: f for f in call.files(MAYA, f"'{EX}' in owners", fields=SHOWN)}
    assert "permissions" in files["Moving out plan"]
    assert "permissions" not in files["Song for you.mp4"]
    refused = call.get(MAYA, f"{LIST}/{files['Song for you.mp4']['id']}/permissions")
    assert (refused.status_code, reason(refused)) == (403, "insufficientFilePermissions")
    own = call.files(MAYA, "name = 'CV Maya Okafor'")[0]["id"]
    listed = call.json(MAYA, f"{LIST}/{own}/permissions", fields="*")["permissions"]
    assert [p["id"] for p in listed if p["type"] == "anyone"] == ["anyoneWithLink"]
    missing = call.get(MAYA, f"{LIST}/{own}/permissions/7")
    assert (missing.status_code, reason(missing)) == (404, "notFound")


def test_permissions_come_in_pages(call: Caller) -> None:
    file = call.files(MAYA, "name = 'Book club'")[0]["id"]
    first = call.json(MAYA, f"{LIST}/{file}/permissions", pageSize=2)
    second = call.json(MAYA, f"{LIST}/{file}/permissions", pageSize=2, pageToken=first["nextPageToken"])
    assert (len(first["permissions"]), len(second["permissions"])) == (2, 1)
    assert "nextPageToken" not in second
    assert call.get(MAYA, f"{LIST}/{file}/permissions", pageSize=101).status_code == 400
    assert call.get(MAYA, f"{LIST}/{file}/permissions", pageToken="x").status_code == 400


def test_shared_drives(call: Caller) -> None:
    assert not any("driveId" in f for f in call.files(SAM, fields=SHOWN))
    everywhere = {"corpora": "allDrives", "includeItemsFromAllDrives": True, "supportsAllDrives": True}
    inside = [f for f in call.files(SAM, fields=SHOWN, **everywhere) if "driveId" in f]
    assert len(inside) == 5
    assert not any({"permissions", "shared", "ownedByMe"} & set(f) for f in inside)
    drive = {**everywhere, "corpora": "drive", "driveId": inside[0]["driveId"]}
    assert len(call.files(SAM, **drive)) == 5
    path = f"{LIST}/{inside[0]['id']}"
    assert call.get(SAM, path).status_code == 404
    assert call.get(SAM, path, supportsAllDrives=True).status_code == 200
    assert call.get(SAM, f"{path}/permissions", supportsAllDrives=True).status_code == 200


BAD_PARAMETERS: list[tuple[dict[str, object], str]] = [
    ({"pageSize": 0}, "within the range: [1, 1000]"),
    ({"pageSize": 1001}, "within the range: [1, 1000]"),
    ({"pageSize": "many"}, "Invalid value at 'page_size' (TYPE_INT32), \"many\""),
    ({"pageSize": ""}, "TYPE_INT32"),
    ({"colour": "red"}, 'Unknown name "colour"'),
    ({"maxResults": 5}, 'Unknown name "maxResults"'),
    ({"supportsAllDrives": "maybe"}, "TYPE_BOOL"),
    ({"corpus": "elsewhere"}, "TYPE_ENUM"),
    ({"corpora": "moon"}, "Invalid Value"),
    ({"corpora": "drive"}, "driveId must be specified"),
    ({"spaces": "photos"}, "Invalid Value"),
    ({"orderBy": "colour"}, "Invalid Value"),
    ({"orderBy": "name backwards"}, "Invalid Value"),
    ({"pageToken": "BOGUS"}, "Invalid Value"),
    ({"pageToken": "é✓"}, "Invalid Value"),
]


@pytest.mark.parametrize(("query", "words"), BAD_PARAMETERS)
def test_wrong_parameters_are_a_400(call: Caller, query: dict[str, object], words: str) -> None:
    answer = call.get(MAYA, LIST, **query)
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


def test_all_drives_must_be_asked_for_in_full(call: Caller) -> None:
    assert call.get(SAM, LIST, corpora="allDrives").status_code == 403


@pytest.mark.parametrize("size", [1, 7, 94, 1000])
def test_pages_hold_everything_once(call: Caller, size: int) -> None:
    ids = [file["id"] for file in call.files(MAYA, pageSize=size)]
    assert len(ids) == len(set(ids)) == 94
    pages = len(call.google.log().of("drive.files.list"))
    assert pages == -(-94 // size)


def test_page_tokens_belong_to_one_query_one_person_and_a_few_hours(call: Caller) -> None:
    token = call.json(MAYA, LIST, q="trashed=false", pageSize=2)["nextPageToken"]
    assert call.get(MAYA, LIST, q="trashed=false", pageSize=2, pageToken=token).status_code == 200
    assert call.get(MAYA, LIST, q="trashed=true", pageSize=2, pageToken=token).status_code == 400
    assert call.get(SAM, LIST, q="trashed=false", pageSize=2, pageToken=token).status_code == 400
    spoilt = token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB")
    assert call.get(MAYA, LIST, q="trashed=false", pageSize=2, pageToken=spoilt).status_code == 400
    fresh = call.google
    fresh.shift_clock(5 * 3600)
    late = call.send("GET", LIST, fresh.token(MAYA, (METADATA,)), params={"q": "trashed=false", "pageToken": token})
    assert late.status_code == 400


def test_order(call: Caller) -> None:
    def names(order: str) -> list[str]:
        return [f["name"] for f in call.files(MAYA, "trashed=false", orderBy=order)]

    assert names("name") == sorted(names(""), key=str.lower)
    assert names("name desc") == sorted(names(""), key=str.lower, reverse=True)
    assert names("folder,name")[:5] == ["Flat", "Holidays", "School", "Us two", "Work"]
    times = [f["modifiedTime"] for f in call.files(MAYA, orderBy="modifiedTime desc", fields="files(modifiedTime)")]
    assert times == sorted(times, reverse=True)
    for key in ("createdTime", "modifiedByMeTime", "name_natural", "quotaBytesUsed", "recency", "sharedWithMeTime"):
        assert len(names(key)) == 88
    assert names("starred,viewedByMeTime desc")[0] in {"Shopping", "Ideas", "Letter to myself"} | set(names("")[:99])


def test_files_that_are_not_there(call: Caller) -> None:
    answer = call.get(MAYA, f"{LIST}/none")
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert error["message"] == "File not found: none."
    assert error["errors"][0]["location"] == "fileId"
    theirs = call.files(SAM)[0]["id"]
    assert call.get(MAYA, f"{LIST}/{theirs}").status_code == 404
    assert call.json(MAYA, f"{LIST}/root", fields="name") == {"name": "My Drive"}


def test_generated_files_can_be_fetched_one_by_one(call: Caller) -> None:
    listed = call.json("big@gmail.test", LIST, q="name contains 'GEO'", pageSize=3, fields="files")["files"]
    for file in listed:
        assert call.json("big@gmail.test", f"{LIST}/{file['id']}", fields="*") == file
    outside = listed[0]["id"].replace("-0000000", "-0000999")
    assert call.get("big@gmail.test", f"{LIST}/{outside}").status_code == 404


SCOPES = [
    ("/drive/v3/apps", (METADATA,), 403),
    ("/drive/v3/apps", (AUTH + "drive",), 403),
    ("/drive/v3/apps", (APPS,), 200),
    ("/drive/v3/files", (APPS,), 403),
    ("/drive/v3/files", SIGN_IN, 403),
    ("/drive/v3/files", (METADATA,), 200),
    ("/drive/v3/about?fields=user", (AUTH + "drive.appdata",), 200),
    ("/drive/v3/about?fields=user", (APPS,), 403),
    ("/admin/directory/v1/users/sam@shelter.test", (METADATA,), 403),
]


@pytest.mark.parametrize(("path", "scopes", "status"), SCOPES)
def test_scopes_are_those_of_the_published_document(
    call: Caller, path: str, scopes: tuple[str, ...], status: int
) -> None:
    answer = call.get(SAM, path, scopes)
    assert answer.status_code == status
    if status == 403:
        error = answer.json()["error"]
        assert error["message"] == "Request had insufficient authentication scopes."
        assert reason(answer) == "insufficientPermissions"
        assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("scope", ["drive.file", "drive.appdata"])
def test_narrow_scopes_show_only_the_apps_own_files(call: Caller, scope: str) -> None:
    scopes = (AUTH + scope,)
    assert call.get(MAYA, LIST, scopes).json()["files"] == []
    file = call.files(MAYA)[0]["id"]
    assert call.get(MAYA, f"{LIST}/{file}", scopes).status_code == 404
    start = call.get(MAYA, "/drive/v3/changes/startPageToken", scopes).json()["startPageToken"]
    call.google.add_file(MAYA, "New")
    assert call.get(MAYA, "/drive/v3/changes", scopes, pageToken=start).json()["changes"] == []


def test_without_a_token_or_with_a_dead_one(call: Caller) -> None:
    missing = call.send("GET", LIST)
    assert (missing.status_code, reason(missing)) == (401, "required")
    assert missing.headers["WWW-Authenticate"].startswith("Bearer realm=")
    wrong = call.send("GET", LIST, "ya29.never")
    assert (wrong.status_code, reason(wrong)) == (401, "authError")
    assert wrong.json()["error"]["status"] == "UNAUTHENTICATED"
    assert 'error="invalid_token"' in wrong.headers["WWW-Authenticate"]
    by_query = call.send("GET", LIST, params={"access_token": call.token(MAYA)})
    assert by_query.status_code == 200


@pytest.mark.parametrize("account", PERSONAS)
def test_the_owner_is_on_every_file_of_their_own(call: Caller, account: str) -> None:
    answer = call.json(account, LIST, q="'me' in owners", pageSize=50, fields=f"files(ownedByMe,{PERMISSIONS})")
    for file in answer["files"]:
        assert file["ownedByMe"]
        assert [p["emailAddress"] for p in file["permissions"] if p["role"] == "owner"] == [account]


def test_noor_sees_what_sam_shared(call: Caller) -> None:
    files = call.files(NOOR, "sharedWithMe", fields="files(ownedByMe,owners(emailAddress,me),sharingUser)")
    assert len(files) == 3
    assert {f["owners"][0]["emailAddress"] for f in files} == {SAM}
    assert not any(f["ownedByMe"] or f["owners"][0]["me"] for f in files)


def test_changes(call: Caller) -> None:
    def since(token: str, **more: object) -> Any:
        return call.json(MAYA, "/drive/v3/changes", pageToken=token, fields="*", **more)

    start = call.json(MAYA, "/drive/v3/changes/startPageToken")["startPageToken"]
    nothing = since(start)
    assert (nothing["changes"], nothing["newStartPageToken"]) == ([], start)
    opened = call.google.change_file(MAYA, "Tax 2025.pdf", link="reader")
    added = call.google.add_file(MAYA, "New picture.jpg", type="photo", gps=[1.0, 2.0])
    removed = call.google.remove_file(MAYA, "Ideas")
    told = {change["fileId"]: change for change in since(start)["changes"]}
    assert set(told) == {opened, added, removed}
    assert told[removed]["removed"] is True
    assert "file" not in told[removed]
    assert told[opened]["file"]["permissions"][0]["type"] == "anyone"
    assert removed not in {c["fileId"] for c in since(start, includeRemoved=False)["changes"]}
    first = since(start, pageSize=1)
    assert len(since(first["nextPageToken"])["changes"]) == 2
    for wrong in ("x", "99999999", "-1", "1", "٣"):
        assert call.get(MAYA, "/drive/v3/changes", pageToken=wrong).status_code == 400
    assert call.get(MAYA, "/drive/v3/changes").status_code == 400


def test_bodies_are_not_served(call: Caller) -> None:
    file = call.files(MAYA)[0]["id"]
    assert call.get(MAYA, f"{LIST}/{file}", alt="media").status_code == 501
