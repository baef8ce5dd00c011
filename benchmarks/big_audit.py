"""Big: 100,000 files, 3,000 of them shared, Google 50 ms away. The audit in a real worker beside a bare loop.

The floor fetches the very pages the audit fetched, one after the other over one connection, and parses them.
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
            google.clear_log()
            seconds.append(audit_once(person))
            memory.append(ground.peak_memory(child.pid))
    asked = [one for one in google.log().requests if one["method"] == "GET"]
    floor = fetch_bare(google, asked)
    return report(seconds, memory, len(asked), floor)


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


if __name__ == "__main__":
    sys.exit(main())
