"""Apps and app passwords: what is said for which evidence."""

from __future__ import annotations

import pytest

from audits.checks.catalogue import CHECKS
from audits.facts import Evidence, ItemAnswer, ItemKind, Rung, Strength, ToldAnswer, VerdictState, Why
from tests.checks.seen import (
    AFTER,
    BEFORE,
    NOW,
    app_password,
    drive_app,
    evidence,
    granted_app,
    told,
)

LOOK, FINE = VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE
UNSURE, UNCHECKED = VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED
KNOWN, UNKNOWN, LEAVE = ItemAnswer.KNOWN, ItemAnswer.UNKNOWN, ItemAnswer.LEAVE
QUIZ, QUIZ_KEY = drive_app("QuizTown"), (ItemKind.APP, "id-QuizTown")
PICS, PICS_KEY = drive_app("PicPolish"), (ItemKind.APP, "id-PicPolish")
NARROW = drive_app("Notes", wide=False)
MAIL_SCOPE = "https://mail.google.com/"

WIDE = [
    (evidence(whole=["drive_apps"]), FINE, "none"),
    (evidence(NARROW, whole=["drive_apps"]), FINE, "none"),
    (evidence(drive_app("Old", authorized=False), whole=["drive_apps"]), FINE, "none"),
    (evidence(QUIZ, PICS, NARROW, whole=["drive_apps"]), LOOK, "seen"),
    (evidence(QUIZ, short={"drive_apps": Why.UNREADABLE}), LOOK, "seen_partly"),
    (evidence(NARROW, short={"drive_apps": Why.UNREADABLE}), UNSURE, "unreadable"),
    (evidence(drive_app("Unsaid", wide=None), whole=["drive_apps"]), UNSURE, "not_said"),
    (evidence(QUIZ, drive_app("Unsaid", wide=None), whole=["drive_apps"]), LOOK, "seen_partly"),
    (evidence(short={"drive_apps": Why.UNTICKED}), UNSURE, "unticked"),
    (evidence(), UNSURE, "not_asked"),
    (evidence(connected=False), UNCHECKED, "not_checked"),
    # what Maya said of each app
    (evidence(QUIZ, PICS, whole=["drive_apps"], answers={QUIZ_KEY: KNOWN}), LOOK, "seen"),
    (evidence(QUIZ, PICS, whole=["drive_apps"], answers={QUIZ_KEY: KNOWN, PICS_KEY: UNKNOWN}), LOOK, "seen"),
    (evidence(QUIZ, PICS, whole=["drive_apps"], answers={QUIZ_KEY: KNOWN, PICS_KEY: KNOWN}), FINE, "all_known"),
    (evidence(QUIZ, PICS, whole=["drive_apps"], answers={QUIZ_KEY: KNOWN, PICS_KEY: LEAVE}), FINE, "known_or_left"),
    (evidence(QUIZ, whole=["drive_apps"], answers={QUIZ_KEY: LEAVE}), FINE, "known_or_left"),
    (evidence(QUIZ, short={"drive_apps": Why.BUSY}, answers={QUIZ_KEY: KNOWN}), UNSURE, "busy"),
    # an administrator's list can show such apps, and not that there are none
    (evidence(granted_app("Odd", wide=True), whole=["directory_apps"], consumer=False), LOOK, "seen_partly"),
    (evidence(granted_app("Odd"), whole=["directory_apps"], consumer=False), UNSURE, "not_asked"),
    (evidence(granted_app("Odd", wide=True), whole=["directory_apps", "drive_apps"], consumer=False), FINE, "none"),
]

