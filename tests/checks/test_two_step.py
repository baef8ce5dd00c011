"""2-step sign-in: on and off only by an administrator's API; everything else is a sign or somebody's word."""

from __future__ import annotations

import pytest

from audits.checks.catalogue import CHECKS
from audits.facts import Evidence, Rung, Strength, ToldAnswer, VerdictState, Why
from tests.checks.seen import AFTER, BEFORE, NOW, SIGN, evidence, sign_in, told, two_step

LOOK, FINE = VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE
UNSURE, UNCHECKED = VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED
ODD, OFF, GOOD = ToldAnswer.SOMETHING_ODD, ToldAnswer.OFF, ToldAnswer.AS_IT_SHOULD_BE
ASKED = {"whole": ["directory_user"], "consumer": False}
AT_WORK = {"consumer": False}

ON_OR_OFF = [
    (evidence(two_step(True), **ASKED), FINE, "on"),
    (evidence(two_step(True, enforced=True), **ASKED), FINE, "on_enforced"),
    (evidence(two_step(True, enforced=None), **ASKED), FINE, "on"),
    (evidence(two_step(False), **ASKED), LOOK, "off"),
    (evidence(two_step(False), short={"directory_user": Why.UNREADABLE}, **AT_WORK), LOOK, "off"),
    (evidence(two_step(True), short={"directory_user": Why.UNREADABLE}, **AT_WORK), UNSURE, "unreadable"),
    (evidence(two_step(True), two_step(False), **ASKED), LOOK, "off"),
    (evidence(**ASKED), UNSURE, "not_said"),
    (evidence(short={"directory_user": Why.NOT_ADMINISTRATOR}, **AT_WORK), UNSURE, "not_administrator"),
    (evidence(**AT_WORK), UNSURE, "not_asked"),
    (evidence(), UNSURE, "consumer_account"),
    (evidence(sign_in("pwd")), UNSURE, "consumer_account"),
    (evidence(sign_in(said=False)), UNSURE, "consumer_account"),
    (evidence(sign_in("pwd", "mfa")), UNSURE, "consumer_account"),
    (evidence(sign_in("hwk")), UNSURE, "consumer_account"),
    (evidence(connected=False), UNCHECKED, "not_checked"),
    # her word, where no machine can see
    (evidence(told("two_step", GOOD)), FINE, "told_as_it_should_be"),
    (evidence(told("two_step", GOOD), connected=False), FINE, "told_as_it_should_be"),
    (evidence(told("two_step", ODD)), LOOK, "told_something_odd"),
    (evidence(told("two_step", OFF)), LOOK, "told_off"),
    (evidence(told("two_step", ToldAnswer.NOT_FOUND)), UNSURE, "told_not_found"),
    (evidence(told("two_step", ToldAnswer.LEAVE)), UNSURE, "consumer_account"),
    (evidence(told("app_passwords", GOOD)), UNSURE, "consumer_account"),
    (evidence(told("two_step", GOOD, BEFORE), told("two_step", OFF)), LOOK, "told_off"),
    (evidence(told("two_step", GOOD), told("two_step", OFF, BEFORE)), FINE, "told_as_it_should_be"),
    # her word and a proof
    (evidence(two_step(True), told("two_step", OFF, BEFORE), **ASKED), FINE, "on"),
    (evidence(two_step(True), told("two_step", OFF, AFTER), **ASKED), LOOK, "told_odd_seen_fine"),
    (evidence(two_step(True), told("two_step", ODD, AFTER), **ASKED), LOOK, "told_odd_seen_fine"),
    (evidence(two_step(True), told("two_step", GOOD, AFTER), **ASKED), FINE, "on"),
    (evidence(two_step(False), told("two_step", GOOD, AFTER), **ASKED), LOOK, "told_fine_seen_odd"),
    (evidence(two_step(False), told("two_step", GOOD, BEFORE), **ASKED), LOOK, "told_fine_seen_odd"),
    (evidence(two_step(False), told("two_step", OFF, AFTER), **ASKED), LOOK, "off"),
]

