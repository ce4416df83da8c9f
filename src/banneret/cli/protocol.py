"""HTTP as clients of Rally speak it, within bounds.

A method counts in any case, as `curl -X delete` of KB 11568 sends it. What stands before a body is bounded; the parser itself
would collect it for ever.
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LONGEST_METHOD = 16

LONGEST_URL = 64 * 1024
"""Bytes of an address with its query string; longer queries come as forms (wsapi.md 5)."""

LONGEST_HEAD = 128 * 1024
"""Bytes of the request line and all headers."""

_LINGER = 2.0
"""Seconds for which a refused client may go on sending what nobody reads."""

_TOO_LONG_URL = (414, "URI Too Long", f"The address is longer than {LONGEST_URL} bytes; send a long query as a form.")
_TOO_LONG_HEAD = (431, "Request Header Fields Too Large", f"The headers are longer than {LONGEST_HEAD} bytes.")


class BoundedProtocol(HttpToolsProtocol):
    """Writes the method in capitals before the parser, which knows no others, sees it; refuses heads that are too long."""

    _in_head = True
    _between_requests = True
    _head_bytes = 0
    _refusal: tuple[int, str, str] | None = None

    def data_received(self, data: bytes) -> None:
        """Take bytes in."""
        if self._refusal is not None:
            return
        if self._in_head:
            self._head_bytes += len(data)
            if self._between_requests and not data[:3].isupper():
                method, blank, rest = data.partition(b" ")
                if blank and len(method) <= _LONGEST_METHOD and method.isalpha():
                    data = method.upper() + blank + rest
        super().data_received(data)
        if self._in_head and self._head_bytes > LONGEST_HEAD and not self.transport.is_closing():
            self._refusal = _TOO_LONG_HEAD
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """A request begins: what follows in other packets may be its body."""
        self._between_requests = False
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of the address came."""
        super().on_url(url)
        if len(self.url) > LONGEST_URL:
            self._refuse(_TOO_LONG_URL)

    def on_headers_complete(self) -> None:
        """The head is complete."""
        if self._head_bytes > LONGEST_HEAD and sum(map(_length, self.headers), len(self.url)) > LONGEST_HEAD:
            self._refuse(_TOO_LONG_HEAD)
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is complete: the next bytes begin another."""
        self._between_requests = self._in_head = True
        self._head_bytes = 0
        super().on_message_complete()

    def _refuse(self, refusal: tuple[int, str, str]) -> None:
        """Stop the parser, which makes `data_received` send what `send_400_response` says."""
        self._refusal = refusal
        self._in_head = False
        raise ValueError(refusal[2])

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with a request that is not even read, and close."""
        if self._refusal is None:
            super().send_400_response(msg)
            return
        status, phrase, text = self._refusal
        head = f"HTTP/1.1 {status} {phrase}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
        self.transport.write(f"{head}Content-Length: {len(text) + 1}\r\n\r\n{text}\n".encode())
        # Closed at once, with bytes unread, the connection would be reset, and the answer lost to who is still sending.
        self.loop.call_later(_LINGER, self.transport.close)


def _length(header: tuple[bytes, bytes]) -> int:
    return len(header[0]) + len(header[1])
