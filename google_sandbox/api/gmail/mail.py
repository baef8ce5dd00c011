"""A mail as the personas write it, and as Gmail describes it.

Headers follow mails of Google that people published. Words: `at`, or `days_ago`; `number` (Google's kind of mail) and
`copy` (about another account); `subject`; `line` (the text of the first line); `to`, `from`; `labels`; `forged` (Gmail
noted a failed signature, and the sender put a good-looking note below).
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Self

Json = dict[str, Any]
Words = Mapping[str, Any]

SENDER = "Google <no-reply@accounts.google.com>"
PASSED = (
    "mx.google.com;       dkim=pass header.i=@accounts.google.com header.s=20230601 header.b=aB3xYz;"
    "       spf=pass (google.com: domain of 3ab@gaia.bounces.google.com designates 209.85.220.73 as permitted sender)"
    " smtp.mailfrom=3ab@gaia.bounces.google.com;"
    "       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=accounts.google.com"
)
FAILED = (
    "mx.google.com;       spf=softfail (google.com: domain of transitioning no-reply@accounts.google.com does not"
    " designate 192.0.2.7 as permitted sender) smtp.mailfrom=no-reply@accounts.google.com;"
    "       dmarc=fail (p=REJECT sp=REJECT dis=REJECT) header.from=accounts.google.com"
)


@dataclass(frozen=True)
class Mail:
    id: str
    at_ms: int
    labels: tuple[str, ...]
    snippet: str  # with HTML entities, as Gmail writes it
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def nothing(cls) -> Self:
        """Somebody else's business: a mail that nobody can ask for."""
        return cls("0" * 16, 0, (), "", ())

    def header(self, name: str) -> str:
        return next((value for one, value in self.headers if one.lower() == name.lower()), "")

    @property
    def hidden(self) -> bool:
        return not {"TRASH", "SPAM"}.isdisjoint(self.labels)

    def short(self) -> Json:
        return {"id": self.id, "threadId": self.id}


def describe(identity: str, owner: str, words: Words) -> Mail:
    at = _moment(words)
    labels = tuple(words.get("labels", ("INBOX", "CATEGORY_UPDATES")))
    return Mail(
        identity, int(at.timestamp() * 1000), labels, html.escape(words.get("line", "")), _headers(owner, words, at)
    )


def _moment(words: Words) -> datetime:
    """`at` is ISO 8601 text; `days_ago` means noon of that day."""
    if "at" in words:
        return datetime.fromisoformat(words["at"]).astimezone(UTC)
    day = datetime.now(UTC).date() - timedelta(days=words.get("days_ago", 0))
    return datetime.combine(day, time(12), UTC)


def _headers(owner: str, words: Words, at: datetime) -> tuple[tuple[str, str], ...]:
    forged = bool(words.get("forged"))
    found = [("Delivered-To", owner), ("Authentication-Results", FAILED if forged else PASSED)]
    if forged:
        found.append(("Authentication-Results", PASSED))
    if "number" in words:
        found.append(("X-Account-Notification-Type", f"{words['number']}{'-RECOVERY' if words.get('copy') else ''}"))
        found.append(("Feedback-ID", f"{words['number']}:account-notifier"))
    found += [
        ("Date", at.strftime("%a, %d %b %Y %H:%M:%S +0000")),
        ("Subject", words.get("subject", "Security alert")),
        ("From", words.get("from", SENDER)),
        ("To", words.get("to", owner)),
    ]
    return tuple(found)


def resource(mail: Mail, form: str, wanted: set[str], history_id: int) -> Json:
    """`form`: minimal, or metadata with the headers whose small names are `wanted` (none named: all of them)."""
    shown: Json = {
        **mail.short(),
        "labelIds": list(mail.labels),
        "snippet": mail.snippet,
        "sizeEstimate": 11_000 + len(mail.snippet),
        "historyId": str(history_id),
        "internalDate": str(mail.at_ms),
    }
    if form == "metadata":
        headers = [{"name": n, "value": v} for n, v in mail.headers if not wanted or n.lower() in wanted]
        shown["payload"] = {"mimeType": "multipart/alternative", "headers": headers}
    return shown
