"""100,000 people with a schedule, 8,000 of them due: claiming a batch of 200, beside the same writes as bare SQL.

The floor finds the same rows through the same index, moves them on and inserts as many audits, all values ready made.

DATABASE_URL runs it on an empty PostgreSQL database instead of SQLite.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

from benchmarks import ground

PEOPLE = 100_000
DUE = 8_000
BATCH = 200
TURNS = 15  # of each; the first of each is not counted
MOST_MS = 50.0
MOST_RATIO = 10.0  # the moments are reckoned, and rows become objects: about 17 ms of Python


def main() -> int:
    with ground.laid():
        return measure()


def measure() -> int:
    from audits.audit import due

    fill()
    claimed, bare = [], []
    for _ in range(TURNS):
        begun = time.perf_counter()
        batch = due.claim(BATCH)
        claimed.append((time.perf_counter() - begun) * 1000)
        if len(batch.audits) != BATCH:
            sys.exit(f"only {len(batch.audits)} were claimed")
        begun = time.perf_counter()
        by_hand()
        bare.append((time.perf_counter() - begun) * 1000)
    return report(sorted(claimed[1:]), sorted(bare[1:]))


def fill() -> None:
    """Everybody has one working account; those who are due stand anywhere among the others."""
    from django.db import connection
    from django.utils import timezone

    from audits.models import Connection, Every, Person, Schedule
    from audits.models.sealing import lookup_key

    now = timezone.now()
    zones = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "")
    people = [Person(password="!", time_zone=zones[number % len(zones)]) for number in range(PEOPLE)]
    Person.objects.bulk_create(people, batch_size=1_000)
    Connection.objects.bulk_create(
        [Connection(person=one, sub_key=lookup_key("sub", str(one.pk))) for one in people], batch_size=500
    )
    rows = [
        Schedule(person=one, every=Every.WEEK, weekday=number % 7, hour=number % 24, next_at=moment(now, number))
        for number, one in enumerate(people)
    ]
    Schedule.objects.bulk_create(rows, batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def moment(now: Any, number: int) -> Any:
    is_due = number % (PEOPLE // DUE) == 0
    return now - timedelta(seconds=number + 1) if is_due else now + timedelta(seconds=60 + number * 6)


def by_hand() -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    now = timezone.now()
    later = now + timedelta(days=7)
    lock = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    new = "(%s, %s, 'schedule', 'queued', '[]', %s, 0, 0, 0)"
    columns = "public_id, person_id, trigger, state, only_checks, created_at, attempt, done, total"
    uuid = str if connection.vendor == "postgresql" else lambda one: one.hex
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, person_id FROM audits_schedule WHERE next_at <= %s ORDER BY next_at LIMIT {BATCH} {lock}",  # noqa: S608
            [now],
        )
        found = cursor.fetchall()
        marks = ", ".join(["%s"] * len(found))
        cursor.execute(
            f"UPDATE audits_schedule SET next_at = %s, last_at = %s WHERE id IN ({marks}) AND next_at <= %s",  # noqa: S608
            [later, now, *(pk for pk, _ in found), now],
        )
        values = [value for _, person in found for value in (uuid(uuid4()), person, now)]
        cursor.execute(f"INSERT INTO audits_audit ({columns}) VALUES {', '.join([new] * len(found))}", values)  # noqa: S608


def report(claimed: list[float], bare: list[float]) -> int:
    middle, floor = claimed[len(claimed) // 2], bare[len(bare) // 2]
    print(f"{PEOPLE:,} people with a schedule, {BATCH} claimed at a time")
    print(f"  batch          {middle:6.1f} ms  (at most {MOST_MS:.0f}; the slowest {claimed[-1]:.1f})")
    print(f"  bare SQL       {floor:6.1f} ms  (the slowest {bare[-1]:.1f})")
    print(f"  ratio          {middle / floor:6.2f}     (at most {MOST_RATIO})")
    return 0 if middle <= MOST_MS and middle / floor <= MOST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
