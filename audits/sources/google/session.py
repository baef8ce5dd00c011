"""One look's conversation with Google: who is asking, how often we asked, and a token that may run out on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self, TypeVar

from audits.sources.contract import Credentials, RefreshedToken
from audits.sources.google import endpoints, oauth, quota, retry
from audits.sources.google.documents import Api
from audits.sources.google.errors import GoogleFault, NeedsReconnecting, Stopped, of_answer
from audits.sources.google.http import Answer, Http, shared
from audits.sources.outage import Outage

T = TypeVar("T")
_SOON = timedelta(seconds=10)  # a token this close to its end is renewed first
_ALWAYS = {"accept": "application/json", "accept-encoding": "gzip", "user-agent": "privacy-audit (gzip)"}


@dataclass(frozen=True, repr=False)
class Question:
    """One HTTP request to an API, without the token.

    `method_ids`: its id in the discovery documents (`gmail.users.messages.get`); a batch names one for each part. By
    them the cost is known.
    """

    method: str
    url: str
    method_ids: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


Listener = Callable[[Question, Answer], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def overheard_by(listener: Listener) -> Iterator[None]:
    """Every answer to a session of this thread is shown to the listener as well: for `manage.py capture`."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


class Session:
    """For one thread. `requests` counts everything sent, second tries and refreshes included.

    `refreshed` is the newest access token, when this session had to get one. `account` is the Connection's public id:
    what it may ask is counted under it. `outage` is shared by the sessions of one audit.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        now: Callable[[], datetime],
        stopped: Callable[[], bool],
        http: Http | None = None,
        patience: retry.Patience | None = None,
        account: str = "",
        outage: Outage | None = None,
    ) -> None:
        self.requests = 0
        self.refreshed: RefreshedToken | None = None
        self.stopped = stopped
        self.patience = patience or retry.current()
        self._credentials = credentials
        self._now = now
        self._own_http = http
        self._http = http or shared()
        self._asker = quota.Asker(credentials.client_id, account)
        self._quota = quota.current()
        self._outage = outage or Outage()

    def root(self, api: Api) -> str:
        """The root that stands for this API's own host, "" for Google itself."""
        return endpoints.api_root(api.name)

    def ask(self, question: Question, believe: Callable[[Answer], T]) -> T:
        """What `believe` makes of the answer. It runs inside the retries, so it may raise faults that pass."""
        api = quota.api_of(question.method_ids[0])
        known = self._outage.of(api)
        if isinstance(known, GoogleFault):
            raise type(known)(known.detail, reason=known.reason)
        try:
            found = retry.patiently(
                lambda: believe(self._once(question)), self.patience, self.stopped, lambda: bool(self._outage.of(api))
            )
        except GoogleFault as fault:
            if fault.retriable:
                self._outage.gave_up(api, fault)
            raise
        self._outage.answered(api)
        return found

    def heard(self, method_id: str, fault: GoogleFault) -> None:
        """A part of a batch met this fault: where it says that we ask too much, everybody slows down."""
        self._quota.heard(self._asker, method_id, fault)

    def _once(self, question: Question) -> Answer:
        fresh = self._renew_when_due()
        self._quota.wait_for_turn(self._asker, question.method_ids, self.stopped)
        answer = self._send(question)
        if answer.status == 401 and not fresh and self._credentials.refresh_token:
            self._renew()
            answer = self._send(question)
        if answer.status not in (200, 204):
            fault = of_answer(answer.status, answer.headers, answer.body)
            self.heard(question.method_ids[0], fault)
            raise fault
        return answer

    def _send(self, question: Question) -> Answer:
        if self.stopped():
            raise Stopped
        token = self.refreshed.access_token if self.refreshed else self._credentials.access_token
        self.requests += 1
        headers = {**_ALWAYS, **question.headers, "authorization": f"Bearer {token}"}
        answer = self._http.send(question.method, question.url, headers, question.body)
        if (listener := _listener.get()) is not None:
            listener(question, answer)
        return answer

    def _renew_when_due(self) -> bool:
        """True when the token is brand new. Without a refresh token the old one is tried, and Google decides."""
        ends = self.refreshed.expires_at if self.refreshed else self._credentials.expires_at
        held = self.refreshed is not None or self._credentials.access_token
        if held and (ends is None or ends - self._now() > _SOON):
            return False
        if not self._credentials.refresh_token:
            if not held:
                raise NeedsReconnecting("no token")
            return False
        self._renew()
        return True

    def _renew(self) -> None:
        self.requests += 1
        self.refreshed = oauth.refresh(self._credentials, self._http, self._now)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._own_http is not None:
            self._own_http.close()
