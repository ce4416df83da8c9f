"""The API Keys tab of the Application Manager (KB 10814, KB 11568, KB 98242): list, create, show once, edit, reset, delete."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import Response

from banneret.access.keys import Grant, looks_like_key
from banneret.access.roles import Role, at_least, may_hold_full_key
from banneret.kernel.errors import KeysDisabled, NotAuthorized, RelationRefused
from banneret.kernel.ids import random_token
from banneret.manager.reveal import keep, once, take
from banneret.manager.visits import Sent, Shown
from banneret.operations import keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from banneret.manager.forms import Form
    from banneret.manager.visits import Visit
    from banneret.operations.keys import KeyEntry

ROOT = "/login/accounts/keys"

SORTS: dict[str, tuple[str, Callable[[KeyEntry], Any], bool]] = {
    "created": ("Created", lambda key: key.created_at, True),
    "used": ("Last Accessed", lambda key: key.last_used_at or "", True),
    "reset": ("Last Reset", lambda key: key.last_reset_at or "", True),
    "name": ("Display Name", lambda key: key.display_name.lower(), False),
    "user": ("User", lambda key: key.user_name.lower(), False),
}
"""What the list is sorted by: label, order, and whether the greatest comes first."""

VIEWER_REFUSED = "A viewer cannot create a Full Access key."


async def show_list(visit: Visit, _form: Form) -> Shown:
    """`/login/accounts/keys`: one's own keys; for a subscription administrator also everybody's (A9)."""
    every = visit.query.get("of") == "all" and visit.identity.permissions.subscription_admin
    sort = visit.query.get("sort", "created")
    words = visit.query.get("q", "")
    entries = await _chosen(visit, every=every, sort=sort, words=words)
    return Shown(
        "keys.html",
        {
            "keys": entries,
            "every": every,
            "words": words,
            "sort": sort if sort in SORTS else "created",
            "sorts": {name: label for name, (label, _, _) in SORTS.items() if every or name != "user"},
            "enabled": visit.context.landscape.subscription.api_keys_enabled,
            "address": lambda **changes: _address(visit, **changes),
        },
    )


async def _chosen(visit: Visit, *, every: bool, sort: str, words: str) -> list[KeyEntry]:
    entries: Sequence[KeyEntry] = await keys.listed(visit.context, None if every else visit.context.user)
    needle = words.strip().lower()
    chosen = [
        entry
        for entry in entries
        if needle in entry.display_name.lower() or needle in entry.hint.lower() or needle in entry.user_name.lower()
    ]
    _, order, descending = SORTS.get(sort, SORTS["created"])
    return sorted(chosen, key=order, reverse=descending)


def _address(visit: Visit, **changes: str) -> str:
    params = {name: visit.query[name] for name in ("of", "q", "sort") if visit.query.get(name)} | changes
    found = {name: value for name, value in params.items() if value}
    return ROOT + (f"?{urlencode(found)}" if found else "")


async def find(visit: Visit, form: Form) -> Sent:
    """Filter by words; a whole key that is pasted leads to its own page, and never stands in an address."""
    text = form["q"].strip()
    if looks_like_key(text):
        return Sent(f"{ROOT}/{await keys.of_value(visit.context, text, secret=visit.secret)}")
    return Sent(_address(visit, q=text, of=form["of"]))


async def show_csv(visit: Visit, _form: Form) -> Response:
    """`/login/accounts/keys.csv`: the list as a file, without a secret in it."""
    every = visit.query.get("of") == "all" and visit.identity.permissions.subscription_admin
    entries = await _chosen(visit, every=every, sort="created", words=visit.query.get("q", ""))
    headers = {"content-disposition": 'attachment; filename="api-keys.csv"', "cache-control": "no-store"}
    return Response(as_csv(entries), media_type="text/csv; charset=utf-8", headers=headers)


def as_csv(entries: Sequence[KeyEntry]) -> str:
    """Write keys as CSV. What a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["Display Name", "Key", "User Name", "Grant", "Created", "Last Accessed", "Address", "Client", "Last Reset"]
    )
    for key in entries:
        cells = [
            *(key.display_name, key.hint, key.user_name, label_of(key.grant), key.created_at, key.last_used_at),
            *(key.last_used_address, key.last_used_client, key.last_reset_at),
        ]
        writer.writerow(
            [f"'{cell}" if str(cell or "").startswith(("=", "+", "-", "@", "\t")) else cell for cell in cells]
        )
    return out.getvalue()


def label_of(grant: Grant) -> str:
    """Give a grant's name as Rally's pages write it."""
    return "Full Access" if grant is Grant.FULL else "Read-Only"


# ---------------------------------------------------------------------- one key


async def show_key(visit: Visit, _form: Form) -> Shown:
    """`/login/accounts/keys/<id>`: all that is known of a key but its value."""
    entry = await keys.found(visit.context, visit.argument("key"))
    return Shown("key.html", {"key": entry, "enabled": visit.context.landscape.subscription.api_keys_enabled})


