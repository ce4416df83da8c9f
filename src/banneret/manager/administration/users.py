"""`/admin/users`: who there is, and one user with all that he holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.access.rules import Permission, allowed
from banneret.kernel.errors import NotAuthorized, ObjectNotFound
from banneret.manager.administration.paging import page_number, paging
from banneret.manager.administration.sections import ROOT, of_administrators, require, section
from banneret.manager.csv_files import csv_file
from banneret.manager.reveal import keep, once, take
from banneret.manager.visits import Sent
from banneret.operations import audit, invitations, keys, passwords, people, roster, sessions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response

    from banneret.manager.forms import Form
    from banneret.manager.visits import Shown, Visit

ADDRESS = f"{ROOT}/users"

SIZE = 50
_RECENT = 10

SORTS = {
    "name": ("Name", "displayname", False),
    "user": ("User name", "username", False),
    "active": ("Last active", "lastactivedate", True),
    "login": ("Last log-in", "lastlogindate", True),
    "created": ("Created", "creationdate", True),
}
"""What the list is sorted by: label, column, and whether the greatest comes first."""

STATES = {
    "": "All",
    "enabled": "Enabled",
    "disabled": "Disabled",
    "locked": "Locked",
    "administrators": "Subscription administrators",
}


async def show_list(visit: Visit, _form: Form) -> Shown:
    """Show a page of users."""
    require(visit, of_administrators)
    words, state, sort = (visit.query.get(name, "") for name in ("q", "state", "sort"))
    _, order, descending = SORTS.get(sort, SORTS["user"])
    start = (page_number(visit) - 1) * SIZE
    found, total = await roster.listed(
        visit.context, words=words, state=state, order=order, descending=descending, start=start, count=SIZE
    )
    values = {
        "users": found,
        "pages": paging(visit, ("q", "state", "sort"), SIZE, total),
        "words": words,
        "state": state if state in STATES else "",
        "states": STATES,
        "sort": sort if sort in SORTS else "user",
        "sorts": {name: label for name, (label, _, _) in SORTS.items()},
        "may_create": allowed(visit.identity, Permission.CREATE_USER),
    }
    return section(visit, "admin/users.html", values)


async def show_csv(visit: Visit, _form: Form) -> Response:
    """Give the list as a file."""
    require(visit, of_administrators)
    words, state = visit.query.get("q", ""), visit.query.get("state", "")
    found, _ = await roster.listed(visit.context, words=words, state=state, count=roster.LARGEST)
    header = (
        *("User Name", "Display Name", "Email Address", "Disabled", "Locked", "Subscription Admin", "API Keys"),
        *("Created", "Last Login", "Last Active", "Password Set"),
    )
    rows = (
        (
            *(user.user_name, user.display_name, user.email, _yes(user.disabled), _yes(user.locked)),
            *(_yes(user.subscription_admin), user.keys, user.created_at, user.last_login_at, user.last_active_at),
            user.password_set_at,
        )
        for user in found
    )
    return csv_file("users.csv", header, rows)


def _yes(value: object) -> str:
    return "yes" if value else "no"


# ---------------------------------------------------------------------- one user


async def show(visit: Visit, _form: Form) -> Shown:
    """Show a user: state, permissions, keys, log-ins, and what lately happened."""
    require(visit, of_administrators)
    oid = visit.argument("user")
    person = await roster.found(visit.context, oid)
    may = await people.permitted(visit.context, oid)
    everything = Permission.UPDATE_USER in may
    return section(
        visit,
        "admin/user.html",
        {
            "user": person,
            "may": {permission.name: permission in may for permission in Permission},
            "roles": await _roles(visit, oid, administrator=person.subscription_admin),
            "sessions": await sessions.listed(visit.context, visit.token, of=oid) if everything else [],
            "events": await _events(visit, oid) if everything else [],
            "expires": bool(visit.context.landscape.subscription.password_expiration_days),
            "done": DONE.get(visit.query.get("done", ""), ""),
        },
    )


DONE = {
    "created": "Created.",
    "saved": "Saved.",
    "disabled": "Disabled. Sessions have ended, and keys rest until the user is enabled again.",
    "deleted": "Disabled, and all keys were deleted.",
    "enabled": "Enabled. Keys that there are work again.",
    "locked": "Locked. Log-ins and keys stop until somebody unlocks.",
    "unlocked": "Unlocked.",
    "expired": "The password has expired; keys stop until a new one is set.",
    "ended": "The log-in has ended.",
}


async def _roles(visit: Visit, oid: int, *, administrator: bool) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Give, a workspace that the reader sees, its name, the user's standing in it, and his roles in projects."""
    landscape, sight = visit.context.landscape, visit.context.sight
    held, _ = await visit.context.unit.permissions(oid, landscape, subscription_admin=administrator)
    found = []
    for workspace in sorted(landscape.workspaces.values(), key=lambda each: each.name.lower()):
        admin = workspace.oid in held.admin_workspaces
        if not sight.sees(workspace.oid, None) or not (admin or workspace.oid in held.user_workspaces):
            continue
        projects = [
            (project.name, held.projects[project.oid].value.replace("_", " ").title())
            for project in landscape.projects.values()
            if project.workspace == workspace.oid and project.oid in held.projects and sight.sees_project(project.oid)
        ]
        found.append((workspace.name, "Workspace Admin" if admin else "Workspace User", sorted(projects)))
    return found


