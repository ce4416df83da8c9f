"""From what came with a request to who it is: look up, then let `access` decide.

Nothing is remembered across requests but passwords that were verified (never in clear) and what the database says is fresh.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from banneret.access.credentials import BasicCredential, Credential, KeyCredential, SessionCredential
from banneret.access.decide import (
    Attempt,
    address_allowed,
    authenticate_basic,
    authenticate_key,
    authenticate_session,
)
from banneret.access.identity import Edition, SessionKind
from banneret.access.keys import lookup_hash
from banneret.access.passwords import Passwords, VerifiedPasswords
from banneret.access.roles import Permissions
from banneret.access.rules import narrowed, reaching
from banneret.access.throttle import FailedLogin, LoginThrottle
from banneret.kernel.errors import AddressNotAllowed, SecurityTokenInvalid, Unauthenticated
from banneret.kernel.ids import random_base62, random_token
from banneret.kernel.values import from_wire, to_wire
from banneret.operations.context import Client, Context
from banneret.operations.sessions import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from banneret.access.identity import Identity, SessionRecord, UserRecord
    from banneret.access.landscape import Landscape
    from banneret.kernel.clock import Clock
    from banneret.kernel.ids import Identifiers
    from banneret.operations.ports import Store, Transaction

_SESSION_LIFE = timedelta(hours=24)
_SESSION_IDLE = timedelta(hours=8)
_KEPT_FAILURES = 100


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found out about a password before the unit of work began; `matched` is the hash that it fits, or None."""

    matched: str | None = None


NO_PROOF = Proof()


