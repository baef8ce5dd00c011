"""Where Google is. One variable points everything at a stand-in; each address also has a variable of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from privacy_audit.environment import read
from privacy_audit.modes import google_base_url


@dataclass(frozen=True)
class Endpoints:
    """Full addresses. `api` holds, by API name, the root that replaces Google's own host ("": keep Google's)."""

    authorize: str
    token: str
    revoke: str
    tokeninfo: str
    certs: str
    userinfo: str
    risc: str
    issuer: str
    api: Mapping[str, str]


@dataclass(frozen=True)
class _Address:
    variable: str
    host: str
    path: str


_ADDRESSES: Mapping[str, _Address] = {
    "authorize": _Address("GOOGLE_AUTHORIZE_URL", "https://accounts.google.com", "/o/oauth2/v2/auth"),
    "token": _Address("GOOGLE_TOKEN_URL", "https://oauth2.googleapis.com", "/token"),
    "revoke": _Address("GOOGLE_REVOKE_URL", "https://oauth2.googleapis.com", "/revoke"),
    "tokeninfo": _Address("GOOGLE_TOKENINFO_URL", "https://oauth2.googleapis.com", "/tokeninfo"),
    "certs": _Address("GOOGLE_CERTS_URL", "https://www.googleapis.com", "/oauth2/v1/certs"),
    "userinfo": _Address("GOOGLE_USERINFO_URL", "https://www.googleapis.com", "/oauth2/v2/userinfo"),
    "risc": _Address("GOOGLE_RISC_CONFIGURATION_URL", "https://accounts.google.com", "/.well-known/risc-configuration"),
    "issuer": _Address("GOOGLE_ISSUER", "https://accounts.google.com", ""),
}
_API_ROOTS: Mapping[str, str] = {
    "drive": "GOOGLE_DRIVE_URL",
    "driveactivity": "GOOGLE_DRIVE_ACTIVITY_URL",
    "admin": "GOOGLE_DIRECTORY_URL",
    "gmail": "GOOGLE_GMAIL_URL",
    "calendar": "GOOGLE_CALENDAR_URL",
    "youtube": "GOOGLE_YOUTUBE_URL",
    "dataportability": "GOOGLE_PORTABILITY_URL",
    "photospicker": "GOOGLE_PHOTOS_PICKER_URL",
    "risc": "GOOGLE_RISC_URL",
}


def endpoints_from_environment() -> Endpoints:
    base = google_base_url()
    found = {name: read(a.variable).rstrip("/") or (base or a.host) + a.path for name, a in _ADDRESSES.items()}
    roots = {api: read(variable).rstrip("/") or base for api, variable in _API_ROOTS.items()}
    return Endpoints(**found, api=roots)


def api_root(name: str) -> str:
    """The root of one API alone: a session needs no more, and there is one for each source of each audit."""
    return read(_API_ROOTS[name]).rstrip("/") or google_base_url()


def current() -> Endpoints:
    """The addresses as the environment has them now. Cheap enough to ask once a look."""
    return endpoints_from_environment()
