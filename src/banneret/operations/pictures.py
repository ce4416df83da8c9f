"""What kind of picture some bytes are, by what they are rather than by what they are called."""

from __future__ import annotations

import struct

LARGEST = 2 * 1024 * 1024
"""Bytes of a profile image."""

WIDEST = 4096
"""Pixels a side."""

_STARTS_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


def media_type(beginning: bytes) -> str | None:
    """Give the media type that the first bytes of a picture name."""
    for start, kind in ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif")):
        if beginning.startswith(start):
            return kind
    return "image/webp" if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP" else None


def kind_of(content: bytes) -> str | None:
    """Give the media type of a PNG, JPEG, GIF or WebP picture of reasonable size; None for anything else."""
    try:
        found = _png(content) or _gif(content) or _webp(content) or _jpeg(content)
    except (struct.error, IndexError):
        return None
    if found is None:
        return None
    kind, width, height = found
    return kind if 0 < width <= WIDEST and 0 < height <= WIDEST else None


_Found = tuple[str, int, int]
"""Media type, width and height."""


def _png(content: bytes) -> _Found | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"):
        return None
    return ("image/png", *struct.unpack_from(">II", content, 16))


def _gif(content: bytes) -> _Found | None:
    if content[:6] not in {b"GIF87a", b"GIF89a"}:
        return None
    return ("image/gif", *struct.unpack_from("<HH", content, 6))


def _webp(content: bytes) -> _Found | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    match content[12:16]:
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", content, 26)
            return "image/webp", width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", content, 21)
            return "image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            width = int.from_bytes(content[24:27], "little") + 1
            height = int.from_bytes(content[27:30], "little") + 1
            return ("image/webp", width, height) if len(content) >= 30 else None
        case _:
            return None


def _jpeg(content: bytes) -> _Found | None:
    """Walk the segments up to the one that says how large the picture is."""
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    place = 2
    while content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _WITHOUT_LENGTH:
            place += 2
        elif marker in _STARTS_OF_FRAME:
            height, width = struct.unpack_from(">HH", content, place + 5)
            return "image/jpeg", width, height
        else:
            (length,) = struct.unpack_from(">H", content, place + 2)
            place += 2 + max(2, length)
    return None
