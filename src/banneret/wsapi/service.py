"""Answers WSAPI requests: admit, place, run one operation in one unit of work, render."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from banneret.access.credentials import (
    Carrier,
    Credential,
    SessionCredential,
    find_credential,
    http_session,
    is_key,
    parse_cookies,
)
from banneret.access.decide import check_method
from banneret.catalogue.model import HOLDERS
from banneret.kernel.errors import (
    AddressNotAllowed,
    BanneretError,
    CrossSiteRequest,
    MalformedBody,
    NotFound,
    ObjectNotFound,
    ObjectToDeleteNotFound,
    ObjectToUpdateNotFound,
    RunTimeExceeded,
    TooManyWaiting,
    Unauthenticated,
    UnknownType,
    UnsupportedOperation,
)
from banneret.kernel.refs import Ref
from banneret.operations import (
    collect,
    contents,
    copy,
    create,
    delete,
    grant,
    inherit,
    metadata,
    query,
    read,
    redefine,
    restore,
    update,
)
from banneret.operations.context import Client, Context, place, refreshed
from banneret.operations.fetch import EVERYTHING, SHALLOW, Fetch
from banneret.operations.locate import Located, locate
from banneret.operations.permitted import Permitted
from banneret.wsapi import cors, errors, jsonp
from banneret.wsapi.addresses import Action, action, served_version, split
from banneret.wsapi.batch import run_batch
from banneret.wsapi.encoded import spliced
from banneret.wsapi.limits import Limits
from banneret.wsapi.rendering import MAJOR, MINOR, Renderer, encode
from banneret.wsapi.responses import HTML, JSON, Response
from banneret.wsapi.schema import schema_document

if TYPE_CHECKING:
    from banneret.access.identity import Identity
    from banneret.catalogue.model import TypeDef
    from banneret.kernel.clock import Clock
    from banneret.operations.identify import Gate, Proof
    from banneret.operations.ports import Store, Transaction
    from banneret.operations.query import Page
    from banneret.operations.usage import Usage
    from banneret.wsapi.requests import Request

_JS_WARNING = 'It is no longer necessary to append ".js" to WSAPI resources.'
_SESSION_COOKIES = ("JSESSIONID", "ZSESSIONID")
_SINGLETONS = frozenset({"User", "Subscription"})
_SMALLEST_COMPRESSED = 4096


class Service:
    """WSAPI for one installation."""

    def __init__(self, store: Store, gate: Gate, clock: Clock, usage: Usage, limits: Limits | None = None) -> None:
        self._store = store
        self._gate = gate
        self._clock = clock
        self._usage = usage
        self._limits = limits or Limits()

    async def answer(self, request: Request, *, vouched: bool = False) -> Response:
        """Answer any request below `/slm/webservice/`.

        `vouched`: the caller has made sure that the user himself wants it, so no security token is asked for.
        """
        version, segments, suffixed = split(request.path)
        served = served_version(version, segments)
        if served is None:
            return Response(errors.version_page(version), 404, b"text/plain; charset=utf-8")
        base = f"{request.origin}/slm/webservice/{served}"
        wanted: Action | None = None
        failure: BanneretError = ObjectNotFound()
        try:
            credential = find_credential(request.raw_header)
            try:
                wanted = action(segments, request.method)
            except BanneretError as error:
                failure = error
            proof = await self._gate.prove(credential, request.address)
            if wanted is None:
                return await self._refuse_known(request, credential, proof, failure)
            return await self._carry_out(request, wanted, credential, proof, base, suffixed=suffixed, vouched=vouched)
        except Unauthenticated as error:
            return challenge(request, error)
        except AddressNotAllowed as error:
            return kept_out(request, error)
        except BanneretError as error:
            return failed(request, wanted, error, [_JS_WARNING] if suffixed else [])

    async def _refuse_known(
        self, request: Request, credential: Credential | None, proof: Proof, failure: BanneretError
    ) -> Response:
        """An address with nothing behind it is told only to who may come in."""
        client = Client(request.client_name, request.address)
        context = await self._store.read(lambda unit: self._gate.admit(unit, credential, client, proof=proof))
        if context.identity is not None:
            _note(request, context.identity)
            check_method(context.identity, request.method, path_is_write=False)
        request.callback = jsonp.callback(request, context, credential, self._gate.require_token)
        return failed(request, None, failure, [])

    async def _carry_out(
        self,
        request: Request,
        wanted: Action,
        credential: Credential | None,
        proof: Proof,
        base: str,
        *,
        suffixed: bool,
        vouched: bool,
    ) -> Response:
        turn = self._limits.turn(credential, writes=wanted.writes, receive=request.receive, size=len(request.body))

        async def work(unit: Transaction) -> Response:
            client = Client(request.client_name, request.address)
            jsession = http_session(request.raw_header)
            context = await self._gate.admit(unit, credential, client, proof=proof, http_session=jsession)
            if suffixed:
                context.warnings.append(_JS_WARNING)
            identity = context.identity
            if identity is not None:
                _note(request, identity)
                check_method(identity, request.method, path_is_write=wanted.writes)
                turn.take(identity.user.oid)
                if identity.key is not None:
                    self._usage.used(identity.key.oid, identity.user.oid, context.moment, client.address, client.name)
            if "jsonp" in request.params:
                request.callback = jsonp.callback(request, context, credential, self._gate.require_token)
            if wanted.verb == "authorize":
                held = credential.token if isinstance(credential, SessionCredential) else jsession
                return await self._authorize(request, context, held)
            if wanted.writes and not vouched:
                _require_same_site(request, credential, context)
                self._gate.require_token(context, request.params.get("key"))
            return await self._run(request, place(context, request.scope()), wanted, base)

        run = self._store.write if wanted.writes or wanted.verb == "authorize" else self._store.read
        return await turn.run(lambda: run(work))

    async def _authorize(self, request: Request, context: Context, held: str | None) -> Response:
        token, session = await self._gate.authorize(context, held)
        inner = {**_head(context.warnings), "SecurityToken": token}
        response = _respond(request, {"OperationResult": inner})
        if session is not None:
            response.headers += [_cookie(request, name, session) for name in _SESSION_COOKIES]
        return response

    async def cross_origin(self, request: Request) -> list[tuple[bytes, bytes]]:
        """Give the headers by which a browser lets a page of another origin read an answer."""
        return await cors.headers_for(request, self._store)

    async def log_out(self, request: Request) -> Response:
        """End the sessions whose cookies came along, and have the cookies forgotten. A key in a cookie is no session."""
        cookies = parse_cookies(request.raw_header("cookie"))
        held = {cookies[name] for name in _SESSION_COOKIES if cookies.get(name) and not is_key(cookies[name])}
        if held:

            async def work(unit: Transaction) -> None:
                self._gate.end_sessions(unit, held)

            await self._store.write(work)
        response = Response(b"<html><body><p>You are logged out.</p></body></html>\n", 200, HTML)
        response.headers += [_cookie(request, name, "", "; Max-Age=0") for name in _SESSION_COOKIES]
        return response

    # ------------------------------------------------------------------ verbs

    async def _run(self, request: Request, context: Context, wanted: Action, base: str) -> Response:
        if wanted.verb == "batch":
            return await self._batch(request, context, base)
        item, plural = _type_of(context, wanted.type_name)
        wanted.require_write(request.method)
        match wanted.verb:
            case "query":
                return await self._query(request, context, item, wanted, base, plural=plural)
            case "read":
                return await self._read(request, context, item, _ref(wanted), base)
            case "members":
                page = await query.members(context, item, _ref(wanted), wanted.attribute, request.asked(EVERYTHING))
                return self._results(request, context, page, base, request.fetch(EVERYTHING))
            case "allowed_values":
                page = query.allowed_values(context, item, wanted.attribute, request.asked(EVERYTHING))
                return self._results(request, context, page, base, request.fetch(EVERYTHING))
            case "update" | "delete" | "add" | "remove" if item.virtual:
                return await self._redefine(request, context, item, wanted, base)
            case _:
                return await self._change(request, context, item, wanted, base)

    async def _change(self, request: Request, context: Context, item: TypeDef, wanted: Action, base: str) -> Response:
        match wanted.verb:
            case "create":
                return await self._create(request, context, item, base)
            case "copy":
                root, body = request.attributes()
                oid = await copy.copy(context, item, _ref(wanted), body, root, request.ranking())
                return await self._made(request, context, item, oid, base)
            case "permission_flags" | "permission_map" | "grant_map":
                return await self._grant(request, context, item, wanted, base)
            case "restore":
                found = await restore.restore(context, item, _ref(wanted))
                return await self._changed(request, context, found, base, "OperationResult")
            case "update":
                root, body = request.attributes()
                found = await update.update(context, item, _ref(wanted), body, root, request.ranking())
                return await self._changed(request, context, found, base, "OperationResult")
            case "delete":
                await delete.delete(context, item, _ref(wanted))
                return _respond(request, {"OperationResult": _head(context.warnings)})
            case "add" | "remove":
                return await self._collect(request, context, item, wanted, base)
            case _:
                raise UnsupportedOperation(item.element_name, wanted.verb)

    async def _grant(self, request: Request, context: Context, item: TypeDef, wanted: Action, base: str) -> Response:
        """What a user is granted as a whole (KB 374424); the map's answer is ours, its lists are Rally's."""
        ref = _ref(wanted)
        if wanted.verb == "permission_map":
            lists = await grant.read_map(context, item, ref)
            return _respond(request, {"PermissionMap": {**_head(context.warnings), **lists}})
        root, body = request.attributes_or_whole(grant.LISTS)
        if wanted.verb == "grant_map":
            lists = await grant.change_map(context, item, ref, body, root)
            return _respond(request, {"OperationResult": {**_head(context.warnings), "Object": lists}})
        found = await grant.set_flags(context, item, ref, body, root)
        return await self._changed(request, context, found, base, "OperationResult")

    async def _batch(self, request: Request, context: Context, base: str) -> Response:
        async def run(part: Request, local: Context, wanted: Action) -> bytes:
            return (await self._run(part, local, wanted, base)).body

        Action("batch").require_write(request.method)
        results = await run_batch(request, context, run)
        return _respond(request, {"BatchResult": {**_head(context.warnings), "Results": results}})

    async def _query(
        self, request: Request, context: Context, item: TypeDef, wanted: Action, base: str, *, plural: bool
    ) -> Response:
        asked = request.asked(SHALLOW)
        if item.name in _SINGLETONS and not plural and (wanted.current or not asked.query.strip()):
            oid = context.user if item.name == "User" else context.landscape.subscription_oid
            return await self._read(request, context, item, Ref(item.name, object_id=oid), base)
        page = await query.query(context, item, asked)
        return self._results(request, context, page, base, asked.fetch)

    async def _read(self, request: Request, context: Context, item: TypeDef, ref: Ref, base: str) -> Response:
        fetch = request.fetch(EVERYTHING)
        page = await read.read(context, item, ref, fetch)
        renderer = self._renderer(request, context, base)
        if page.virtual:
            (found,) = page.virtual
            shown = renderer.virtual(found, fetch, root=True)
            return _respond(request, {found.type.element_name: {**shown, "Errors": [], "Warnings": context.warnings}})
        root, shown = renderer.root(page.level, context.warnings)
        if root in HOLDERS:
            return await self._read_holder(request, context, page.level.groups[0].rows[0][0], {root: shown})
        return _respond(request, {root: shown})

    async def _read_holder(self, request: Request, context: Context, oid: int, document: dict[str, Any]) -> Response:
        """Show an object with its content, which is read while the answer is sent."""
        response = _finish(request, encode(document), compress=False)
        held = await contents.find(context.unit, oid)
        response.stream = spliced(self._store, held, response.body) if held is not None else None
        return response

    async def _create(self, request: Request, context: Context, item: TypeDef, base: str) -> Response:
        root, body = request.attributes()
        oid = await create.create(context, item, body, root, ranking=request.ranking())
        if item.name == "Project" and (wanted := request.inheritance()):
            await inherit.inherit(context, oid, wanted)
        return await self._made(request, context, item, oid, base)

    async def _made(self, request: Request, context: Context, item: TypeDef, oid: int, base: str) -> Response:
        """Show what was just made."""
        await context.unit.writer.flush()
        if item.virtual:
            return await self._defined(request, context, item, oid, base, "CreateResult")
        found = await locate(context, item, Ref(item.name, object_id=oid))
        if found is None:
            # A new workspace, project or role changes what its maker sees.
            context = await refreshed(context)
            found = await locate(context, item, Ref(item.name, object_id=oid))
        if found is None:
            # Made for a scope that its maker cannot look into; nothing to show is no failure.
            return _respond(request, {"CreateResult": _head(context.warnings)})
        return await self._changed(request, context, found, base, "CreateResult")

    async def _defined(
        self, request: Request, context: Context, item: TypeDef, oid: int, base: str, envelope: str
    ) -> Response:
        """Show a definition that was just made or changed, in the schema that it is now part of."""
        fetch = request.fetch(EVERYTHING)
        (shown,) = await self._definitions(request, context, item, [oid], base, fetch)
        return _respond(request, {envelope: {**_head(context.warnings), "Object": shown}})

    async def _definitions(
        self, request: Request, context: Context, item: TypeDef, oids: list[int], base: str, fetch: Fetch
    ) -> list[dict[str, Any]]:
        landscape = await context.unit.landscape()
        local = context if landscape is None else replace(context, landscape=landscape)
        pages = [await read.read(local, item, Ref(item.name, object_id=oid), fetch) for oid in oids]
        renderer = self._renderer(request, local, base)
        return [renderer.virtual(found, fetch) for page in pages for found in page.virtual]

    async def _redefine(self, request: Request, context: Context, item: TypeDef, wanted: Action, base: str) -> Response:
        """Change or delete a definition, or add to and remove from the AllowedValues of a field."""
        if wanted.verb == "delete":
            await redefine.undefine(context, item, _ref(wanted))
            return _respond(request, {"OperationResult": _head(context.warnings)})
        if wanted.verb == "update":
            root, body = request.attributes()
            oid = await redefine.redefine(context, item, _ref(wanted), body, root)
            return await self._defined(request, context, item, oid, base, "OperationResult")
        _, items = request.document()
        if not isinstance(items, list):
            reason = "a list of collection items was expected"
            raise MalformedBody(reason)
        added = await redefine.change_members(context, item, _ref(wanted), wanted.attribute, wanted.verb, items)
        values = context.schema.get("AllowedAttributeValue")
        shown = await self._definitions(request, context, values, added, base, request.fetch(SHALLOW))
        return _respond(request, {"OperationResult": {**_head(context.warnings), "Results": shown}})

    async def _changed(self, request: Request, context: Context, found: Located, base: str, envelope: str) -> Response:
        inner: dict[str, Any] = _head(context.warnings)
        try:
            page = await read.show(context, found, request.fetch(EVERYTHING))
            (inner["Object"],) = self._renderer(request, context, base).items(page.level)
        except ObjectNotFound:
            # The change itself took it out of its author's sight (a move): it is done all the same.
            context.warnings.append(f"{found.type.element_name} {found.oid} is no longer visible to you.")
        return _respond(request, {envelope: inner})

    async def _collect(self, request: Request, context: Context, item: TypeDef, wanted: Action, base: str) -> Response:
        ref = _ref(wanted)
        found = await locate(context, item, ref)
        if found is None:
            raise ObjectToUpdateNotFound(item.element_name, ref.identifier)
        attribute = found.type.find(wanted.attribute)
        if attribute is None or not attribute.is_collection:
            raise ObjectNotFound
        update.require_update(context, found, (attribute.name,))
        local = context.in_workspace(found.workspace)
        _, items = request.document()
        if not isinstance(items, list):
            reason = "a list of collection items was expected"
            raise MalformedBody(reason)
        inner: dict[str, Any] = {**_head(context.warnings), "Results": []}
        if wanted.verb == "remove":
            await collect.remove(local, found, attribute, items)
            return _respond(request, {"OperationResult": inner})
        added = await collect.add(local, found, attribute, items)
        await context.unit.writer.flush()
        renderer = self._renderer(request, local, base)
        target = local.schema.get(attribute.of or "")
        for oid in added:
            member = await locate(local, target, Ref(target.name, object_id=oid))
            if member is not None:
                page = await read.show(local, member, request.fetch(SHALLOW))
                inner["Results"] += renderer.items(page.level)
        return _respond(request, {"OperationResult": inner})

    # ------------------------------------------------------------------ answers

    def _renderer(self, request: Request, context: Context, base: str) -> Renderer:
        permitted = Permitted(context.identity) if request.includes_permissions else None
        found = metadata.definitions(context)
        return Renderer(base, context.landscape, context.schema, found, context.now, permitted)

    def _results(self, request: Request, context: Context, page: Page, base: str, fetch: Fetch) -> Response:
        renderer = self._renderer(request, context, base)
        items: list[Any] = (
            [renderer.virtual(found, fetch) for found in page.virtual] if page.virtual else renderer.items(page.level)
        )
        head = (
            f'{{"QueryResult":{{"_rallyAPIMajor":"{MAJOR}","_rallyAPIMinor":"{MINOR}","Errors":[],"Warnings":'
            f'{encode(context.warnings).decode()},"TotalResultCount":{page.total},"StartIndex":{page.start},'
            f'"PageSize":{page.pagesize},"Results":'
        )
        return _finish(request, head.encode() + encode(items) + b"}}")

    async def schema(self, request: Request, scope: str, oid: int, version: str | None) -> Response:
        """Answer `/slm/schema/<version>/<scope>/<oid>[/<SchemaVersion>]` (wsapi.md 9.2)."""
        try:
            credential = find_credential(request.raw_header)
            proof = await self._gate.prove(credential, request.address)

            async def work(unit: Transaction) -> Response:
                client = Client(request.client_name, request.address)
                context = await self._gate.admit(unit, credential, client, proof=proof)
                if context.identity is not None:
                    _note(request, context.identity)
                return self._schema(request, context, scope, oid, version)

            return await self._store.read(work)
        except Unauthenticated as error:
            return challenge(request, error)
        except AddressNotAllowed as error:
            return kept_out(request, error)
        except BanneretError as error:
            return failed(request, Action("query"), error, [])

    def _schema(self, request: Request, context: Context, scope: str, oid: int, version: str | None) -> Response:
        facts = context.landscape.projects.get(oid) if scope == "project" else None
        workspace = facts.workspace if facts is not None else oid
        seen = context.sight.sees_project(oid) if scope == "project" else context.sight.sees(workspace, None)
        if workspace not in context.landscape.workspaces or not seen:
            raise ObjectNotFound
        local = context.in_workspace(workspace)
        current = local.schema.version
        if version is None:
            segments = request.path.rstrip("/").split("/")
            location = f"{request.origin}/slm/schema/{segments[3]}/{scope}/{oid}/{current}"
            return Response(b"", 302, JSON, [(b"location", location.encode())])
        base = f"{request.origin}/slm/webservice/{request.path.split('/')[3]}"
        renderer = Renderer(base, local.landscape, local.schema, metadata.definitions(local), local.now)
        packed = schema_document(local, renderer, base)
        if request.takes_gzip and request.callback is None and not request.pretty:
            response = Response(packed, headers=[(b"content-encoding", b"gzip")])
        else:
            response = _finish(request, gzip.decompress(packed))
        # A client that kept the address for too long gets what is so now, and is not to keep that under it.
        kept = b"private, max-age=31536000" if version == current else b"no-cache"
        response.headers.append((b"cache-control", kept))
        return response


def _cookie(request: Request, name: str, value: str, more: str = "") -> tuple[bytes, bytes]:
    secure = "; Secure" if request.scheme == "https" else ""
    return b"set-cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}".encode()


def _ref(wanted: Action) -> Ref:
    if wanted.ref is None:
        raise ObjectNotFound
    return wanted.ref


def _type_of(context: Context, name: str) -> tuple[TypeDef, bool]:
    """Give the type that a path names, and whether by its plural; a type of another workspace counts too, if he sees it."""
    seen = (facts.schema for facts in context.landscape.workspaces.values() if context.sight.sees(facts.oid, None))
    for schema in (context.schema, *seen):
        found = schema.find(name)
        if found is not None:
            return found, False
        plural = schema.find_plural(name)
        if plural is not None:
            return plural, True
    raise UnknownType(name)


def _require_same_site(request: Request, credential: Credential | None, context: Context) -> None:
    """A browser sends cookies and remembered Basic by itself, so such a write must come from our pages or allowed ones (design 7)."""
    carrier = getattr(credential, "carrier", Carrier.BASIC)
    if not carrier.is_ambient:
        return
    if request.is_cross_site and not cors.allows(context.landscape, request):
        raise CrossSiteRequest


def _head(warnings: list[str]) -> dict[str, Any]:
    return {"_rallyAPIMajor": MAJOR, "_rallyAPIMinor": MINOR, "Errors": [], "Warnings": warnings}


def _respond(request: Request, document: dict[str, Any]) -> Response:
    return _finish(request, encode(document))


def _finish(request: Request, body: bytes, *, compress: bool = True) -> Response:
    """Escape, indent and compress as asked. `<` and `>` stand inside strings only, so their bytes can be replaced."""
    if b"<" in body or b">" in body:
        body = body.replace(b"<", b"\\u003C").replace(b">", b"\\u003E")
    if request.pretty:
        body = msgspec.json.format(body, indent=4)
    response = Response(body)
    if request.callback is not None:
        response.body = body = jsonp.script(request.callback, body)
        response.content_type = jsonp.SCRIPT
    if compress and len(body) >= _SMALLEST_COMPRESSED and request.takes_gzip:
        response.body = gzip.compress(body, 1)
        response.headers.append((b"content-encoding", b"gzip"))
    return response


def _note(request: Request, identity: Identity) -> None:
    """Say which key a request is made with."""
    if identity.key is not None:
        request.key = identity.key.oid


def kept_out(request: Request, error: AddressNotAllowed) -> Response:
    """Give the 403 of the IP filter."""
    request.key, request.reason = error.key, error.code
    return Response(errors.address_page(error.address), 403, HTML)


def challenge(request: Request, error: Unauthenticated) -> Response:
    """Give the 401, with the challenge that three clients wait for and, for a rightful holder, the reason."""
    request.key, request.reason = error.key or request.key, error.reason
    response = Response(errors.challenge_page(request.path, presented=error.presented), 401, HTML)
    response.headers.append((b"www-authenticate", b'Basic realm="Rally ALM"'))
    if error.reason:
        response.headers.append((b"x-auth-reason", error.reason.encode()))
    return response


def failed(request: Request, wanted: Action | None, error: BanneretError, warnings: list[str]) -> Response:
    """Give a failure in the envelope of the operation: HTTP 200, no Object, no results."""
    request.reason = error.code
    if isinstance(error, RunTimeExceeded):
        return Response(errors.run_time_page(error.seconds), 502, HTML)
    envelope = wanted.envelope if wanted is not None else "OperationResult"
    if isinstance(error, NotFound) and not isinstance(error, (ObjectToDeleteNotFound, ObjectToUpdateNotFound)):
        envelope = envelope if wanted is not None and wanted.writes else "OperationResult"
    inner: dict[str, Any] = {
        "_rallyAPIMajor": MAJOR,
        "_rallyAPIMinor": MINOR,
        "Errors": [errors.text_of(error)],
        "Warnings": warnings,
    }
    if envelope == "QueryResult":
        inner |= {"TotalResultCount": 0, "StartIndex": 0, "PageSize": 0, "Results": []}
    response = _finish(request, encode({envelope: inner}))
    if isinstance(error, TooManyWaiting):
        # Rally only ever slows; here a transport's failure is what every client takes for "later".
        response.status = 429
        response.headers.append((b"retry-after", b"1"))
    return response
