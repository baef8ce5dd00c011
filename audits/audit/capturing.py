"""Writing down what Google's answers about one account look like, without what they say.

For a tester with an account of their own: what the product takes for granted and nobody has seen on a real account
stands in docs/unverified.md, and these shapes settle it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from audits.audit import asks
from audits.models import Connection
from audits.sources.contract import Ask, Seen, Source
from audits.sources.google.batch import parts_of
from audits.sources.google.documents import JsonObject
from audits.sources.google.errors import GoogleFault
from audits.sources.google.http import Answer
from audits.sources.google.known_words import AMR
from audits.sources.google.session import Question, overheard_by
from audits.sources.google.shapes import Call
from audits.sources.registry import SOURCES

FORM = 1  # counted up when the file's own form changes
MOST_ANSWERS = 300  # of one source; a large Drive would have it ask for an hour


class Overhearing:
    """The calls of one source, by method."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self.asked: dict[str, set[str]] = {}
        self.heard = 0

    def __call__(self, question: Question, answer: Answer) -> None:
        self.heard += 1
        for method, one in _apart(question, answer):
            self.calls.setdefault(method, Call()).add(one)
            self.asked.setdefault(method, set()).update(parse_qs(urlsplit(question.url).query))

    def enough(self) -> bool:
        return self.heard >= MOST_ANSWERS

    def as_json(self) -> JsonObject:
        return {
            method: {"parameters": sorted(self.asked[method]), **call.as_json()}
            for method, call in sorted(self.calls.items())
        }


def _apart(question: Question, answer: Answer) -> list[tuple[str, Answer]]:
    """A batch is many calls; one that cannot be read counts as one."""
    if not answer.headers.get("content-type", "").startswith("multipart/"):
        return [(question.method_ids[0], answer)]
    try:
        parts = parts_of(answer)
    except GoogleFault:
        return [("batch", answer)]
    return [(method, parts[number]) for number, method in enumerate(question.method_ids) if number in parts]


def capture(connection: Connection) -> JsonObject:
    """Ask Google what every source that is open asks. Nothing of it is kept here but a renewed token."""
    ask = asks.with_tokens(asks.build_ask(connection.person, connection), connection, lambda: False)
    asking = {name: source for name, source in SOURCES.items() if source.calls}
    return {
        "form": FORM,
        "account": "of an organisation" if connection.hosted_domain else "personal",
        "sign_in": _sign_in(connection.claims or {}),
        "sources": {name: _of_source(source, ask, connection) for name, source in asking.items()},
    }


def _sign_in(claims: Mapping[str, object]) -> JsonObject:
    amr = claims.get("amr")
    words = [word if word in AMR else "another" for word in amr] if isinstance(amr, list) else "not said"
    return {"amr": words, "auth_time": "said" if claims.get("auth_time") else "not said"}


def _of_source(source: Source, ask: Ask, connection: Connection) -> JsonObject:
    overhearing = Overhearing()
    with overheard_by(overhearing):
        seen = source.look(replace(ask, stopped=overhearing.enough))
    if seen.refreshed is not None:
        asks.store_token(connection, seen.refreshed)
    return {**_result(seen), "calls": overhearing.as_json()}


def _result(seen: Seen) -> JsonObject:
    coverage = seen.coverage
    return {
        "state": coverage.state.value,
        "why": coverage.why.value if coverage.why else "",
        "facts": dict(Counter(type(fact).__name__ for fact in seen.facts)),
    }