ALL = [
    (evidence(whole=["directory_apps"], consumer=False), FINE, "none"),
    (evidence(granted_app("Odd"), whole=["directory_apps"], consumer=False), LOOK, "seen"),
    (evidence(granted_app("Odd"), short={"directory_apps": Why.GOOGLE_ERROR}, consumer=False), LOOK, "seen_partly"),
    (evidence(short={"directory_apps": Why.GOOGLE_ERROR}, consumer=False), UNSURE, "google_error"),
    (evidence(short={"directory_apps": Why.NOT_ADMINISTRATOR}, consumer=False), UNSURE, "not_administrator"),
    (
        evidence(
            granted_app("Odd"),
            whole=["directory_apps"],
            consumer=False,
            answers={(ItemKind.APP, "client-Odd"): KNOWN},
        ),
        FINE,
        "all_known",
    ),
    # a personal account: Drive's list is a part and never the whole
    (evidence(whole=["drive_apps"]), UNSURE, "consumer_account"),
    (evidence(QUIZ, NARROW, whole=["drive_apps"]), UNSURE, "consumer_account"),
    (evidence(QUIZ, whole=["drive_apps"], answers={QUIZ_KEY: KNOWN}), UNSURE, "consumer_account"),
    (evidence(QUIZ, whole=["drive_apps"], answers={QUIZ_KEY: UNKNOWN}), LOOK, "seen_partly"),
    (evidence(connected=False), UNCHECKED, "not_checked"),
    (
        evidence(told("connected_apps", ToldAnswer.AS_IT_SHOULD_BE), QUIZ, whole=["drive_apps"]),
        FINE,
        "told_as_it_should_be",
    ),
]

PASSWORDS = [
    (evidence(), UNCHECKED, "not_checked"),
    (evidence(short={"directory_app_passwords": Why.CONSUMER_ACCOUNT}), UNCHECKED, "not_checked"),
    (evidence(connected=False), UNCHECKED, "not_checked"),
    (evidence(consumer=False), UNSURE, "not_asked"),
    (evidence(short={"directory_app_passwords": Why.NOT_ADMINISTRATOR}, consumer=False), UNSURE, "not_administrator"),
    (evidence(whole=["directory_app_passwords"], consumer=False), FINE, "none"),
    (evidence(app_password("1"), whole=["directory_app_passwords"], consumer=False), LOOK, "seen"),
    (evidence(app_password("1"), short={"directory_app_passwords": Why.BUSY}, consumer=False), LOOK, "seen_partly"),
    (evidence(told("app_passwords", ToldAnswer.AS_IT_SHOULD_BE)), FINE, "told_as_it_should_be"),
    (evidence(told("app_passwords", ToldAnswer.SOMETHING_ODD)), LOOK, "told_something_odd"),
    (evidence(told("app_passwords", ToldAnswer.NOT_FOUND)), UNSURE, "told_not_found"),
    (evidence(told("app_passwords", ToldAnswer.LEAVE)), UNCHECKED, "not_checked"),
]


@pytest.mark.parametrize(
    ("check", "given", "state", "reason"),
    [("drive_wide_apps", *row) for row in WIDE]
    + [("connected_apps", *row) for row in ALL]
    + [("app_passwords", *row) for row in PASSWORDS],
)
def test_verdict(check: str, given: Evidence, state: VerdictState, reason: str) -> None:
    verdict = CHECKS[check].judge(given)
    assert (verdict.state, verdict.reason) == (state, reason)


def test_wide_apps_are_counted_dated_and_proved() -> None:
    verdict = CHECKS["drive_wide_apps"].judge(
        evidence(QUIZ, PICS, whole=["drive_apps"], answers={QUIZ_KEY: KNOWN, PICS_KEY: UNKNOWN})
    )
    assert {"items": 2, "known": 1, "unknown": 1, "left": 0, "open": 0}.items() <= dict(verdict.values).items()
    assert (verdict.rung, verdict.strength, verdict.seen_at) == (Rung.LIVE, Strength.PROVES, NOW)
    assert [(item.name, item.identity) for item in verdict.items] == [
        ("PicPolish", "id-PicPolish"),
        ("QuizTown", "id-QuizTown"),
    ]


def test_fine_by_answers_rests_on_the_word_of_the_person() -> None:
    verdict = CHECKS["drive_wide_apps"].judge(evidence(QUIZ, whole=["drive_apps"], answers={QUIZ_KEY: KNOWN}))
    assert (verdict.rung, verdict.strength) == (Rung.LIVE, Strength.TOLD)


