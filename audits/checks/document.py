"""The catalogue as a page to read: docs/catalogue.md is made from this, and a test fails when it is stale."""

from __future__ import annotations

from collections.abc import Iterator

from audits.checks.catalogue import CHECKS, COMMON, PLATFORMS, Check
from audits.checks.myths import MYTHS
from audits.checks.words import PlatformWords

NOTICES = {"nobody": "nobody", "maybe": "maybe", "told": "yes", "unknown": "not known"}
INTRODUCTION = """\
# The catalogue

Every check, by its place. This page is made from the YAML files in `audits/checks/`: change those, then run
`make catalogue`. How a check is written: [checks.md](checks.md).

*Ways to know*: an administrator, live from Google, an export, a pasted page, or what the person tells us after
looking. *Noticed*: whether somebody else may notice a change, as far as we know; none of it was tried by us yet unless
it says so. An empty *reviewed by* means that no helpline has reviewed the words yet.
"""


def as_markdown() -> str:
    """The whole page, ending with a line break."""
    places = (line for platform in PLATFORMS.values() for line in _place(platform))
    return "\n".join([INTRODUCTION, *_totals(), *places, *_myths()])


def _totals() -> Iterator[str]:
    judged = sum(1 for check in CHECKS.values() if check.rule)
    guided = sum(1 for check in CHECKS.values() if check.words.told)
    yield f"{len(CHECKS)} checks in {len(PLATFORMS)} places."
    yield f"A machine can judge {judged} of them, and a person can answer {guided}."
    yield ""


def _place(platform: PlatformWords) -> Iterator[str]:
    checks = [check for check in CHECKS.values() if check.platform.id == platform.id]
    if not checks:
        return
    yield f"## {platform.name}"
    yield ""
    yield "| Check | Good state | Ways to know | Noticed | Minutes | Words checked | Reviewed by |"
    yield "|---|---|---|---|---|---|---|"
    yield from (_row(check) for check in checks)
    yield ""


def _row(check: Check) -> str:
    words = check.words
    ways = ", ".join(COMMON.rungs[rung].title.lower() for rung, one in words.rungs.items() if one.sources)
    noticed = NOTICES[words.notice.level] + (" (tried)" if words.notice.tried else "")
    reviewed = ", ".join(words.reviewed_by)
    cells = (f"`{check.id}`", words.title, ways, noticed, str(words.minutes), str(words.checked_on), reviewed)
    return f"| {' | '.join(cells)} |"


def _myths() -> Iterator[str]:
    yield "## Myth cards"
    yield ""
    yield "| Card | What people say | What is true | Words checked |"
    yield "|---|---|---|---|"
    for myth in MYTHS.values():
        yield f"| `{myth.id}` | {myth.claim} | {myth.truth} | {myth.checked_on} |"
    yield ""
