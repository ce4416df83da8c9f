"""Headers under which a stranger's file does no harm: what it is called, what it is, and what a browser may do with it."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

HARMLESS = [
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
"""What a browser is told of every file, whatever it is."""

_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "text/plain"})
"""What a browser may show by itself; everything else is saved, HTML and SVG above all."""

_MEDIA_TYPE = re.compile(
    r"([a-z0-9][\w!#$&^.+-]{0,63}/[a-z0-9][\w!#$&^.+-]{0,63})\s*(?:;.*)?", re.IGNORECASE | re.ASCII
)
_CHARSET = re.compile(r';\s*charset="?([a-z0-9][\w.:-]{0,39})"?\s*(?:;|$)', re.IGNORECASE | re.ASCII)
_LONGEST_NAME = 200
_SAFE = "!#$&+-.^_`|~"
"""What RFC 8187 lets stand beside letters and digits."""


def media_type(stored: str | None) -> str:
    """Give a stored ContentType in its plain form, with its charset if it is text; what is none is `application/octet-stream`."""
    text = (stored or "").strip()
    match = _MEDIA_TYPE.fullmatch(text)
    if match is None:
        return "application/octet-stream"
    kind = match[1].lower()
    charset = _CHARSET.search(text) if kind.startswith("text/") else None
    return kind if charset is None else f"{kind}; charset={charset[1].lower()}"


def disposition(kind: str, name: str) -> bytes:
    """Give Content-Disposition (RFC 6266): whether to show or to save, and under which name, in ASCII and in UTF-8."""
    how = "inline" if kind.partition(";")[0] in _INLINE else "attachment"
    clean = file_name(name)
    plain = "".join(c if " " <= c < "\x7f" and c not in '"\\%' else "_" for c in clean)
    extended = "" if plain == clean else f"; filename*=UTF-8''{quote(clean, safe=_SAFE)}"
    return f'{how}; filename="{plain}"{extended}'.encode("ascii")


def file_name(name: str) -> str:
    """Give a name that is one of a file in any folder: no separators, no control or direction characters, no dots around it."""
    shown = "".join(" " if c in "\r\n\t" else "_" if c in "/\\:" else c for c in name)
    shown = "".join(c for c in shown if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return shown.strip(" .")[:_LONGEST_NAME] or "attachment"
