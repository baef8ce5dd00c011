"""The q language: what it finds, and what it refuses."""

import pytest

from google_sandbox.api.drive.asked import BadQueryError
from google_sandbox.api.drive.query import parse
from tests.google_sandbox.caller import BIG, EX, MAYA, Caller, reason

IMAGE = "(mimeType contains 'image/' or mimeType contains 'video/')"
COUNTS = [
    ("", 94),
    ("trashed=false", 88),
    ("trashed = true", 6),
    ("not trashed = true", 88),
    ("trashed != true", 88),
    ("'me' in owners and trashed=false and visibility='anyoneWithLink'", 13),
    ("'me' in owners and (visibility='anyoneWithLink' or visibility='anyoneCanFind') and trashed=false", 13),
    ("visibility = 'anyoneWithLink'", 15),
    ("visibility != 'limited'", 15),
    (f"'{EX}' in readers or '{EX}' in writers", 39),
    (f"'me' in owners and trashed=false and ('{EX}' in readers or '{EX}' in writers)", 38),
    (f'"{EX}" in writers and "me" in owners and trashed=false', 16),
    (f"'{EX.upper()}' in owners", 3),
    (f"'{EX}' in owners and sharedWithMe=true", 3),
    ("sharedWithMe", 4),
    ("not sharedWithMe and trashed=false", 84),
    ("mimeType = 'application/vnd.google-apps.folder'", 5),
    ("mimeType != 'application/vnd.google-apps.folder' and starred = true", 6),
    ("visibility='anyoneWithLink' and trashed=false and " + IMAGE, 12),
    ("mimeType contains 'video/' and 'me' in owners", 5),
    ("name = 'CV Maya Okafor'", 1),
    ("name contains 'balcony'", 2),
    ("name contains 'alcony'", 0),
    ("name contains 'house'", 2),
    ("fullText contains 'Passport'", 1),
    ("name = 'it\\'s not there'", 0),
    ("createdTime > '2026-01-01T00:00:00'", 11),
    ("createdTime > '2026-07-21T10:30:00+02:00' and createdTime < '2026-08-01T00:00:00Z'", 8),
    ("createdTime > '2026-07-21T10:30:00+00:00' and createdTime < '2026-08-01T00:00:00Z'", 0),
    ("modifiedTime >= '2026-10-30T09:30:00.000Z'", 7),
    ("modifiedTime <= '2021-04-06T09:30:00Z'", 1),
    ("name = 'Books to read' or name = 'Recipes' and trashed = true", 0),
    ("name = 'Books to read' or (name = 'Recipes' and trashed = true)", 1),
    ("NOT (trashed = TRUE OR starred = true) AND 'me' in owners", 78),
    ("'nobody@mail.test' in readers", 0),
    ("properties has { key='a' and value='b' }", 0),
    ("shortcutDetails.targetId = 'x'", 0),
]
REFUSED = [
    "colour = 'red'",
    "title contains 'x'",
    "id = 'x'",
    "name like 'x'",
    "name < 'x'",
    "name = x",
    "name =",
    "= 'x'",
    "name = 'x' and",
    "name = 'x' name = 'y'",
    "(name = 'x'",
    "name = 'x')",
    "name = 'unfinished",
    "trashed = 'false'",
    "trashed > true",
    "trashed",
    "starred contains true",
    "mimeType > 'image/'",
    "visibility = 'everybody'",
    "visibility contains 'limited'",
    "sharedWithMe = false",
    "sharedWithMe != true",
    "'x' in friends",
    "owners in 'x'",
    "owners = 'me'",
    "createdTime > 'last week'",
    "createdTime contains '2026'",
    "createdTime > 2026",
    "fullText = 'x'",
    "properties has 'x'",
    "name has { key='a' and value='b' }",
    "name = 'x'; drop table files",
    "'me' in owners & trashed = false",
    "(" * 60 + "trashed = true" + ")" * 60,
    "not " * 3000 + "trashed = true",
    " and ".join(["trashed = true"] * 300),
]


@pytest.mark.parametrize(("query", "count"), COUNTS)
def test_finds(call: Caller, query: str, count: int) -> None:
    assert len(call.files(MAYA, query)) == count


@pytest.mark.parametrize("query", REFUSED)
def test_refuses(query: str) -> None:
    with pytest.raises(BadQueryError):
        parse(query)


def test_a_refused_query_is_a_400_as_google_words_it(call: Caller) -> None:
    answer = call.get(MAYA, "/drive/v3/files", q="colour = 'red'")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["message"] == "Invalid Value"
    assert error["errors"][0]["location"] == "q"
    assert reason(answer) == "invalid"


def test_a_long_query_is_no_deep_one(call: Caller) -> None:
    many = " or ".join(f"'a{n}@mail.test' in readers" for n in range(190))
    assert call.files(MAYA, f"({many}) and trashed = false") == []


def test_parents(call: Caller) -> None:
    folder = call.files(MAYA, "name = 'Holidays'")[0]["id"]
    assert len(call.files(MAYA, f"'{folder}' in parents")) == 12


BIG_COUNTS = [
    ("'me' in owners and trashed=false and visibility='anyoneWithLink'", 1000),
    (f"'{EX}' in readers or '{EX}' in writers", 800),
    ("name contains 'GEO_0001'", 10),
    ("name = 'Letter 00042'", 1),
    ("name contains 'GEO' and not name contains 'GEO_00000'", 199),
]


@pytest.mark.parametrize(("query", "count"), BIG_COUNTS)
def test_finds_among_generated_files(call: Caller, query: str, count: int) -> None:
    assert len(call.files(BIG, query)) == count


def test_what_a_query_finds_among_generated_files_is_what_the_files_say(call: Caller) -> None:
    """Times are slots: the query must have looked at each file, not at the description of many."""
    query = "createdTime > '2024-01-01T00:00:00Z' and createdTime < '2024-01-15T00:00:00Z'"
    found = call.files(BIG, query, fields="nextPageToken,files(id,createdTime)")
    assert found
    assert all("2024-01-01T00:00" < file["createdTime"] < "2024-01-15" for file in found)
