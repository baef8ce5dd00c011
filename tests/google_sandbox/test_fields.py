"""Field masks: what they keep, and what they refuse."""

from typing import Any

import pytest

from google_sandbox.fields import parse, project
from tests.google_sandbox.caller import MAYA, SAM, Caller

WHOLE = {
    "kind": "k",
    "files": [
        {"id": "1", "name": "n", "permissions": [{"id": "p", "type": "user", "role": "owner"}], "size": "3"},
        {"id": "2", "name": "m"},
    ],
    "about": {"storage": {"limit": "9", "usage": "4"}, "user": {"name": "u", "me": True}},
}
KEPT: list[tuple[str, Any]] = [
    ("*", WHOLE),
    ("kind", {"kind": "k"}),
    (" kind , files ( id ) ", {"kind": "k", "files": [{"id": "1"}, {"id": "2"}]}),
    ("files/id", {"files": [{"id": "1"}, {"id": "2"}]}),
    ("files(id,name)", {"files": [{"id": "1", "name": "n"}, {"id": "2", "name": "m"}]}),
    ("files(permissions(id,type))", {"files": [{"permissions": [{"id": "p", "type": "user"}]}, {}]}),
    ("files/permissions/role", {"files": [{"permissions": [{"role": "owner"}]}, {}]}),
    ("files/permissions(role)", {"files": [{"permissions": [{"role": "owner"}]}, {}]}),
    ("files(permissions/role,id)", {"files": [{"permissions": [{"role": "owner"}], "id": "1"}, {"id": "2"}]}),
    ("about/storage/limit,about/user/me", {"about": {"storage": {"limit": "9"}, "user": {"me": True}}}),
    ("about(storage/limit,storage/usage)", {"about": {"storage": {"limit": "9", "usage": "4"}}}),
    ("about/*/me", {"about": {"storage": {}, "user": {"me": True}}}),
    ("about(*)", {"about": WHOLE["about"]}),
    ("about,about/user", {"about": WHOLE["about"]}),
    ("nextPageToken", {}),
    ("", {}),
]
BROKEN = ["files(", "files)", "files(id", "files/", "/id", "a,,b", ",a", "a,", "a b", "a(b))", "a()", "é", "a;b"]


@pytest.mark.parametrize(("text", "kept"), KEPT)
def test_keeps(text: str, kept: object) -> None:
    assert project(WHOLE, parse(text)) == kept


@pytest.mark.parametrize("text", BROKEN)
def test_refuses_what_is_no_selection(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse(text)


def test_a_very_long_or_very_deep_mask_is_refused(call: Caller) -> None:
    for text in ("name," * 2000 + "name", "f(" * 900 + "id" + ")" * 900, "/".join(["files"] * 600)):
        assert call.get(MAYA, "/drive/v3/files", fields=text).status_code == 400


UNKNOWN = [
    ("/drive/v3/files", "items", "items"),
    ("/drive/v3/files", "files(id,colour)", "colour"),
    ("/drive/v3/files", "files/permissions/email", "email"),
    ("/drive/v3/files", "files(id", "files(id"),
    ("/drive/v3/about", "storageQuota/free", "free"),
    ("/drive/v3/apps", "items(name,scopes)", "scopes"),
]


@pytest.mark.parametrize(("path", "text", "named"), UNKNOWN)
def test_unknown_fields_are_a_400_that_names_them(call: Caller, path: str, text: str, named: str) -> None:
    answer = call.get(MAYA, path, fields=text)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == f"Invalid field selection {named}"


def test_maps_and_free_form_values_can_be_selected_into(call: Caller) -> None:
    assert "exportFormats" in call.json(MAYA, "/drive/v3/about", fields="exportFormats/*")
    user = call.json(SAM, f"/admin/directory/v1/users/{SAM}", fields="emails/address,name/fullName")
    assert user == {"emails": [{"address": SAM}], "name": {"fullName": "Sam Whitlock"}}


def test_an_empty_selection_selects_nothing(call: Caller) -> None:
    assert call.json(MAYA, "/drive/v3/files", fields="") == {}


def test_without_a_mask_drive_sends_little(call: Caller) -> None:
    answer = call.json(MAYA, "/drive/v3/files", pageSize=1)
    assert set(answer) == {"kind", "incompleteSearch", "files", "nextPageToken"}
    assert set(answer["files"][0]) == {"kind", "id", "name", "mimeType"}
    one = call.json(MAYA, f"/drive/v3/files/{answer['files'][0]['id']}")
    assert set(one) == {"kind", "id", "name", "mimeType"}
