"""Every setting of a server, typed and described, read once: from arguments, else `BANNERET_…` in the environment.

The descriptions are the manual's; `banneret serve --help` shows the same words.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, PrivateAttr, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from banneret.kernel.errors import ConfigurationError
from banneret.kernel.ids import random_bytes
from banneret.operations.journal import KEPT_DAYS, KEPT_ROWS

_SHORTEST_SECRET = 16
_SECRET_BYTES = 32


def default_data_dir() -> Path:
    """Give where an installation of this user keeps its files: `$XDG_DATA_HOME/banneret`, else `~/.local/share/banneret`."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "banneret"


class Settings(BaseSettings):
    """The settings of one server."""

    model_config = SettingsConfigDict(env_prefix="BANNERET_", extra="ignore")

    host: str = Field(
        default="127.0.0.1", description="Address to listen on; 0.0.0.0 is every address of this machine."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    workers: int = Field(default=1, ge=1, description="Server processes. More than one needs PostgreSQL.")
    database: str = Field(
        default="",
        description="A SQLite file, or postgresql://user:password@host/name. Left out: banneret.db in the data directory.",
    )
    connections: int = Field(default=10, ge=1, description="Connections that each process holds to PostgreSQL.")
    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Where the database, the server's secret and its certificate authority are kept.",
    )
    tls: bool = Field(
        default=False,
        description="Serve https with a certificate for localhost that a certificate authority in the data directory signs.",
    )
    tls_cert: Path | None = Field(default=None, description="Serve https with this certificate chain (PEM).")
    tls_key: Path | None = Field(default=None, description="The private key of --tls-cert (PEM).")
    scenario: str = Field(
        default="", description="A scenario to load before serving: a file, or the name of one that ships (demo)."
    )
    ephemeral: bool = Field(default=False, description="Use a throw-away database, removed at the end.")
    requests_per_user: int = Field(
        default=12,
        ge=1,
        description="Requests of one user that run at once, over all workers; more wait their turn, as in Rally.",
    )
    writes_at_once: int = Field(
        default=24, ge=1, description="Writes of all users that run at once, over all workers; more wait their turn."
    )
    run_time: float = Field(
        default=300.0, gt=0, description="Seconds that a request may run; then it is interrupted and answered with 502."
    )
    journal_rows: int = Field(
        default=KEPT_ROWS,
        ge=1,
        le=100_000,
        description="Requests that the journal of an API key keeps, the latest ones.",
    )
    journal_days: int = Field(
        default=KEPT_DAYS, ge=1, description="Days after which a request leaves the journal of its API key."
    )
    edition: Literal["saas", "on-prem", "sandbox"] = Field(
        default="saas", description="Which Rally to behave like; on-prem and sandbox have no API keys."
    )
    ready_file: Path | None = Field(
        default=None,
        description="Write address, users and keys of the scenario to this file (JSON) once requests are answered.",
    )
    allow_reset: bool = Field(default=False, description="Let clients reset the database and turn its clock.")
    secret_key: SecretStr | None = Field(
        default=None,
        description="The secret under which keys are hashed, 16 characters or more. Left out: a file in the data directory.",
    )
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        default="FULL",
        description="FULL: what was answered survives a power cut. NORMAL: faster; a power cut may take the last moments.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much to log.")

    _throw_away_secret: bytes | None = PrivateAttr(default=None)

    def environment(self) -> dict[str, str]:
        """Give the settings as another process of the same server reads them; what is left out has its default."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        if self.secret_key is not None:
            values["secret_key"] = self.secret_key.get_secret_value()
        return {f"BANNERET_{name.upper()}": str(value) for name, value in values.items() if value is not None}

    @property
    def uses_postgresql(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self.database.startswith(("postgresql:", "postgres:"))

    def database_url(self) -> str:
        """Give PostgreSQL's address."""
        return self.database

    def sqlite_path(self) -> Path:
        """Give the file of the SQLite database."""
        text = self.database.removeprefix("sqlite:///") if self.database.startswith("sqlite:///") else self.database
        return Path(text).expanduser() if text else self.data_dir / "banneret.db"

    def secret(self) -> bytes:
        """Give the server's secret, made at the first need.

        It is `BANNERET_SECRET_KEY`, else what a file in the data directory holds that only its owner may read; a throw-away
        database has a throw-away secret.

        Raises:
            ConfigurationError: the secret is too short, or its file cannot be read or written.

        """
        if self.secret_key is not None:
            given = self.secret_key.get_secret_value().encode()
            if len(given) < _SHORTEST_SECRET:
                raise ConfigurationError(f"the secret key must have at least {_SHORTEST_SECRET} characters")
            return given
        if self.ephemeral:
            if self._throw_away_secret is None:
                self._throw_away_secret = random_bytes(_SECRET_BYTES)
            return self._throw_away_secret
        try:
            return _kept_secret(self.data_dir / "secret.key")
        except OSError as error:
            raise ConfigurationError(f"cannot keep the server's secret in {self.data_dir}: {error.strerror}") from error


def read_settings(**given: object) -> Settings:
    """Read the settings; what is given, and not None, goes before the environment.

    Raises:
        ConfigurationError: a setting is not what it should be.

    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "BANNERET_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(f"{name}: {first['msg']}") from error


def _kept_secret(path: Path) -> bytes:
    """Read a secret, or make it; of two processes that make it at once, one wins."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(random_bytes(_SECRET_BYTES).hex().encode())
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept = path.read_bytes().strip()
    if len(kept) < _SHORTEST_SECRET:
        raise ConfigurationError(f"{path} holds no secret: restore it, or remove it and all API keys")
    return kept
