"""The ways by which Google lets somebody back into the account: a recovery e-mail, a recovery phone. And its names.

Only an administrator's API names them, and one that it does not name may still be there: so nothing here is ever said
to be missing, and the answer is whole only when it names both. For everybody else it is a guided look.
"""

from __future__ import annotations

from collections.abc import Iterable

from audits.facts import AccountBasics, Evidence, ItemKind, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("directory_user",)
REASONS: frozenset[str] = frozenset({"seen", "seen_partly", "not_checked", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {code: frozenset() for code in ("recovery_email", "recovery_phone", "alias")}
_MADE_BY_GOOGLE = ".test-google-a.com"  # every account has such a name; nobody can change it


def judge(evidence: Evidence) -> Verdict:
    run = evidence.coverage.get("directory_user")
    said = evidence.of(AccountBasics, "directory_user")
    items = {item.identity: item for fact in said for item in _items(fact)}
    if not items:
        return _could_not_tell(evidence)
    whole = all(fact.recovery_email and fact.recovery_phone for fact in said)
    why = "" if whole and evidence.complete("directory_user") else _why(evidence).value
    found = tuple(items.values())
    return Verdict(
        state=VerdictState.NEEDS_LOOK,
        reason="seen_partly" if why else "seen",
        values={"why": why},
        rung=Rung.ADMIN,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else found[0].seen_at,
        items=found,
    )


def _could_not_tell(evidence: Evidence) -> Verdict:
    """An answer that names nothing is not proof that there is nothing."""
    if evidence.consumer:
        return Verdict(state=VerdictState.NOT_CHECKED, reason="not_checked")
    run = evidence.coverage.get("directory_user")
    return Verdict(state=VerdictState.COULD_NOT_TELL, reason=_why(evidence).value, seen_at=run.seen_at if run else None)


def _why(evidence: Evidence) -> Why:
    return Why.NOT_SAID if evidence.complete("directory_user") else evidence.why_not("directory_user")


def _items(basics: AccountBasics) -> Iterable[SeenItem]:
    """To know an address here is not to know it elsewhere: the way in belongs to the identity."""
    named = [("recovery_email", basics.recovery_email), ("recovery_phone", basics.recovery_phone)]
    named += [("alias", alias) for alias in sorted(basics.aliases) if not alias.endswith(_MADE_BY_GOOGLE)]
    for says, name in named:
        if name:
            yield SeenItem(
                kind=ItemKind.OTHER,
                identity=f"{basics.connection} {says} {name}",
                name=name,
                says=says,
                seen_at=basics.seen_at,
            )
