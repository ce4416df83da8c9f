"""The schema end point's document: all types of a workspace with attributes and allowed values expanded (wsapi.md 9.2).

It has some six megabytes, and is kept compressed: that is what nearly every client takes, and a tenth of the memory.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

from banneret.operations.fetch import EVERYTHING
from banneret.operations.metadata import definitions
from banneret.wsapi.rendering import MAJOR, MINOR, Renderer, encode

if TYPE_CHECKING:
    from banneret.operations.context import Context


_MOST_ADDRESSES = 4
"""Addresses of this server for which a schema's document is kept; who makes up more of them gets no more memory."""


def schema_document(context: Context, renderer: Renderer, base: str) -> bytes:
    """Give the document as JSON, compressed with gzip; made once a schema version and address."""
    held = context.schema.derived.setdefault("documents", {})
    documents: dict[str, bytes] = held  # type: ignore[assignment]
    if base not in documents:
        while len(documents) >= _MOST_ADDRESSES:
            del documents[next(iter(documents))]
        whole = _make(context, renderer).replace(b"<", b"\\u003C").replace(b">", b"\\u003E")
        documents[base] = gzip.compress(whole, 1, mtime=0)
    return documents[base]


def _make(context: Context, renderer: Renderer) -> bytes:
    # pyral remarks that no item is abstract; it skips those that say so (wsapi.md 9.2, point 4).
    found = [each for each in definitions(context).types.values() if not each.values["Abstract"]]
    results = [renderer.virtual(each, EVERYTHING, inline=True) for each in found]
    document: dict[str, Any] = {
        "QueryResult": {
            "_rallyAPIMajor": MAJOR,
            "_rallyAPIMinor": MINOR,
            "Errors": [],
            "Warnings": [],
            "TotalResultCount": len(results),
            "StartIndex": 1,
            "PageSize": len(results),
            "Results": results,
        }
    }
    return encode(document)
