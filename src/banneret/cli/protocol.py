"""HTTP as clients of Rally speak it: a method counts in any case, as `curl -X delete` of KB 11568 sends it."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LONGEST_METHOD = 16


class AnyCaseProtocol(HttpToolsProtocol):
    """Writes the method in capitals before the parser, which knows no others, sees it."""

    _between_requests = True

    def data_received(self, data: bytes) -> None:
        """Take bytes in."""
        if self._between_requests and data[:1].islower():
            method, blank, rest = data.partition(b" ")
            if blank and len(method) <= _LONGEST_METHOD and method.isalpha():
                data = method.upper() + blank + rest
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins: what follows in other packets may be its body."""
        self._between_requests = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """A request is complete: the next bytes begin another."""
        self._between_requests = True
        super().on_message_complete()
