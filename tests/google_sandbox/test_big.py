"""A hundred thousand files must cost the sandbox little: it is measured against, so it must not be the slow part."""

import time
import tracemalloc

from google_sandbox.api.drive.query import parse
from google_sandbox.personas import load
from tests.google_sandbox.caller import BIG, METADATA, Caller

MASK = (
    "kind,nextPageToken,incompleteSearch,files(id,name,mimeType,webViewLink,ownedByMe,shared,createdTime,modifiedTime,"
    "driveId,writersCanShare,permissionIds,permissions(id,type,role,emailAddress,displayName,allowFileDiscovery,"
    "expirationTime,deleted,pendingOwner,view))"
)


def test_a_full_scan_finds_each_file_once(call: Caller) -> None:
    files = call.files(BIG, fields="nextPageToken,files(id,shared)")
    assert len(files) == len({file["id"] for file in files}) == 100_000
    assert sum(file["shared"] for file in files) == 3_000
    assert call.google.log().counts == {"drive.files.list": 100}


def test_a_page_with_permissions_is_put_together_quickly(call: Caller) -> None:
    """About 3 ms measured; the bound leaves room for a busy machine."""
    query = {"q": "'me' in owners and trashed=false", "pageSize": 1000, "fields": MASK}
    call.get(BIG, "/drive/v3/files", (METADATA,), **query)
    for _ in range(5):
        assert call.get(BIG, "/drive/v3/files", (METADATA,), **query).status_code == 200
    assert min(entry["seconds"] for entry in call.google.log().requests) < 0.03


def test_memory_stays_small() -> None:
    """Queries and masks come and go; what is kept of them is bounded: 12 queries of 400 kB each."""
    drive = load()[0][BIG].drive
    tracemalloc.start()
    try:
        for number in range(16):
            query = f"trashed=false and not 'x{number}' in readers"
            found = drive.corpus.select((query, ""), parse(query), None)
            drive.corpus.render(found[:1000], f"id{number}", {"id": {}})
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 6 * 2**20
    assert peak < 10 * 2**20


def test_it_is_not_made_before_it_is_asked_for() -> None:
    began = time.perf_counter()
    personas, _ = load()
    drive = personas[BIG].drive
    assert sum(cohort.count for cohort in drive.corpus.cohorts) == 100_000
    assert time.perf_counter() - began < 0.3
