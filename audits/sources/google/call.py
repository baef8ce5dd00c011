"""Ask an API one thing, or page after page, and believe only an answer that has the promised shape.

googleapiclient builds the requests, from Google's own description of the API. It does not send them: it hands on an
empty 200, a list where an object belongs, and an answer without `kind`, all in silence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from audits.sources.google.documents import JsonObject
from audits.sources.google.errors import CutShort, TooMany, Unreadable
from audits.sources.google.http import Answer
from audits.sources.google.session import Question, Session

MOST_PAGES = 1_000
_LONGEST_TOKEN = 4_096


def question(request: Any) -> Question:
    """From googleapiclient's HttpRequest. Its own headers name versions of Python and library: left out."""
    if not request.body:
        return Question(request.method, request.uri, (request.methodId,))
    body = request.body if isinstance(request.body, bytes) else request.body.encode()
    return Question(request.method, request.uri, (request.methodId,), {"content-type": "application/json"}, body)


def fetch(session: Session, request: Any, kind: str | None) -> JsonObject:
    """The JSON object that answers. Raises GoogleFault. `kind` None: this API's answers do not name their kind."""
    return session.ask(question(request), lambda answer: believe(answer, kind))


def pages(
    session: Session,
    request: Callable[[str | None], Any],
    kind: str | None,
    *,
    token: str | None = None,
    most: int = MOST_PAGES,
) -> Iterator[JsonObject]:
    """Every page that `request(page token)` leads to. One page is held at a time.

    Raises GoogleFault after the pages that were good: Unreadable when a token comes back a second time, TooMany when
    there are more than `most`.
    """
    known = {token}
    for _ in range(most):
        page = fetch(session, request(token), kind)
        yield page
        token = next_token(page)
        if token is None:
            return
        if token in known:
            raise Unreadable("page token came twice")
        known.add(token)
    raise TooMany(f"more than {most} pages")


def next_token(page: JsonObject) -> str | None:
    found = page.get("nextPageToken")
    if found is None:
        return None
    if not isinstance(found, str) or not 0 < len(found) <= _LONGEST_TOKEN:
        raise Unreadable("page token")
    return found


def believe(answer: Answer, kind: str | None) -> JsonObject:
    """The object in the body, if it is one and calls itself `kind`. An error in an answer of success is not one."""
    if not answer.body.strip():
        raise CutShort("200 without a body")
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise CutShort("200 that is not JSON") from None
    if not isinstance(found, dict):
        raise Unreadable("200 that is no object")
    if kind is None and "error" in found:
        raise Unreadable("200 with an error inside")
    if kind is not None and found.get("kind") != kind:
        raise Unreadable("200 of another kind")
    return found
