"""One account's mailbox: mails as headers and a first line, settings in Google's own words, and what changed."""

import copy
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .mail import Mail, describe

Json = dict[str, Any]
Words = Mapping[str, Any]

FIRST_HISTORY = 7_300_000
SETTINGS = ("forwarding", "forwarding_addresses", "pop", "imap", "send_as", "vacation")


@dataclass(frozen=True)
class Event:
    """`kind` is messageAdded or messageDeleted. Its number in the history is its place."""

    kind: str
    mail: Mail


class Mailbox:
    def __init__(self, owner: str, data: Words) -> None:
        self.owner = owner
        self._made = 0
        self.mails: dict[str, Mail] = {}
        for words in data.get("mails", ()):
            self._put(words)
        self.filters = [self._filter(words) for words in data.get("filters", ())]
        self.settings: Json = copy.deepcopy({name: data[name] for name in SETTINGS if name in data})
        self.history: list[Event] = []
        self.oldest = FIRST_HISTORY

    @property
    def history_id(self) -> int:
        return FIRST_HISTORY + len(self.history)

    def newest_first(self) -> Iterable[Mail]:
        return sorted(self.mails.values(), key=lambda mail: (mail.at_ms, mail.id), reverse=True)

    def add_mail(self, words: Words) -> str:
        mail = self._put(words)
        self.history.append(Event("messageAdded", mail))
        return mail.id

    def remove_mail(self, identity: str) -> str:
        """For good, not into the bin."""
        if identity not in self.mails:
            raise LookupError(f"no mail {identity!r}")
        self.history.append(Event("messageDeleted", self.mails.pop(identity)))
        return identity

    def forget_history(self) -> None:
        """As after some days at Google: what was before is answered with 404."""
        self.history.append(Event("messageAdded", Mail.nothing()))
        self.oldest = self.history_id

    def add_filter(self, words: Words) -> str:
        self.filters = [*self.filters, self._filter(words)]
        return str(self.filters[-1]["id"])

    def remove_filter(self, identity: str) -> None:
        kept = [one for one in self.filters if one["id"] != identity]
        if len(kept) == len(self.filters):
            raise LookupError(f"no filter {identity!r}")
        self.filters = kept

    def change(self, words: Words) -> None:
        """Settings by their names; one that is null is taken away."""
        unknown = set(words) - set(SETTINGS)
        if unknown:
            raise ValueError(f"unknown words: {', '.join(sorted(unknown))}")
        changed = {**self.settings, **words}
        self.settings = {name: value for name, value in changed.items() if value is not None}

    def _put(self, words: Words) -> Mail:
        mail = describe(self._identity("mail"), self.owner, words)
        self.mails[mail.id] = mail
        return mail

    def _filter(self, words: Words) -> Json:
        """`many` repeats a search with a number in it: searches that people paste can be very long."""
        criteria = dict(words.get("criteria", {}))
        if "many" in criteria:
            each, times, last = criteria.pop("many")
            criteria["query"] = "{" + " ".join([each.format(n=n) for n in range(times)] + [last]) + "}"
        return {"id": "ANe1" + self._identity("filter"), "criteria": criteria, "action": dict(words["action"])}

    def _identity(self, kind: str) -> str:
        self._made += 1
        return hashlib.sha256(f"{self.owner} {kind} {self._made}".encode()).hexdigest()[:16]
