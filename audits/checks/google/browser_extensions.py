"""Extensions in Chrome, as Chrome keeps them for the account. Each is for the person to know or not."""

from __future__ import annotations

from audits.facts import BrowserExtension, Evidence, ItemKind, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("chrome_extensions",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {code: frozenset() for code in ("on_everywhere", "switched_on", "switched_off")}
_ORDER = ("on_everywhere", "switched_on", "switched_off")


def judge(evidence: Evidence) -> Verdict:
    """An empty list proves nothing: a browser that is not synced is not on it, and Google does not say whose it is."""
    items = sorted((_item(one) for one in evidence.of(BrowserExtension, "chrome_extensions")), key=_place)
    whole = evidence.complete("chrome_extensions")
    why = "" if whole else evidence.why_not("chrome_extensions").value
    run = evidence.coverage.get("chrome_extensions")
    if not items:
        seen_at = run.seen_at if run else None
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason="none" if whole else why, seen_at=seen_at)
    return Verdict(
        state=VerdictState.NEEDS_LOOK,
        reason="seen" if whole else "seen_partly",
        values={"why": why},
        rung=Rung.EXPORT,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else items[0].seen_at,
        items=tuple(items),
    )


def _item(one: BrowserExtension) -> SeenItem:
    says = "switched_off" if not one.enabled else "on_everywhere" if one.incognito else "switched_on"
    return SeenItem(
        kind=ItemKind.APP,
        identity=f"extension {one.extension_id}",
        name=one.name,
        says=says,
        seen_at=one.seen_at,
    )


def _place(item: SeenItem) -> tuple[int, str, str]:
    return _ORDER.index(item.says), item.name.casefold(), item.identity