STRENGTH = [
    (evidence(), UNCHECKED, "not_checked"),
    (evidence(sign_in("pwd", "mfa")), UNCHECKED, "not_checked"),
    (evidence(sign_in("hwk")), UNSURE, "nobody_says"),
    (evidence(sign_in("swk", "mfa")), UNSURE, "nobody_says"),
    (evidence(two_step(True), **ASKED), UNCHECKED, "not_checked"),
    (evidence(two_step(False), **ASKED), VerdictState.DOES_NOT_APPLY, "two_step_off"),
    (evidence(two_step(False), told("two_step_strength", GOOD), **ASKED), VerdictState.DOES_NOT_APPLY, "two_step_off"),
    (evidence(told("two_step_strength", GOOD)), FINE, "told_as_it_should_be"),
    (evidence(told("two_step_strength", ODD), sign_in("hwk")), LOOK, "told_something_odd"),
    (evidence(told("two_step_strength", OFF)), UNCHECKED, "not_checked"),  # not one of its choices
]


@pytest.mark.parametrize(
    ("check", "given", "state", "reason"),
    [("two_step", *row) for row in ON_OR_OFF] + [("two_step_strength", *row) for row in STRENGTH],
)
def test_verdict(check: str, given: Evidence, state: VerdictState, reason: str) -> None:
    verdict = CHECKS[check].judge(given)
    assert (verdict.state, verdict.reason) == (state, reason)


@pytest.mark.parametrize(
    ("amr", "signs"),
    [
        (["pwd"], ()),
        ([], ()),
        (["mfa"], ("second_step_used",)),
        (["pwd", "mfa", "hwk"], ("signed_in_with_key", "second_step_used")),
        (["swk"], ("signed_in_with_key",)),
        (["otp", "<script>"], ()),
    ],
)
def test_how_she_signed_in_is_at_most_a_sign(amr: list[str], signs: tuple[str, ...]) -> None:
    verdict = CHECKS["two_step"].judge(evidence(sign_in(*amr)))
    assert (verdict.state, verdict.signs) == (UNSURE, signs)
    assert verdict.strength is (Strength.SUGGESTS if signs else None)
    words = CHECKS["two_step"].words
    for sign in signs:
        assert BEFORE.isoformat() in words.says[sign].fill(verdict.values)


def test_two_step_off_is_believed_only_from_an_administrator() -> None:
    rumour = two_step(False)
    object.__setattr__(rumour, "rung", Rung.LIVE)
    assert CHECKS["two_step"].judge(evidence(rumour)).state is UNSURE
    assert CHECKS["two_step"].judge(evidence(rumour, **ASKED)).reason == "not_said"


def test_disagreement_names_both_dates_and_keeps_the_rung_of_the_proof() -> None:
    verdict = CHECKS["two_step"].judge(evidence(two_step(False), told("two_step", GOOD, AFTER), **ASKED))
    assert verdict.values == {"told_at": AFTER.isoformat(), "proof_at": NOW.isoformat()}
    assert verdict.rung is Rung.ADMIN
    said = CHECKS["two_step"].words.says[verdict.reason].fill(verdict.values)
    assert AFTER.isoformat() in said
    assert NOW.isoformat() in said


def test_an_answer_is_her_word_with_its_date() -> None:
    verdict = CHECKS["two_step"].judge(evidence(told("two_step", GOOD), sign_in("mfa")))
    assert (verdict.rung, verdict.strength, verdict.seen_at) == (Rung.TOLD, Strength.TOLD, AFTER)
    assert verdict.signs == ("second_step_used",)


def test_an_old_answer_does_not_stand_in_for_a_look_that_failed_since() -> None:
    """Had the administrator's look seen "off" today, an answer of August must not hide that."""
    failed = {"short": {"directory_user": Why.BUSY}, "consumer": False}
    assert CHECKS["two_step"].judge(evidence(told("two_step", GOOD, BEFORE), **failed)).reason == "busy"
    assert CHECKS["two_step"].judge(evidence(told("two_step", GOOD, AFTER), **failed)).state is FINE


def test_the_newest_sign_in_counts() -> None:
    older = type(sign_in("hwk"))(
        **{**SIGN, "seen_at": BEFORE}, source="sign_in_claims", amr=("hwk",), signed_in_at=None, hosted_domain=None
    )
    assert CHECKS["two_step"].judge(evidence(sign_in("pwd"), older)).signs == ()
