"""What has been allowed to whom: grants, codes and tokens, all by the sandbox clock."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from threading import RLock
from typing import Any, TypeVar

from google_sandbox.clients import Client
from google_sandbox.clock import Clock

from .scopes import SIGN_IN

CODE_LIVES = 600
ACCESS_LIVES = 3600
UNUSED_REFRESH_LIVES = 183 * 86_400
TESTING_REFRESH_LIVES = 7 * 86_400
REFRESH_TOKENS_KEPT = 100
ACCESS_TOKENS_KEPT = 20_000
CODES_KEPT = 1_000


@dataclass(frozen=True)
class Code:
    client: Client
    email: str
    redirect_uri: str
    scopes: tuple[str, ...]
    issued: float
    offline: bool = False
    renew: bool = False
    challenge: str = ""
    challenge_method: str = ""
    nonce: str = ""
    claims: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Access:
    client: Client
    email: str
    scopes: tuple[str, ...]
    expires: float
    offline: bool


@dataclass
class Refresh:
    client: Client
    email: str
    scopes: tuple[str, ...]
    issued: float
    used: float


T = TypeVar("T", Code, Access, Refresh)


class Ledger:
    def __init__(self, clock: Clock, clients: Iterable[Client] = ()) -> None:
        self._clock = clock
        self._clients = {client.id: client for client in clients}
        self._lock = RLock()
        self._grants: dict[tuple[str, str], set[str]] = {}
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Access] = {}
        self._refresh: dict[str, Refresh] = {}
        self._consented: dict[tuple[str, str], str] = {}

    def kept(self) -> dict[str, list[list[object]]]:
        """Grants and refresh tokens as JSON, for `remember` after a restart. The rest is short-lived."""
        with self._lock:
            return {
                "grants": [[*key, sorted(scopes)] for key, scopes in self._grants.items()],
                "consented": [[*key, project] for key, project in self._consented.items()],
                "refresh": [
                    [token, r.client.id, r.email, list(r.scopes), r.issued, r.used]
                    for token, r in self._refresh.items()
                ],
            }

    def remember(self, kept: dict[str, list[list[Any]]]) -> None:
        """Raises KeyError, TypeError or ValueError for what `kept` never gave, and then remembers nothing."""
        grants = {(email, project): set(scopes) for email, project, scopes in kept["grants"]}
        consented = {(email, client): project for email, client, project in kept["consented"]}
        refresh = {
            token: Refresh(self._clients[client], email, tuple(scopes), float(issued), float(used))
            for token, client, email, scopes, issued, used in kept["refresh"]
            if client in self._clients
        }
        with self._lock:
            self._grants, self._consented, self._refresh = grants, consented, refresh

    def granted(self, email: str, project: str) -> frozenset[str]:
        return frozenset(self._grants.get((email, project), ()))

    def grants(self) -> list[dict[str, object]]:
        """For people and tests to look at; holds no token."""
        return [
            {"account": email, "project": project, "scopes": sorted(scopes)}
            for (email, project), scopes in sorted(self._grants.items())
        ]

    def apps_of(self, email: str) -> list[tuple[Client, list[str]]]:
        """Every client this person has let in, with what it may do: what an administrator would see."""
        held: dict[str, tuple[Client, set[str]]] = {}
        with self._lock:
            alive = [token for token in self._access.values() if self._clock.now() < token.expires]
            holders: list[Access | Refresh] = [*alive, *self._refresh.values()]
            for holder in holders:
                if holder.email == email:
                    held.setdefault(holder.client.id, (holder.client, set()))[1].update(holder.scopes)
        return [(client, sorted(scopes)) for client, scopes in held.values()]

    def allow(self, code: Code) -> str:
        """Records the person's consent and answers the one-time code for it."""
        with self._lock:
            self._grants.setdefault((code.email, code.client.project), set()).update(code.scopes)
            value = "4/0A" + secrets.token_urlsafe(40)
            _keep(self._codes, value, code, CODES_KEPT)
            return value

    def take_code(self, value: str) -> Code | None:
        """A code works once, for ten minutes."""
        with self._lock:
            code = self._codes.pop(value, None)
        return code if code and self._clock.now() <= code.issued + CODE_LIVES else None

    def lasting(self, client: Client, email: str, scopes: tuple[str, ...], *, offline: bool) -> Access:
        """An access of the usual length, from now."""
        return Access(client, email, scopes, self._clock.now() + ACCESS_LIVES, offline)

    def access_token(self, given: Access) -> str:
        token = "ya29.a0" + secrets.token_urlsafe(48)
        with self._lock:
            _keep(self._access, token, given, ACCESS_TOKENS_KEPT)
        return token

    def access(self, token: str) -> Access | None:
        found = self._access.get(token)
        return found if found and self._clock.now() < found.expires else None

    def refresh_token_for(self, code: Code) -> str | None:
        """Only for offline access, and only the first time, unless the app asked for consent again."""
        with self._lock:
            first = (code.email, code.client.id) not in self._consented
            if not code.offline or not (first or code.renew):
                return None
            self._consented[(code.email, code.client.id)] = code.client.project
            return self._new_refresh(code)

    def _new_refresh(self, code: Code) -> str:
        now = self._clock.now()
        token = "1//03" + secrets.token_urlsafe(48)
        self._refresh[token] = Refresh(code.client, code.email, code.scopes, now, now)
        siblings = [t for t, r in self._refresh.items() if (r.email, r.client.id) == (code.email, code.client.id)]
        for oldest in siblings[:-REFRESH_TOKENS_KEPT]:
            del self._refresh[oldest]
        return token

    def use_refresh(self, token: str) -> Refresh | None:
        with self._lock:
            found = self._refresh.get(token)
            if not found or self._clock.now() > self.refresh_dies(found):
                return None
            found.used = self._clock.now()
            return found

    def refresh_dies(self, refresh: Refresh) -> float:
        unused = refresh.used + UNUSED_REFRESH_LIVES
        if refresh.client.testing and not set(refresh.scopes) <= set(SIGN_IN):
            return min(unused, refresh.issued + TESTING_REFRESH_LIVES)
        return unused

    def give(self, client: Client, email: str, scopes: tuple[str, ...]) -> dict[str, str]:
        """A grant with an access and a refresh token, as if the person had just allowed it."""
        code = Code(client, email, "", scopes, self._clock.now(), offline=True, renew=True)
        self.take_code(self.allow(code))
        access = self.access_token(self.lasting(client, email, scopes, offline=True))
        return {"access_token": access, "refresh_token": self.refresh_token_for(code) or ""}

    def revoke_token(self, token: str) -> bool:
        """Ends the whole project's grant for this person, whichever client the token came from."""
        with self._lock:
            holder = self.access(token) or self._refresh.get(token)
            if holder is None:
                return False
            self.revoke(holder.email, holder.client.project)
            return True

    def revoke(self, email: str, project: str | None = None) -> int:
        """Ends grants of one person, all projects or one. Answers how many ended."""
        with self._lock:
            ended = [key for key in self._grants if key[0] == email and project in (None, key[1])]
            for key in ended:
                del self._grants[key]
            self._codes = _without(self._codes, ended)
            self._access = _without(self._access, ended)
            self._refresh = _without(self._refresh, ended)
            self._consented = {c: p for c, p in self._consented.items() if (c[0], p) not in ended}
            return len(ended)

    def kill_refresh_tokens(self, email: str) -> int:
        """As after a changed password: the grant stays on the list, its refresh tokens do not."""
        with self._lock:
            before = len(self._refresh)
            self._refresh = {t: r for t, r in self._refresh.items() if r.email != email}
            return before - len(self._refresh)


def _keep(shelf: dict[str, T], key: str, value: T, most: int) -> None:
    shelf[key] = value
    while len(shelf) > most:
        del shelf[next(iter(shelf))]


def _without(shelf: dict[str, T], ended: Iterable[tuple[str, str]]) -> dict[str, T]:
    gone = set(ended)
    return {key: value for key, value in shelf.items() if (value.email, value.client.project) not in gone}
