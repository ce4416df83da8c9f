"""Who reads a description of the service, and so which types it shows.

With a credential they are those of his workspace, else the stock ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from banneret.access.credentials import (
    Carrier,
    KeyCredential,
    SessionCredential,
    find_credential,
    http_session,
    parse_cookies,
)
from banneret.access.identity import SessionKind
from banneret.kernel.errors import Unauthenticated
from banneret.operations.context import Client, ScopeRequest, place

if TYPE_CHECKING:
    from banneret.access.credentials import Credential, GetHeader
    from banneret.access.roles import Permissions
    from banneret.catalogue.schema import Schema
    from banneret.operations.context import Context
    from banneret.operations.identify import Gate
    from banneret.operations.ports import Store, Transaction

_COOKIES = (KeyCredential, SessionCredential)


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader. `user` is his ObjectID and `name` his user name, None for anybody; `workspaces` he may choose from.

    `permissions` are what he holds and `display_name` is what pages call him.
    `log_in` is the value of the log-in through the pages that he reads with, empty where he brought something else.
    """

    schema: Schema
    user: int | None = None
    name: str | None = None
    workspace: int | None = None
    workspaces: tuple[tuple[int, str], ...] = ()
    display_name: str = ""
    permissions: Permissions | None = None
    log_in: str = field(default="", repr=False)


async def find_reader(
    header: GetHeader, client: Client, workspace: str, *, store: Store, gate: Gate, stock: Schema, cookie: str = ""
) -> Reader:
    """Say who reads. `workspace` is the ObjectID of the one that he wants to see, empty for his default one.

    `cookie` names the cookie of a log-in through the pages; it counts before other cookies, and after what headers bring.
    A session that has ended makes a stranger of him; a wrong password or key is refused, or his browser would go on sending it.

    Raises:
        Unauthenticated: a credential that does not hold.
        AddressNotAllowed: one that may not be used from there.
        UnknownScope: a workspace that he does not see.

    """
    credential = find_credential(header)
    if cookie and (credential is None or (isinstance(credential, _COOKIES) and credential.carrier is Carrier.COOKIE)):
        reader = await _by_log_in(parse_cookies(header("cookie")).get(cookie, ""), client, workspace, store, gate)
        if reader is not None:
            return reader
    if credential is None:
        return Reader(stock)
    proof = await gate.prove(credential, client.address)
    chosen = ScopeRequest(workspace=f"/workspace/{workspace}") if workspace else ScopeRequest()

    async def work(unit: Transaction) -> Reader:
        session = http_session(header)
        context = await gate.admit(unit, credential, client, proof=proof, http_session=session)
        return _reader(place(context, chosen))

    try:
        return await store.read(work)
    except Unauthenticated:
        if isinstance(credential, _COOKIES) and credential.carrier is Carrier.COOKIE:
            return Reader(stock)
        raise


async def _by_log_in(token: str, client: Client, workspace: str, store: Store, gate: Gate) -> Reader | None:
    """Give who has logged in through the pages with this session; None when it is none, or has ended."""
    if not token:
        return None
    credential: Credential = SessionCredential(token, Carrier.COOKIE)
    chosen = ScopeRequest(workspace=f"/workspace/{workspace}") if workspace else ScopeRequest()

    async def work(unit: Transaction) -> Reader | None:
        context = await gate.admit(unit, credential, client)
        session = context.identity.session if context.identity is not None else None
        if session is None or session.kind is not SessionKind.BROWSER:
            return None
        return replace(_reader(place(context, chosen)), log_in=token)

    try:
        return await store.read(work)
    except Unauthenticated:
        return None


def _reader(context: Context) -> Reader:
    identity, sight = context.identity, context.sight
    seen = [
        (facts.oid, facts.name)
        for facts in context.landscape.workspaces.values()
        if facts.is_open and sight.sees(facts.oid, None)
    ]
    return Reader(
        context.schema,
        context.user,
        identity.user.user_name if identity is not None else None,
        context.workspace,
        tuple(sorted(seen, key=lambda pair: pair[1].lower())),
        (identity.user.display_name or identity.user.user_name) if identity is not None else "",
        identity.permissions if identity is not None else None,
    )
