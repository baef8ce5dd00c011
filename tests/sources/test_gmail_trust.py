"""Which mails are believed: what Gmail noted, the one To, the type. Lies that were thought of, and real forms."""

from __future__ import annotations

from typing import Any

import pytest

from audits.sources.google import gmail_trust
from audits.sources.google.errors import Unreadable
from audits.sources.google.gmail_trust import Trust, headers_of, number_of, passed, trust_of

ME = "maya@gmail.test"
DKIM = "dkim=pass header.i=@accounts.google.com header.s=20230601 header.b=aB3xYz"
SPF = "spf=pass (google.com: domain of 3ab@gaia.bounces.google.com designates 209.85.220.73 as permitted sender)"
DMARC = "dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=accounts.google.com"
GOOD = f"mx.google.com;       {DKIM};       {SPF} smtp.mailfrom=3ab@gaia.bounces.google.com;       {DMARC}"


def headers(**changed: Any) -> gmail_trust.Headers:
    """A good mail. A header may be given once, as a list, or as None: not there."""
    usual = {
        "authentication-results": GOOD,
        "from": "Google <no-reply@accounts.google.com>",
        "to": ME,
        "subject": "Security alert",
        "x-account-notification-type": "127",
    }
    given = usual | {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value if isinstance(value, list) else [value] for name, value in given.items() if value is not None}


NOTED = [
    (GOOD, True),
    (GOOD.replace("; ", ";\r\n "), True),
    (f"mx.google.com; {DMARC}; dkim=fail header.i=@list.test; {DKIM}", True),
    (f"MX.google.com; {DKIM.upper()}; {DMARC}", True),
    ("", False),
    ("mx.google.com", False),
    (f"mx.google.com; {DKIM}", False),
    (f"mx.google.com; {DMARC}", False),
    (GOOD.replace("mx.google.com", "mx.google.com.evil.test"), False),
    (GOOD.replace("mx.google.com", "mx.evil.test mx.google.com"), False),
    (GOOD.replace("mx.google.com", "evil.test"), False),
    (GOOD.replace("dkim=pass", "dkim=fail"), False),
    (GOOD.replace("dkim=pass", "x=dkim=pass"), False),
    (GOOD.replace("header.i=@accounts.google.com", "header.i=@google.com"), False),
    (GOOD.replace("header.i=@accounts.google.com", "header.i=@accounts.google.com.evil.test"), False),
    (GOOD.replace("header.i=@accounts.google.com", "header.i=x@accounts.google.com.evil.test"), False),
    (GOOD.replace("dmarc=pass", "dmarc=fail"), False),
    (GOOD.replace("dmarc=pass", "dmarc=bestguesspass"), False),
    (GOOD.replace("header.from=accounts.google.com", "header.from=evil.test"), False),
    (f"{GOOD}; dmarc=fail header.from=evil.test", False),
    (f"{GOOD}; {DMARC}", False),
    # Words of the sender's own choice, made to look like Gmail's.
    (f"mx.google.com; spf=pass (of {DKIM}; {DMARC}) smtp.mailfrom=a@evil.test", False),
    (f'mx.google.com; spf=pass smtp.mailfrom="x; {DKIM}; {DMARC}; "@evil.test', False),
    (f'mx.google.com; spf=pass smtp.mailfrom="x\\"; {DKIM}; {DMARC}; y"@evil.test', False),
    (f"mx.google.com; spf=fail (; {DKIM}; {DMARC}", False),
    (f"mx.google.com; spf=fail ); {DKIM}; {DMARC}", False),
    (f'mx.google.com; spf=fail "; {DKIM}; {DMARC}', False),
    (f"mx.google.com; spf=fail (a (b) {DKIM}); {DMARC}", False),
    ("(" * 20_000, False),
    ('"' * 20_001, False),
    (" " * 20_000 + GOOD, True),
]


@pytest.mark.parametrize(("header", "believed"), NOTED)
def test_what_gmail_noted_on_arrival(header: str, believed: bool) -> None:
    assert passed(header) is believed


