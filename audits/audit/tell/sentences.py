"""Finished sentences: the reviewed words, translated, with dates in the Person's zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from audits.checks.words import Sentence

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
# Embeddings, overrides, isolates and marks: https://www.unicode.org/reports/tr9/
_NO_DIRECTIONS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])

CHOOSER = "https://accounts.google.com/AccountChooser"


def say(sentence: Sentence, values: Mapping[str, str | int], date: Callable[[datetime], str] | None = None) -> str:
    """Fill a sentence. Values whose name ends in `_at` are ISO times and become days (in words, by `date`, or as
    `day` writes them); other texts are set apart."""
    ready = {name: _ready(name, values[name], date or day) for name in sentence.placeholders}
    return sentence.fill(ready, gettext=gettext, ngettext=ngettext)


def _ready(name: str, value: str | int, date: Callable[[datetime], str]) -> str | int:
    if name.endswith("_at"):
        return date(datetime.fromisoformat(str(value))) if value else gettext("an unknown day")
    return set_apart(value) if isinstance(value, str) else value


def set_apart(name: str) -> str:
    """A name from outside within a sentence: its direction of writing cannot turn the words around it."""
    return f"{FIRST_STRONG_ISOLATE}{name.translate(_NO_DIRECTIONS)}{POP_ISOLATE}"


def day(moment: datetime) -> str:
    """ "23 November", with the year when it is not this one."""
    return _day_text(moment, timezone.get_current_timezone_name(), timezone.now().year, get_language() or "")


def day_and_year(moment: datetime) -> str:
    """ "23 November 2026": for what is read in another year."""
    return date_format(timezone.localtime(moment), "j F Y")


@lru_cache(maxsize=2048)
def _day_text(moment: datetime, zone: str, year: int, language: str) -> str:
    """A page names the same few moments over and over, and formatting a date is slow."""
    local = timezone.localtime(moment)
    return date_format(local, "j F" if local.year == year else "j F Y")


def day_and_time(moment: datetime) -> str:
    time = date_format(timezone.localtime(moment), "H:i")
    if timezone.get_current_timezone_name() == "UTC":
        return gettext("{day} at {time} UTC").format(day=day(moment), time=time)
    return gettext("{day} at {time}").format(day=day(moment), time=time)


def minutes(count: int) -> str:
    return ngettext("{count} min", "{count} min", count).format(count=count)


def in_account(link: str, email: str) -> str:
    """The same Google page, opened in the right account: the form that Google's own alert mails use."""
    if not email or not link:
        return link
    return f"{CHOOSER}?Email={quote(email)}&continue={quote(link, safe='')}"


def address_of(link: str) -> str:
    """The readable part of a link: host and path."""
    parts = urlsplit(link)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def checked_and_reviewed(checked_on: date, reviewed_by: Sequence[str]) -> str:
    """How old reviewed words are, and whose eyes were on them."""
    checked = gettext("Words last checked on {day}.").format(day=date_format(checked_on, "j F Y"))
    if not reviewed_by:
        return f"{checked} {gettext('Not yet reviewed by a helpline.')}"
    return f"{checked} {gettext('Reviewed by {names}.').format(names=', '.join(reviewed_by))}"


def looking_tells_nobody() -> str:
    return gettext("As far as we know, looking tells nobody")


def looking_changes_nothing() -> str:
    return gettext("Looking changes nothing")
