"""Certificates for laptops and CI: a certificate authority in the data directory, which clients trust once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from banneret.kernel.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from banneret.settings import Settings

_NAMES = ("localhost", "127.0.0.1", "::1")
_EVERY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - recognised, not bound


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files that the server reads; `authority` is what clients are told to trust, None where they trust it anyway."""

    chain: Path
    key: Path | None
    authority: Path | None


def certificates(settings: Settings) -> Certificates | None:
    """Give what to serve https with, or None for http.

    Raises:
        ConfigurationError: a file is not there.

    """
    if settings.tls_cert is not None and settings.tls_key is not None:
        for path in (settings.tls_cert, settings.tls_key):
            if not path.is_file():
                raise ConfigurationError(f"there is no file {path}")
        return Certificates(settings.tls_cert, settings.tls_key, None)
    return _own(settings) if settings.tls else None


def _own(settings: Settings) -> Certificates:
    import trustme

    home = settings.data_dir / "tls"
    home.mkdir(parents=True, exist_ok=True)
    shown, hidden = home / "ca.pem", home / "ca-key.pem"
    if shown.exists() and hidden.exists():
        authority = trustme.CA.from_pem(shown.read_bytes(), hidden.read_bytes())
    else:
        authority = trustme.CA(organization_name="Banneret", organization_unit_name="made on this machine")
        _keep(hidden, authority.private_key_pem.bytes())
        shown.write_bytes(authority.cert_pem.bytes())
    names = _NAMES if settings.host in {*_EVERY_ADDRESS, *_NAMES} else (*_NAMES, settings.host)
    leaf = authority.issue_cert(*names)
    server = home / f"server-{os.getpid()}.pem"
    _keep(server, leaf.private_key_and_cert_chain_pem.bytes())
    return Certificates(server, None, shown.absolute())


def _keep(path: Path, content: bytes) -> None:
    """Write what only its owner may read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