OWN, COPY, NOT = Trust.OWN, Trust.COPY, Trust.NOT_BELIEVED
MAILS = [
    (headers(), OWN),
    (headers(to=f"Maya <{ME}>"), OWN),
    (headers(to=f'"Okafor, Maya" <{ME}>'), OWN),
    (headers(to=ME.upper()), OWN),
    (headers(to=f"<{ME}>"), OWN),
    (headers(x_account_notification_type=None), OWN),
    (headers(x_account_notification_type="127-anexp#exp-1,exp-2"), OWN),
    (headers(x_account_notification_type="something new"), OWN),
    (headers(subject=None), OWN),
    # Below the topmost note anybody may have written anything.
    (headers(authentication_results=[GOOD, "mx.google.com; dkim=fail"]), OWN),
    (headers(authentication_results=["mx.google.com; dkim=fail", GOOD]), NOT),
    (headers(authentication_results=["relay.evil.test; dkim=pass", GOOD]), NOT),
    (headers(authentication_results=None), NOT),
    # Somebody else's mail, sent on with its signature.
    (headers(to="someone.else@mail.test"), NOT),
    (headers(to=f"{ME}, someone.else@mail.test"), NOT),
    (headers(to=f"someone.else@mail.test, {ME}"), NOT),
    (headers(to=[ME, "someone.else@mail.test"]), NOT),
    (headers(to=["someone.else@mail.test", ME]), NOT),
    (headers(to=[ME, ME]), NOT),
    (headers(to=None), NOT),
    (headers(to=""), NOT),
    (headers(to=f"{ME} <someone.else@mail.test>"), NOT),
    (headers(to=f'"{ME}" <someone.else@mail.test>'), NOT),
    (headers(to=f"someone.else@mail.test ({ME})"), NOT),
    (headers(to=f"<{ME}><someone.else@mail.test>"), NOT),
    (headers(to=f"group: {ME};"), NOT),
    (headers(to="maya+bank@gmail.test"), NOT),
    (headers(to="ma.ya@gmail.test"), NOT),
    (headers(to=" " * 5_000 + ME), OWN),
    (headers(to='"' + "x" * (996 - len(ME)) + f'" <{ME}>, someone.else@mail.test'), NOT),
    (headers(to=ME + " " * 5_000 + ", someone.else@mail.test"), NOT),
    (headers(to='"' + "\\" * 5_000), NOT),
    # From somebody else, who calls himself Google.
    (headers(**{"from": '"no-reply@accounts.google.com" <x@evil.test>'}), NOT),
    (headers(**{"from": "Google <no-reply@accounts.google.com.evil.test>"}), NOT),
    (headers(**{"from": "Google <other@accounts.google.com>"}), NOT),
    (headers(**{"from": ["Google <no-reply@accounts.google.com>", "x@evil.test"]}), NOT),
    (headers(**{"from": None}), NOT),
    # Twice is once too often.
    (headers(subject=["Security alert", "Other"]), NOT),
    (headers(x_account_notification_type=["127", "31-RECOVERY"]), NOT),
    # About another account.
    (headers(x_account_notification_type="31-RECOVERY"), COPY),
    (headers(x_account_notification_type="31-RECOVERY-anexp#x"), COPY),
    (headers(x_account_notification_type="31-recovery"), NOT),
    (headers(x_account_notification_type="31 (RECOVERY)"), NOT),
    (headers(x_account_notification_type="31-RECOVERY", to="someone.else@mail.test"), NOT),
]


@pytest.mark.parametrize(("given", "trust"), MAILS)
def test_who_wrote_it_and_to_whom(given: gmail_trust.Headers, trust: Trust) -> None:
    assert trust_of(given, ME) is trust


def test_without_an_address_of_one_s_own_no_mail_is_believed() -> None:
    assert trust_of(headers(to=""), "") is NOT


@pytest.mark.parametrize(
    ("kind", "number"),
    [("127", 127), ("31-RECOVERY", 31), ("20-anexp#a", 20), ("", None), ("x", None), ("1" * 30, None), ("12 7", None)],
)
def test_google_s_number(kind: str, number: int | None) -> None:
    assert number_of(headers(x_account_notification_type=kind)) == number


def test_headers_are_read_whatever_their_letters_and_the_topmost_first() -> None:
    rows = [{"name": "TO", "value": "a@b.test"}, {"name": "to", "value": "c@d.test"}]
    assert headers_of({"payload": {"headers": rows}}) == {"to": ["a@b.test", "c@d.test"]}


def test_a_header_that_is_too_long_says_nothing() -> None:
    """Cut off, it could say less than it does: a second dmarc, a second address."""
    rows = [{"name": "Authentication-Results", "value": GOOD + " " * 20_000}]
    assert headers_of({"payload": {"headers": rows}}) == {"authentication-results": [""]}


@pytest.mark.parametrize(
    "message",
    [{}, {"payload": []}, {"payload": {}}, {"payload": {"headers": {}}}, {"payload": {"headers": [{"name": "To"}]}}],
)
def test_a_mail_without_readable_headers_is_not_read(message: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        headers_of(message)
