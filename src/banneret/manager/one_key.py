"""One API key: made, shown once, edited, reset, disabled, deleted (KB 10814, KB 98242; behaviours E1, E2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.access.keys import Grant
from banneret.access.limits import UNLIMITED
from banneret.access.roles import may_hold_full_key
from banneret.kernel.errors import KeysDisabled, NotAuthorized, RelationRefused
from banneret.kernel.ids import random_token
from banneret.manager import key_forms
from banneret.manager.key_activity import callers
from banneret.manager.key_list import ROOT
from banneret.manager.reveal import keep, once, take
from banneret.manager.visits import Sent, Shown
from banneret.operations import keys

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from banneret.access.limits import KeyLimits
    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit

VIEWER_REFUSED = "A viewer cannot create a Full Access key."


def require_enabled(visit: Visit) -> None:
    """Refuse what cannot be done while API keys are disabled (A10).

    Raises:
        KeysDisabled: they are.

    """
    if not visit.context.landscape.subscription.api_keys_enabled:
        raise KeysDisabled


def origin_of(visit: Visit) -> str:
    """Give this server's address as the visitor knows it, for snippets."""
    url = visit.request.url
    return f"{url.scheme}://{url.netloc}"


def form_values(visit: Visit, form: Form, limits: KeyLimits = UNLIMITED) -> dict[str, Any]:
    """Give what the fields of a key need beside the form: choices, and what the key would reach."""
    workspaces = key_forms.workspaces_of(visit)
    shown = {project.oid for workspace in workspaces for project in workspace.projects}
    chosen = [text for text in form.lists.get("Projects", ()) if text.isdigit()]
    return {
        "workspaces": workspaces,
        "strangers": [text for text in chosen if int(text) not in shown],
        "groups": key_forms.TYPE_GROUPS,
        "other_types": key_forms.other_types(limits),
        "expiries": key_forms.expiries(limits),
        "may_write": may_hold_full_key(visit.identity.permissions),
    }


async def worded(work: Callable[[], Awaitable[Sent]]) -> Sent:
    """Word the one refusal that has words of its own (B5).

    Raises:
        RelationRefused: a viewer asked for a key that writes.

    """
    try:
        return await work()
    except NotAuthorized as error:
        if "Full Access" in error.action:
            raise RelationRefused("ApiKey", "FullAccess", "Full Access", VIEWER_REFUSED) from None
        raise


def _grant(form: Form) -> Grant:
    return Grant.FULL if form.checked("FullAccess") else Grant.READ_ONLY


# ---------------------------------------------------------------------- made


async def show_create(visit: Visit, form: Form) -> Shown:
    """`…/create`: Display Name, what for, and the Full Access switch, off at first; limits folded away."""
    require_enabled(visit)
    if not form.values:
        key_forms.fill(form, UNLIMITED)
    return Shown("key_create.html", {"once": form["once"] or random_token(), **form_values(visit, form)})


async def create(visit: Visit, form: Form) -> Sent:
    """Make a key and lead to the page that shows it."""

    async def work() -> Sent:
        oid, value = await keys.issue(
            visit.context,
            visit.identity.user.oid,
            form["DisplayName"],
            _grant(form),
            secret=visit.secret,
            limits=key_forms.read(form, UNLIMITED, visit.context.now),
            purpose=form["Purpose"],
        )
        await keep(visit, str(oid), value)
        return Sent(f"{ROOT}/{oid}/secret")

    return await once(visit, form, lambda: worded(work))


async def reveal(visit: Visit, _form: Form) -> Shown:
    """`…/<id>/secret`: the value, this once."""
    entry = await keys.found(visit.context, visit.argument("key"))
    value = await take(visit, str(entry.oid))
    return Shown("key_secret.html", {"key": entry, "value": value, "origin": origin_of(visit)})


# ---------------------------------------------------------------------- changed


async def show_edit(visit: Visit, form: Form) -> Shown:
    """`…/<id>/edit`: another name, purpose, grant, or other limits."""
    require_enabled(visit)
    entry = await keys.found(visit.context, visit.argument("key"))
    if not form.values:
        key_forms.fill(form, entry.limits)
        form.values |= {"DisplayName": entry.display_name, "Purpose": entry.purpose}
        if entry.grant is Grant.FULL:
            form.values["FullAccess"] = "on"
    return Shown("key_edit.html", {"key": entry, **form_values(visit, form, entry.limits)})


async def edit(visit: Visit, form: Form) -> Sent:
    """Change them."""
    oid = visit.argument("key")

    async def work() -> Sent:
        before = (await keys.found(visit.context, oid)).limits
        await keys.change(
            visit.context,
            oid,
            display_name=form["DisplayName"],
            grant=_grant(form),
            limits=key_forms.read(form, before, visit.context.now),
            purpose=form["Purpose"],
        )
        return Sent(f"{ROOT}/{oid}")

    return await worded(work)


async def show_disable(visit: Visit, _form: Form) -> Shown:
    """`…/<id>/disable`: what disabling does, and that it can be undone."""
    require_enabled(visit)
    entry = await keys.found(visit.context, visit.argument("key"))
    return Shown("key_disable.html", {"key": entry, "callers": await callers(visit, entry.oid)})


async def disable(visit: Visit, _form: Form) -> Sent:
    """Let the key rest."""
    await keys.disable(visit.context, visit.argument("key"))
    return Sent(f"{ROOT}/{visit.argument('key')}")


async def enable(visit: Visit, _form: Form) -> Sent:
    """Let it work again."""
    await keys.enable(visit.context, visit.argument("key"))
    return Sent(f"{ROOT}/{visit.argument('key')}")


async def show_delete(visit: Visit, _form: Form) -> Shown:
    """`…/<id>/delete`: asks for the key's name, so that it is the right one."""
    entry = await keys.found(visit.context, visit.argument("key"))
    return Shown("key_delete.html", {"key": entry, "callers": await callers(visit, entry.oid)})


async def delete(visit: Visit, form: Form) -> Sent:
    """Delete a key whose name was typed; possible while keys are disabled, too (A10)."""
    entry = await keys.found(visit.context, visit.argument("key"))
    if form["DisplayName"].strip() != entry.display_name:
        raise RelationRefused("ApiKey", "DisplayName", "Display Name", "This is not the name of the key.")
    await keys.revoke(visit.context, entry.oid)
    return Sent(ROOT if entry.user_oid == visit.context.user else f"{ROOT}?of=all")


# ---------------------------------------------------------------------- reset


async def show_reset(visit: Visit, form: Form) -> Shown:
    """`…/<id>/reset`: what a reset does, and Continue (E2). Who logged in a while ago logs in again first (access.md 1.6)."""
    require_enabled(visit)
    entry = await keys.found(visit.context, visit.argument("key"))
    values = {"key": entry, "once": form["once"] or random_token(), "callers": await callers(visit, entry.oid)}
    return Shown("key_reset.html", values)


async def reset(visit: Visit, form: Form) -> Sent:
    """Give the key a new value; the old one ends at once. Of somebody else's key nobody sees one (access.md 1.6)."""
    oid = visit.argument("key")

    async def work() -> Sent:
        value = await keys.reset(visit.context, oid, secret=visit.secret)
        if value is None:
            return Sent(f"{ROOT}/{oid}")
        await keep(visit, str(oid), value)
        return Sent(f"{ROOT}/{oid}/secret")

    return await once(visit, form, work)
