"""The events that Google names, and whom one is about. https://developers.google.com/identity/protocols/risc"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from audits.accounts.google_provider.id_token import GOOGLE, issuers
from audits.sources.google.endpoints import current

_RISC = "https://schemas.openid.net/secevent/risc/event-type/"
_OAUTH = "https://schemas.openid.net/secevent/oauth/event-type/"
_LONGEST = 255
_BY_SUB = ("iss-sub", "id_token_claims")


PREFIX, HASHED_TWICE = "prefix", "hash_base64_sha512_sha512"  # the forms in which Google names a token


class Kind(StrEnum):
    SESSIONS_REVOKED = "sessions-revoked"
    TOKENS_REVOKED = "tokens-revoked"
    TOKEN_REVOKED = "token-revoked"  # noqa: S105  the name of an event
    DISABLED = "account-disabled"
    ENABLED = "account-enabled"
    CREDENTIAL_CHANGE = "account-credential-change-required"
    PURGED = "account-purged"
    VERIFICATION = "verification"  # a test that we asked for; about nobody
    OTHER = "other"


_OF_TOKENS = (Kind.TOKENS_REVOKED, Kind.TOKEN_REVOKED)
ADDRESSES: Mapping[Kind, str] = {
    kind: f"{_OAUTH if kind in _OF_TOKENS else _RISC}{kind.value}" for kind in Kind if kind is not Kind.OTHER
}
_BY_ADDRESS = {address: kind for kind, address in ADDRESSES.items()}


@dataclass(frozen=True, kw_only=True, repr=False)
class Event:
    """`sub`: the account it is about, or "". `token`: one of our refresh tokens, in the form that `form` names.

    `hijacking`: Google's own reason for disabling an account. It decides what we do and is never told to anybody.
    """

    kind: Kind
    sub: str = ""
    token: str = ""
    form: str = ""
    hijacking: bool = False


def event_of(address: str, details: Any) -> Event:
    """What cannot be read is about nobody: Google signed it, and would only send the same again."""
    kind = _BY_ADDRESS.get(address, Kind.OTHER)
    details = details if isinstance(details, dict) else {}
    subject = details.get("subject")
    if not isinstance(subject, dict):
        return Event(kind=kind)
    if subject.get("subject_type") == "oauth_token":
        return Event(kind=kind, token=_text(subject, "token"), form=_text(subject, "token_identifier_alg"))
    return Event(kind=kind, sub=_sub(subject), hijacking=_hijacking(kind, details))


def _hijacking(kind: Kind, details: Mapping[str, Any]) -> bool:
    return kind is Kind.DISABLED and details.get("reason") == "hijacking"


def spellings() -> list[str]:
    """Every way Google writes its own name in these tokens: with a slash at the end, and without."""
    return [spelling for name in issuers(current().issuer) for spelling in (name, f"{name}/")]


def _sub(subject: Mapping[str, Any]) -> str:
    if subject.get("subject_type") not in _BY_SUB or subject.get("iss", GOOGLE) not in spellings():
        return ""
    return _text(subject, "sub")


def _text(of: Mapping[str, Any], name: str) -> str:
    found = of.get(name)
    return found if isinstance(found, str) and len(found) <= _LONGEST else ""
