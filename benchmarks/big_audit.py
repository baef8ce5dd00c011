"""Big: 100,000 files, 3,000 of them shared, Google 50 ms away. The audit in a real worker beside a bare loop.

The floor fetches the very pages the audit fetched, one after the other over one connection, and parses them.
Then ten files change, and the next audit asks only for what changed; and once Google no longer knows where the last
look ended, everything is read again, once.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import ground

BIG = "big@gmail.test"
LATENCY_MS = 50
AUDITS = 3


def main() -> int:
    with ground.laid() as folder:
        from privacy_audit.launch import parts, redis_server

        redis = parts.redis(redis_server.find(), folder)
        sandbox = parts.sandbox()
        with (
            ground.process(redis.command, folder / "redis.log", redis.answers),
            ground.process([*sandbox.command, "--quiet"], folder / "sandbox.log", sandbox.answers),
        ):
            return measure(folder)


def measure(folder: Path) -> int:
    import google_sandbox
    from privacy_audit.launch import parts

    google = google_sandbox.connect(f"http://127.0.0.1:{os.environ['SANDBOX_PORT']}")
    person = connect_big()
    google.latency(LATENCY_MS)
    worker = parts.worker(folder, os.environ["REDIS_URL"])
    seconds: list[float] = []
    memory: list[float] = []
    with ground.process(worker.command, folder / "worker.log", worker.answers, {"AUDIT_SWEEP_SECONDS": "60"}) as child:
        for _ in range(AUDITS):
            forget_where_looks_ended()
            google.clear_log()
            seconds.append(audit_once(person))
            memory.append(ground.peak_memory(child.pid))
        asked = [one for one in google.log().requests if one["method"] == "GET"]
        again = [after_ten_changes(google, person, turn) for turn in range(AUDITS)]
        expired = after_an_expired_token(google, person)
    floor = fetch_bare(google, asked)
    return max(report(seconds, memory, len(asked), floor), report_again(seconds, again, expired))


def forget_where_looks_ended() -> None:
    """So that the next audit is like a first one."""
    from audits.models import SourceRun

    SourceRun.objects.update(cursor_sealed=None)


def after_ten_changes(google: Any, person: Any, turn: int) -> tuple[float, int]:
    """Seconds of an audit after ten changes of different kinds, and its Drive calls."""
    kinds: list[dict[str, Any]] = [{"shared": {"one": "reader"}}, {}, {"link": "reader"}, {"trashed": True}]
    for number in range(10):
        google.add_file(BIG, f"Change {turn} {number}", **kinds[number % len(kinds)])
    return watched(google, person)


def after_an_expired_token(google: Any, person: Any) -> tuple[float, int]:
    google.fault("drive.changes.list", 410, first=1)
    return watched(google, person)


def watched(google: Any, person: Any) -> tuple[float, int]:
    from audits.models import SourceRun

    google.clear_log()
    seconds = audit_once(person)
    failed = SourceRun.objects.filter(person=person, current=True, source__startswith="drive", state="failed")
    if failed.exists():
        sys.exit(f"a look at Drive failed: {list(failed.values_list('source', 'why'))}")
    return seconds, sum(1 for one in google.log().requests if str(one["api"]).startswith("drive."))


def connect_big() -> Any:
    from audits.accounts.dance import Dancer
    from audits.models import Person

    dancer = Dancer(BIG)
    dancer.sign_in()
    for look in ("drive_apps", "drive_sharing"):
        dancer.open_look(look)
    return Person.objects.get()


def audit_once(person: Any) -> float:
    """Seconds from the wake-up to the finished audit, as the person waits for it."""
    from audits import tasks
    from audits.audit import work
    from audits.models import Audit, AuditState, Trigger

    begun = time.monotonic()
    audit = work.start(person, trigger=Trigger.PERSON, wake=tasks.wake)
    finished = Audit.objects.filter(pk=audit.pk, state=AuditState.FINISHED)
    ground.wait_for(finished.exists, "the audit to finish", 180)
    return time.monotonic() - begun


def fetch_bare(google: Any, asked: list[dict[str, Any]]) -> float:
    """The same pages, one after the other: each first page the audit asked for, and all that follow it."""
    scopes = ["drive.apps.readonly", "drive.metadata.readonly"]
    token = google.token(BIG, [f"https://www.googleapis.com/auth/{scope}" for scope in scopes])
    headers = {"Authorization": f"Bearer {token}"}
    connection = http.client.HTTPConnection("127.0.0.1", google.port, timeout=30)
    begun = time.monotonic()
    for one in asked:
        query = dict(one["query"])
        while "pageToken" not in one["query"]:
            connection.request("GET", f"{one['path']}?{urlencode(query)}", headers=headers)
            answer = connection.getresponse()
            body = json.loads(answer.read())
            if answer.status != 200:
                sys.exit(f"the floor got {answer.status} for {one['path']}")
            if not body.get("nextPageToken"):
                break
            query["pageToken"] = body["nextPageToken"]
    return time.monotonic() - begun


def report(seconds: list[float], memory: list[float], requests: int, floor: float) -> int:
    middle = sorted(seconds)[len(seconds) // 2]
    print(f"Big: 100,000 files at {LATENCY_MS} ms, {len(seconds)} audits in one worker")
    print(f"  audit          {middle:6.2f} s   ({', '.join(f'{one:.2f}' for one in seconds)})")
    print(f"  bare loop      {floor:6.2f} s   {requests} requests")
    print(f"  ratio          {middle / floor:6.2f}     (at most 1.50)")
    print(f"  worker memory  {max(memory):6.0f} MB  peak after each: {', '.join(f'{one:.0f}' for one in memory)}")
    return 0 if middle / floor <= 1.5 and max(memory) <= 300 else 1


def report_again(seconds: list[float], again: list[tuple[float, int]], expired: tuple[float, int]) -> int:
    first = sorted(seconds)[len(seconds) // 2]
    middle, calls = sorted(one for one, _ in again)[len(again) // 2], max(calls for _, calls in again)
    print("Big again, after ten changes")
    print(f"  audit          {middle:6.2f} s   ({', '.join(f'{one:.2f}' for one, _ in again)})")
    print(f"  Drive calls    {calls:6d}     (at most 15)")
    print(f"  of the first   {middle / first:6.3f}     (at most 0.100)")
    print(f"  after a 410    {expired[0]:6.2f} s   {expired[1]} Drive calls")
    return 0 if calls <= 15 and middle / first <= 0.1 and expired[1] > 90 else 1


if __name__ == "__main__":
    sys.exit(main())
