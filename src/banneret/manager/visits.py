"""A visit: one request of a browser, from its cookie to a page.

A page is a `show` that gives what its template needs, and, where it has a form, an `act` that does what the form asks. `act` runs
in a unit of work of its own; when anything refuses, nothing was done, and `show` runs again with what was typed and what is
wrong with it. What takes long on purpose, hashing a password, is done by a `prepare` before that unit of work begins.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from starlette.responses import RedirectResponse, Response

from banneret.access.credentials import Carrier, SessionCredential, parse_cookies
from banneret.access.decide import is_recent_login, second_factor_is_fresh
from banneret.access.identity import SessionKind
from banneret.access.passkeys import Site
from banneret.kernel.errors import (
    AddressNotAllowed,
    BanneretError,
    CrossSiteRequest,
    Denied,
    NotFound,
    RequestTooLarge,
    Unauthenticated,
)
from banneret.manager.forms import Form, read_form, read_form_with_file
from banneret.manager.messages import message_of
from banneret.operations import sessions
from banneret.operations.appearance import appearance
from banneret.operations.context import Client, ScopeRequest, place
from banneret.web.cookies import session_cookie
from banneret.web.frame import Frame, entries
from banneret.web.pages import HEADERS
from banneret.web.theme import keep_theme, read_theme, theme_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from banneret.access.identity import Identity
    from banneret.kernel.clock import Clock
    from banneret.operations.context import Context
    from banneret.operations.identify import Gate
    from banneret.operations.ports import Store, Transaction
    from banneret.web.form_tokens import FormTokens
    from banneret.web.frame import Room
    from banneret.web.pages import Pages

LARGEST_FORM = 1024 * 1024
"""Bytes; a form holds text only."""

_FRESH, _FRESH_FORM = timedelta(minutes=15), timedelta(minutes=30)
_STALE = "This form has waited too long, or was opened before you logged in anew. Look it over and send it again."


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: its template and what that needs."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """Another page is to follow. `cookie` is a session's value to set, an empty one ends it."""

    location: str
    cookie: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who has logged in, inside a unit of work. `ready` is what the page's `prepare` gave."""

    context: Context
    request: Request
    token: str
    secret: bytes
    ready: Any = None

    @property
    def identity(self) -> Identity:
        """Who it is."""
        if self.context.identity is None:
            raise Unauthenticated
        return self.context.identity

    @property
    def query(self) -> dict[str, str]:
        """The address's parameters."""
        return dict(self.request.query_params)

    def argument(self, name: str) -> int:
        """Give a number out of the path.

        Raises:
            NotFound: there is none.

        """
        text = str(self.request.path_params.get(name, ""))
        if not text.isdigit() or len(text) > 18:
            raise NotFound
        return int(text)


