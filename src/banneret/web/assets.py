"""Style sheets and scripts, each under an address that names their content, so that browsers may keep them for good."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, MutableMapping

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PREFIX = "/assets/"
_TYPES = {".css": b"text/css; charset=utf-8", ".js": b"text/javascript; charset=utf-8", ".svg": b"image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    content_type: bytes
    body: bytes
    compressed: bytes


class Assets:
    """The files of `static/`. One version holds for all of them: modules import each other by relative address."""

    def __init__(self, files: Mapping[str, Asset]) -> None:
        self._files = files
        digest = hashlib.sha256()
        for name, asset in sorted(files.items()):
            digest.update(name.encode() + asset.body)
        self.version = digest.hexdigest()[:16]

    def url(self, name: str) -> str:
        """Give the address of a file.

        Raises:
            KeyError: there is none of that name.

        """
        self._files[name]
        return f"{PREFIX}{self.version}/{name}"

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer a request below `/assets/`; one with an old version in it gets the newest, which nobody may keep."""
        version, _, name = scope["path"][len(PREFIX) :].partition("/")
        asset = self._files.get(name)
        if asset is None or scope["method"] not in {"GET", "HEAD"}:
            await _send(send, 404, [(b"content-type", b"text/plain")], b"Nothing is here.\n")
            return
        kept = b"public, max-age=31536000, immutable" if version == self.version else b"no-cache"
        headers = [(b"content-type", asset.content_type), (b"cache-control", kept), (b"vary", b"accept-encoding")]
        body = asset.body
        accepted = next((value for header, value in scope["headers"] if header == b"accept-encoding"), b"")
        if b"gzip" in accepted:
            body = asset.compressed
            headers.append((b"content-encoding", b"gzip"))
        await _send(send, 200, headers, body, empty=scope["method"] == "HEAD")


async def _send(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes, *, empty: bool = False
) -> None:
    headers += [(b"content-length", str(len(body)).encode()), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if empty else body})


@lru_cache(maxsize=1)
def shared_assets() -> Assets:
    """Give the files that come with this release, read once a process."""
    files = {}
    for entry in resources.files("banneret.web").joinpath("static").iterdir():
        content_type = _TYPES.get(entry.name[entry.name.rfind(".") :])
        if content_type is not None:
            body = entry.read_bytes()
            files[entry.name] = Asset(content_type, body, gzip.compress(body, 9, mtime=0))
    return Assets(files)
