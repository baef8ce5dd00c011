"""The controls as typed methods, over HTTP: the same for a sandbox in this process or in another."""

import http.client
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

Json = dict[str, Any]

TIMEOUT = 15


class ControlError(Exception):
    """The sandbox did not take the control; the text says why."""


@dataclass(frozen=True)
class Log:
    """`requests`: the latest, dicts with method, path, query, status, user, api, batch, seconds, fault.

    `counts`: by API method (`drive.files.list`), or by verb and path for what is no API.
    """

    requests: list[Json]
    total: int
    peak: int
    running: int
    counts: dict[str, int]

    def of(self, api: str) -> list[Json]:
        """Requests to one API method, for instance `drive.files.list`."""
        return [request for request in self.requests if request["api"] == api]

    def paths(self) -> list[str]:
        return [request["path"] for request in self.requests]


class Controls:
    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.port = urlsplit(self.url).port or 80

    def control(self, name: str, **body: Any) -> Json:
        """Any control by name, for instance `control("latency", ms=50)`."""
        return self._send("POST", name, json.dumps(body))

    def _send(self, verb: str, name: str, body: str | None = None) -> Json:
        connection = http.client.HTTPConnection(urlsplit(self.url).hostname or "", self.port, timeout=TIMEOUT)
        try:
            headers = {"Content-Type": "application/json"} if body is not None else {}
            connection.request(verb, f"/__sandbox__/{name}", body, headers)
            answer = connection.getresponse()
            told: Json = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise ControlError(told.get("error", str(answer.status)))
        return told

    def reset(self) -> None:
        """As at the start: faults, quota, latency, clock, grants, tokens, log and persona data."""
        self.control("reset")

    def latency(self, ms: float) -> None:
        self.control("latency", ms=ms)

    def fault(self, match: str, kind: str | int, reason: str = "", **when: Any) -> int:
        """`kind`: a status number or a kind of faults.Rule. `when`: nth, first, rate, user, seconds, retry_after."""
        rule: Json = {"match": match, "reason": reason, **when}
        rule |= {"kind": "status", "status": kind} if isinstance(kind, int) else {"kind": kind}
        return int(self.control("fault", **rule)["id"])

    def clear_faults(self, number: int | None = None) -> None:
        """Removes one or all, and lets go of what hangs."""
        self.control("faults/clear", id=number)

    def release(self) -> None:
        """Lets go of every request that hangs now."""
        self.control("release")

    def wait_for_hanging(self, count: int = 1, seconds: float = 5) -> None:
        """Returns once so many requests hang. TimeoutError if that does not come about."""
        hanging = self.control("wait-for-hanging", count=count, seconds=seconds)["hanging"]
        if hanging < count:
            raise TimeoutError(f"{hanging} requests hang, {count} were awaited")

    def quota(self, api: str, units: int, *, user: str | None = None, status: int = 403, project: bool = False) -> None:
        """Units a minute of `drive`, `gmail` and so on: for each user, for one, or for all of a project together."""
        reason = "userRateLimitExceeded" if status == 403 and not project else "rateLimitExceeded"
        self.control("quota", api=api, units=units, user=user, status=status, reason=reason, project=project)

    def clear_quotas(self) -> None:
        self.control("quotas/clear")

    def shift_clock(self, seconds: float) -> None:
        self.control("clock", shift=seconds)

    def revoke(self, account: str, project: str | None = None) -> int:
        """As if the person removed the app in their Google Account."""
        return int(self.control("revoke", account=account, project=project)["ended"])

    def kill_refresh_tokens(self, account: str) -> int:
        """As after a changed password."""
        return int(self.control("kill-refresh-tokens", account=account)["ended"])

    def token(self, account: str, scopes: Sequence[str], client: str | None = None) -> str:
        """An access token without the dance."""
        return str(self.tokens(account, scopes, client)["access_token"])

    def tokens(self, account: str, scopes: Sequence[str], client: str | None = None) -> Json:
        """`{access_token, refresh_token}` without the dance."""
        return self.control("token", account=account, scopes=list(scopes), client=client)

    def log(self) -> Log:
        return Log(**self._send("GET", "log"))

    def clear_log(self) -> None:
        self.control("log/clear")

    def state(self) -> Json:
        """Clock, latency, faults, quotas, grants (no tokens), clients, accounts."""
        return self._send("GET", "state")

    def edit(self, account: str, do: str, **words: Any) -> Json:
        """Any edit of edits.py, for instance `edit("maya@gmail.test", "remove_app", app="PicPolish")`."""
        return self.control("edit", account=account, do=do, **{"with": words})

    def add_app(self, account: str, name: str, **words: Any) -> str:
        """Words: drive_wide, authorized, installed, shortDescription."""
        return str(self.edit(account, "add_app", name=name, **words)["id"])

    def remove_app(self, account: str, app: str) -> None:
        self.edit(account, "remove_app", app=app)

    def add_file(self, account: str, name: str, type: str = "doc", **words: Any) -> str:
        """Words as in the personas' files: link, findable, shared, gps, camera, trashed, in, from."""
        return str(self.edit(account, "add_file", name=name, type=type, **words)["id"])

    def change_file(self, account: str, file: str, **words: Any) -> str:
        """`file` is an id or a name. A word that is None is taken away, for instance `link=None`."""
        return str(self.edit(account, "change_file", file=file, words=words)["id"])

    def remove_file(self, account: str, file: str) -> str:
        """`file` is an id or a name."""
        return str(self.edit(account, "remove_file", file=file)["id"])

    def share_calendar(self, account: str, calendar: str, role: str, address: str = "", kind: str = "users") -> None:
        """`kind`: users, groups, domains. Without an address the calendar is open to everyone."""
        words = {"address": address, "with": kind} if address else {}
        self.edit(account, "share_calendar", calendar=calendar, role=role, **words)

    def unshare_calendar(self, account: str, calendar: str, address: str = "", kind: str = "users") -> None:
        words = {"address": address, "with": kind} if address else {}
        self.edit(account, "unshare_calendar", calendar=calendar, **words)

    def leave_calendar(self, account: str) -> None:
        """The account no longer uses Google Calendar."""
        self.edit(account, "leave_calendar")

    def change_channel(self, account: str, **words: Any) -> None:
        """`videos` and `playlists`, lists of title, privacy, published. Nothing: there is no channel."""
        self.edit(account, "change_channel", **words)

    def change_video(self, account: str, title: str, privacy: str) -> None:
        self.edit(account, "change_video", title=title, privacy=privacy)

    def add_activity(self, account: str, file: str, **words: Any) -> None:
        """Words: by, added, removed, as in the personas' `activity`."""
        self.edit(account, "add_activity", file=file, **words)

    def change_account(self, account: str, **words: Any) -> None:
        """Words: amr (a list or None), signed_in_seconds_ago, given_name, family_name, hd, email_verified."""
        self.edit(account, "change_account", **words)

    def change_storage(self, account: str, **sizes: int) -> None:
        """limit, usage, usageInDrive, usageInDriveTrash, in bytes."""
        self.edit(account, "change_storage", **sizes)

    def change_user(self, account: str, **fields: Any) -> None:
        """Fields of the Directory user, for instance `isEnrolledIn2Sv=True`."""
        self.edit(account, "change_user", **fields)

    def add_app_password(self, account: str, name: str) -> None:
        self.edit(account, "add_app_password", name=name)

    def remove_app_password(self, account: str, code: int) -> None:
        self.edit(account, "remove_app_password", codeId=code)

    def add_event(self, account: str, application: str, name: str, **words: Any) -> None:
        """One entry of the Workspace's log. Words: days_ago, type, ip, parameters."""
        self.edit(account, "add_event", application=application, name=name, **words)

    def risc(self, event: str, to: str, account: str = "", **words: Any) -> Json:
        """One security event, posted to a receiver on this machine. Words: oauth/security_events.py.

        Answers the receiver's `status` and the `token`, which may be sent again: `risc("", to, token=token)`.
        """
        return self.control("risc", event=event, to=to, account=account, **words)

    def service_account(self) -> Json:
        """The key file with which the stream of security events is managed."""
        return self.control("service-account")

    def consent(
        self,
        authorize_url: str,
        account: str,
        *,
        approved: Sequence[str] | None = None,
        untick: Sequence[str] = (),
        deny: bool = False,
    ) -> str:
        """Plays the person on the authorize page. Answers the address the browser is sent back to."""
        parts = urlsplit(authorize_url)
        form = [("account", account), ("decision", "deny" if deny else "allow")]
        form += [("approved", scope) for scope in (["all"] if approved is None else approved)]
        form += [("untick", scope) for scope in untick]
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=TIMEOUT)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", f"{parts.path}?{parts.query}", urlencode(form), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        back = answer.getheader("Location")
        if not back:
            raise ControlError(f"the authorize page answered {answer.status}: {text[:500]}")
        return back
