"""The mailbox: what is said of its settings, and how far Google's own mails carry."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audits.checks.catalogue import CHECKS
from audits.facts import (
    Evidence,
    Fact,
    ItemAnswer,
    ItemKind,
    MailKind,
    Rung,
    Strength,
    ToldAnswer,
    VerdictState,
    Why,
)
from tests.checks.seen import (
    AFTER,
    BEFORE,
    MAYA,
    NOW,
    app_password,
    auto_reply,
    drive_app,
    evidence,
    forwarding,
    granted_app,
    mail,
    mail_filter,
    pickup,
    send_as,
    sign_in,
    told,
    two_step,
)

LOOK, FINE = VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE
UNSURE, UNCHECKED = VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED
EX = "j.marsh@mail.test"
SETTINGS = ["gmail_settings"]
PARTLY = {"gmail_settings": Why.GOOGLE_ERROR}
OFF = (pickup("pop", False, "disabled"), pickup("imap", False))
OWN = send_as("maya@gmail.test", primary=True, confirmed=None)

ROWS: list[tuple[str, Evidence, VerdictState, str]] = [
    ("mail_forwarding", evidence(whole=SETTINGS), FINE, "none"),
    ("mail_forwarding", evidence(forwarding(EX), whole=SETTINGS), LOOK, "seen"),
    ("mail_forwarding", evidence(forwarding(EX), short=PARTLY), LOOK, "seen_partly"),
    ("mail_forwarding", evidence(short=PARTLY), UNSURE, "google_error"),
    ("mail_forwarding", evidence(short={"gmail_settings": Why.NO_SERVICE}), UNSURE, "no_service"),
    ("mail_forwarding", evidence(), UNSURE, "not_asked"),
    ("mail_filters", evidence(whole=SETTINGS), FINE, "none"),
    ("mail_filters", evidence(mail_filter("shop", alerts=False, bins=True), whole=SETTINGS), FINE, "none"),
    ("mail_filters", evidence(mail_filter("google", bins=True), whole=SETTINGS), LOOK, "seen"),
    ("mail_filters", evidence(mail_filter("google", archives=True), short=PARTLY), LOOK, "seen_partly"),
    ("mail_filters", evidence(mail_filter("shop", alerts=False, bins=True), short=PARTLY), UNSURE, "google_error"),
    ("mail_pickup", evidence(*OFF, whole=SETTINGS), FINE, "pop_off"),
    ("mail_pickup", evidence(OFF[0], pickup("imap", True), whole=SETTINGS), FINE, "pop_off_imap_on"),
    ("mail_pickup", evidence(pickup("pop", True, "allMail"), *OFF[1:], whole=SETTINGS), LOOK, "seen"),
    ("mail_pickup", evidence(pickup("pop", True, "fromNowOn"), short=PARTLY), LOOK, "seen_partly"),
    ("mail_pickup", evidence(pickup("imap", True), short=PARTLY), UNSURE, "google_error"),
    ("mail_pickup", evidence(whole=SETTINGS), UNSURE, "not_said"),
    ("mail_send_as", evidence(OWN, whole=SETTINGS), FINE, "none"),
    ("mail_send_as", evidence(OWN, send_as("me@work.test"), whole=SETTINGS), LOOK, "seen"),
    ("mail_send_as", evidence(send_as("maya@gmail.test", primary=True, reply_to=EX), whole=SETTINGS), LOOK, "seen"),
    ("mail_send_as", evidence(OWN, short=PARTLY), UNSURE, "google_error"),
    ("mail_send_as", evidence(whole=SETTINGS), UNSURE, "not_said"),
    ("mail_auto_reply", evidence(auto_reply(False), whole=SETTINGS), FINE, "none"),
    ("mail_auto_reply", evidence(auto_reply(True), whole=SETTINGS), LOOK, "seen"),
    ("mail_auto_reply", evidence(whole=SETTINGS), UNSURE, "not_said"),
    ("mail_auto_reply", evidence(auto_reply(False), short=PARTLY), UNSURE, "google_error"),
    ("mail_delegates", evidence(whole=SETTINGS), UNCHECKED, "not_checked"),
    ("security_mails", evidence(whole=["gmail_alerts"]), UNSURE, "no_mail"),
    ("security_mails", evidence(mail(MailKind.SIGN_IN), whole=["gmail_alerts"]), UNSURE, "not_proof"),
    ("security_mails", evidence(mail(MailKind.APP_GRANTED, "X"), whole=["gmail_alerts"]), UNSURE, "no_mail"),
    ("security_mails", evidence(mail(MailKind.SIGN_IN), short={"gmail_alerts": Why.TOO_MANY}), UNSURE, "too_many"),
    ("security_mails", evidence(), UNSURE, "not_asked"),
    ("exports_requested", evidence(whole=["gmail_alerts"]), UNSURE, "no_mail"),
    ("exports_requested", evidence(mail(MailKind.EXPORT_READY), whole=["gmail_alerts"]), UNSURE, "not_proof"),
    ("exports_requested", evidence(short={"gmail_alerts": Why.BUSY}), UNSURE, "busy"),
]


@pytest.mark.parametrize(("check", "given", "state", "reason"), ROWS)
def test_what_is_said(check: str, given: Evidence, state: VerdictState, reason: str) -> None:
    verdict = CHECKS[check].judge(given)
    assert (verdict.state, verdict.reason) == (state, reason)


@pytest.mark.parametrize("check", ["mail_forwarding", "mail_filters", "mail_pickup", "mail_send_as", "mail_auto_reply"])
def test_what_is_known_looks_fine_and_what_is_not_does_not(check: str) -> None:
    facts: tuple[Fact, ...] = (
        *(forwarding(EX), mail_filter("google", bins=True), pickup("pop", True, "allMail"), pickup("imap", True)),
        *(OWN, send_as("me@work.test"), auto_reply(True)),
    )
    [item] = CHECKS[check].judge(evidence(*facts, whole=SETTINGS)).items
    for answer, state in ((ItemAnswer.KNOWN, FINE), (ItemAnswer.LEAVE, FINE), (ItemAnswer.UNKNOWN, LOOK)):
        given = evidence(*facts, whole=SETTINGS, answers={(item.kind, item.identity): answer})
        assert CHECKS[check].judge(given).state is state
    part = evidence(*facts, short=PARTLY, answers={(item.kind, item.identity): ItemAnswer.KNOWN})
    assert CHECKS[check].judge(part).state is UNSURE


@pytest.mark.parametrize(
    ("fact", "says"),
    [
        (forwarding(EX, keeps="inbox"), "all_kept"),
        (forwarding(EX, keeps=""), "all_kept"),
        (forwarding(EX, keeps="binned"), "all_hidden"),
        (forwarding(EX, "filter", filter_id="1", matches="from:(x)", keeps="inbox"), "some_kept"),
        (forwarding(EX, "filter", filter_id="1", matches="from:(x)", keeps="read"), "some_hidden"),
        (forwarding(EX, "filter", filter_id="1", keeps="archived"), "all_hidden"),
        (forwarding(EX, "allowed", confirmed=True), "allowed"),
        (forwarding(EX, "allowed", confirmed=False), "waiting"),
        (forwarding(EX, "allowed"), "listed"),
    ],
)
def test_each_way_of_sending_on_is_described(fact: Fact, says: str) -> None:
    [item] = CHECKS["mail_forwarding"].judge(evidence(fact, whole=SETTINGS)).items
    assert (item.says, item.name, item.kind) == (says, EX, ItemKind.MAIL_RULE)


def test_an_address_that_is_used_is_not_listed_again_as_allowed() -> None:
    used = forwarding(EX, "filter", filter_id="1", matches="from:(x)")
    given = evidence(used, forwarding(EX, "allowed", confirmed=True), forwarding("b@c.test", "allowed"), whole=SETTINGS)
    assert [item.says for item in CHECKS["mail_forwarding"].judge(given).items] == ["some_kept", "listed"]


@pytest.mark.parametrize(
    ("does", "says"),
    [
        ({"bins": True, "archives": True, "marks_read": True}, "bins"),
        ({"archives": True, "marks_read": True}, "archives"),
        ({"marks_read": True}, "marks_read"),
    ],
)
def test_a_filter_is_described_by_the_most_it_does(does: dict[str, bool], says: str) -> None:
    [item] = CHECKS["mail_filters"].judge(evidence(mail_filter("google", **does), whole=SETTINGS)).items
    assert (item.says, item.name) == (says, "from:(google)")


def test_answers_that_come_back_to_oneself_go_nowhere_else() -> None:
    facts = (
        send_as("maya@gmail.test", primary=True, reply_to="maya@gmail.test"),
        send_as("me@work.test", reply_to="me@work.test"),
        send_as("shop@mail.test", reply_to=EX, confirmed=False),
    )
    items = CHECKS["mail_send_as"].judge(evidence(*facts, whole=SETTINGS)).items
    assert [(item.name, item.says) for item in items] == [
        ("me@work.test", "alias"),
        ("shop@mail.test", "waiting"),
        (EX, "answers_elsewhere"),
    ]


# --------------------------------------------------------------------------- mails are signs


def test_mails_are_dated_newest_first_and_those_in_the_bin_are_counted() -> None:
    older, newer = BEFORE - timedelta(days=9), BEFORE
    verdict = CHECKS["security_mails"].judge(
        evidence(
            mail(MailKind.SIGN_IN, "Windows", at=older),
            mail(MailKind.APP_PASSWORD_CREATED, "Old Nokia", at=newer, binned=True),
            mail(MailKind.EXPORT_REQUESTED, at=newer),
            whole=["gmail_alerts"],
        )
    )
    assert [(item.name, item.says, item.kind) for item in verdict.items] == [
        ("Old Nokia", "app_password_created", ItemKind.EVENT),
        ("Windows", "sign_in", ItemKind.EVENT),
    ]
    assert verdict.items[0].values == {"mail_at": newer.isoformat()}
    assert verdict.signs == ("mails", "binned")
    assert (verdict.values["mails"], verdict.values["binned"]) == (2, 1)
    assert (verdict.rung, verdict.strength) == (Rung.LIVE, Strength.SUGGESTS)


def test_each_kind_of_mail_has_its_sentence_and_a_heading() -> None:
    here = [kind for kind in MailKind if kind not in (MailKind.APP_GRANTED,)]
    for kind in here:
        exports = kind in (MailKind.EXPORT_REQUESTED, MailKind.EXPORT_READY)
        check = CHECKS["exports_requested" if exports else "security_mails"]
        for by_number, subject in ((True, "セキュリティ通知"), (False, "")):
            given = evidence(mail(kind, subject=subject, by_number=by_number), whole=["gmail_alerts"])
            [item] = check.judge(given).items
            assert check.words.item_says[item.says].fits(item.values)
            assert item.name == (subject or "Google")


def test_a_mail_that_was_not_oneself_needs_a_look_and_one_that_was_proves_nothing() -> None:
    mails = (mail(MailKind.SIGN_IN, "Windows"), mail(MailKind.SIGN_IN, "Linux"))
    check = CHECKS["security_mails"]
    keys = [(item.kind, item.identity) for item in check.judge(evidence(*mails, whole=["gmail_alerts"])).items]
    known = check.judge(evidence(*mails, whole=["gmail_alerts"], answers=dict.fromkeys(keys, ItemAnswer.KNOWN)))
    assert known.state is UNSURE
    strange = evidence(*mails, whole=["gmail_alerts"], answers={keys[0]: ItemAnswer.UNKNOWN})
    assert (check.judge(strange).state, check.judge(strange).reason) == (LOOK, "seen_partly")


def test_the_person_s_own_look_decides_and_a_mail_that_came_since_opens_it_again() -> None:
    check, said = CHECKS["security_mails"], told("security_mails", ToldAnswer.AS_IT_SHOULD_BE)
    assert check.judge(evidence(said, mail(MailKind.SIGN_IN), whole=["gmail_alerts"])).state is FINE
    earlier = told("security_mails", ToldAnswer.AS_IT_SHOULD_BE, at=BEFORE)
    assert check.judge(evidence(earlier, mail(MailKind.SIGN_IN), whole=["gmail_alerts"])).state is UNSURE


# --------------------------------------------------------------------------- apps: merged by name


def connected(*facts: Fact) -> list[tuple[str, str, str]]:
    verdict = CHECKS["connected_apps"].judge(evidence(*facts, whole=["drive_apps", "gmail_alerts"]))
    assert verdict.state is UNSURE
    return [(item.name, item.says, str(item.values.get("granted_at", ""))[:10]) for item in verdict.items]


DAY = str(BEFORE.date())


def test_an_app_in_drive_and_in_a_mail_is_one_app_with_a_day() -> None:
    facts = (drive_app("Pic Polish"), drive_app("Notes", wide=False), mail(MailKind.APP_GRANTED, " pic\u00a0POLISH"))
    assert connected(*facts) == [("Notes", "some_drive", ""), ("Pic Polish", "all_drive_granted", DAY)]


def test_an_app_that_only_a_mail_names_was_let_in_on_that_day_and_no_more_is_said() -> None:
    given = mail(MailKind.APP_GRANTED, "Google <b>Security</b>")
    [item] = CHECKS["connected_apps"].judge(evidence(given, whole=["gmail_alerts"])).items
    assert item.kind is ItemKind.EVENT, "it is not gone when the mail is"
    [found] = connected(given)
    assert found == ("Google <b>Security</b>", "granted", DAY)
    said = CHECKS["connected_apps"].words.item_says["granted"].other
    assert "Whether it still is, we can not see" in said


def test_the_newest_mail_dates_an_app() -> None:
    older = mail(MailKind.APP_GRANTED, "Notes", at=BEFORE - timedelta(days=99))
    assert connected(older, mail(MailKind.APP_GRANTED, "Notes")) == [("Notes", "granted", DAY)]


def test_of_two_apps_named_alike_a_mail_does_not_say_which() -> None:
    twins = (drive_app("Sync", app_id="1"), drive_app("sync", wide=False, app_id="2"))
    assert connected(*twins, mail(MailKind.APP_GRANTED, "Sync")) == [
        ("Sync", "all_drive", ""),
        ("sync", "some_drive", ""),
        ("Sync", "granted", DAY),
    ]


def test_mails_whose_app_we_could_not_read_stay_apart() -> None:
    two = [mail(MailKind.APP_GRANTED, mail_id=name, subject="セキュリティ通知") for name in ("m1", "m2")]
    assert connected(*two) == [("セキュリティ通知", "granted_unnamed", DAY)] * 2


def test_an_app_that_left_drive_and_has_a_mail_is_a_mail_only() -> None:
    gone = drive_app("Gone", authorized=False)
    assert connected(gone, mail(MailKind.APP_GRANTED, "Gone")) == [("Gone", "granted", DAY)]


def test_each_source_has_its_own_count() -> None:
    verdict = CHECKS["connected_apps"].judge(
        evidence(drive_app("A"), mail(MailKind.APP_GRANTED, "A"), mail(MailKind.APP_GRANTED, "B"), whole=["drive_apps"])
    )
    assert verdict.signs == ("in_drive", "by_mail")
    assert (verdict.values["in_drive"], verdict.values["by_mail"], verdict.values["items"]) == (1, 2, 2)


def test_where_the_administrator_s_list_is_whole_mails_add_nothing() -> None:
    given = evidence(granted_app("A"), mail(MailKind.APP_GRANTED, "B"), whole=["directory_apps"], consumer=False)
    assert [item.name for item in CHECKS["connected_apps"].judge(given).items] == ["A"]


# --------------------------------------------------------------------------- 2-step and app passwords


def test_the_last_mail_speaks_for_2_step_and_proves_nothing() -> None:
    older = mail(MailKind.TWO_STEP_ON, at=BEFORE - timedelta(days=50), by_number=False)
    verdict = CHECKS["two_step"].judge(evidence(older, mail(MailKind.APP_PASSWORD_CREATED), whole=["gmail_alerts"]))
    assert (verdict.state, verdict.signs) == (UNSURE, ("mail_app_password",))
    assert verdict.values["mail_at"] == BEFORE.isoformat()
    assert verdict.strength is Strength.SUGGESTS


def test_a_sign_in_and_a_mail_stand_side_by_side() -> None:
    verdict = CHECKS["two_step"].judge(evidence(sign_in("mfa"), mail(MailKind.TWO_STEP_ON)))
    assert verdict.signs == ("second_step_used", "mail_switched_on")
    check = CHECKS["two_step"]
    assert all(check.words.says[sign].fits(verdict.values) for sign in verdict.signs)


def test_off_by_an_administrator_s_word_stands_above_any_mail() -> None:
    given = evidence(two_step(False), mail(MailKind.TWO_STEP_ON, at=AFTER), whole=["directory_user"], consumer=False)
    assert CHECKS["two_step"].judge(given).reason == "off"


@pytest.mark.parametrize(
    ("last", "sign"), [(MailKind.APP_PASSWORD_CREATED, "mail_made"), (MailKind.APP_PASSWORD_REMOVED, "mail_removed")]
)
def test_the_last_mail_about_app_passwords_is_a_sign(last: MailKind, sign: str) -> None:
    other = {MailKind.APP_PASSWORD_CREATED: MailKind.APP_PASSWORD_REMOVED}.get(last, MailKind.APP_PASSWORD_CREATED)
    given = evidence(mail(last), mail(other, at=BEFORE - timedelta(days=5)), whole=["gmail_alerts"])
    verdict = CHECKS["app_passwords"].judge(given)
    assert (verdict.state, verdict.reason, verdict.signs) == (UNSURE, "consumer_account", (sign,))


def test_without_such_a_mail_app_passwords_are_not_checked_and_a_list_stands_above_mails() -> None:
    assert CHECKS["app_passwords"].judge(evidence(whole=["gmail_alerts"])).state is UNCHECKED
    given = evidence(
        app_password("1"), mail(MailKind.APP_PASSWORD_REMOVED), whole=["directory_app_passwords"], consumer=False
    )
    verdict = CHECKS["app_passwords"].judge(given)
    assert (verdict.state, verdict.signs) == (LOOK, ())


def test_the_mails_in_these_tests_are_mayas() -> None:
    assert (mail(MailKind.SIGN_IN).connection, mail(MailKind.SIGN_IN).seen_at) == (MAYA, NOW)
