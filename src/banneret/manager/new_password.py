"""A new password in a form: judged by the subscription's policy and hashed, both outside of any unit of work."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from banneret.access.passwords import Passwords, violations

if TYPE_CHECKING:
    from banneret.manager.forms import Form
    from banneret.operations.passwords import Standing


async def judge(form: Form, judged: Standing, present: str | None = None) -> str | None:
    """Hash a new password that suits the policy; None when it does not, and `form` says why. Takes long on purpose.

    `present` is the password that it takes the place of, where that is known; it cannot be chosen again, whatever the policy says.
    """
    new = form["NewPassword"]
    if not new:
        form.errors["NewPassword"] = "A new password is needed."
    elif new == present:
        form.errors["NewPassword"] = "This is the password that you have now."
    elif new != form["Repeated"]:
        form.errors["Repeated"] = "This is not the same password."
    if form.errors:
        return None
    passwords = Passwords()

    def weigh() -> tuple[list[str], str]:
        wrong = violations(judged.policy, new, context=judged.words, previous=judged.previous, matches=passwords.verify)
        return wrong, "" if wrong else passwords.hash(new)

    wrong, hashed = await asyncio.get_running_loop().run_in_executor(None, weigh)
    if wrong:
        form.errors["NewPassword"] = " ".join(wrong)
        return None
    return hashed
