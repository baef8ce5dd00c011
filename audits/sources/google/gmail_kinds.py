"""What one of Google's security mails is about: by Google's own number, else by English words that were seen once.

The numbers and words were collected from mails that people published. A number holds in every language; of other
languages the words are not known, so the name that such a mail holds is left out. Anything else is seen, and not
understood. Names of apps and app passwords are chosen by whoever made them: data, never more.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from audits.facts import MailKind
from audits.sources.google import values

_BY_NUMBER: Mapping[int, MailKind] = {
    20: MailKind.APP_PASSWORD_CREATED,
    31: MailKind.SIGN_IN,
    127: MailKind.APP_GRANTED,
    259: MailKind.TWO_STEP_PHONE_ADDED,
    264: MailKind.ACCOUNT_RECOVERED,
    325: MailKind.SIGN_IN,
}
_BY_SUBJECT: Mapping[str, MailKind] = {
    "2-step verification turned on": MailKind.TWO_STEP_ON,
    "your google account was recovered successfully": MailKind.ACCOUNT_RECOVERED,
    "archive of google data requested": MailKind.EXPORT_REQUESTED,
    "your google data is ready to download": MailKind.EXPORT_READY,
}
# Mails whose subject is only “Security alert” begin with these words.
_ALERTS = frozenset({"security alert", "critical security alert"})
_BY_FIRST_WORDS: Mapping[str, MailKind] = {
    "recovery phone was changed": MailKind.RECOVERY_PHONE_CHANGED,
    "app password used to sign in was removed": MailKind.APP_PASSWORD_REMOVED,
    "a passkey was removed": MailKind.PASSKEY_REMOVED,
    "archive of google data requested": MailKind.EXPORT_REQUESTED,
}
_NAMES: Mapping[MailKind, tuple[re.Pattern[str], ...]] = {
    MailKind.APP_GRANTED: (
        re.compile(r"You allowed (.+?) access to some of your Google Account data\b"),
        re.compile(r"(.+?) was granted access to your Google Account\b", re.IGNORECASE),
    ),
    MailKind.SIGN_IN: (
        re.compile(r"A new sign-in on (.+?)(?: \S+@\S+|$)"),
        re.compile(r"We noticed a new sign-in to your Google Account on an? (.+?) device\b"),
        re.compile(r".*?was just signed in to from a new (.+?) device\b"),
    ),
    MailKind.APP_PASSWORD_CREATED: (re.compile(r".*?generate this password for (.+?)(?:,|$)"),),
}
_OTHER_ACCOUNT = re.compile(r"Security alert for (?:your linked Google Account )?(\S+@\S+)")
_LONGEST_SUBJECT = 1_000


@dataclass(frozen=True)
class Read:
    """`name` is hostile, and "" when the mail names nothing that we could read. `subject` is in plain letters."""

    kind: MailKind
    name: str
    subject: str
    by_number: bool


def read_mail(number: int | None, subject: str, snippet: str) -> Read:
    """`snippet` is the first line as Google shows it: HTML entities stand in it for what they mean."""
    subject, line = in_plain_letters(subject), values.tidy(html.unescape(snippet), 2_000)
    if number is not None and number in _BY_NUMBER:
        kind = _BY_NUMBER[number]
        return Read(kind, _name(kind, line), subject, by_number=True)
    kind = _by_words(subject, line)
    return Read(kind, _name(kind, line), subject, by_number=False)


def read_copy(subject: str) -> Read:
    """A copy of a mail about another account, named by that account's address where the subject has it."""
    subject = in_plain_letters(subject)
    found = _OTHER_ACCOUNT.fullmatch(subject)
    return Read(MailKind.OTHER_ACCOUNT, found[1] if found else "", subject, by_number=True)


def _by_words(subject: str, line: str) -> MailKind:
    said = subject.lower()
    if said not in _ALERTS:
        return _BY_SUBJECT.get(said, MailKind.NOT_UNDERSTOOD)
    known = (kind for words, kind in _BY_FIRST_WORDS.items() if line.lower().startswith(words))
    return next(known, MailKind.NOT_UNDERSTOOD)


def _name(kind: MailKind, line: str) -> str:
    found = next(filter(None, (pattern.match(line) for pattern in _NAMES.get(kind, ()))), None)
    return values.tidy(found[1], values.LONGEST_NAME) if found else ""


def in_plain_letters(subject: str) -> str:
    """A subject may arrive in the letters of mail itself (RFC 2047); what cannot be read so stays as it is."""
    try:
        read = str(make_header(decode_header(subject[:_LONGEST_SUBJECT])))
    except (HeaderParseError, LookupError, ValueError):
        read = subject
    return values.tidy(read, values.LONGEST_NAME)
