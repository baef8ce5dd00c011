"""Plain HTTP calls, so that a test sees what is really on the wire."""

from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from google_sandbox import Client, Sandbox

AUTH = "https://www.googleapis.com/auth/"
METADATA = AUTH + "drive.metadata.readonly"
APPS = AUTH + "drive.apps.readonly"
USERS = AUTH + "admin.directory.user.readonly"
SECURITY = AUTH + "admin.directory.user.security"
REPORTS = AUTH + "admin.reports.audit.readonly"
CALENDARS = AUTH + "calendar.calendarlist.readonly"
RULES = AUTH + "calendar.acls.readonly"
YOUTUBE = AUTH + "youtube.readonly"
ACTIVITY = AUTH + "drive.activity.readonly"
EMAIL = AUTH + "userinfo.email"
PROFILE = AUTH + "userinfo.profile"
SIGN_IN = ("openid", EMAIL, PROFILE)
EVERYTHING = (*SIGN_IN, METADATA, APPS, USERS, SECURITY, REPORTS, CALENDARS, RULES, YOUTUBE, ACTIVITY)

MAYA, SAM, NOOR = "maya@gmail.test", "sam@shelter.test", "noor@shelter.test"
ALEX, BIG = "alex@gmail.test", "big@gmail.test"
PERSONAS = (MAYA, SAM, NOOR, ALEX, BIG)
EX = "j.marsh@mail.test"
BACK = "http://localhost:8000/accounts/google/login/callback/"


class Caller:
    def __init__(self, google: Sandbox) -> None:
        self.google = google
        self._session = requests.Session()
        self._tokens: dict[tuple[str, tuple[str, ...]], str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def token(self, account: str, scopes: tuple[str, ...] = EVERYTHING) -> str:
        key = (account, scopes)
        if key not in self._tokens:
            self._tokens[key] = self.google.token(account, scopes)
        return self._tokens[key]

    def get(self, account: str, path: str, scopes: tuple[str, ...] = EVERYTHING, **query: Any) -> requests.Response:
        return self.send("GET", path, self.token(account, scopes), params=query)

    def json(self, account: str, path: str, **query: Any) -> Any:
        answer = self.get(account, path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def files(self, account: str, q: str = "", **query: Any) -> list[dict[str, Any]]:
        """Every page of files.list."""
        query = {"pageSize": 1000, "fields": "nextPageToken,files(id,name,mimeType)"} | query
        found, page = [], {"q": q} if q else {}
        while True:
            answer = self.json(account, "/drive/v3/files", **query, **page)
            found += answer.get("files", [])
            if "nextPageToken" not in answer:
                return found
            page["pageToken"] = answer["nextPageToken"]

    def send(self, verb: str, path: str, token: str | None = None, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= more.pop("headers", {})
        return self._session.request(
            verb, self.google.url + path, headers=headers, timeout=10, allow_redirects=False, **more
        )

    def authorize_url(self, client: Client | None = None, scope: str = "openid email profile", **more: str) -> str:
        client = client or self.google.clients[0]
        query = {"client_id": client.id, "redirect_uri": BACK, "response_type": "code", "scope": scope}
        return f"{self.google.url}/o/oauth2/v2/auth?{urlencode({**query, **more})}"

    def code(self, account: str, client: Client | None = None, untick: tuple[str, ...] = (), **asked: str) -> str:
        back = self.google.consent(self.authorize_url(client, **asked), account, untick=untick)
        return parse_qs(urlsplit(back).query)["code"][0]

    def exchange(self, code: str, client: Client | None = None, **more: str) -> requests.Response:
        client = client or self.google.clients[0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        return self.send("POST", "/token", data={**form, **secrets_of(client), **more})

    def refresh(self, token: str, client: Client | None = None, **more: str) -> requests.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return self.send("POST", "/token", data={**form, **secrets_of(client or self.google.clients[0]), **more})


def secrets_of(client: Client) -> dict[str, str]:
    return {"client_id": client.id, "client_secret": client.secret}


def reason(answer: requests.Response) -> str:
    """The reason Google gives inside an API error."""
    return str(answer.json()["error"]["errors"][0]["reason"])
