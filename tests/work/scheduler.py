"""A scheduler in a process of its own, for tests: `python -m tests.work.scheduler claim|hang FOLDER`.

claim: once FOLDER/go is there, take small batches until nothing is due, and print the id of each audit.
hang: take one batch, say so in FOLDER/taken, and never commit.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import sleep as wait_a_little

import django

BATCH = 7


def claim(folder: Path) -> None:
    from audits.audit import due

    (folder / f"ready-{sys.argv[3]}").touch()
    while not (folder / "go").exists():
        wait_a_little(0.01)
    batch = due.Batch((), more=True)
    while batch.more or batch.audits:
        batch = due.claim(BATCH)
        print(*batch.audits, sep="\n", flush=True)


def hang(folder: Path) -> None:
    from audits.audit import due
    from audits.models import TimelineEntry

    def never_return(rows: object) -> None:
        (folder / "taken").touch()
        while True:
            wait_a_little(60)

    TimelineEntry.objects.bulk_create = never_return  # type: ignore[method-assign,assignment]
    due.claim(BATCH)


if __name__ == "__main__":
    django.setup()
    {"claim": claim, "hang": hang}[sys.argv[1]](Path(sys.argv[2]))
