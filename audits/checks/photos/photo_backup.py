"""Whether pictures are copied to Google Photos. No app can read this switch, so no verdict here says on or off.

What the account holds outside Drive is Gmail, Photos and device backups together: if it is much, that is a weak sign
that pictures may be among it. Little of it says nothing, and a shared space says nothing about one account.
"""

from __future__ import annotations

from audits.facts import Evidence, Rung, StorageUse, Strength, Verdict, VerdictState

SOURCES = ("drive_storage",)
REASONS: frozenset[str] = frozenset({"not_checked", "nobody_says", "storage_large"})
VALUES = {"storage_large": frozenset({"gigabytes"})}

GIGABYTE = 2**30  # as Google counts


def judge(evidence: Evidence) -> Verdict:
    storage = max(evidence.of(StorageUse, "drive_storage"), key=lambda fact: fact.seen_at, default=None)
    if storage is None:
        return Verdict(state=VerdictState.NOT_CHECKED, reason="not_checked")
    large = not storage.pooled and storage.outside_drive > GIGABYTE
    return Verdict(
        state=VerdictState.COULD_NOT_TELL,
        reason="nobody_says",
        values={"gigabytes": storage.outside_drive // GIGABYTE} if large else {},
        rung=Rung.LIVE if large else None,
        strength=Strength.SUGGESTS if large else None,
        seen_at=storage.seen_at,
        signs=("storage_large",) if large else (),
    )
