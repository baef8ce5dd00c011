"""The language of the checks: calm, plain, true, and easy to read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from audits.checks import language
from audits.checks.catalogue import CHECKS, COMMON
from audits.checks.words import Sentence
from audits.facts import ItemAnswer, Why
from tests.checks.reading_age import grade

ROOT = Path(__file__).parents[2]


def texts(words: object) -> Iterator[str]:
    """Every string in a frozen tree of words."""
    if isinstance(words, str):
        yield words
    elif isinstance(words, Mapping):
        for value in words.values():
            yield from texts(value)
    elif isinstance(words, tuple):
        for value in words:
            yield from texts(value)
    elif dataclasses.is_dataclass(words):
        for field in dataclasses.fields(words):
            yield from texts(getattr(words, field.name))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("secure", "Your account is secure now."),
        ("secure", "An insecure app."),
        ("clean", "Your phone is clean."),
        ("all clear", "It is all clear."),
        ("protected", "You are protected."),
        ("guaranteed", "We guarantee it."),
        ("100 %", "It is 100 % gone."),
        ("no one else has access", "No one else has access."),
        ("hacker", "A hacker did this."),
        ("hacker", "You were hacked."),
        ("attacker", "The attacker is gone."),
        ("abuser", "Your abuser may see it."),
        ("victim", "For victims."),
        ("critical", "This is critical."),
        ("danger", "This is dangerous."),
        ("urgent", "This is urgent."),
        ("immediately", "Change it immediately."),
        ("you must", "You must remove it."),
        ("you must", "You have to remove it."),
        ("you should", "You should remove it."),
        ("you failed", "It is your fault."),
        ("simply", "Simply press it."),
        ("simply", "Just delete it."),
    ],
)
def test_forbidden_words_are_found(word: str, text: str) -> None:
    assert f"uses the word {word!r}" in list(language.text_problems(text))


def test_every_forbidden_word_is_tried_above() -> None:
    tried = test_forbidden_words_are_found.pytestmark[0].args[1]
    assert {word for word, _ in tried} == set(language.FORBIDDEN)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Look now!", "has an exclamation mark"),
        ("See <b>this</b>.", "has markup in it"),
        ("Go to https://google.com now.", "has a web address in it; addresses belong in link"),
        ("Go to www.google.com now.", "has a web address in it; addresses belong in link"),
        ("It's here.", "has straight quotes; use ’ and “ ”"),
        ("We saw {Apps}.", "has a brace that is no {placeholder}"),
        ("We saw {apps.__class__}.", "has a brace that is no {placeholder}"),
        ("word " * 32 + "word.", "has a sentence of 33 words, at most 32"),
    ],
)
def test_text_problems(text: str, problem: str) -> None:
    assert problem in list(language.text_problems(text))


@pytest.mark.parametrize(
    "text", ["From a safer device.", "Google’s Security page.", "It is 5 GB.", "We saw {items} apps: {known} known."]
)
def test_good_text_has_no_problem(text: str) -> None:
    assert list(language.text_problems(text)) == []


@pytest.mark.parametrize("title", ["Ensure 2-step is on", "Make sure it is on", "Turn on 2-step", "Remove old apps"])
def test_a_title_gives_no_order(title: str) -> None:
    assert list(language.title_problems(title)) == ["gives an order; state the good state instead"]


@pytest.mark.parametrize(
    "link",
    [
        "http://myaccount.google.com/connections",
        "https://myaccount.google.com.evil.test/",
        "https://evil.test/",
        "https://user@myaccount.google.com/",
        "https://myaccount.google.com:8443/",
        "https://sites.google.com/view/anyone",
        "https://drive.google.com/a b",
        "javascript:alert(1)",
        "//myaccount.google.com/",
        "",
    ],
)
def test_links_go_to_the_hosts_of_their_place_and_nowhere_else(link: str) -> None:
    assert list(language.link_problems(link, frozenset({"myaccount.google.com", "drive.google.com"})))


def test_a_good_link_has_no_problem() -> None:
    hosts = frozenset({"myaccount.google.com"})
    assert list(language.link_problems("https://myaccount.google.com/connections", hosts)) == []


def test_the_words_of_each_check_are_easy_to_read() -> None:
    hard = []
    for check in CHECKS.values():
        words = check.words
        explained = [words.why, words.limit, words.notice.long, words.undo, words.lose, words.evidence]
        hard += [(check.id, text) for text in explained if grade(text) > 9]
        whole = grade(" ".join(text for text in texts(words) if " " in text and not text.startswith("https")))
        if whole > 6:
            hard.append((check.id, f"grade {whole} as a whole"))
    assert hard == []


def test_photo_backup_checks_never_claim_on_or_off() -> None:
    """Where no machine can see a switch, no sentence of a verdict says that it is on or off."""
    claims = [
        (check.id, reason)
        for check in CHECKS.values()
        if check.id.startswith("photo_backup")
        for reason in check.reasons
        if reason != "told_off" and re.search(r"\bis (on|off)\b", check.words.says[reason].other)
    ]
    assert claims == []


def test_off_is_said_of_2_step_only_where_it_was_seen_or_told() -> None:
    says = CHECKS["two_step"].words.says
    claims = {reason for reason in CHECKS["two_step"].reasons if re.search(r"2-step[^.]* is off", says[reason].other)}
    assert claims == {"off", "told_fine_seen_odd"}


def test_common_words_pass_the_same_rules() -> None:
    wrong = [(text, p) for text in texts(COMMON) for p in language.text_problems(text) if not text.startswith("i-")]
    assert wrong == []


def test_common_words_name_every_why_and_answer() -> None:
    assert set(Why) <= COMMON.says.keys()
    assert set(ItemAnswer) <= COMMON.item_tally.keys()


def test_every_common_line_that_pages_ask_for_is_there() -> None:
    """Lines are asked for by name: COMMON.lines["..."]."""
    asked = {
        name
        for path in (ROOT / "audits").rglob("*.py")
        for found in re.findall(r"COMMON\.lines\[([^\]]*)\]", path.read_text())
        for name in re.findall(r'"([a-z_]+)"', found)
    }
    assert asked <= COMMON.lines.keys()


# --------------------------------------------------------------------------- sentences


COUNTED = Sentence("We saw {items} apps.", "We saw one app.", "items")


def test_a_sentence_counts() -> None:
    assert COUNTED.fill({"items": 1}) == "We saw one app."
    assert COUNTED.fill({"items": 2}) == "We saw 2 apps."
    assert COUNTED.fill({"items": 0}) == "We saw 0 apps."


def test_a_sentence_is_translated_as_a_whole() -> None:
    german = {"We saw one app.": "Wir sahen eine App.", "We saw {items} apps.": "Wir sahen {items} Apps."}

    def ngettext(one: str, other: str, number: int) -> str:
        return german[one if number == 1 else other]

    assert COUNTED.fill({"items": 3}, ngettext=ngettext) == "Wir sahen 3 Apps."
    assert Sentence("Look.").fill({}, gettext={"Look.": "Schau."}.__getitem__) == "Schau."


def test_values_are_never_read_as_placeholders() -> None:
    assert Sentence("{person} and {files}").fill({"person": "{files}", "files": 2}) == "{files} and 2"


def test_a_missing_value_is_an_error_and_can_be_asked_before() -> None:
    assert not COUNTED.fits({"known": 1})
    with pytest.raises(KeyError):
        COUNTED.fill({"known": 1})


def test_one_thing_first_falls_back_to_plain_words() -> None:
    first = CHECKS["drive_wide_apps"].words.first
    assert first.fitting_title({"items": 4}).fill({"items": 4}) == "4 apps can open every file in your Drive"
    assert first.fitting_title({"told_at": "x"}).fill({}) == first.plain
