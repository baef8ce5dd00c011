"""ID tokens and the keys they are checked with. One key a process, made when first needed."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from google_sandbox.personas import Account

from .scopes import SHORT

Json = dict[str, Any]

LIVES = 3600


@dataclass(frozen=True)
class SigningKey:
    kid: str
    private: rsa.RSAPrivateKey
    certificate: str


@cache
def signing_key() -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SigningKey(hashlib.sha256(public).hexdigest()[:40], private, _certificate(private))


def _certificate(private: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "google-sandbox.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(private, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def certificates() -> dict[str, str]:
    """`{kid: PEM certificate}`, the form of /oauth2/v1/certs."""
    key = signing_key()
    return {key.kid: key.certificate}


def key_set() -> Json:
    """JWKS, the form of /oauth2/v3/certs."""
    key = signing_key()
    numbers = key.private.public_key().public_numbers()
    public = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": key.kid}
    return {"keys": [public | {"n": _base64_number(numbers.n), "e": _base64_number(numbers.e)}]}


def _base64_number(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(frozen=True)
class About:
    """What an ID token is about, beside the account itself."""

    issuer: str
    client_id: str
    scopes: tuple[str, ...]
    access_token: str
    now: float
    nonce: str = ""
    claims: frozenset[str] = frozenset()


def id_token(account: Account, about: About) -> str:
    key = signing_key()
    payload = _frame(about) | person(account, about.scopes) | _session(account, about)
    return jwt.encode({"sub": account.sub, **payload}, key.private, algorithm="RS256", headers={"kid": key.kid})


def _frame(about: About) -> Json:
    digest = hashlib.sha256(about.access_token.encode()).digest()[:16]
    frame: Json = {
        "iss": about.issuer,
        "azp": about.client_id,
        "aud": about.client_id,
        "iat": int(about.now),
        "exp": int(about.now) + LIVES,
        "jti": secrets.token_hex(20),
        "at_hash": base64.urlsafe_b64encode(digest).decode().rstrip("="),
    }
    return frame | ({"nonce": about.nonce} if about.nonce else {})


def person(account: Account, scopes: tuple[str, ...]) -> Json:
    """The claims these scopes open, as userinfo tells them too."""
    told: Json = {"hd": account.hd} if account.hd else {}
    if SHORT["email"] in scopes:
        told |= {"email": account.email, "email_verified": account.email_verified}
    if SHORT["profile"] in scopes:
        told |= {
            "name": account.name,
            "picture": account.picture,
            "given_name": account.given_name,
            "family_name": account.family_name,
        }
    return told


def _session(account: Account, about: About) -> Json:
    """Only what was asked for by `claims`, and only where the persona lets Google know."""
    told: Json = {}
    if "auth_time" in about.claims:
        told["auth_time"] = int(about.now) - account.signed_in_seconds_ago
    if "amr" in about.claims and account.amr is not None:
        told["amr"] = account.amr
    return told