Answer = Shown | Sent | Response
Show = Callable[[Visit, Form], Awaitable[Answer]]
Act = Callable[[Visit, Form], Awaitable[Answer]]
Prepare = Callable[["Request", str, Form], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class _Page:
    """What `Visits.page` was told of a page."""

    show: Show
    act: Act | None
    prepare: Prepare | None
    consumes: bool
    fresh: bool
    guarded: bool
    files: int
    step: bool


@dataclass(slots=True)
class Visits:
    """Receives visits and answers them."""

    store: Store
    gate: Gate
    clock: Clock
    secret: bytes
    tokens: FormTokens
    pages: Pages
    rooms: Sequence[Room]

    def page(
        self,
        show: Show,
        act: Act | None = None,
        *,
        prepare: Prepare | None = None,
        consumes: bool = False,
        fresh: bool = False,
        guarded: bool = False,
        step: bool = False,
        files: int = 0,
    ) -> Callable[[Request], Awaitable[Response]]:
        """Give the endpoint of a page for who has logged in.

        One that `consumes` may change something by being shown. A `fresh` one wants a log-in that has just begun (ASVS 5 7.5.1),
        and asks for another where it is older; a `guarded` one wants that of who has a second factor (access.md 3.5). A `step` is
        a page for who is about to have logged in, and for nobody else. With `files` its form may bring one
        of so many bytes along.
        """
        made = _Page(show, act, prepare, consumes=consumes, fresh=fresh, guarded=guarded, step=step, files=files)

        async def endpoint(request: Request) -> Response:
            return await self._answer(request, made)

        return endpoint

    async def look(
        self, request: Request, token: str, work: Callable[[Visit], Awaitable[Any]], *, step: bool = False
    ) -> Any:
        """Read something for a visitor."""
        return await self._unit(request, token, work, writes=False, step=step)

    async def _answer(self, request: Request, page: _Page) -> Response:
        token = session_value(request)
        if not token:
            return self._to_login(request, page)
        form = Form()
        try:
            if not page.step:
                await self._keep_alive(request, token)
            if (page.fresh or page.guarded) and not await self.look(request, token, self._is_fresh(page)):
                return self._to_login(request, page, again=True)
            if request.method == "POST" and page.act is not None:
                form = await self._read(request, page)
                done = await self._act(request, token, form, page)
                if done is not None:
                    return await self._respond(request, token, done, form, page)
            found = await self._unit(
                request, token, lambda visit: page.show(visit, form), writes=page.consumes, step=page.step
            )
            return await self._respond(request, token, found, form, page)
        except Unauthenticated as error:
            return self._to_login(request, page, again=error.reason == "second_factor_required")
        except AddressNotAllowed as error:
            return self.refused(request, 403, f"Your IP address, {error.address}, is not within the allowed range.")
        except NotFound as error:
            return await self.refuse(request, 404, message_of(error)[1])
        except Denied as error:
            return await self.refuse(request, 403, message_of(error)[1])
        except RequestTooLarge:
            return await self.refuse(request, 413, "The form is larger than is taken.")
        finally:
            for file in form.files.values():
                await file.close()

    async def _read(self, request: Request, page: _Page) -> Form:
        if page.files and request.headers.get("content-type", "").startswith("multipart/form-data"):
            return await read_form_with_file(request, page.files + LARGEST_FORM)
        return read_form(await body_of(request))

    @staticmethod
    def _is_fresh(page: _Page) -> Callable[[Visit], Awaitable[bool]]:
        async def look(visit: Visit) -> bool:
            # A form that was opened in time may be sent a little later.
            within = _FRESH_FORM if visit.request.method == "POST" else _FRESH
            suits = is_recent_login if page.fresh else second_factor_is_fresh
            return suits(visit.identity, visit.context.now, within)

        return look

    async def _act(self, request: Request, token: str, form: Form, page: _Page) -> Answer | None:
        """Do what a form asks; None when it is refused, and `form` says why."""
        ready: Any = None
        act = page.act
        if act is None:
            return None

        async def check(visit: Visit) -> None:
            require_same_site(request)
            if not self.tokens.holds(form["token"], visit.context.user, self.clock.now()):
                raise _StaleFormError(_STALE)

        async def work(visit: Visit) -> Answer:
            await check(visit)
            return await act(replace(visit, ready=ready), form)

        try:
            if page.prepare is not None:
                await self.look(request, token, check, step=page.step)
                ready = await page.prepare(request, token, form)
                if form.has_errors:
                    return None
            done: Answer = await self._unit(request, token, work, writes=True, step=page.step)
        except (Unauthenticated, NotFound, AddressNotAllowed):
            raise
        except BanneretError as error:
            form.refuse(error)
            return None
        return done

    async def _unit(
        self,
        request: Request,
        token: str,
        work: Callable[[Visit], Awaitable[Any]],
        *,
        writes: bool,
        step: bool = False,
    ) -> Any:
        kind = SessionKind.PENDING if step else SessionKind.BROWSER

        async def whole(unit: Transaction) -> Any:
            credential = SessionCredential(token, Carrier.COOKIE)
            context = await self.gate.admit(unit, credential, client_of(request), stepping=step)
            identity = context.identity
            if identity is None or identity.session is None or identity.session.kind is not kind:
                raise Unauthenticated
            return await work(Visit(place(context, ScopeRequest()), request, token, self.secret))

        return await (self.store.write(whole) if writes else self.store.read(whole))

    async def _keep_alive(self, request: Request, token: str) -> None:
        """Write down that a log-in is in use, at most once a minute."""

        async def look(visit: Visit) -> bool:
            session = visit.identity.session
            return session is not None and sessions.wants_noting(session.last_used_at, self.clock.now())

        if await self._unit(request, token, look, writes=False):
            await self._unit(request, token, lambda visit: sessions.note_use(visit.context, token), writes=True)

    # ------------------------------------------------------------------ answers

    async def _respond(self, request: Request, token: str, found: Answer, form: Form, page: _Page) -> Response:
        if isinstance(found, Response):
            return found
        if isinstance(found, Sent):
            return self.sent(request, found)

        kept = theme_of(request.headers.get("cookie"))

        async def who(visit: Visit) -> dict[str, Any]:
            identity = visit.identity
            frame = await self._frame(visit)
            return {
                "frame": None if page.step else frame,
                # Whoever is not quite in yet chooses as a stranger does.
                "theme": kept if page.step else frame.theme,
                "token": frame.token,
                "me": identity.user,
                "administers": identity.permissions.subscription_admin,
            }

        known = await self.look(request, token, who, step=page.step)
        status = 422 if form.has_errors and found.status == 200 else found.status
        body = self.pages.render(
            found.template,
            **known,
            form=form,
            path=request.url.path,
            now=self.clock.now(),
            **found.values,
        )
        response = _html(body, status)
        if known["theme"] is not kept:
            keep_theme(response, known["theme"], secure=request.url.scheme == "https")
        return response

    def sent(self, request: Request, found: Sent) -> Response:
        """Send the browser on, with its new cookie if there is one."""
        response = RedirectResponse(found.location, 303, headers={"cache-control": "no-store"})
        if found.cookie is not None:
            secure = request.url.scheme == "https"
            name = cookie_name(request)
            if found.cookie:
                response.set_cookie(name, found.cookie, path="/", secure=secure, httponly=True, samesite="lax")
            else:
                response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")
        return response

    def stranger(self, request: Request, template: str, form: Form, refused: int = 422, **values: Any) -> Response:
        """Show a page to who has not logged in, in the theme that his browser keeps."""
        theme = theme_of(request.headers.get("cookie"))
        body = self.pages.render(template, form=form, path=_address(request), theme=theme, **values)
        return _html(body, refused if form.has_errors else 200)

    async def _frame(self, visit: Visit) -> Frame:
        user, chosen = visit.identity.user, await appearance(visit.context)
        return Frame(
            name=user.display_name or user.user_name,
            user_name=user.user_name,
            token=self.tokens.issue(user.oid, self.clock.now()),
            entries=entries(self.rooms, visit.identity.permissions, visit.request.url.path),
            here=_address(visit.request),
            theme=read_theme(chosen.theme),
            shortcuts=chosen.shortcuts,
        )

    async def frame(self, request: Request) -> Frame | None:
        """Give the frame of who has logged in; None for a stranger, or who may not come in from his address."""
        token = session_value(request)

        try:
            return await self._unit(request, token, self._frame, writes=False) if token else None
        except (Unauthenticated, AddressNotAllowed):
            return None

    async def refuse(self, request: Request, status: int, text: str) -> Response:
        """Say that there is nothing to show, and why, with the way to the rooms for who has logged in."""
        return self.refused(request, status, text, await self.frame(request))

    def refused(self, request: Request, status: int, text: str, frame: Frame | None = None) -> Response:
        """Say that there is nothing to show, and why."""
        theme = frame.theme if frame is not None else theme_of(request.headers.get("cookie"))
        values = {"status": status, "text": text, "path": request.url.path, "frame": frame, "theme": theme}
        return _html(self.pages.render("refused.html", **values), status)

    def _to_login(self, request: Request, page: _Page, *, again: bool = False) -> Response:
        """Ask who it is, and come back afterwards, but not to a step; what a form held is not sent along."""
        if page.step:
            return self.sent(request, Sent("/login"))
        target = _address(request)
        asked = {"next": target, "again": "1"} if again else {"next": target}
        return RedirectResponse(f"/login?{urlencode(asked)}", 303, headers={"cache-control": "no-store"})


def _address(request: Request) -> str:
    """Give where to come back to; what a form held is not part of it."""
    query = request.url.query if request.method == "GET" else ""
    return f"{request.url.path}?{query}" if query else request.url.path


class _StaleFormError(BanneretError):
    """A form whose token does not hold any more."""


def _html(body: bytes, status: int) -> Response:
    response = Response(body, status, media_type="text/html; charset=utf-8")
    for name, value in HEADERS:
        response.headers[name.decode()] = value.decode()
    # Pages hold what only their reader may see; the way back must ask again.
    response.headers["cache-control"] = "no-store"
    return response


def cookie_name(request: Request) -> str:
    """Give the name of the session cookie: bound to this very host where TLS is on (design 7)."""
    return session_cookie(request.url.scheme)


def session_value(request: Request) -> str:
    """Give the session that a browser brings, or an empty text."""
    return parse_cookies(request.headers.get("cookie")).get(cookie_name(request), "")


def client_of(request: Request) -> Client:
    """Say where a request comes from."""
    return Client(request.headers.get("user-agent", "")[:200], request.client.host if request.client else "")


def require_same_site(request: Request) -> None:
    """Refuse a form that another site made a browser send (design 7).

    Raises:
        CrossSiteRequest: it says so itself.

    """
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "")
    foreign = site not in {"", "same-origin", "none"} or (
        origin != "" and urlsplit(origin).netloc != request.headers.get("host")
    )
    if foreign:
        raise CrossSiteRequest


def site_of(request: Request) -> Site:
    """Give what a passkey is bound to; of a form the origin that the browser names, which `require_same_site` has looked at."""
    url = request.url
    return Site(url.hostname or "", request.headers.get("origin") or f"{url.scheme}://{url.netloc}")


def own_address(target: str) -> str:
    """Give where to go after a log-in: an address of ours, or the Application Manager."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/login/accounts/"
    return quote(target, safe="/?&=%:+,;@()!*'~-._$")


async def body_of(request: Request) -> bytes:
    """Read a form's body.

    Raises:
        RequestTooLarge: there is more than a form may hold.

    """
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_FORM:
            raise RequestTooLarge(LARGEST_FORM)
        chunks.append(chunk)
    return b"".join(chunks)
