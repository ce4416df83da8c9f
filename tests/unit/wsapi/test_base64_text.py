"""A body that is read while it comes says the same as one that is read whole, wherever it is cut."""

from __future__ import annotations

import base64
import binascii
import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banneret.kernel.errors import InvalidRequest, MalformedBody, TextTooLong, ValueNotConvertible
from banneret.operations.contents import LARGEST, PIECE
from banneret.wsapi.base64_text import Base64Decoder, ContentText


def read(body: bytes, cuts: list[int]) -> tuple[Any, bytes]:
    """Feed a body cut at some places; give what is left of it, parsed, and the decoded content."""
    text = ContentText()
    edges = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    for start, end in itertools.pairwise(edges):
        text.feed(body[start:end])
    text.finish()
    return json.loads(bytes(text.rest)), b"".join(text.take(everything=True))


def escaped(text: str, how: str) -> str:
    """Write base64 as some JSON writers do: slashes escaped, plus and equal signs as code points, lines broken."""
    match how:
        case "slashes":
            return text.replace("/", "\\/")
        case "code points":
            return text.replace("+", "\\u002B").replace("=", "\\u003d")
        case "lines":
            return "\\r\\n".join(text[n : n + 76] for n in range(0, len(text), 76))
        case "raw lines":
            return "\n".join(text[n : n + 76] for n in range(0, len(text), 76))
        case _:
            return text


@given(
    content=st.binary(max_size=500),
    how=st.sampled_from(["plain", "slashes", "code points", "lines", "raw lines"]),
    cuts=st.lists(st.integers(0, 900), max_size=20),
    name=st.sampled_from(["Content", "content", "CONTENT"]),
    before=st.dictionaries(
        st.text(max_size=5), st.one_of(st.text(max_size=9), st.integers(), st.just({"Content": "x"})), max_size=3
    ),
)
def test_it_finds_and_decodes_the_content_wherever_the_body_is_cut(
    content: bytes, how: str, cuts: list[int], name: str, before: dict[str, Any]
) -> None:
    before.pop(name, None)
    before = {key: value for key, value in before.items() if key.lower() != "content"}
    text = escaped(base64.b64encode(content).decode(), how)
    head = json.dumps({"AttachmentContent": {**before, name: "@"}, "after": "Content"})
    rest, decoded = read(head.replace('"@"', f'"{text}"').encode(), cuts)
    assert decoded == content
    assert rest == {"AttachmentContent": {**before, name: ""}, "after": "Content"}


@given(text=st.text("ABab01+/= \n-_!é", max_size=30), cuts=st.lists(st.integers(0, 60), max_size=6))
def test_it_refuses_what_is_no_base64_and_nothing_else(text: str, cuts: list[int]) -> None:
    body = f'{{"x":{{"Content":"{text}"}}}}'.encode()
    try:
        expected = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        with pytest.raises(ValueNotConvertible):
            read(body, cuts)
    else:
        assert read(body, cuts)[1] == expected


@pytest.mark.parametrize("cut", range(60))
@pytest.mark.parametrize("text", [r"AA\u00", r"AA\uZZ00AA", r"AA\q==", r"AA\\", r"\"QUI=", r"AA\u0100"])
def test_escapes_that_base64_has_not_are_refused_and_do_not_end_the_text(text: str, cut: int) -> None:
    body = f'{{"x":{{"Content":"{text}","Name":"after"}}}}'.encode()
    with pytest.raises((InvalidRequest, json.JSONDecodeError)):
        read(body, [cut])


@pytest.mark.parametrize(
    "body",
    [
        '{"Content":"QUI="}',
        '{"x":[{"Content":"QUI="}]}',
        '{"x":{"y":{"Content":"QUI="}}}',
        '{"x":{"Name":"Content","Description":"QUI="}}',
        '{"x":{"Content":5}}',
        '{"x":{"Content":null}}',
        '{"x":{"Contents":"QUI="}}',
    ],
)
def test_only_the_attribute_itself_is_taken_out(body: str) -> None:
    rest, decoded = read(body.encode(), [3, 9])
    assert (rest, decoded) == (json.loads(body), b"")


def test_a_content_that_comes_twice_is_refused() -> None:
    with pytest.raises(MalformedBody, match="twice"):
        read(b'{"x":{"Content":"QUI=","content":"QUI="}}', [])


def test_content_that_is_too_large_is_refused_and_not_kept() -> None:
    text = ContentText()
    text.feed(b'{"x":{"Content":"')
    held = 0
    for _ in range(70):
        text.feed(b"QUJD" * (256 * 1024))
        text.take()
        held = max(held, text.ready)
    text.feed(b'"}}')
    with pytest.raises(TextTooLong) as refused:
        text.finish()
    assert refused.value.maximum == LARGEST
    assert held < PIECE


def test_a_decoder_holds_back_only_the_last_group() -> None:
    decoder = Base64Decoder()
    assert decoder.feed(b"QUJDQUJ") == b"ABC"
    assert decoder.feed(b"DQQ==") == b"ABC"
    assert decoder.finish() == b"A"
