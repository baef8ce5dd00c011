"""Many small questions in one request, each part judged and tried again on its own.

The form is Google's: multipart/mixed, one application/http part a call, answered in any order under the same
Content-ID with `response-` before it. https://developers.google.com/workspace/drive/api/guides/performance
A batch may be 200 while a part of it is 429.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from typing import Any
from urllib.parse import urlsplit

from audits.sources.google import call, retry
from audits.sources.google.documents import Api, JsonObject, batch_url
from audits.sources.google.errors import CutShort, GoogleFault, Unreadable, of_answer
from audits.sources.google.http import Answer
from audits.sources.google.session import Question, Session

MOST_PARTS = 50  # Drive takes 100; half of it keeps one answer small


def fetch_many(
    session: Session, api: Api, requests: Mapping[str, Any], kind: str | None
) -> dict[str, JsonObject | GoogleFault]:
    """For each name its answer, or the fault that stayed. `requests` holds at most MOST_PARTS.

    Raises GoogleFault when the batch as a whole found no answer.
    """
    settled: dict[str, JsonObject | GoogleFault] = {}
    tried = 0
    while waiting := [name for name in requests if _unsettled(settled.get(name))]:
        tried += 1
        try:
            settled.update(_ask_once(session, api, {name: requests[name] for name in waiting}, kind))
        except GoogleFault:
            if not settled:
                raise
            break  # what was answered before stands, and the rest keeps its first fault
        faults = [f for f in settled.values() if isinstance(f, GoogleFault) and f.retriable]
        if tried >= session.patience.tries or not faults:
            break
        slowest = max(faults, key=lambda f: f.retry_after or 0.0)
        retry.pause(session.patience.wait(tried, slowest), session.stopped)
    return settled


def _unsettled(found: JsonObject | GoogleFault | None) -> bool:
    return found is None or (isinstance(found, GoogleFault) and found.retriable)


def _ask_once(
    session: Session, api: Api, requests: Mapping[str, Any], kind: str | None
) -> dict[str, JsonObject | GoogleFault]:
    boundary = secrets.token_hex(16)
    names = list(requests)
    body = b"".join(_part(boundary, number, requests[name].uri) for number, name in enumerate(names))
    asked = Question(
        "POST",
        batch_url(api, session.root(api)),
        tuple(requests[name].methodId for name in names),
        {"content-type": f'multipart/mixed; boundary="{boundary}"', "accept": "multipart/mixed"},
        body + f"--{boundary}--\r\n".encode(),
    )
    parts = session.ask(asked, parts_of)
    found = {name: _judge(parts.get(number), kind) for number, name in enumerate(names)}
    for name, one in found.items():
        if isinstance(one, GoogleFault):
            session.heard(requests[name].methodId, one)
    return found


def _part(boundary: str, number: int, uri: str) -> bytes:
    url = urlsplit(uri)
    return (
        f"--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-ID: <part + {number}>\r\n\r\n"
        f"GET {url.path}?{url.query} HTTP/1.1\r\nAccept: application/json\r\nHost: {url.netloc}\r\n\r\n\r\n"
    ).encode("ascii")


def parts_of(answer: Answer) -> dict[int, Answer]:
    """The inner answers by number. Parts that cannot be told apart are left out, and so count as missing."""
    header = answer.headers.get("content-type", "")
    if not answer.body.strip():
        raise CutShort("200 without a body")
    if not header.lower().startswith("multipart/") or not header.isprintable():
        raise Unreadable("200 that is no batch")
    outer = BytesParser().parsebytes(f"content-type: {header}\r\n\r\n".encode("ascii", "replace") + answer.body)
    payload = outer.get_payload()
    found = [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []
    numbered = ((_number(part), _inner(part)) for part in found)
    return {number: inner for number, inner in numbered if number is not None and inner is not None}


def _number(part: Message) -> int | None:
    last = str(part.get("content-id", "")).strip().rstrip(">").rpartition("+")[2].strip()
    return int(last) if last.isascii() and last.isdigit() and len(last) < 4 else None


def _inner(part: Message) -> Answer | None:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return None
    status_line, _, rest = raw.lstrip().partition(b"\n")
    words = status_line.split()
    if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit() or len(words[1]) != 3:
        return None
    inner = BytesParser().parsebytes(rest, headersonly=True)
    body = inner.get_payload(decode=True)
    headers = {name.lower(): str(value) for name, value in inner.items()}
    return Answer(int(words[1]), headers, body if isinstance(body, bytes) else b"")


def _judge(answer: Answer | None, kind: str | None) -> JsonObject | GoogleFault:
    if answer is None:
        return CutShort("batch part missing")
    if answer.status != 200:
        return of_answer(answer.status, answer.headers, answer.body)
    try:
        return call.believe(answer, kind)
    except GoogleFault as fault:
        return fault
