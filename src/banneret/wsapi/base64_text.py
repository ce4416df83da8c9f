"""The text of `Content` taken out of a JSON body and decoded while the body comes in."""

from __future__ import annotations

import binascii
import re

from banneret.kernel.errors import MalformedBody, TextTooLong, ValueNotConvertible
from banneret.operations.contents import LARGEST, PIECE

_TYPE, _ATTRIBUTE = "AttachmentContent", "Content"
_BLANK = b" \t\r\n\v\f"
_TEXT = re.compile(rb'(?:[^"\\]+|\\(?:u[0-9a-fA-F]{4}|[^u]))*')
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|([^u]))")
_ESCAPED = {b"/": b"/", b"n": b"", b"r": b"", b"t": b"", b"f": b""}
_LONGEST_ESCAPE = 6
_SHOWN = 201
_LONGEST_KEY = 16
_OPENING, _CLOSING, _QUOTE, _BACKSLASH, _COLON = b"{[", b"}]", 0x22, 0x5C, 0x3A
_STRUCTURE = frozenset(b"{}[]:,")
_IN_ATTRIBUTES = 2
"""Depth of the attributes: an object with the root key, and in it one with them."""


class Base64Decoder:
    """Decodes base64 that comes in bits, as strictly as if it came whole."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, text: bytes) -> bytes:
        """Take text and give what it says so far.

        Raises:
            binascii.Error: it is no base64.

        """
        text = self._held + text.translate(None, _BLANK)
        # The last group is held back: it alone may be padded.
        cut = max(0, len(text) - 1) // 4 * 4
        whole, self._held = text[:cut], text[cut:]
        if b"=" in whole:
            message = "padding in the middle"
            raise binascii.Error(message)
        return binascii.a2b_base64(whole, strict_mode=True) if whole else b""

    def finish(self) -> bytes:
        """Give the last bytes.

        Raises:
            binascii.Error: it ends in the middle of a group.

        """
        return binascii.a2b_base64(self._held, strict_mode=True) if self._held else b""


class ContentText:
    """Reads a body of the form `{"AttachmentContent": {"Content": "<base64>", …}}`.

    `rest` is the body without that text, an empty one in its place; `pieces` what was decoded, in whole pieces but for
    the last, until `take` is called.
    """

    def __init__(self) -> None:
        self.rest = bytearray()
        self.size = 0
        self.found = False
        self._decoder = Base64Decoder()
        self._decoded = bytearray()
        self._shown = bytearray()
        self._failed = False
        self._twice = False
        self._depth = 0
        self._last = 0
        self._string: bytearray | None = None
        self._escaped = False
        self._key = b""
        self._within = False
        self._carry = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        place = 0
        while place < len(data):
            place = self._content(data, place) if self._within else self._other(data, place)

    def take(self, *, everything: bool = False) -> list[bytes]:
        """Give the pieces that are complete, with `everything` a last one that is not; they are not held any longer."""
        pieces = []
        while len(self._decoded) >= PIECE or (everything and self._decoded):
            pieces.append(bytes(self._decoded[:PIECE]))
            del self._decoded[:PIECE]
        return pieces

    @property
    def ready(self) -> int:
        """How many bytes are decoded and not taken."""
        return len(self._decoded)

    def finish(self) -> None:
        """Say that the body has ended.

        Raises:
            MalformedBody: `Content` came twice.
            TextTooLong: it says more bytes than an attachment may have.
            ValueNotConvertible: it is no base64.

        """
        if self._twice:
            reason = f"{_ATTRIBUTE} came twice"
            raise MalformedBody(reason)
        if self.size > LARGEST:
            raise TextTooLong(_TYPE, _ATTRIBUTE, _ATTRIBUTE, LARGEST)
        if self._failed:
            raise ValueNotConvertible(
                _TYPE, _ATTRIBUTE, _ATTRIBUTE, self._shown.decode("utf-8", "replace"), "BINARY_DATA"
            )

    # ------------------------------------------------------------------ around the text

    def _other(self, data: bytes, place: int) -> int:
        """Keep bytes up to the beginning of the text, and give where that is."""
        for at in range(place, len(data)):
            byte = data[at]
            self.rest.append(byte)
            if self._string is not None:
                self._in_string(byte)
            elif byte == _QUOTE:
                if self._begins_content():
                    self._twice, self.found = self.found, True
                    self._within = True
                    return at + 1
                self._string = bytearray()
            elif byte in _STRUCTURE:
                self._depth += (byte in _OPENING) - (byte in _CLOSING)
                self._last = byte
        return len(data)

    def _in_string(self, byte: int) -> None:
        if self._string is None:
            return
        if self._escaped:
            self._escaped = False
        elif byte == _BACKSLASH:
            self._escaped = True
        elif byte == _QUOTE:
            self._key, self._string = bytes(self._string), None
            return
        if len(self._string) < _LONGEST_KEY:
            self._string.append(byte)

    def _begins_content(self) -> bool:
        named = self._key.lower() == _ATTRIBUTE.lower().encode()
        return named and self._last == _COLON and self._depth == _IN_ATTRIBUTES

    # ------------------------------------------------------------------ the text

    def _content(self, data: bytes, place: int) -> int:
        """Decode bytes up to the end of the text, and give where that is."""
        text, self._carry = self._carry + data[place:], b""
        begin = 0
        while True:
            match = _TEXT.match(text, begin)
            end = match.end() if match is not None else begin
            self._decode(text[begin:end])
            left = len(text) - end
            if left and text[end] == _QUOTE:
                self._within = False
                self.rest.append(_QUOTE)
                self._end()
                return len(data) - left + 1
            if left < _LONGEST_ESCAPE:
                # Nothing, or the beginning of an escape whose end has not come yet.
                self._carry = text[end:]
                return len(data)
            self._failed = True
            begin = end + len(b"\\u")

    def _decode(self, text: bytes) -> None:
        if b"\\" in text:
            text = _ESCAPE.sub(_unescaped, text)
        self._shown += text[: _SHOWN - len(self._shown)]
        if self._failed or self.size > LARGEST:
            return
        try:
            self._keep(self._decoder.feed(text))
        except (binascii.Error, ValueError):
            self._failed = True

    def _end(self) -> None:
        if self._failed or self.size > LARGEST:
            return
        try:
            self._keep(self._decoder.finish())
        except (binascii.Error, ValueError):
            self._failed = True

    def _keep(self, decoded: bytes) -> None:
        self.size += len(decoded)
        self._decoded += decoded


def _unescaped(match: re.Match[bytes]) -> bytes:
    """Undo an escape; what no base64 has becomes something that is none either."""
    if match[1] is not None:
        code = int(match[1], 16)
        return bytes((code,)) if code < 0x80 else b"?"
    return _ESCAPED.get(match[2], b"?")
