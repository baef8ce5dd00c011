"""Whatever sources managed and whatever they saw: no verdict says more than that."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import product

import pytest

from audits.checks.answers import NAMED_REASONS, is_named
from audits.checks.catalogue import CHECKS, COMMON, Check
from audits.facts import (
    Coverage,
    CoverageState,
    Evidence,
    Fact,
    ItemAnswer,
    ItemKind,
    MailKind,
    NamedThing,
    Rung,
    Strength,
    Told,
    ToldAnswer,
    Verdict,
    VerdictState,
    Why,
)
from tests.checks.seen import (
    MAYA,
    NOW,
    app_password,
    auto_reply,
    basics,
    binned,
    calendar,
    covered,
    drive_app,
    drive_member,
    evidence,
    extension,
    file_for,
    forwarding,
    granted_app,
    incoming,
    let_in,
    log_entry,
    mail,
    mail_filter,
    named,
    open_file,
    open_picture,
    phone_app,
    picked,
    pickup,
    play_device,
    send_as,
    sharing,
    sign_in,
    storage,
    told,
    two_step,
    video,
)

# The one source whose whole answer can prove that a check is fine. No entry: nothing can.
PROOF = {
    "phone_devices": "play_devices",  # with the person's word for each
    "browser_extensions": "chrome_extensions",  # with the person's word for each
    "drive_wide_apps": "drive_apps",
    "connected_apps": "directory_apps",
    "app_passwords": "directory_app_passwords",
    "account_events": "reports_account",
    "app_events": "reports_apps",
    "recovery_address": "directory_user",
    "two_step": "directory_user",
    "open_files": "drive_public",
    "files_one_person": "drive_named",
    "open_pictures": "drive_public",
    "pictures_with_location": "drive_public",
    "pictures_in_bin": "drive_trash",
    "calendar_sharing": "calendar_sharing",
    "videos_open": "youtube",
    "files_from_person": "drive_incoming",
    "ownership_offers": "drive_outsiders",  # together with drive_public: test_sharing_wider.py
    "shared_drives": "drive_shared_drives",
    "mail_forwarding": "gmail_settings",
    "mail_filters": "gmail_settings",
    "mail_pickup": "gmail_settings",
    "mail_send_as": "gmail_settings",
    "mail_auto_reply": "gmail_settings",
}
RULED = [check for check in CHECKS.values() if check.rule]
NOT_WHOLE = [state for state in CoverageState if state is not CoverageState.COMPLETE]
HARMLESS: tuple[Fact, ...] = (
    drive_app("Notes", wide=False),
    drive_app("Gone", authorized=False),
    two_step(True),
    basics(),
    sign_in("pwd", "mfa", "hwk"),
    storage(40),
    picked(),
    open_file("mine", open_to_anyone=False),
    open_file("mine", source="drive_named", open_to_anyone=False),
    video("home", "private"),
    sharing("ended", added=False),
    sharing("mine", who="me"),
    pickup("pop", False, "disabled"),
    pickup("imap", False),
    mail_filter("news", alerts=False, archives=True),
    send_as("maya@gmail.test", primary=True),
    auto_reply(False),
    mail(MailKind.SIGN_IN, "Linux"),
)


@cache
def coverages(source: str) -> list[Coverage | None]:
    """Never ran, read whole, and every way to fall short for every reason."""
    short = [covered(source, why, state) for state, why in product(NOT_WHOLE, Why)]
    return [None, covered(source), *short]


def situations(check: Check) -> Iterator[Mapping[str, Coverage]]:
    """Up to two sources: every pair of ways. More: every way of each, beside others that never ran, managed, failed."""
    assert check.rule
    sources = check.rule.sources
    for open_to_all in [sources] if len(sources) <= 2 else [(source,) for source in sources]:
        ways = [coverages(one) if one in open_to_all else _three_ways(one) for one in sources]
        for found in product(*ways):
            yield {one.source: one for one in found if one}


def _three_ways(source: str) -> list[Coverage | None]:
    return [None, covered(source), covered(source, Why.UNREACHABLE, CoverageState.PARTIAL)]


@pytest.mark.parametrize("check", RULED, ids=lambda check: check.id)
@pytest.mark.parametrize("facts", [(), HARMLESS], ids=["nothing", "harmless"])
def test_without_proof_of_the_whole_nothing_looks_fine(check: Check, facts: tuple[Fact, ...]) -> None:
    for coverage, consumer in product(situations(check), (True, False)):
        given = Evidence(now=NOW, connected=True, consumer=consumer, facts=facts, coverage=coverage)
        verdict = check.judge(given)
        assert verdict.reason in check.reasons
        proof = coverage.get(PROOF.get(check.id, ""))
        if proof is None or not proof.complete:
            assert verdict.state is not VerdictState.LOOKS_FINE, (coverage, verdict.reason)


@pytest.mark.parametrize(("check", "source"), PROOF.items())
def test_a_source_that_failed_is_named_as_the_reason(check: str, source: str) -> None:
    of_named = check in ("files_one_person", "files_from_person")
    wrong = []
    for why in Why:
        verdict = CHECKS[check].judge(evidence(short={source: why}, consumer=False))
        no_name_yet = of_named and why in (Why.NOBODY_NAMED, Why.NAMED_SINCE)
        state = VerdictState.NOT_CHECKED if no_name_yet else VerdictState.COULD_NOT_TELL
        if (verdict.state, verdict.reason) != (state, why.value):
            wrong.append((why, verdict.state, verdict.reason))
    assert wrong == []


# --------------------------------------------------------------------------- anything at all

EX = "ex@mail.test"
ANYTHING: tuple[Fact, ...] = (
    *HARMLESS,
    mail(MailKind.APP_GRANTED, "Wide"),
    mail(MailKind.APP_GRANTED),
    mail(MailKind.APP_PASSWORD_CREATED, "Old phone", binned=True),
    mail(MailKind.TWO_STEP_ON),
    mail(MailKind.EXPORT_REQUESTED, binned=True),
    mail(MailKind.ACCOUNT_RECOVERED, by_number=False),
    mail(MailKind.OTHER_ACCOUNT, "ex@mail.test"),
    mail(MailKind.NOT_UNDERSTOOD, subject="?"),
    forwarding("ex@mail.test", keeps="binned"),
    forwarding("ex@mail.test", "filter", filter_id="1", matches="from:(bank)", keeps="inbox"),
    forwarding("ex@mail.test", "allowed", confirmed=True),
    mail_filter("google.com", bins=True),
    pickup("pop", True, "allMail"),
    pickup("imap", True),
    send_as("alias@mail.test", confirmed=False, reply_to="ex@mail.test"),
    auto_reply(True, everyone=False),
    phone_app("Torch"),
    phone_app("Nowhere", device=""),
    play_device("Pixel"),
    play_device("Unsaid", since=None, last=None),
    extension("Mirror", incognito=True),
    extension("Off", enabled=False),
    drive_app("Wide"),
    drive_app("Unsaid", wide=None),
    granted_app("Odd", "https://mail.google.com/", wide=True),
    granted_app("Sync", anonymous=True, app_id="anonymous"),
    app_password("1", used=NOW),
    app_password("2", made=None),
    log_entry("2sv_disable"),
    log_entry("2sv_enroll", at=NOW),
    log_entry("something_new"),
    let_in("Odd"),
    let_in("Odd", what="revoke"),
    basics("ex@mail.test", "+44", "office@shelter.test"),
    two_step(False),
    sign_in(said=False),
    storage(0.1),
    storage(40, pooled=True),
    open_file("cv"),
    open_picture("home", located=True),
    open_picture("new", located=None),
    file_for(EX),
    file_for(EX, "other@mail.test", name="diary", role="writer"),
    binned("old", shared=True),
    binned("older", at=None),
    calendar("Home", EX, role="owner", named=True),
    calendar("Home", "group@mail.test", kind="group", role="writerWithoutPrivateAccess"),
    calendar("Team", kind="public"),
    calendar("Team", kind="public", role="writer"),
    video("garden"),
    video("cakes", "public", playlist=True),
    incoming("rent", EX),
    incoming("film", EX, "writer", "video/mp4"),
    drive_member("auditor@mail.test"),
    open_file("lent", source="drive_shared_drives", open_to_anyone=False, access=()),
    open_file("leaflet", source="drive_shared_drives"),
    file_for(EX, name="offered", pending=True),
    sharing("diary"),
    sharing("plan", "anyone", "anyone", by_me=False),
    sharing("list", "group", "", by_me=None),
    sharing("rota", "domain", "work.test"),
    picked("iPhone 14", "Apple", days_ago=400, video=True),
    picked("", ""),
    picked("Old", days_ago=-900),
)


def anything(dice: random.Random, check: Check) -> Evidence:
    facts = dice.sample(ANYTHING, dice.randint(0, 8))
    sources = sorted({*check.sources, "drive_public", "directory_user"})
    coverage = {s: found for s in sources if (found := dice.choice([*coverages(s)[:2] * 20, *coverages(s)]))}
    for _ in range(dice.randint(0, 2)):
        at = NOW + timedelta(days=dice.choice([-90, -1, 1]))
        facts.append(told(check.id, dice.choice(list(ToldAnswer)), at))
    facts.extend(anything_named(dice, check))
    given = Evidence(
        now=NOW,
        connected=dice.random() > 0.1,
        consumer=dice.choice([True, False, None]),
        facts=tuple(facts),
        coverage=coverage,
    )
    answers = {(item.kind, item.identity): dice.choice([*ItemAnswer, None]) for item in check.judge(given).items}
    return Evidence(
        **{**vars(given), "item_answers": {key: answer for key, answer in answers.items() if answer is not None}}
    )


def anything_named(dice: random.Random, check: Check) -> Iterator[Fact]:
    """Up to four things, some called as what the rule itself may see."""
    names = dice.sample(["Wide", "wide ", "Odd", "Pixel", "Old phone", "\u202egpj", "Torch"], dice.randint(0, 4))
    for name in names:
        kind = dice.choice([ItemKind.APP, ItemKind.DEVICE, ItemKind.OTHER])
        rung = dice.choice([Rung.TOLD, Rung.PASTED, Rung.BROUGHT])
        yield named(check.id, name, NOW + timedelta(days=dice.choice([-90, -1, 1])), rung=rung, kind=kind)


def without_named(given: Evidence) -> Evidence:
    return replace(given, facts=tuple(fact for fact in given.facts if not isinstance(fact, NamedThing)))


def assert_can_be_said(check: Check, verdict: Verdict) -> None:
    for code in (verdict.reason, *verdict.signs):
        assert code in check.reasons
        check.words.says[code].fill(verdict.values)
    for item in verdict.items:
        check.words.item_says[item.says].fill(item.values)
    assert len({(item.kind, item.identity) for item in verdict.items}) == len(verdict.items)
    check.words.first.fitting_title(verdict.values).fill(verdict.values)
    seen = [item for item in verdict.items if not is_named(item.says)]  # what was named is counted apart
    for sentence in COMMON.item_tally.values():
        assert not seen or sentence.fits(verdict.values)


def assert_naming_makes_nothing_better(check: Check, given: Evidence, verdict: Verdict) -> None:
    """With names the verdict is the one without them, or a needs-a-look that says why, on the rung they came by."""
    bare = check.judge(without_named(given))
    if (verdict.state, verdict.reason) == (bare.state, bare.reason):
        assert (verdict.rung, verdict.strength, verdict.seen_at) == (bare.rung, bare.strength, bare.seen_at)
        return
    assert verdict.state is VerdictState.NEEDS_LOOK
    assert verdict.reason in NAMED_REASONS
    things = [fact for fact in given.of(NamedThing) if fact.check == check.id]
    assert (verdict.rung, verdict.seen_at) in {(thing.rung, thing.seen_at) for thing in things}
    assert verdict.strength is Strength.TOLD


def assert_fine_has_a_ground(check: Check, given: Evidence, verdict: Verdict) -> None:
    said = [fact for fact in given.of(Told) if fact.answer is not ToldAnswer.LEAVE]
    by_word = any(fact.answer is ToldAnswer.AS_IT_SHOULD_BE for fact in said)
    assert verdict.seen_at is not None
    assert given.complete(PROOF.get(check.id, "")) or (verdict.strength is Strength.TOLD and by_word)


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_whatever_the_evidence_the_verdict_can_be_said_and_stands_on_something(check: Check) -> None:
    dice = random.Random(check.id)
    for _ in range(250):
        given = anything(dice, check)
        verdict = check.judge(given)
        assert_can_be_said(check, verdict)
        if verdict.state is VerdictState.LOOKS_FINE:
            assert_fine_has_a_ground(check, given, verdict)
        assert_naming_makes_nothing_better(check, given, verdict)
        unknown = [i for i in verdict.items if given.item_answers.get((i.kind, i.identity)) is ItemAnswer.UNKNOWN]
        assert not unknown or verdict.state is VerdictState.NEEDS_LOOK


def test_without_an_account_nothing_is_claimed() -> None:
    wrong = []
    for check in CHECKS.values():
        verdict = check.judge(evidence(connected=False))
        guided = check.words.told is not None
        state = VerdictState.NOT_CHECKED if guided else VerdictState.COULD_NOT_TELL
        if (verdict.state, verdict.reason) != (state, "not_checked" if guided else "not_connected"):
            wrong.append((check.id, verdict.state, verdict.reason))
    assert wrong == []


def test_two_step_off_is_never_said_without_an_administrator() -> None:
    dice = random.Random("two_step")
    for _ in range(250):
        given = anything(dice, CHECKS["two_step"])
        without = Evidence(**{**vars(given), "facts": tuple(f for f in given.facts if f.source != "directory_user")})
        assert CHECKS["two_step"].judge(without).reason != "off"


def test_the_connection_in_these_tests_is_maya() -> None:
    assert {fact.connection for fact in ANYTHING} == {MAYA}
