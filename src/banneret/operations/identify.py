"""From what came with a request to who it is: look up, then let `access` decide.

Nothing is remembered across requests but passwords that were verified (never in clear) and what the database says is fresh.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from banneret.access.credentials import BasicCredential, Credential, KeyCredential, SessionCredential, ShownPasskey
from banneret.access.decide import (
    Attempt,
    address_allowed,
    authenticate_basic,
    authenticate_key,
    authenticate_passkey,
    authenticate_session,
)
from banneret.access.identity import Edition, SessionKind, SubscriptionState
from banneret.access.keys import lookup_hash
from banneret.access.passwords import Passwords, VerifiedPasswords
from banneret.access.roles import Permissions
from banneret.access.rules import narrowed, reaching
from banneret.access.throttle import FailedLogin, LoginThrottle, Verdict
from banneret.kernel.errors import AddressNotAllowed, SecurityTokenInvalid, TooManyAttempts, Unauthenticated
from banneret.kernel.ids import random_base62, random_token
from banneret.kernel.values import to_wire
from banneret.operations.context import Client, Context, server_context
from banneret.operations.recording import record_event
from banneret.operations.sessions import identifier

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from banneret.access.identity import Identity, SessionRecord, UserRecord
    from banneret.access.landscape import Landscape
    from banneret.kernel.clock import Clock
    from banneret.kernel.ids import Identifiers
    from banneret.operations.ports import Store, Transaction

_SESSION_LIFE = timedelta(hours=24)
_SESSION_IDLE = timedelta(hours=8)
_TOLD_EVERY = timedelta(minutes=1)
_KEPT_FAILURES = 100
_CODES = "second factor"
"""Stands for the address where a wrong code is on record."""

_LONGEST_STRAY = timedelta(days=1)
"""How long a wrong password for a name that nobody has is kept at most."""


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
        self._guesses: dict[bytes, tuple[asyncio.Lock, int]] = {}

    # ------------------------------------------------------------------ passwords

    async def prove(self, credential: Credential | None, address: str) -> Proof:
        """Verify a Basic password, outside of any unit of work because it takes long on purpose (Argon2).

        A wrong password is recorded; too many slow down that source's log-ins under that name, and nothing else (design 5.7).
        A name that nobody has is slowed just the same, so that nobody learns which names exist.

        Raises:
            TooManyAttempts: too many wrong ones came before; this one was not looked at, be it right or wrong.

        """
        if not isinstance(credential, BasicCredential):
            return NO_PROOF
        user = await self._store.read(lambda unit: unit.accounts.user(credential.user))
        if user is not None and not user.failures and self._knows(credential, user):
            return Proof(user.password_hash)
        # One guess at a name is looked at after the other: many at once would all find that none was wrong before.
        async with self._guess(credential.user):
            user = await self._store.read(lambda unit: unit.accounts.user(credential.user))
            known = user if user is not None and user.password_hash else None
            await self._require_patience(credential.user, known, address)
            if known is not None and self._knows(credential, known):
                return Proof(known.password_hash)
            stored = known.password_hash if known is not None else None
            loop = asyncio.get_running_loop()
            if await loop.run_in_executor(None, self._passwords.verify, credential.password, stored):
                if known is not None and stored is not None:
                    self._verified.remember(credential.user, credential.password, stored)
                    await self._forget_failures(known, address)
                return Proof(stored)
            await self._record_failure(credential.user, known, address)
            return NO_PROOF

    async def weigh_code(self, user: UserRecord, holds: Callable[[], Awaitable[bool]]) -> bool:
        """Say whether a second factor's code holds; wrong ones slow the next, wherever they come from: they know the password.

        Raises:
            TooManyAttempts: too many wrong ones came before; this one was not looked at.

        """
        async with self._guess(user.user_name):
            fresh = await self._store.read(lambda unit: unit.accounts.user_by_oid(user.oid))
            if fresh is None:
                raise Unauthenticated
            await self._require_patience(fresh.user_name, fresh, _CODES)
            if await holds():
                await self._forget_failures(fresh, _CODES)
                return True
            await self._record_failure(fresh.user_name, fresh, _CODES)
            return False

    def _knows(self, credential: BasicCredential, user: UserRecord) -> bool:
        return self._verified.knows(credential.user, credential.password, user.password_hash)

    @asynccontextmanager
    async def _guess(self, user_name: str) -> AsyncIterator[None]:
        """Wait until this name's other guesses in this process have been looked at."""
        name = self._digest(user_name)
        turn, waiting = self._guesses.get(name, (asyncio.Lock(), 0))
        self._guesses[name] = turn, waiting + 1
        try:
            async with turn:
                yield
        finally:
            _, waiting = self._guesses.pop(name)
            if waiting > 1:
                self._guesses[name] = turn, waiting - 1

    async def _require_patience(self, user_name: str, user: UserRecord | None, address: str) -> None:
        async def look(unit: Transaction) -> Verdict:
            lines = user.failures if user is not None else await unit.accounts.strays(self._digest(user_name))
            if not lines:
                return Verdict(allowed=True)
            throttle = await self._throttle(unit)
            return throttle.verdict([FailedLogin.read(line) for line in lines], address, self._clock.now())

        verdict = await self._store.read(look)
        if verdict.until is not None:
            raise TooManyAttempts(verdict.until)

    async def _throttle(self, unit: Transaction) -> LoginThrottle:
        landscape = await unit.landscape()
        subscription = landscape.subscription if landscape is not None else SubscriptionState()
        return LoginThrottle.of(subscription.maximum_login_attempts, subscription.lockout_minutes)

    async def _record_failure(self, user_name: str, user: UserRecord | None, address: str) -> None:
        failure = FailedLogin(self._clock.now(), address)

        async def add(unit: Transaction) -> None:
            if user is not None:
                await self._change_failures(unit, user, lambda held: [*held, failure])
                await self._tell_of_failure(unit, user, failure)
                return
            longest = min((await self._throttle(unit)).longest, _LONGEST_STRAY)
            await unit.accounts.forget_strays(to_wire(failure.at - longest))
            unit.writer.insert(
                "stray_login", {"name": self._digest(user_name), "at": to_wire(failure.at), "source": address}
            )

        await self._store.write(add)

    async def _tell_of_failure(self, unit: Transaction, user: UserRecord, failure: FailedLogin) -> None:
        """Leave an event, one a minute and source at most: whoever guesses does not fill the audit log."""
        before = (FailedLogin.read(line) for line in user.failures)
        if any(each.source == failure.source and failure.at - each.at < _TOLD_EVERY for each in before):
            return
        context = await self.on_its_own(unit, Client(address="" if failure.source == _CODES else failure.source))
        what = "second factor" if failure.source == _CODES else "password"
        diff = {"Wrong": (None, what)}
        record_event(context, "Login", user.oid, "refused", version=1, workspace=None, project=None, diff=diff)

    async def _forget_failures(self, user: UserRecord, address: str) -> None:
        if not any(FailedLogin.read(line).source == address for line in user.failures):
            return

        def others(held: list[FailedLogin]) -> list[FailedLogin]:
            return [failure for failure in held if failure.source != address]

        await self._store.write(lambda unit: self._change_failures(unit, user, others))

    @staticmethod
    async def _change_failures(
        unit: Transaction, user: UserRecord, change: Callable[[list[FailedLogin]], list[FailedLogin]]
    ) -> None:
        await unit.writer.lock("user", user.oid)
        fresh = await unit.accounts.user_by_oid(user.oid)
        held = [FailedLogin.read(line) for line in fresh.failures] if fresh is not None else []
        lines = [failure.line for failure in change(held)[-_KEPT_FAILURES:]]
        unit.writer.update("password", {"user_oid": user.oid}, {"failures": msgspec.json.encode(lines).decode()})

    def _digest(self, user_name: str) -> bytes:
        """Give what a user name is counted under: people type passwords there, too."""
        return hmac.digest(self._secret, b"name " + user_name.lower().encode("utf-8", "surrogatepass"), "sha256")

    # ------------------------------------------------------------------ requests

    async def admit(
        self,
        unit: Transaction,
        credential: Credential | None,
        client: Client,
        *,
        proof: Proof = NO_PROOF,
        http_session: str | None = None,
        stepping: bool = False,
    ) -> Context:
        """Say who a request is and what he sees, as of now.

        With `stepping` it is a step of a log-in: a password that others follow, or the session that waits for them.

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
                    unit, credential, client, now, proof, http_session, stepping=stepping
                )
            case SessionCredential():
                identity, landscape = await self._by_session(unit, credential, client, now, stepping=stepping)
            case ShownPasskey():
                identity, landscape = await self._by_passkey(unit, credential, client, now)
            case _:
                raise Unauthenticated
        if not address_allowed(landscape.subscription, identity.permissions, client.address or None):
            kept_out = AddressNotAllowed(client.address)
            kept_out.key = identity.key.oid if identity.key is not None else None
            raise kept_out
        _, sight = await unit.permissions(
            identity.user.oid, landscape, subscription_admin=identity.user.subscription_admin
        )
        if identity.key is not None and identity.key.is_narrowed:
            sight = narrowed(sight, identity.key, landscape)
        return Context(unit, landscape, sight, identity, now, self._identifiers, None, client=client)

    async def on_its_own(self, unit: Transaction, client: Client) -> Context:
        """Give the server's own surroundings, for what is asked without a log-in and proved otherwise, such as by a link."""
        landscape = await self._landscape(unit)
        return replace(server_context(unit, landscape, self._clock.now(), self._identifiers), client=client)

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
        permissions = await self._permissions(unit, landscape, user)
        try:
            identity = authenticate_key(attempt, permissions)
        except Unauthenticated as error:
            error.key = key.oid if key is not None else None
            raise
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
        stepping: bool,
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
        return authenticate_basic(attempt, permissions, session, stepping=stepping), landscape

    async def _by_passkey(
        self, unit: Transaction, credential: ShownPasskey, client: Client, now: datetime
    ) -> tuple[Identity, Landscape]:
        user = await unit.accounts.user_by_oid(credential.user_oid)
        landscape = await self._landscape(unit)
        attempt = Attempt(landscape.subscription, now, user=user, edition=self._edition, address=client.address or None)
        return authenticate_passkey(attempt, await self._permissions(unit, landscape, user)), landscape

    async def _by_session(
        self, unit: Transaction, credential: SessionCredential, client: Client, now: datetime, *, stepping: bool
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
        permissions = await self._permissions(unit, landscape, user)
        return authenticate_session(attempt, permissions, pending=stepping), landscape

    async def _session(self, unit: Transaction, token: str | None, now: datetime) -> SessionRecord | None:
        found = await unit.accounts.session(identifier(token)) if token else None
        if found is None or found[0].expires_at <= now or found[0].kind is SessionKind.PENDING:
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
