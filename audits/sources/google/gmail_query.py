"""Whether a Gmail filter may catch Google's own security mails.

A filter is a search. It is held here against such a mail: YES, NO, or MAYBE where the words of the mail are not known.
What we cannot read counts as MAYBE, so a filter that might hide such a mail is shown, and is said to be one that may.
A free word counts as NO when it stands in none of the wordings that were seen: a filter can still catch a mail by a
word that nobody thought of. https://support.google.com/mail/answer/7190 (the words of a search)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

_SENDER = "google no-reply@accounts.google.com"
_WORDINGS = """
a about access account accounts activity added alert allowed an and android app archive associated by change changed
check code com critical data device did download for from generate get google granted has have help if in iphone is it
just letting linux log login mac made make may new no noreply not notice noticed notification now number of on once or
out passkey password phone ready recovered recovery removed reply requested review secure security sign signed signin
some someone step successfully sure suspicious the this to turned type unusual used verification was we were will
windows with you your セキュリティ通知
"""
_WORDS = frozenset(re.findall(r"\S+", _WORDINGS))
_LARGEST = 1_000_000  # bytes; these mails are some ten thousand
_DEEPEST = 40
_TOKEN = re.compile(r'"[^"]*"?|[(){}|,]|[^\s(){}|,"]+')
_OPERATOR = re.compile(r"([a-z_]+):(.*)", re.DOTALL)
_NUMBER = re.compile(r"(\d{1,12})([km]?)b?")
_ATTACHED = frozenset({"attachment", "drive", "document", "spreadsheet", "presentation", "youtube"})


class Catches(IntEnum):
    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True)
class Criteria:
    """What a filter looks for, as the API names it. `larger` and `smaller` in bytes, 0 for none."""

    sender: str = ""
    to: str = ""
    subject: str = ""
    query: str = ""
    negated: str = ""
    attachment: bool = False
    larger: int = 0
    smaller: int = 0


def may_catch(criteria: Criteria, own_address: str) -> bool:
    """True unless the filter surely misses Google's security mails to this address. All its criteria must hold."""
    if criteria.attachment or criteria.larger > _LARGEST:
        return False
    asked = (("from", criteria.sender), ("to", criteria.to), ("subject", criteria.subject), ("", criteria.query))
    found = [_catches(text, field, own_address) for field, text in asked]
    if criteria.negated.strip():
        found.append(_not(_catches(criteria.negated, "", own_address)))
    return min(found) is not Catches.NO


def _catches(text: str, field: str, own_address: str) -> Catches:
    try:
        return _Search(text, own_address.lower()).read(field)
    except _TooDeepError:
        return Catches.MAYBE


def _not(found: Catches) -> Catches:
    return Catches(2 - found)


class _TooDeepError(Exception):
    """More brackets in brackets than anybody writes."""


class _Search:
    """One search, read from left to right. Brackets ask for all of what is in them, braces for one of it."""

    def __init__(self, text: str, own: str) -> None:
        self._tokens = _TOKEN.findall(text)
        self._at = 0
        self._own = own

    def read(self, field: str) -> Catches:
        """A bracket that closes too often ends nothing."""
        found = [self._group(field, 0)]
        while self._at < len(self._tokens):
            found.append(self._group(field, 0))
        return min(found)

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1] if self._at <= len(self._tokens) else ""

    def _group(self, field: str, depth: int, any_of: bool = False) -> Catches:
        """Up to the closing bracket. OR binds two neighbours, and a comma may. Nothing at all catches everything."""
        found: list[Catches] = []
        either = False
        while (word := self._next()) not in ("", ")", "}"):
            if word in ("OR", "|", ",", "AND"):
                either = bool(found) and word != "AND"
                continue
            one = self._one(word.lower(), field, depth)
            found[-1:] = [max(found[-1], one)] if either else [*found[-1:], one]
            either = False
        if not found:
            return Catches.YES
        return max(found) if any_of else min(found)

    def _one(self, token: str, field: str, depth: int) -> Catches:
        bare = token.lstrip("-")
        if (len(token) - len(bare)) % 2:
            return _not(self._one(bare or self._next().lower(), field, self._deeper(depth)))
        if bare in ("(", "{"):
            return self._group(field, self._deeper(depth), any_of=bare == "{")
        operator = None if bare.startswith('"') else _OPERATOR.fullmatch(bare)
        if operator and not operator[2]:
            return self._one(self._next().lower(), operator[1], self._deeper(depth))
        return self._word(operator[2], operator[1]) if operator else self._word(bare, field)

    def _deeper(self, depth: int) -> int:
        if depth >= _DEEPEST:
            raise _TooDeepError
        return depth + 1

    def _word(self, word: str, field: str) -> Catches:
        if field == "from":
            return _in_address(word, _SENDER)
        if field in ("to", "deliveredto"):
            return Catches.YES if word == "me" else _in_address(word, self._own)
        if field in ("cc", "bcc", "list", "filename"):
            return Catches.NO
        if field == "has":
            return Catches.NO if word in _ATTACHED else Catches.MAYBE
        if field in ("larger", "larger_than", "size"):
            return Catches.NO if _bytes(word) > _LARGEST else Catches.MAYBE
        return _in_words(word, self._own) if field in ("", "subject") else Catches.MAYBE


def _parts(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _in_address(word: str, address: str) -> Catches:
    """Whole parts in a row surely match; letters within a part may. A star stands for anything."""
    wanted, there = _parts(word), _parts(address)
    if any(there[at : at + len(wanted)] == wanted for at in range(len(there))):
        return Catches.YES
    letters = "".join(there)
    return Catches.MAYBE if all("".join(_parts(piece)) in letters for piece in word.split("*")) else Catches.NO


def _in_words(word: str, own: str) -> Catches:
    known = _WORDS.union(_parts(own))
    return Catches.MAYBE if all(part in known or part.isdigit() for part in _parts(word)) else Catches.NO


def _bytes(word: str) -> int:
    found = _NUMBER.fullmatch(word)
    return int(found[1]) * {"": 1, "k": 1_000, "m": 1_000_000}[found[2]] if found else 0
