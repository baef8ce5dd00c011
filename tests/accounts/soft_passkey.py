"""A device with one passkey, in memory: it answers our questions as a browser does, or wrongly on purpose."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

ASK_NEW, ADD = "/account/ways/key/ask/", "/account/ways/key/"
ASK, SHOW = "/back/key/ask/", "/back/key/"


@dataclass
class Device:
    site: str = "localhost"
    origin: str = ""
    flags: Any = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
    handle: bytes = b""
    number: bytes = field(default_factory=lambda: os.urandom(32))
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict[str, Any]) -> str:
        asked = options["publicKey"]
        self.handle = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(os.urandom(16), self.number, public)
        flags = self.flags | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(sha256(self.site.encode()), flags, 0, credential)
        attested = AttestationObject.create("none", data, {})
        return self._told("webauthn.create", asked, {"attestationObject": websafe_encode(attested)})

    def show(self, options: dict[str, Any]) -> str:
        asked = options["publicKey"]
        data = AuthenticatorData.create(sha256(self.site.encode()), self.flags, 1)
        said = self._client_data("webauthn.get", asked)
        signature = self.key.sign(data + sha256(said), ec.ECDSA(hashes.SHA256()))
        more = {"authenticatorData": data, "signature": signature, "userHandle": self.handle}
        return self._told("webauthn.get", asked, {name: websafe_encode(value) for name, value in more.items()})

    def _client_data(self, kind: str, asked: dict[str, Any]) -> bytes:
        return CollectedClientData.create(kind, asked["challenge"], self.origin or settings.BASE_URL)

    def _told(self, kind: str, asked: dict[str, Any], response: dict[str, str]) -> str:
        number = websafe_encode(self.number)
        said = {"clientDataJSON": websafe_encode(self._client_data(kind, asked)), **response}
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": said})

    # ----------------------------------------------------------------------- in a browser

    def add(self, client: Any) -> Any:
        return client.post(ADD, {"passkey": self.make(client.post(ASK_NEW).json())})

    def sign_in(self, client: Any) -> Any:
        return client.post(SHOW, {"passkey": self.show(client.post(ASK).json())})
