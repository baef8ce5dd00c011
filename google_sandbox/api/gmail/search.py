"""The `q` of messages.list: words with a space between them, all of which must hold.

Played: from:, to:, subject: (part of the header, any case), newer_than: (d, m, y), in:anywhere, and free words (subject
and first line). Gmail refuses no search, so an operator that is not played is looked for as a word.
"""

import re
from collections.abc import Callable

from .mail import Mail

Test = Callable[[Mail], bool]
DAY_MS = 86_400_000
DAYS = {"d": 1, "m": 30, "y": 365}
HEADERS = {"from": "From", "to": "To", "subject": "Subject"}


def search(query: str, now: float) -> Test:
    """`now` in seconds since 1970."""
    tests = [_word(word, now) for word in query.split()]
    return lambda mail: all(test(mail) for test in tests)


def _word(word: str, now: float) -> Test:
    operator, _, value = word.partition(":")
    if operator in HEADERS and value:
        return lambda mail: value.lower() in mail.header(HEADERS[operator]).lower()
    age = re.fullmatch(r"newer_than:(\d{1,4})([dmy])", word)
    if age:
        since = now * 1000 - int(age[1]) * DAYS[age[2]] * DAY_MS
        return lambda mail: mail.at_ms >= since
    if word == "in:anywhere":
        return lambda mail: True
    return lambda mail: word.lower() in f"{mail.header('Subject')} {mail.snippet}".lower()