def test_the_same_app_told_twice_is_one_item() -> None:
    verdict = CHECKS["drive_wide_apps"].judge(evidence(QUIZ, QUIZ, whole=["drive_apps"]))
    assert len(verdict.items) == 1


def test_unregistered_apps_share_a_client_id_and_are_still_two() -> None:
    apps = [granted_app(name, anonymous=True, app_id="anonymous", wide=True) for name in ("Sync", "Mirror")]
    given = evidence(*apps, whole=["directory_apps"], consumer=False)
    for check in ("connected_apps", "drive_wide_apps"):
        assert [item.identity for item in CHECKS[check].judge(given).items] == ["anonymous Mirror", "anonymous Sync"]


def test_a_hostile_name_stays_a_name() -> None:
    hostile = "<script>{items} Google – verified https://evil.test"
    verdict = CHECKS["drive_wide_apps"].judge(evidence(drive_app(hostile, app_id="x"), whole=["drive_apps"]))
    (item,) = verdict.items
    words = CHECKS["drive_wide_apps"].words
    assert (item.name, item.link) == (hostile, "")
    assert hostile not in words.says[verdict.reason].fill(verdict.values)
    assert hostile not in words.item_says[item.says].fill(item.values)


def test_part_of_the_apps_is_shown_as_a_sign() -> None:
    gone = drive_app("Gone", authorized=False)
    verdict = CHECKS["connected_apps"].judge(evidence(QUIZ, NARROW, gone, whole=["drive_apps"]))
    assert verdict.signs == ("in_drive",)
    assert (verdict.rung, verdict.strength) == (Rung.LIVE, Strength.SUGGESTS)
    assert [item.says for item in verdict.items] == ["some_drive", "all_drive"]


def test_all_known_in_google_s_list_does_not_cover_an_app_seen_since() -> None:
    earlier = told("connected_apps", ToldAnswer.AS_IT_SHOULD_BE, at=BEFORE)
    given = evidence(earlier, QUIZ, whole=["drive_apps"])
    assert CHECKS["connected_apps"].judge(given).state is UNSURE
    settled = evidence(earlier, QUIZ, whole=["drive_apps"], answers={QUIZ_KEY: KNOWN})
    verdict = CHECKS["connected_apps"].judge(settled)
    assert (verdict.state, verdict.seen_at) == (FINE, BEFORE)


@pytest.mark.parametrize(
    ("app", "says"),
    [
        (granted_app("A", MAIL_SCOPE, wide=True), "mail_and_drive"),
        (granted_app("A", MAIL_SCOPE), "mail"),
        (granted_app("A", wide=True), "all_drive"),
        (granted_app("A", "openid", "email"), "only_sign_in"),
        (granted_app("A", "https://www.googleapis.com/auth/contacts"), "some_access"),
        (granted_app("A"), "some_access"),
        (granted_app("A", "https://www.googleapis.com/auth/contacts", anonymous=True), "unregistered"),
    ],
)
def test_an_app_is_described_by_the_widest_thing_it_can_do(app: object, says: str) -> None:
    given = evidence(app, whole=["directory_apps"], consumer=False)  # type: ignore[arg-type]
    assert [item.says for item in CHECKS["connected_apps"].judge(given).items] == [says]


def test_app_passwords_of_two_accounts_are_told_apart_and_dated() -> None:
    given = evidence(
        app_password("1", used=AFTER),
        app_password("2", made=None),
        app_password("3"),
        app_password("4", made=None, used=AFTER),
        whole=["directory_app_passwords"],
        consumer=False,
    )
    items = CHECKS["app_passwords"].judge(given).items
    assert [item.says for item in items] == ["made_and_used", "no_dates", "made", "used"]
    assert [item.identity for item in items] == ["maya 1", "maya 2", "maya 3", "maya 4"]
    assert items[0].values == {"made_at": BEFORE.isoformat(), "used_at": AFTER.isoformat()}