class Gate:
    """Lets requests in, or not."""

    def __init__(self, store: Store, clock: Clock, identifiers: Identifiers, secret: bytes, edition: Edition) -> None:
        self._store = store
        self._clock = clock
        self._identifiers = identifiers
        self._secret = secret
        self._edition = edition
        self._passwords = Passwords()
        self._verified = VerifiedPasswords()
        self._throttle = LoginThrottle()

    # ------------------------------------------------------------------ passwords

    async def prove(self, credential: Credential | None, address: str) -> Proof:
        """Verify a Basic password, outside of any unit of work because it takes long on purpose (Argon2).

        A wrong password is recorded; too many slow down that source's log-ins as that user, and nothing else (design 5.7).
        """
        if not isinstance(credential, BasicCredential):
            return NO_PROOF
        user = await self._store.read(lambda unit: unit.accounts.user(credential.user))
        stored = user.password_hash if user is not None else None
        if self._verified.knows(credential.user, credential.password, stored):
            return Proof(stored)
        if user is not None and not await self._may_try(user, address):
            raise Unauthenticated
        loop = asyncio.get_running_loop()
        if await loop.run_in_executor(None, self._passwords.verify, credential.password, stored):
            if stored is not None:
                self._verified.remember(credential.user, credential.password, stored)
            if user is not None:
                await self._forget_failures(user, address)
            return Proof(stored)
        if user is not None and stored is not None:
            await self._record_failure(user, address)
        return NO_PROOF

    async def _failures(self, unit: Transaction, user: UserRecord) -> list[FailedLogin]:
        found = []
        for line in await unit.accounts.failures(user.oid):
            moment, _, source = line.partition(" ")
            found.append(FailedLogin(from_wire(moment), source))
        return found

    async def _may_try(self, user: UserRecord, address: str) -> bool:
        failures = await self._store.read(lambda unit: self._failures(unit, user))
        return self._throttle.verdict(failures, address, self._clock.now()).allowed

    async def _record_failure(self, user: UserRecord, address: str) -> None:
        async def work(unit: Transaction) -> None:
            held = await self._failures(unit, user)
            held.append(FailedLogin(self._clock.now(), address))
            self._keep(unit, user, held)

        await self._store.write(work)

    async def _forget_failures(self, user: UserRecord, address: str) -> None:
        held = await self._store.read(lambda unit: self._failures(unit, user))
        if not any(failure.source == address for failure in held):
            return

        async def work(unit: Transaction) -> None:
            self._keep(
                unit, user, [failure for failure in await self._failures(unit, user) if failure.source != address]
            )

        await self._store.write(work)

    @staticmethod
    def _keep(unit: Transaction, user: UserRecord, failures: list[FailedLogin]) -> None:
        lines = [f"{to_wire(failure.at)} {failure.source}" for failure in failures[-_KEPT_FAILURES:]]
        unit.writer.update("password", {"user_oid": user.oid}, {"failures": msgspec.json.encode(lines).decode()})

    # ------------------------------------------------------------------ requests

    async def admit(
        self,
        unit: Transaction,
        credential: Credential | None,
        client: Client,
        *,
        proof: Proof = NO_PROOF,
        http_session: str | None = None,
        renewing: bool = False,
    ) -> Context:
        """Say who a request is and what he sees, as of now. With `renewing` a password may have expired: it is to be replaced.

        Raises:
            Unauthenticated: nothing was presented, or it does not hold; `reason` where the holder may be told.
            AddressNotAllowed: the subscription's IP filter keeps the address out.

        """
        if credential is None:
            raise Unauthenticated(presented=False)
        now = self._clock.now()
        match credential:
            case KeyCredential():
                identity, landscape = await self._by_key(unit, credential, client, now)
            case BasicCredential():
                identity, landscape = await self._by_password(
                    unit, credential, client, now, proof, http_session, renewing=renewing
                )
            case SessionCredential():
                identity, landscape = await self._by_session(unit, credential, client, now)
            case _:
                raise Unauthenticated
        if not address_allowed(landscape.subscription, identity.permissions, client.address or None):
            raise AddressNotAllowed(client.address)
        _, sight = await unit.permissions(
            identity.user.oid, landscape, subscription_admin=identity.user.subscription_admin
        )
        if identity.key is not None and identity.key.is_narrowed:
            sight = narrowed(sight, identity.key, landscape)
        return Context(unit, landscape, sight, identity, now, self._identifiers, None, client=client)

    async def _landscape(self, unit: Transaction, epoch: int | None = None) -> Landscape:
        found = await unit.landscape(epoch)
        if found is None:
            raise Unauthenticated
        return found

    async def _permissions(self, unit: Transaction, landscape: Landscape, user: UserRecord | None) -> Permissions:
        if user is None:
            return Permissions()
        held, _ = await unit.permissions(user.oid, landscape, subscription_admin=user.subscription_admin)
        return held

    async def _by_key(
        self, unit: Transaction, credential: KeyCredential, client: Client, now: datetime
    ) -> tuple[Identity, Landscape]:
        found = await unit.accounts.key(lookup_hash(self._secret, credential.value))
        key, user, epoch = found if found is not None else (None, None, None)
        landscape = await self._landscape(unit, epoch)
        if key is not None and key.projects:
            key = reaching(key, landscape)
        attempt = Attempt(
            landscape.subscription, now, user=user, edition=self._edition, key=key, address=client.address or None
        )
        identity = authenticate_key(attempt, await self._permissions(unit, landscape, user))
        return identity, landscape

    async def _by_password(
        self,
        unit: Transaction,
        credential: BasicCredential,
        client: Client,
        now: datetime,
        proof: Proof,
        http_session: str | None,
        *,
        renewing: bool,
    ) -> tuple[Identity, Landscape]:
        user = await unit.accounts.user(credential.user)
        landscape = await self._landscape(unit)
        matches = user is not None and user.password_hash is not None and user.password_hash == proof.matched
        attempt = Attempt(
            landscape.subscription,
            now,
            user=user,
            edition=self._edition,
            address=client.address or None,
            password_matches=matches,
        )
        session = await self._session(unit, http_session, now)
        permissions = await self._permissions(unit, landscape, user)
        return authenticate_basic(attempt, permissions, session, renewing=renewing), landscape

    async def _by_session(
        self, unit: Transaction, credential: SessionCredential, client: Client, now: datetime
    ) -> tuple[Identity, Landscape]:
        found = await unit.accounts.session(identifier(credential.token))
        landscape = await self._landscape(unit)
        session, user = (found[0], found[1]) if found is not None else (None, None)
        attempt = Attempt(
            landscape.subscription,
            now,
            user=user,
            edition=self._edition,
            session=session,
            address=client.address or None,
        )
        return authenticate_session(attempt, await self._permissions(unit, landscape, user)), landscape

    async def _session(self, unit: Transaction, token: str | None, now: datetime) -> SessionRecord | None:
        found = await unit.accounts.session(identifier(token)) if token else None
        if found is None or found[0].expires_at <= now:
            return None
        return found[0]

    # ------------------------------------------------------------------ security tokens

    async def authorize(self, context: Context, http_session: str | None) -> tuple[str, str | None]:
        """Give a security token (KB 57528) and, when a new HTTP session was begun for it, that session's value.

        `http_session` is the value of the session that the request was admitted with, if it was with one.
        A key needs no token; it gets one that nothing will ever ask for.
        """
        identity = context.identity
        token = random_token()
        if identity is None or not identity.needs_security_token:
            return token, None
        moment = to_wire(context.now)
        if identity.session is not None and http_session:
            context.unit.writer.update(
                "session",
                {"id": identifier(http_session)},
                {"security_token": _token_hash(token), "last_used_at": moment},
            )
            return token, None
        value = random_base62(43)
        context.unit.writer.insert(
            "session",
            {
                "id": identifier(value),
                "user_oid": identity.user.oid,
                "kind": SessionKind.WSAPI.value,
                "security_token": _token_hash(token),
                "created_at": moment,
                "last_used_at": moment,
                "expires_at": to_wire(context.now + _SESSION_LIFE),
                "idle_seconds": int(_SESSION_IDLE.total_seconds()),
                "address": context.client.address or None,
                "client": context.client.name or None,
            },
        )
        return token, value

    @staticmethod
    def end_sessions(unit: Transaction, tokens: Iterable[str]) -> None:
        """End the sessions that these tokens are of; one that is of none does nothing."""
        for token in tokens:
            unit.writer.delete("session", {"id": identifier(token)})

    @staticmethod
    def require_token(context: Context, token: str | None) -> None:
        """Refuse a write by Basic or session that lacks its own session's security token.

        Raises:
            SecurityTokenInvalid: missing, wrong, or of another session (KB 127054).

        """
        identity = context.identity
        if identity is None or not identity.needs_security_token:
            return
        kept = identity.session.security_token if identity.session is not None else None
        if not token or not kept or not hmac.compare_digest(kept, _token_hash(token)):
            raise SecurityTokenInvalid


def _token_hash(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()
