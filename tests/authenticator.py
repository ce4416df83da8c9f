"""A passkey in software: what a browser and its authenticator make of the options on a page (WebAuthn level 2)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One passkey. `verifies`: it knows its user, by a PIN or a finger. `origin` is where its browser believes to be.

    One that several devices share does not count how often it was used (`counts`).
    """

    origin: str = "http://rally.test"
    verifies: bool = True
    counts: bool = True
    counter: int = 0
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    credential: bytes = field(default_factory=lambda: os.urandom(16))
    user: bytes = b""

    def make(self, options: str) -> str:
        """Answer what asks for a new passkey."""
        asked = json.loads(options)
        self.user = _bytes(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = b"\0" * 16 + struct.pack(">H", len(self.credential)) + self.credential + cbor2.dumps(public)
        data = self._data(asked["rp"]["id"], ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": _text(client), "attestationObject": _text(attestation)})

    def show(self, options: str) -> str:
        """Answer what asks for a passkey."""
        asked = json.loads(options)
        self.counter += self.counts
        client, data = self._client("webauthn.get", asked["challenge"]), self._data(asked["rpId"], 0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": self.user}
        return self._answer({name: _text(part) for name, part in parts.items()})

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, host: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _answer(self, response: dict[str, Any]) -> str:
        own = _text(self.credential)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})
