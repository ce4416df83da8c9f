"""What `banneret serve` says once it answers: to people on standard output, to programs in the ready file."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import typer

from banneret.cli.tables import show

if TYPE_CHECKING:
    from pathlib import Path

    from banneret.scenarios.scenario import Scenario

_PERMISSION_ROLES = {
    ("Workspace", "Admin"): "workspace_admin",
    ("Project", "Admin"): "project_admin",
    ("Project", "Editor"): "editor",
    ("Project", "Viewer"): "viewer",
}
_STRONGEST_FIRST = tuple(_PERMISSION_ROLES.values())
_WSAPI = "/slm/webservice/v2.0"


def ready(url: str, authority: Path | None, edition: str, scenario: Scenario | None) -> dict[str, Any]:
    """Give the content of the ready file (design 4.1)."""
    users = scenario.users if scenario is not None else []
    keys = scenario.keys if scenario is not None else []
    return {
        "url": url,
        "tls_ca": str(authority) if authority is not None else None,
        "edition": edition,
        "users": [
            {"UserName": entry["UserName"], "Password": entry["Password"], "role": _role(scenario, entry)}
            for entry in users
            if entry.get("Password")
        ],
        "keys": [
            {"name": entry["name"], "user": entry["user"], "grant": entry["grant"], "secret": entry["Secret"]}
            for entry in keys
        ],
    }


def _role(scenario: Scenario | None, user: dict[str, Any]) -> str:
    """Give a user's role: the one that the file names, else the strongest of his permissions."""
    if user.get("role") is not None:
        return str(user["role"])
    if user.get("SubscriptionAdmin"):
        return "subscription_admin"
    held = {
        _PERMISSION_ROLES.get((scope, entry["Role"]))
        for entry in (scenario.permissions if scenario is not None else [])
        for scope in ("Workspace", "Project")
        if entry.get(scope) is not None and str(entry["User"]).lower() == str(user["UserName"]).lower()
    }
    return next((role for role in _STRONGEST_FIRST if role in held), "no_access")


def write_ready(path: Path, content: dict[str, Any]) -> None:
    """Write the ready file so that whoever sees it sees all of it; it holds passwords, so only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    draft.replace(path)


def greet(content: dict[str, Any], scenario: Scenario | None, *, has_keys: bool) -> None:
    """Tell people where the server is, who may come in, and a line to try."""
    name = f" the scenario {scenario.source}" if scenario is not None else ""
    typer.echo(f"\nBanneret serves{name} at {content['url']}\n")
    rows: list[tuple[str, ...]]
    if content["users"]:
        rows = [(entry["UserName"], entry["Password"], entry["role"]) for entry in content["users"]]
        show(("user", "password", "role"), rows, "  ")
        typer.echo("")
    if content["keys"] and has_keys:
        rows = [(entry["name"], entry["user"], entry["grant"], entry["secret"]) for entry in content["keys"]]
        show(("key", "user", "grant", "value"), rows, "  ")
        typer.echo("")
    trial = _trial(content, has_keys=has_keys)
    if trial:
        typer.echo(f"Try:\n\n  {trial}\n")
    if content["tls_ca"]:
        typer.echo(f"Clients must trust this certificate authority: {content['tls_ca']}\n")
    if scenario is None:
        typer.echo("In an empty database, `banneret users create NAME --subscription-admin` makes the first user.\n")
    typer.echo("Ctrl-C stops it.")


def _trial(content: dict[str, Any], *, has_keys: bool) -> str:
    """Give a curl line that works when pasted."""
    trust = f"--cacert '{content['tls_ca']}' " if content["tls_ca"] else ""
    address = f"'{content['url']}{_WSAPI}/artifact?fetch=FormattedID,Name&pagesize=5'"
    if content["keys"] and has_keys:
        return f"curl {trust}-H 'zsessionid: {content['keys'][0]['secret']}' {address}"
    if content["users"]:
        user = content["users"][0]
        return f"curl {trust}-u '{user['UserName']}:{user['Password']}' {address}"
    return ""
