"""Google's Data Portability: have a copy made of one kind of data, ask whether it is ready, fetch it, end the consent.

Its scopes stand alone: never with another scope, in a consent and a project of their own, and Google does not say
which account gave it. https://developers.google.com/data-portability/user-guide/methods
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from audits.sources.google import call, retry, scopes, values
from audits.sources.google.documents import PORTABILITY, service
from audits.sources.google.errors import BadQuestion, LimitReached, Unreachable, Unreadable
from audits.sources.google.http import Answer, Http
from audits.sources.google.session import Session

# What a person can have read, by Google's name for it, with the scope that allows it.
RESOURCES: Mapping[str, str] = {
    "play.installs": scopes.PLAY_INSTALLS,
    "play.devices": scopes.PLAY_DEVICES,
    "chrome.extensions": scopes.CHROME_EXTENSIONS,
}
IN_PROGRESS, COMPLETE, FAILED, CANCELLED = "IN_PROGRESS", "COMPLETE", "FAILED", "CANCELLED"
STATES = frozenset({IN_PROGRESS, COMPLETE, FAILED, CANCELLED})

LARGEST_ARCHIVE = 8 * 1024 * 1024  # bytes, still packed; a list of 1,000 apps has under 0.1 MB
MOST_ARCHIVES = 10
_LONGEST_URL = 4_096
_PRECONDITION = frozenset({"FAILED_PRECONDITION", "failedPrecondition"})
_JOB = re.compile(r"[A-Za-z0-9_-]{1,200}")
_HOSTS = (".googleapis.com", ".googleusercontent.com")


@dataclass(frozen=True, repr=False)
class JobState:
    """`urls`: signed addresses of the archives, only when complete. They open without a token, so they are secret."""

    state: str
    urls: tuple[str, ...] = ()


def initiate(session: Session, resource: str) -> str:
    """Have Google begin. Returns the id of the job. Raises a GoogleFault.

    LimitReached: Google made this copy lately. It makes one for each consent, or one a day.
    """
    request = _client(session).portabilityArchive().initiate(body={"resources": [resource]}, fields="archiveJobId")
    try:
        answer = call.fetch(session, request, None)
    except BadQuestion as fault:
        if _PRECONDITION.isdisjoint(fault.reasons):
            raise
        raise LimitReached(fault.detail, reason=fault.reason) from None
    job = values.identity(answer, "archiveJobId")
    if not _JOB.fullmatch(job):
        raise Unreadable("archiveJobId is no id")
    return job


def state_of(session: Session, job: str) -> JobState:
    name = f"archiveJobs/{job}/portabilityArchiveState"
    request = _client(session).archiveJobs().getPortabilityArchiveState(name=name, fields="state,urls")
    answer = call.fetch(session, request, None)
    state = values.word(answer, "state", STATES)
    return JobState(state, _urls(answer, session.root(PORTABILITY)) if state == COMPLETE else ())


def reset(session: Session) -> None:
    """Done with it: Google ends the consent of this project for this account, and may throw the archives away."""
    call.fetch(session, _client(session).authorization().reset(body={}), None)


def download(session: Session, url: str) -> bytes:
    """What lies at a signed address, by a connection of its own: our token is for Google's API alone."""
    with Http(largest=LARGEST_ARCHIVE) as http:
        headers = {"accept-encoding": "identity", "user-agent": "privacy-audit"}
        return retry.patiently(lambda: _body(http.send("GET", url, headers)), session.patience, session.stopped)


def _body(answer: Answer) -> bytes:
    """Redirects are not followed: a signed address is the thing itself. It dies after hours, and a new one is given."""
    if answer.status != 200:
        raise Unreachable(f"archive: {answer.status}")
    return answer.body


def _client(session: Session) -> Any:
    return service(PORTABILITY, session.root(PORTABILITY))


def _urls(answer: values.Record, root: str) -> tuple[str, ...]:
    found = values.records(answer, "urls")
    if not 0 < len(found) <= MOST_ARCHIVES:
        raise Unreadable("urls are not a few")
    for url in found:
        if not isinstance(url, str) or not may_fetch(url, root):
            raise Unreadable("an archive at an address that is not Google’s")
    return tuple(found)


def may_fetch(url: str, root: str) -> bool:
    """Whether this is an address of Google's storage, or of the stand-in whose API gave it (`root`, "" for Google)."""
    if len(url) > _LONGEST_URL or not re.fullmatch(r"[!-~]+", url) or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        host, plain = parts.hostname or "", "@" not in parts.netloc and parts.port in (None, 443)
    except ValueError:
        return False
    if root:
        stand_in = urlsplit(root)
        return (parts.scheme, parts.netloc) == (stand_in.scheme, stand_in.netloc)
    return parts.scheme == "https" and plain and host.endswith(_HOSTS)
