"""Which page of the administration stands under which address."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.routing import Route

from banneret.manager.administration import permissions, scopes, sign_on, subscription, trail, users
from banneret.manager.administration.new_user import NewUser
from banneret.manager.administration.sections import ROOT, enter

if TYPE_CHECKING:
    from banneret.manager.visits import Visits

_BOTH = ["GET", "POST"]


def administration_routes(visits: Visits) -> list[Route]:
    """Give the pages below `/admin/`. Those that decide who may do what want a fresh log-in (access.md 3.3)."""
    page, at, new_user = visits.page, users.ADDRESS, NewUser(visits)
    fresh = partial(page, fresh=True)
    return [
        Route(ROOT, page(enter)),
        Route(f"{ROOT}/", page(enter)),
        Route(subscription.ADDRESS, fresh(subscription.show, subscription.change), methods=_BOTH),
        *_scopes(visits),
        Route(permissions.ADDRESS, fresh(permissions.show, permissions.change), methods=_BOTH),
        Route(sign_on.ADDRESS, fresh(sign_on.show, sign_on.change), methods=_BOTH),
        Route(trail.ADDRESS, page(trail.show)),
        Route(f"{trail.ADDRESS}.csv", page(trail.show_csv)),
        Route(at, page(users.show_list)),
        Route(f"{at}.csv", page(users.show_csv)),
        Route(f"{at}/create", fresh(new_user.show, new_user.create, prepare=new_user.prepare), methods=_BOTH),
        Route(f"{at}/{{user}}", page(users.show, users.change_state), methods=_BOTH),
        Route(f"{at}/{{user}}/edit", fresh(users.show_edit, users.edit), methods=_BOTH),
        Route(f"{at}/{{user}}/disable", fresh(users.show_disable, users.disable), methods=_BOTH),
        Route(f"{at}/{{user}}/link", fresh(users.show_link, users.invite, consumes=True), methods=_BOTH),
    ]


def _scopes(visits: Visits) -> list[Route]:
    page, at, project = visits.page, scopes.ADDRESS, f"{scopes.PROJECTS}/{{project}}"
    workspace = f"{at}/{{workspace}}"
    return [
        Route(at, page(scopes.show_list)),
        Route(f"{at}/create", page(scopes.show_create_workspace, scopes.create_workspace), methods=_BOTH),
        Route(workspace, page(scopes.show_workspace)),
        Route(f"{workspace}/edit", page(scopes.show_edit_workspace, scopes.edit_workspace), methods=_BOTH),
        Route(f"{workspace}/create", page(scopes.show_create_project, scopes.create_project), methods=_BOTH),
        Route(project, page(scopes.show_project, scopes.change_state), methods=_BOTH),
        Route(f"{project}/edit", page(scopes.show_edit_project, scopes.edit_project), methods=_BOTH),
    ]
