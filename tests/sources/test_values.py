"""Only the right type is believed, and names from outside lose what hides or turns round other text."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from audits.sources.google import values
from audits.sources.google.errors import Unreadable

JUNK: list[Any] = [None, 5, 1.5, [], ["x"], {}, {"x": 1}]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Holiday\u202egpj.exe", "Holidaygpj.exe"),
        ("a\u2066b\u2069c\u200bd\ufeff", "abcd"),
        ("two\nlines\tand\r\nmore", "two lines and more"),
        ("nul\x00 and escape\x1b[31m", "nul and escape[31m"),
        ("half \ud83d character", "half \ufffd character"),
        ("line\u2028separator", "line separator"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        (
            "\u0627\u0644\u0635\u0648\u0631 \u05ea\u05de\u05d5\u05e0\u05d4",
            "\u0627\u0644\u0635\u0648\u0631 \u05ea\u05de\u05d5\u05e0\u05d4",
        ),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("  ", ""),
    ],
)
def test_names_keep_their_letters_and_lose_tricks(given: str, kept: str) -> None:
    assert values.name({"name": given}, "name") == kept


def test_names_are_cut_and_can_always_be_stored() -> None:
    assert len(values.name({"name": "x" * 10_000_000}, "name")) == 300
    values.name(json.loads(r'{"name": "\ud83d\u0000\udfff"}'), "name").encode()


@pytest.mark.parametrize("junk", JUNK)
def test_a_name_is_text(junk: object) -> None:
    with pytest.raises(Unreadable):
        values.name({"name": junk}, "name")


@pytest.mark.parametrize("junk", [*JUNK, "", "two words", "line\nbreak", "\u202ex", "x" * 257, "caf\xe9"])
def test_an_id_is_kept_exactly_or_not_at_all(junk: object) -> None:
    with pytest.raises(Unreadable):
        values.identity({"id": junk}, "id")


@pytest.mark.parametrize("junk", ["false", "true", 0, 1, None, [], "", [False]])
def test_only_a_boolean_is_a_yes_or_a_no(junk: object) -> None:
    with pytest.raises(Unreadable):
        values.true_or_false({"isEnrolledIn2Sv": junk}, "isEnrolledIn2Sv")


def test_a_missing_boolean_is_unknown() -> None:
    assert values.true_or_false_if_said({}, "x") is None
    assert values.true_or_false_if_said({"x": False}, "x") is False
    with pytest.raises(Unreadable):
        values.true_or_false_if_said({"x": "false"}, "x")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://drive.google.com/file/d/1/view?usp=sharing", "https://drive.google.com/file/d/1/view?usp=sharing"),
        ("https://google.com/x", "https://google.com/x"),
        ("https://docs.google.com:443/x", "https://docs.google.com:443/x"),
        ("http://drive.google.com/x", ""),
        ("https://drive.google.com.evil.test/x", ""),
        ("https://evilgoogle.com/x", ""),
        ("https://drive.google.com@evil.test/x", ""),
        ("https://me@drive.google.com/x", ""),
        ("https://evil.test\\@drive.google.com/x", ""),
        ("https://drive.google.com:8443/x", ""),
        ("https://drive.google.com:port/x", ""),
        ("https://[drive.google.com/x", ""),
        ("javascript:alert(1)//https://drive.google.com", ""),
        ("https://drive.google.com/\u202ex", ""),
        ("https://drive.google.com/ x", ""),
        ("https://drive.google.com/" + "x" * 3000, ""),
        (5, ""),
        (None, ""),
    ],
)
def test_links_lead_to_google_by_https_or_nowhere(given: object, kept: str) -> None:
    assert values.link({"webViewLink": given}, "webViewLink") == kept


def test_addresses_are_lower_case_and_short() -> None:
    assert values.address({"emailAddress": "J.Marsh@Mail.Test"}, "emailAddress") == "j.marsh@mail.test"
    assert values.address({}, "emailAddress") == ""
    for wrong in ("x" * 321, 5, None, ["x"]):
        with pytest.raises(Unreadable):
            values.address({"emailAddress": wrong}, "emailAddress")


@pytest.mark.parametrize(("given", "kept"), [("0", 0), ("65498251264", 65498251264), (12, 12)])
def test_counts(given: object, kept: int) -> None:
    assert values.whole_number({"usage": given}, "usage") == kept


@pytest.mark.parametrize("junk", [None, True, -1, "-1", "1.5", 1.5, "", "\u0661\u0662", "9" * 30, 2**63, [], {}])
def test_what_is_no_count(junk: object) -> None:
    with pytest.raises(Unreadable):
        values.whole_number({"usage": junk}, "usage")


def test_moments() -> None:
    assert values.moment({"at": "2026-11-21T18:40:05.000Z"}, "at") == datetime(2026, 11, 21, 18, 40, 5, tzinfo=UTC)
    assert values.moment({}, "at") is None
    for wrong in ("yesterday", "2026-11-21T18:40:05", 5, "0001-01-01T00:00:00+14:00", "2" * 50):
        with pytest.raises(Unreadable):
            values.moment({"at": wrong}, "at")


def test_epochs_in_seconds_and_milliseconds() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert values.epoch({"at": str(int(moment.timestamp()))}, "at") == moment
    assert values.epoch({"at": str(int(moment.timestamp() * 1000))}, "at") == moment
    assert values.epoch({"at": "0"}, "at") is None
    assert values.epoch({}, "at") is None
    for wrong in ("never", "9" * 19, True, []):
        with pytest.raises(Unreadable):
            values.epoch({"at": wrong}, "at")


@pytest.mark.parametrize("read", [values.name, values.identity, values.whole_number, values.records])
def test_nothing_is_not_a_value(read: Callable[[dict[str, Any], str], object]) -> None:
    with pytest.raises(Unreadable):
        read({}, "missing")