async def _events(visit: Visit, oid: int) -> list[audit.Entry]:
    return await audit.read_trail(visit.context, audit.Wanted(object=oid), _RECENT)


async def end_session(visit: Visit, form: Form) -> Sent:
    """End one log-in of a user."""
    oid = visit.argument("user")
    await sessions.end_listed(visit.context, form["handle"], of=oid)
    return Sent(f"{ADDRESS}/{oid}?done=ended")


# ---------------------------------------------------------------------- edit


_FIELDS = {"UserName": "user_name", "EmailAddress": "email", "FirstName": "first_name", "LastName": "last_name"}
_FIELDS["DisplayName"] = "display_name"


async def show_edit(visit: Visit, form: Form) -> Shown:
    """Show what can be changed of a user."""
    oid = visit.argument("user")
    person = await roster.found(visit.context, oid)
    if Permission.UPDATE_USER not in await people.permitted(visit.context, oid):
        raise NotAuthorized("update", "user")
    if not form.values:
        form.values = {name: getattr(person, attribute) for name, attribute in _FIELDS.items()}
        flags = {"SubscriptionAdmin": person.subscription_admin, "CanCreateApiKey": person.may_have_keys}
        form.values |= {name: "on" for name, held in flags.items() if held}
    return section(visit, "admin/user_edit.html", {"user": person})


async def edit(visit: Visit, form: Form) -> Sent:
    """Save what was changed."""
    oid = visit.argument("user")
    await roster.found(visit.context, oid)
    flags = {name: form.checked(name) for name in ("SubscriptionAdmin", "CanCreateApiKey")}
    values = {name: form[name].strip() for name in _FIELDS}
    await people.change_user(visit.context, oid, _version(form), {**values, **flags})
    return Sent(f"{ADDRESS}/{oid}?done=saved")


def _version(form: Form) -> int:
    text = form["version"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1


# ---------------------------------------------------------------------- state


async def show_disable(visit: Visit, _form: Form) -> Shown:
    """Say what disabling ends and what rests, before it is done (design 5.8)."""
    oid = visit.argument("user")
    person = await roster.found(visit.context, oid)
    may = await people.permitted(visit.context, oid)
    if Permission.TOGGLE_USER not in may:
        raise NotAuthorized("disable", "user")
    sees = Permission.SEE_ALL_KEYS in may
    return section(
        visit,
        "admin/user_disable.html",
        {
            "user": person,
            "sees": sees,
            "keys": await keys.listed(visit.context, oid) if sees else [],
            "sessions": await sessions.listed(visit.context, of=oid) if sees else [],
        },
    )


async def disable(visit: Visit, form: Form) -> Sent:
    """Disable a user."""
    oid = visit.argument("user")
    await roster.found(visit.context, oid)
    gone = await people.disable(visit.context, oid, delete_keys=form.checked("DeleteKeys"))
    return Sent(f"{ADDRESS}/{oid}?done={'deleted' if gone else 'disabled'}")


_VERBS: dict[str, tuple[Callable[..., Awaitable[object]], str]] = {
    "enable": (people.enable, "enabled"),
    "lock": (passwords.lock, "locked"),
    "unlock": (passwords.unlock, "unlocked"),
    "expire": (passwords.expire_password, "expired"),
}


async def change_state(visit: Visit, form: Form) -> Sent:
    """Enable, lock, unlock, or let the password expire: the button that was pressed says which."""
    oid = visit.argument("user")
    if form["do"] == "end":
        return await end_session(visit, form)
    if form["do"] not in _VERBS:
        raise ObjectNotFound
    await roster.found(visit.context, oid)
    verb, done = _VERBS[form["do"]]
    if form["do"] in {"lock", "expire"} and oid == visit.context.user:
        raise NotAuthorized(form["do"], "your own account")
    await verb(visit.context, oid)
    return Sent(f"{ADDRESS}/{oid}?done={done}")


# ---------------------------------------------------------------------- links


async def invite(visit: Visit, form: Form) -> Sent:
    """Make a new one-time link and lead to where it is shown once."""
    oid = visit.argument("user")

    async def work() -> Sent:
        await keep(visit, f"link {oid}", await invitations.invite(visit.context, oid))
        return Sent(f"{ADDRESS}/{oid}/link")

    return await once(visit, form, work)


async def show_link(visit: Visit, _form: Form) -> Shown:
    """Show a link, this once."""
    require(visit, of_administrators)
    oid = visit.argument("user")
    value = await take(visit, f"link {oid}")
    url = visit.request.url
    link = f"{url.scheme}://{url.netloc}/login/welcome/{value}" if value else ""
    values = {"user": await roster.found(visit.context, oid), "link": link, "days": invitations.LIFE.days}
    return section(visit, "admin/user_link.html", values)
