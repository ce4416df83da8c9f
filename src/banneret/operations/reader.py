"""Who reads a description of the service, and so which types it shows.

With a credential they are those of his workspace, else the stock ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.credentials import Carrier, KeyCredential, SessionCredential, find_credential, http_session
from banneret.kernel.errors import Unauthenticated
from banneret.operations.context import Client, ScopeRequest, place

if TYPE_CHECKING:
    from banneret.access.credentials import GetHeader
    from banneret.catalogue.schema import Schema
    from banneret.operations.context import Context
    from banneret.operations.identify import Gate
    from banneret.operations.ports import Store, Transaction


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader. `user` is his ObjectID and `name` what to call him, None for anybody; `workspaces` he may choose from."""

    schema: Schema
    user: int | None = None
    name: str | None = None
    workspace: int | None = None
    workspaces: tuple[tuple[int, str], ...] = ()


async def find_reader(
    header: GetHeader, client: Client, workspace: str, *, store: Store, gate: Gate, stock: Schema
) -> Reader:
    """Say who reads. `workspace` is the ObjectID of the one that he wants to see, empty for his default one.

    A session that has ended makes a stranger of him; a wrong password or key is refused, or his browser would go on sending it.

    Raises:
        Unauthenticated: a credential that does not hold.
        AddressNotAllowed: one that may not be used from there.
        UnknownScope: a workspace that he does not see.

    """
    credential = find_credential(header)
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
        if isinstance(credential, (KeyCredential, SessionCredential)) and credential.carrier is Carrier.COOKIE:
            return Reader(stock)
        raise


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
    )