async def show_create(visit: Visit, form: Form) -> Shown:
    """`…/create`: Display Name and the Full Access switch, off at first."""
    _require_enabled(visit)
    return Shown(
        "key_create.html",
        {
            "once": form["once"] or random_token(),
            "may_write": may_hold_full_key(visit.identity.permissions),
            "workspaces": _reach(visit),
        },
    )


def _reach(visit: Visit) -> list[tuple[str, int, int]]:
    """Give, a workspace, how many projects a key of this user reads and how many it can write."""
    landscape, sight, held = visit.context.landscape, visit.context.sight, visit.identity.permissions
    found = []
    for workspace in sorted(landscape.workspaces.values(), key=lambda each: each.name.lower()):
        inside = [each for each in landscape.projects.values() if each.workspace == workspace.oid and each.is_open]
        reads = [each for each in inside if sight.sees(workspace.oid, each.oid)]
        writes = [each for each in reads if at_least(held.project_role(each.oid, workspace.oid), Role.EDITOR)]
        if reads:
            found.append((workspace.name, len(reads), len(writes)))
    return found


async def create(visit: Visit, form: Form) -> Sent:
    """Make a key and lead to the page that shows it."""
    grant = _grant(form)
    name = form["DisplayName"]

    async def work() -> Sent:
        user = visit.identity.user.oid
        oid, value = await keys.issue(visit.context, user, name, grant, secret=visit.secret)
        await keep(visit, str(oid), value)
        return Sent(f"{ROOT}/{oid}/secret")

    return await once(visit, form, lambda: _as_viewer(work))


async def _as_viewer(work: Callable[[], Any]) -> Sent:
    """Word the one refusal that has words of its own (B5)."""
    try:
        return await work()  # type: ignore[no-any-return]
    except NotAuthorized as error:
        if "Full Access" in error.action:
            raise RelationRefused("ApiKey", "FullAccess", "Full Access", VIEWER_REFUSED) from None
        raise


def _grant(form: Form) -> Grant:
    return Grant.FULL if form.checked("FullAccess") else Grant.READ_ONLY


async def reveal(visit: Visit, _form: Form) -> Shown:
    """`…/<id>/secret`: the value, this once."""
    entry = await keys.found(visit.context, visit.argument("key"))
    value = await take(visit, str(entry.oid))
    return Shown("key_secret.html", {"key": entry, "value": value, "origin": _origin(visit)})


def _origin(visit: Visit) -> str:
    url = visit.request.url
    return f"{url.scheme}://{url.netloc}"


async def show_edit(visit: Visit, form: Form) -> Shown:
    """`…/<id>/edit`: another name or grant."""
    _require_enabled(visit)
    entry = await keys.found(visit.context, visit.argument("key"))
    if not form.values:
        form.values = {"DisplayName": entry.display_name}
        if entry.grant is Grant.FULL:
            form.values["FullAccess"] = "on"
    return Shown("key_edit.html", {"key": entry, "may_write": True})


async def edit(visit: Visit, form: Form) -> Sent:
    """Change name and grant."""
    oid = visit.argument("key")

    async def work() -> Sent:
        await keys.change(visit.context, oid, display_name=form["DisplayName"], grant=_grant(form))
        return Sent(f"{ROOT}/{oid}")

    return await _as_viewer(work)


async def show_reset(visit: Visit, _form: Form) -> Shown:
    """`…/<id>/reset`: what a reset does, before it is done (E2)."""
    _require_enabled(visit)
    return Shown(
        "key_reset.html", {"key": await keys.found(visit.context, visit.argument("key")), "once": random_token()}
    )


async def reset(visit: Visit, form: Form) -> Sent:
    """Give the key a new value; the old one ends at once. Somebody else's new value is not shown to an administrator."""
    oid = visit.argument("key")

    async def work() -> Sent:
        value = await keys.reset(visit.context, oid, secret=visit.secret)
        if value is None:
            return Sent(f"{ROOT}/{oid}")
        await keep(visit, str(oid), value)
        return Sent(f"{ROOT}/{oid}/secret")

    return await once(visit, form, work)


async def show_delete(visit: Visit, _form: Form) -> Shown:
    """`…/<id>/delete`: asks for the key's name, so that it is the right one."""
    return Shown("key_delete.html", {"key": await keys.found(visit.context, visit.argument("key"))})


async def delete(visit: Visit, form: Form) -> Sent:
    """Delete a key whose name was typed; possible while keys are disabled, too (A10)."""
    entry = await keys.found(visit.context, visit.argument("key"))
    if form["DisplayName"].strip() != entry.display_name:
        raise RelationRefused("ApiKey", "DisplayName", "Display Name", "This is not the name of the key.")
    await keys.revoke(visit.context, entry.oid)
    return Sent(ROOT if entry.user_oid == visit.context.user else f"{ROOT}?of=all")


def _require_enabled(visit: Visit) -> None:
    if not visit.context.landscape.subscription.api_keys_enabled:
        raise KeysDisabled
