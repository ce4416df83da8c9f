"""`/admin/passwords`: what the subscription asks of passwords, of wrong ones, and of log-ins. For its administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from banneret.access.sign_in import BOUNDS, OWN_BOUNDS, Demand, SignInPolicy
from banneret.kernel.errors import NotAuthorized
from banneret.manager.administration.sections import section
from banneret.manager.visits import Sent
from banneret.operations.passwords import count_expired
from banneret.operations.second_factors import count_without
from banneret.operations.sign_in_policy import Policy, change_policy, read_policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from banneret.manager.forms import Form
    from banneret.manager.visits import Shown, Visit

ADDRESS = "/admin/passwords"

_SCORES = (
    ("0", "Do not ask"),
    ("1", "1: very easy to guess"),
    ("2", "2: easy to guess"),
    ("3", "3: hard to guess"),
    ("4", "4: very hard to guess"),
)
_LOCKS = (
    *(("15", "15 minutes"), ("30", "30 minutes"), ("60", "1 hour"), ("240", "4 hours"), ("1440", "24 hours")),
    ("-1", "Until somebody unlocks"),
)
_IDLE = (
    ("", "Let users choose (8 hours unless they do)"),
    *(("600", "10 minutes"), ("900", "15 minutes"), ("1800", "30 minutes"), ("3600", "1 hour"), ("7200", "2 hours")),
    *(("14400", "4 hours"), ("21600", "6 hours"), ("28800", "8 hours"), ("36000", "10 hours")),
    *(("432000", "5 days"), ("1209600", "2 weeks")),
)
_DEMANDS = (
    (Demand.NOBODY.value, "Whoever wants one"),
    (Demand.ADMINISTRATORS.value, "Subscription administrators must"),
    (Demand.EVERYBODY.value, "Everybody with a password must"),
)
_CHOICES: dict[str, Sequence[tuple[str, str]]] = {"UserLockoutTime": _LOCKS, "SessionTimeoutSeconds": _IDLE}


async def show(visit: Visit, form: Form) -> Shown:
    """Show the policy as it is, or as it was typed."""
    _require_administrator(visit)
    policy = await read_policy(visit.context)
    if not form.values:
        own = policy.own
        held: dict[str, int | str | None] = {
            **policy.shared,
            "MinimumPasswordScore": own.minimum_score,
            "SessionHours": own.session_hours,
            "SecondFactor": own.second_factor.value,
        }
        form.values = {name: "" if value is None else str(value) for name, value in held.items()}
    return section(
        visit,
        "password_policy.html",
        {
            "saved": bool(visit.query.get("saved")),
            "scores": _SCORES,
            "locks": _LOCKS,
            "idle": _IDLE,
            "demands": _DEMANDS,
            "classes": tuple((str(count), f"{count} of the four" if count > 1 else "Any") for count in range(1, 5)),
        },
    )


async def change(visit: Visit, form: Form) -> Sent | Shown:
    """Set the policy; one that ends passwords at once is done only when that was understood."""
    _require_administrator(visit)
    before = await read_policy(visit.context)
    numbers = {name: _number(form, name) for name in (*before.shared, *OWN_BOUNDS)}
    demand = next((each for each in Demand if each.value == form["SecondFactor"]), None)
    if demand is None:
        form.errors["SecondFactor"] = "Choose one of these."
    elif not form.errors:
        warnings = [
            await _ending(visit, before.shared["PasswordExpirationDays"], numbers["PasswordExpirationDays"]),
            await _without(visit, before.own.second_factor, demand),
        ]
        if any(warnings) and not form.checked("Understood"):
            form.errors["Understood"] = " ".join(filter(None, warnings))
    if form.errors or demand is None:
        return await show(visit, form)
    own = SignInPolicy(numbers.pop("MinimumPasswordScore") or 0, numbers.pop("SessionHours") or 0, demand)
    await change_policy(visit.context, Policy(numbers, own))
    return Sent(f"{ADDRESS}?saved=1")


async def _ending(visit: Visit, before: int | None, after: int | None) -> str:
    """Warn of passwords that a new age ends at once."""
    if not after or (before and after >= before):
        return ""
    count = await count_expired(visit.context, after)
    if not count:
        return ""
    return (
        f"{count} {'password is' if count == 1 else 'passwords are'} older than that and would expire at once. "
        "Their users' API keys stop until they set new ones."
    )


async def _without(visit: Visit, before: Demand, after: Demand) -> str:
    """Warn of whom a new demand finds without a second factor."""
    if after in {before, Demand.NOBODY} or (before, after) == (Demand.EVERYBODY, Demand.ADMINISTRATORS):
        return ""
    count = await count_without(visit.context, administrators_only=after is Demand.ADMINISTRATORS)
    if not count:
        return ""
    return (
        f"{count} {'user has' if count == 1 else 'users have'} no second factor. Their log-ins end and lead to setting one up, "
        "and programs that use their passwords get HTTP 401 from now on. API keys go on."
    )


def _number(form: Form, name: str) -> int | None:
    """Read a field; what is wrong with it goes beside it."""
    text = form[name].strip()
    if name in _CHOICES:
        if text not in {value for value, _ in _CHOICES[name]}:
            form.errors[name] = "Choose one of these."
            return None
        return int(text) if text else None
    bounds = {**BOUNDS, **OWN_BOUNDS}[name]
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
    if (text and value is None) or not bounds.hold(value):
        form.errors[name] = bounds.sentence
        return None
    return value


def _require_administrator(visit: Visit) -> None:
    if not visit.identity.permissions.subscription_admin:
        raise NotAuthorized("see", "SignInPolicy")
