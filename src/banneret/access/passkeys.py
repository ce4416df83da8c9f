"""Passkeys (WebAuthn): what a browser is asked for, and whether what it answers holds.

A challenge is not stored when it is given out: it carries its moment and a digest under the server's secret, so that strangers who
open the log-in page leave nothing behind. One that was answered is remembered until it is too old (`operations/passkeys.py`).
"""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from banneret.kernel.ids import random_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from banneret.access.identity import UserRecord

LIFE = timedelta(minutes=15)
"""How long a challenge may wait for its answer."""

_RANDOM, _MOMENT, _DIGEST = 16, 8, 16
_NAME = "Banneret"


@dataclass(frozen=True, slots=True)
class Site:
    """What a passkey is bound to: the host's name without its port, and the origin as browsers spell it."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A new passkey: its id, its public key, and how often it says that it was used."""

    credential: bytes
    public_key: bytes
    counter: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A browser's answer, not yet verified: the passkey and the challenge that it is of; `user` is whose it says it is."""

    text: str
    credential: bytes
    challenge: bytes
    user: bytes | None


def new_challenge(secret: bytes, purpose: str, now: datetime) -> bytes:
    """Make a challenge that holds for one purpose."""
    body = random_bytes(_RANDOM) + int(now.timestamp()).to_bytes(_MOMENT)
    return body + _digest(secret, purpose, body)


def challenge_holds(secret: bytes, purpose: str, challenge: bytes, now: datetime) -> bool:
    """Whether we gave it out, for this purpose, and not too long ago."""
    body, digest = challenge[: _RANDOM + _MOMENT], challenge[_RANDOM + _MOMENT :]
    if len(body) != _RANDOM + _MOMENT or not hmac.compare_digest(digest, _digest(secret, purpose, body)):
        return False
    return timedelta() <= now - datetime.fromtimestamp(int.from_bytes(body[_RANDOM:]), UTC) <= LIFE


def creation_options(site: Site, user: UserRecord, challenge: bytes, held: Iterable[bytes]) -> str:
    """Say, in JSON, what passkey a browser is to make; an authenticator that holds one of `held` makes no other."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=_NAME,
        user_id=uuid.UUID(user.uuid).bytes,
        user_name=user.user_name,
        user_display_name=user.display_name or user.user_name,
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(each) for each in held],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return options_to_json(options)


def request_options(site: Site, challenge: bytes, held: Iterable[bytes] = (), *, alone: bool) -> str:
    """Say, in JSON, what passkey a browser is to show. One that stands `alone`, without a password, must know its user."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(each) for each in held],
        user_verification=UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.DISCOURAGED,
    )
    return options_to_json(options)


def register(site: Site, text: str, secret: bytes, purpose: str, now: datetime) -> tuple[Registered, bytes] | None:
    """Verify a passkey that was made; give it and the challenge that it answers, or None where it does not hold."""
    try:
        made = parse_registration_credential_json(text)
        challenge = parse_client_data_json(made.response.client_data_json).challenge
        if not challenge_holds(secret, purpose, challenge, now):
            return None
        verified = verify_registration_response(
            credential=made, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except WebAuthnException:
        return None
    return Registered(verified.credential_id, verified.credential_public_key, verified.sign_count), challenge


def read_answer(text: str) -> Answer | None:
    """Read what a browser answers, or give None where it is nothing of the kind."""
    try:
        shown = parse_authentication_credential_json(text)
        challenge = parse_client_data_json(shown.response.client_data_json).challenge
    except WebAuthnException:
        return None
    return Answer(text, shown.raw_id, challenge, shown.response.user_handle)


def verify(site: Site, answer: Answer, public_key: bytes, counter: int, *, alone: bool) -> int | None:
    """Give the passkey's new counter, or None where the answer does not hold: another key's, another site's, or a copy's."""
    try:
        verified = verify_authentication_response(
            credential=answer.text,
            expected_challenge=answer.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=counter,
            require_user_verification=alone,
        )
    except WebAuthnException:
        return None
    return verified.new_sign_count


def _digest(secret: bytes, purpose: str, body: bytes) -> bytes:
    return hmac.digest(secret, b"passkey " + purpose.encode() + b" " + body, "sha256")[:_DIGEST]
