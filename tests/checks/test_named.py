"""What a Person named: it can make a check need a look, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from audits.checks.catalogue import CHECKS
from audits.checks.names import alike, tidy
from audits.facts import Evidence, Fact, ItemAnswer, ItemKind, Rung, Strength, ToldAnswer, VerdictState, Why
from tests.checks.seen import AFTER, BEFORE, NOW, drive_app, evidence, granted_app, named, told

GUIDED = "telegram_sessions"
APPS = "connected_apps"
LOOK, FINE = VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE
UNSURE, UNCHECKED = VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED
GOOD, ODD = ToldAnswer.AS_IT_SHOULD_BE, ToldAnswer.SOMETHING_ODD
KNOWN, UNKNOWN, LEAVE = ItemAnswer.KNOWN, ItemAnswer.UNKNOWN, ItemAnswer.LEAVE
HERS = named(GUIDED, "Old phone")
HIS = named(GUIDED, "Windows", BEFORE, rung=Rung.PASTED)


def said(answers: dict[str, ItemAnswer], kind: ItemKind = ItemKind.DEVICE) -> dict[tuple[ItemKind, str], ItemAnswer]:
    return {(kind, f"thing-{name}"): answer for name, answer in answers.items()}


def guided(*facts: Fact, **answers: ItemAnswer) -> Evidence:
    """What was named Old_phone and Windows answered so; no account."""
    given = {name.replace("_", " "): answer for name, answer in answers.items()}
    return evidence(*facts, connected=False, answers=said(given))


TABLE: list[tuple[Evidence, VerdictState, str, Rung | None]] = [
    (guided(), UNCHECKED, "not_checked", None),
    # what waits for an answer needs a look, on its own rung
    (guided(HERS), LOOK, "named_open", Rung.TOLD),
    (guided(HIS), LOOK, "named_open", Rung.PASTED),
    (guided(replace(HERS, rung=Rung.BROUGHT)), LOOK, "named_open", Rung.BROUGHT),
    (guided(HERS, HIS), LOOK, "named_open", Rung.TOLD),
    # what is not known always does
    (guided(HERS, Old_phone=UNKNOWN), LOOK, "named_unknown", Rung.TOLD),
    (guided(HERS, HIS, Windows=UNKNOWN), LOOK, "named_unknown", Rung.PASTED),
    (guided(HERS, told(GUIDED, GOOD, AFTER), Old_phone=UNKNOWN), LOOK, "named_unknown", Rung.TOLD),
    # all known, or left: as if nothing had been named
    (guided(HERS, HIS, Old_phone=KNOWN, Windows=KNOWN), UNCHECKED, "not_checked", None),
    (guided(HERS, HIS, Old_phone=KNOWN, Windows=LEAVE), UNCHECKED, "not_checked", None),
    (guided(HERS, told(GUIDED, ODD), Old_phone=KNOWN), LOOK, "told_something_odd", Rung.TOLD),
    (guided(HERS, told(GUIDED, ToldAnswer.NOT_FOUND), Old_phone=KNOWN), UNSURE, "told_not_found", None),
    (guided(HERS, told(GUIDED, GOOD, BEFORE), Old_phone=KNOWN), FINE, "told_as_it_should_be", Rung.TOLD),
    # an answer that all is well covers what waits when it is not older
    (guided(HERS, told(GUIDED, GOOD, AFTER)), FINE, "told_as_it_should_be", Rung.TOLD),
    (guided(HERS, told(GUIDED, GOOD, NOW)), FINE, "told_as_it_should_be", Rung.TOLD),
    (guided(HERS, told(GUIDED, GOOD, BEFORE)), LOOK, "named_open", Rung.TOLD),
    (guided(HERS, HIS, told(GUIDED, GOOD, BEFORE)), LOOK, "named_open", Rung.TOLD),
    # what was said already stands, with the names beside it
    (guided(HERS, told(GUIDED, ODD, BEFORE)), LOOK, "told_something_odd", Rung.TOLD),
    (guided(HERS, told(GUIDED, ToldAnswer.NOT_FOUND, AFTER)), LOOK, "named_open", Rung.TOLD),
    # another check's names are not this one's
    (guided(named("whatsapp_linked_devices", "Old phone")), UNCHECKED, "not_checked", None),
]


@pytest.mark.parametrize(("given", "state", "reason", "rung"), TABLE)
def test_a_check_that_no_machine_sees(given: Evidence, state: VerdictState, reason: str, rung: Rung | None) -> None:
    verdict = CHECKS[GUIDED].judge(given)
    assert (verdict.state, verdict.reason, verdict.rung) == (state, reason, rung)
    mine = [fact for fact in given.facts if getattr(fact, "thing", "") and getattr(fact, "check", "") == GUIDED]
    assert len(verdict.items) == len(mine), "each stands there, also when it is known"
    if reason.startswith("named_"):
        assert verdict.strength is Strength.TOLD
        assert verdict.seen_at in {fact.seen_at for fact in mine}


def test_the_words_say_how_it_came_and_when() -> None:
    things = [named(GUIDED, rung.value, rung=rung) for rung in (Rung.TOLD, Rung.PASTED, Rung.BROUGHT)]
    words = CHECKS[GUIDED].words
    verdict = CHECKS[GUIDED].judge(guided(*things))
    lines = [words.item_says[item.says].fill(item.values) for item in verdict.items]
    assert all(NOW.isoformat() in line for line in lines)
    assert sorted(line.split()[0] for line in lines) == ["From", "It", "You"]
    assert words.says["named_open"].fill(verdict.values).startswith("You named 3 things here")


# --------------------------------------------------------------------------- beside what a rule saw

PASTED = named(APPS, "  picpolish", rung=Rung.PASTED, kind=ItemKind.APP)
THE_APP = (ItemKind.APP, "client-PicPolish")
WHOLE: dict[str, Any] = {"whole": ["directory_apps"], "consumer": False}


def apps(*facts: Fact, answers: dict[Any, ItemAnswer] | None = None, **more: Any) -> Evidence:
    return evidence(*facts, answers=answers or {}, **{**WHOLE, **more})


BESIDE: list[tuple[Evidence, VerdictState, str, list[str]]] = [
    # seen and named alike: it stands there once, and the answer to what was seen counts
    (apps(granted_app("PicPolish"), PASTED), LOOK, "seen", ["PicPolish"]),
    (apps(granted_app("PicPolish"), PASTED, answers={THE_APP: KNOWN}), FINE, "all_known", ["PicPolish"]),
    (
        apps(
            granted_app("PicPolish"), PASTED, answers={**said({"  picpolish": UNKNOWN}, ItemKind.APP), THE_APP: KNOWN}
        ),
        FINE,
        "all_known",
        ["PicPolish"],
    ),
    # unless they do not know it, and have not answered the other
    (
        apps(granted_app("PicPolish"), PASTED, answers=said({"  picpolish": UNKNOWN}, ItemKind.APP)),
        LOOK,
        "seen",
        ["PicPolish", "  picpolish"],
    ),
    # a kind of its own is a thing of its own
    (
        apps(granted_app("PicPolish"), replace(PASTED, kind=ItemKind.DEVICE), answers={THE_APP: KNOWN}),
        LOOK,
        "named_open",
        ["PicPolish", "  picpolish"],
    ),
    # a whole list without it does not answer for it
    (apps(PASTED), LOOK, "named_open", ["  picpolish"]),
    (apps(PASTED, answers=said({"  picpolish": KNOWN}, ItemKind.APP)), FINE, "none", ["  picpolish"]),
    # a sign alone does not need a look; what was named does, also when the sign shows it too
    (evidence(drive_app("PicPolish"), PASTED), LOOK, "named_open", ["PicPolish"]),
    (
        evidence(drive_app("PicPolish"), PASTED, answers={(ItemKind.APP, "id-PicPolish"): KNOWN}),
        UNSURE,
        "consumer_account",
        ["PicPolish"],
    ),
]


@pytest.mark.parametrize(("given", "state", "reason", "names"), BESIDE)
def test_beside_what_a_rule_saw(given: Evidence, state: VerdictState, reason: str, names: list[str]) -> None:
    verdict = CHECKS[APPS].judge(given)
    assert (verdict.state, verdict.reason, [item.name for item in verdict.items]) == (state, reason, names)
    assert verdict.values.get("items", 0) in (0, 1), "a count of what was seen counts nothing that was named"


def test_nothing_that_is_missing_on_a_page_makes_it_fine() -> None:
    """Every way of naming and answering, with every way in which the list fell short: never fine without the list."""
    for why, answer, rung in product([*Why], [None, *ItemAnswer], (Rung.TOLD, Rung.PASTED, Rung.BROUGHT)):
        answers = said({"x": answer}, ItemKind.APP) if answer else {}
        thing = named(APPS, "x", rung=rung, kind=ItemKind.APP)
        verdict = CHECKS[APPS].judge(evidence(thing, short={"directory_apps": why}, consumer=False, answers=answers))
        assert verdict.state is not FINE


# --------------------------------------------------------------------------- names

NAMES = [
    ("Old phone", "Old phone"),
    ("  Old \t phone\r\n", "Old phone"),
    ("\u202egpj.exe\u202c", "gpj.exe"),
    ("\u2066a\u2069\u200b\u00adb\ufeff", "ab"),
    ("nul\x00l\x1b[31m", "nul l [31m"),
    ("e\u0301", "\u00e9"),
    ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
    ("\U000e0041\U000e0042", ""),
    ("\u3164 \u200d", ""),
    ("", ""),
    ("x" * 500, "x" * 200),
    ("\ud800x", "x"),
]


@pytest.mark.parametrize(("raw", "shown"), NAMES)
def test_a_name_is_made_fit_to_be_shown(raw: str, shown: str) -> None:
    assert tidy(raw) == shown
    tidy(raw).encode()


@pytest.mark.parametrize("other", ["PICPOLISH", " picpolish ", "Pic\u200dPolish", "\uff30icPolish", "pic\u00adpolish"])
def test_two_ways_to_write_a_name_are_alike(other: str) -> None:
    assert alike(other) == alike("PicPolish")
