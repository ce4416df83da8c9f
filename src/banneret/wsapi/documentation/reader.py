"""Who reads a page, and so which types he is shown: his workspace's when he brings a credential, else the stock ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.access.credentials import BasicCredential, MalformedCredential, find_credential, http_session
from banneret.kernel.errors import Unauthenticated
from banneret.operations.context import Client, ScopeRequest, place

if TYPE_CHECKING:
    from banneret.catalogue.schema import Schema
    from banneret.operations.context import Context
    from banneret.operations.identify import Gate
    from banneret.operations.ports import Store, Transaction
    from banneret.wsapi.requests import Request


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader. `user` is his ObjectID and `name` what to call him, None for anybody; `workspaces` he may choose from."""

    schema: Schema
    user: int | None = None
    name: str | None = None
    workspace: int | None = None
    workspaces: tuple[tuple[int, str], ...] = ()


async def find_reader(request: Request, store: Store, gate: Gate, stock: Schema) -> Reader:
    """Say who reads.

    A session that has ended makes a stranger of him; a wrong password or key is refused, or his browser would go on sending it.

    Raises:
        Unauthenticated: a credential that does not hold.
        AddressNotAllowed: one that may not be used from there.
        UnknownScope: a workspace that he does not see.

    """
    credential = find_credential(request.raw_header)
    if credential is None:
        return Reader(stock)
    proof = await gate.prove(credential, request.address)
    chosen = (
        ScopeRequest(workspace=f"/workspace/{request.params['workspace']}") if request.params.get("workspace") else None
    )

    async def work(unit: Transaction) -> Reader:
        client = Client(request.client_name, request.address)
        context = await gate.admit(unit, credential, client, proof=proof, http_session=http_session(request.raw_header))
        return _reader(place(context, chosen or ScopeRequest()))

    try:
        return await store.read(work)
    except Unauthenticated:
        carrier = getattr(credential, "carrier", None)
        if isinstance(credential, (BasicCredential, MalformedCredential)) or (
            carrier is not None and not carrier.is_ambient
        ):
            raise
        return Reader(stock)


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
