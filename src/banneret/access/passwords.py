"""Passwords: how they are kept, checked and judged (access.md 3.5; ASVS 5 6.2)."""

from __future__ import annotations

import base64
import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from banneret.kernel.ids import random_bytes

LONGEST = 1024
"""Characters; longer passwords are refused unread, so that nobody makes the server hash megabytes."""

_KIBIBYTES, _PASSES = 32 * 1024, 3
_CLASSES: Sequence[tuple[str, Callable[[str], bool]]] = (
    ("a lower-case letter", str.islower),
    ("an upper-case letter", str.isupper),
    ("a digit", str.isdigit),
    ("a special character", lambda character: not character.isalnum()),
)


class Passwords:
    """Hashes with Argon2id: 32 MiB and 3 passes, 70 ms on the test machine; call it from a thread."""

    def __init__(self, *, kibibytes: int = _KIBIBYTES, passes: int = _PASSES) -> None:
        self._hasher = PasswordHash([Argon2Hasher(time_cost=passes, memory_cost=kibibytes, parallelism=1)])
        salt, digest = (_unpadded(random_bytes(length)) for length in (16, 32))
        # No password has this hash, yet checking one against it takes as long as against a real one.
        self._nobody = f"$argon2id$v=19$m={kibibytes},t={passes},p=1${salt}${digest}"

    def hash(self, password: str) -> str:
        """Give what is stored for a password, its salt and parameters included."""
        return self._hasher.hash(_encode(password))

    def verify(self, password: str, stored_hash: str | None) -> bool:
        """Whether the password is right; None, no such user or no password, takes as long and is False."""
        if len(password) > LONGEST:
            return False
        try:
            matches = self._hasher.verify(_encode(password), stored_hash or self._nobody)
        except UnknownHashError:
            return False
        return matches and stored_hash is not None

    def is_outdated(self, stored_hash: str) -> bool:
        """Whether the hash was made otherwise and should be made anew at the next right password."""
        hasher = self._hasher.current_hasher
        return not hasher.identify(stored_hash) or hasher.check_needs_rehash(stored_hash)


class VerifiedPasswords:
    """Remembers right passwords, so that a Basic client does not pay for Argon2 on each request (design 6).

    In this process only, the `capacity` used last. Kept are an HMAC of user name and password under a key
    that dies with the process, and the stored hash that was matched: when that changes, what is remembered of
    it no longer counts.
    """

    def __init__(self, capacity: int = 4096) -> None:
        self._capacity = capacity
        self._secret = random_bytes(32)
        self._entries: OrderedDict[bytes, str] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, user_name: str, password: str, stored_hash: str | None) -> bool:
        """Whether the password was verified against this very hash before."""
        key = self._key(user_name, password)
        with self._lock:
            remembered = self._entries.get(key)
            if remembered is None:
                return False
            if stored_hash is None or not hmac.compare_digest(remembered.encode(), stored_hash.encode()):
                del self._entries[key]
                return False
            self._entries.move_to_end(key)
            return True

    def remember(self, user_name: str, password: str, stored_hash: str) -> None:
        """Keep in mind that the password matched this hash. Call it only after `Passwords.verify` said so."""
        key = self._key(user_name, password)
        with self._lock:
            self._entries[key] = stored_hash
            self._entries.move_to_end(key)
            if len(self._entries) > self._capacity:
                self._entries.popitem(last=False)

    def __len__(self) -> int:
        return len(self._entries)

    def _key(self, user_name: str, password: str) -> bytes:
        name = _encode(user_name)
        # The length keeps ("ab", "c") and ("a", "bc") apart.
        return hmac.digest(self._secret, len(name).to_bytes(8) + name + _encode(password), "sha256")


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """What a new password must be like. The defaults are ASVS's, the knobs Rally's.

    `required_classes`: how many of lower case, upper case, digit and special character
    (Subscription.NumberofPasswordRules). `minimum_score`: 0 to 4 on the scale of zxcvbn, 0 to leave it out.
    `remembered`: how many former passwords may not come again (PreviousPasswordCount).
    """

    minimum_length: int = 12
    required_classes: int = 0
    minimum_score: int = 3
    remembered: int = 0


def violations(
    policy: PasswordPolicy,
    password: str,
    *,
    context: Sequence[str] = (),
    previous: Sequence[str] = (),
    matches: Callable[[str, str], bool] | None = None,
) -> list[str]:
    """List, in sentences for people, what is wrong with a new password; empty when nothing is.

    `context` are words that a guesser would try first (user name, display name, company). `previous` are the
    hashes of former passwords, the newest first, and `matches` is `Passwords.verify`, with which they are
    compared.
    """
    if len(password) > LONGEST:
        return [f"The password may have at most {LONGEST} characters."]
    found = []
    if len(password) < policy.minimum_length:
        found.append(f"The password must have at least {policy.minimum_length} characters.")
    if sum(any(map(has, password)) for _, has in _CLASSES) < policy.required_classes:
        names = ", ".join(name for name, _ in _CLASSES)
        found.append(f"The password must have at least {policy.required_classes} of these: {names}.")
    found += _weakness(policy, password, context)
    if matches is not None and any(matches(password, old) for old in previous[: max(0, policy.remembered)]):
        last = "present one" if policy.remembered == 1 else f"last {policy.remembered}"
        found.append(f"The password must differ from the {last}.")
    return found


def _weakness(policy: PasswordPolicy, password: str, context: Sequence[str]) -> list[str]:
    if policy.minimum_score <= 0:
        return []
    # Here and not above: its word lists take time and memory that a server which sets no password can spare.
    from banneret.access.strength import estimate

    score, warning = estimate(password, context)
    return [] if score >= policy.minimum_score else [f"The password is too easy to guess. {warning}".strip()]


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _unpadded(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii").rstrip("=")
