"""What the organisation's log and directory say of the account: changes to sign-in, apps let in, ways back in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audits.checks.catalogue import CHECKS
from audits.checks.google import account_events
from audits.facts import Evidence, ItemAnswer, ItemKind, ToldAnswer, VerdictState, Why
from audits.sources.google.reports import ROUTINE
from tests.checks.seen import AFTER, BEFORE, MAYA, NOW, basics, evidence, let_in, log_entry, told, two_step

LOOK, FINE = VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE
UNSURE, UNCHECKED, NOT_HERE = VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED, VerdictState.DOES_NOT_APPLY
OFF = log_entry("2sv_disable")
GOOD, ODD = ToldAnswer.AS_IT_SHOULD_BE, ToldAnswer.SOMETHING_ODD


def known(*identities: str, answer: ItemAnswer = ItemAnswer.KNOWN) -> dict[tuple[ItemKind, str], ItemAnswer]:
    return {(ItemKind.EVENT, identity): answer for identity in identities}


ME, ONLY_MAIL = basics("me@mail.test", "+44"), basics("me@mail.test")
KNOW_ALL = {
    (ItemKind.OTHER, f"{MAYA} {which}"): ItemAnswer.KNOWN
    for which in ("recovery_email me@mail.test", "recovery_phone +44")
}
THE_EVENT = known(f"{MAYA} {OFF.event_id}")

EVENTS = [
    (evidence(), NOT_HERE, "consumer_account"),
    (evidence(consumer=False), UNSURE, "not_asked"),
    (evidence(short={"reports_account": Why.NOT_ADMINISTRATOR}, consumer=False), UNSURE, "not_administrator"),
    (evidence(short={"reports_account": Why.UNTICKED}, consumer=False), UNSURE, "unticked"),
    (evidence(whole=["reports_account"], consumer=False), FINE, "none"),
    (evidence(OFF, whole=["reports_account"], consumer=False), LOOK, "seen"),
    (evidence(OFF, short={"reports_account": Why.BUSY}, consumer=False), LOOK, "seen_partly"),
    (evidence(log_entry("new_kind"), whole=["reports_account"], consumer=False), UNSURE, "not_understood"),
    (evidence(log_entry("new_kind"), short={"reports_account": Why.BUSY}, consumer=False), UNSURE, "busy"),
    (evidence(OFF, log_entry("new_kind"), whole=["reports_account"], consumer=False), LOOK, "seen_partly"),
    (evidence(OFF, whole=["reports_account"], consumer=False, answers=THE_EVENT), FINE, "all_known"),
    (
        evidence(OFF, log_entry("new_kind"), whole=["reports_account"], consumer=False, answers=THE_EVENT),
        UNSURE,
        "unreadable",
    ),
    (
        evidence(told("account_events", ODD, AFTER), short={"reports_account": Why.NOT_ADMINISTRATOR}, consumer=False),
        LOOK,
        "told_something_odd",
    ),
    (evidence(let_in("App"), whole=["reports_account"], consumer=False), FINE, "none"),
]
APPS = [
    (evidence(), NOT_HERE, "consumer_account"),
    (evidence(consumer=False), UNSURE, "not_asked"),
    (evidence(whole=["reports_apps"], consumer=False), FINE, "none"),
    (evidence(let_in("App"), whole=["reports_apps"], consumer=False), LOOK, "seen"),
    (evidence(let_in("App"), short={"reports_apps": Why.TOO_MANY}, consumer=False), LOOK, "seen_partly"),
    (evidence(OFF, whole=["reports_apps"], consumer=False), FINE, "none"),
]
RECOVERY = [
    (evidence(), UNCHECKED, "not_checked"),
    (evidence(consumer=False), UNSURE, "not_asked"),
    (evidence(basics(), whole=["directory_user"], consumer=False), UNSURE, "not_said"),
    (evidence(two_step(True), whole=["directory_user"], consumer=False), UNSURE, "not_said"),
    (evidence(basics("ex@mail.test", "+44"), whole=["directory_user"], consumer=False), LOOK, "seen"),
    (evidence(basics("ex@mail.test"), whole=["directory_user"], consumer=False), LOOK, "seen_partly"),
    (evidence(ME, whole=["directory_user"], consumer=False, answers=KNOW_ALL), FINE, "all_known"),
    (evidence(ONLY_MAIL, whole=["directory_user"], consumer=False, answers=KNOW_ALL), UNSURE, "not_said"),
    (evidence(ME, short={"directory_user": Why.BUSY}, consumer=False, answers=KNOW_ALL), UNSURE, "busy"),
    (evidence(basics("", "+44"), short={"directory_user": Why.UNREADABLE}, consumer=False), LOOK, "seen_partly"),
    (evidence(basics("", "", "a.test-google-a.com"), whole=["directory_user"], consumer=False), UNSURE, "not_said"),
    (evidence(told("recovery_address", GOOD)), FINE, "told_as_it_should_be"),
    (evidence(told("recovery_address", ODD)), LOOK, "told_something_odd"),
]
TABLE = [
    (check, *row)
    for check, rows in {"account_events": EVENTS, "app_events": APPS, "recovery_address": RECOVERY}.items()
    for row in rows
]


@pytest.mark.parametrize(("check", "given", "state", "reason"), TABLE)
def test_verdicts(check: str, given: Evidence, state: VerdictState, reason: str) -> None:
    verdict = CHECKS[check].judge(given)
    assert (verdict.state, verdict.reason) == (state, reason)


def test_the_newest_entry_stands_first_with_its_day() -> None:
    given = evidence(OFF, log_entry("password_edit", at=NOW), whole=["reports_account"], consumer=False)
    items = CHECKS["account_events"].judge(given).items
    assert [item.says for item in items] == ["password_changed", "two_step_off"]
    assert items[0].values == {"happened_at": NOW.isoformat()}


def test_what_happens_every_day_needs_no_sentence_but_a_marked_sign_in_does() -> None:
    assert ROUTINE & account_events.SAYS.keys() == {"login_success"}


def test_entries_that_are_not_understood_are_counted_and_said() -> None:
    strange = [log_entry(f"kind_{number}") for number in range(3)]
    check = CHECKS["account_events"]
    verdict = check.judge(evidence(*strange, whole=["reports_account"], consumer=False))
    assert verdict.items == ()
    assert (
        check.words.says[verdict.reason]
        .fill(verdict.values)
        .startswith("Your organisation’s log has 3 entries of kinds that we do not know")
    )


def test_an_app_let_in_twice_on_one_day_is_one_line_and_another_day_is_another() -> None:
    soon, later = BEFORE + timedelta(minutes=1), BEFORE + timedelta(days=1)
    events = [let_in("App"), let_in("App", at=soon), let_in("App", at=later), let_in("App", what="revoke")]
    items = CHECKS["app_events"].judge(evidence(*events, whole=["reports_apps"], consumer=False)).items
    assert [(item.says, item.values["happened_at"]) for item in items] == [
        ("let_in", later.isoformat()),
        ("removed", BEFORE.isoformat()),
        ("let_in", soon.isoformat()),
    ]


def test_two_apps_under_one_shared_id_are_two_lines() -> None:
    events = [log_entry("authorize", source="reports_apps", name=name, app_id="anonymous") for name in ("A", "B")]
    items = CHECKS["app_events"].judge(evidence(*events, whole=["reports_apps"], consumer=False)).items
    assert len(items) == 2


def test_each_way_back_in_is_a_thing_of_its_own() -> None:
    given = evidence(
        basics("me@mail.test", "+44", "me@mail.test", "x.test-google-a.com"), whole=["directory_user"], consumer=False
    )
    items = CHECKS["recovery_address"].judge(given).items
    assert [(item.says, item.name) for item in items] == [
        ("recovery_email", "me@mail.test"),
        ("recovery_phone", "+44"),
        ("alias", "me@mail.test"),
    ]
    assert len({item.identity for item in items}) == 3


@pytest.mark.parametrize("on_now", [True, False])
def test_what_the_log_says_of_two_step_stands_beside_what_is_now(on_now: bool) -> None:
    entries = [log_entry("2sv_enroll", at=BEFORE), log_entry("2sv_disable", at=NOW)]
    given = evidence(two_step(on_now), *entries, whole=["directory_user", "reports_account"], consumer=False)
    verdict = CHECKS["two_step"].judge(given)
    assert (verdict.state, verdict.reason) == ((FINE, "on") if on_now else (LOOK, "off"))
    assert verdict.signs == ("log_switched_off",)
    assert verdict.values["log_at"] == NOW.isoformat()


def test_the_log_alone_never_says_whether_two_step_is_on() -> None:
    for what in ("2sv_enroll", "2sv_disable"):
        given = evidence(log_entry(what), whole=["reports_account"], short={"directory_user": Why.BUSY}, consumer=False)
        verdict = CHECKS["two_step"].judge(given)
        assert (verdict.state, verdict.reason) == (UNSURE, "busy")
        assert len(verdict.signs) == 1
