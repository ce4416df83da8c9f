"""Attachments: contents in, files out, whose they are, and what becomes of them (wsapi.md 6.10)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import tracemalloc
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from banneret.kernel.ids import Identifiers
from banneret.operations.contents import LARGEST, PIECE
from banneret.operations.sweep import sweep
from banneret.wsapi.requests import LARGEST_BODY
from tests import stored
from tests.harness import BASE, Answer, World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MISSING = "Cannot find object to read"


def ref(world: World, kind: str, name: str) -> str:
    return f"/{kind}/{world.ids[name]}"


async def defect(world: World, project: str = "engines") -> dict[str, Any]:
    return await world.make("Defect", Name="d", Project=ref(world, "project", project))


async def upload(world: World, content: bytes, user: str = "editor", **more: Any) -> dict[str, Any]:
    more.setdefault("Workspace", ref(world, "workspace", "main"))
    return await world.make("AttachmentContent", user, Content=base64.b64encode(content).decode(), **more)


async def attach(
    world: World, content: bytes = b"hello", user: str = "editor", home: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    made = await upload(world, content, user)
    body = {"Name": "a.txt", "ContentType": "text/plain", "Content": made["_ref"], **more}
    if not {"Artifact", "TestCaseResult"} & more.keys():
        body["Artifact"] = (home or await defect(world))["_ref"]
    return await world.make("Attachment", user, **body)


def content_of(attachment: dict[str, Any]) -> str:
    found: str = attachment["Content"]["_ref"].partition("/v2.0/")[2]
    return found


async def file(world: World, attachment: dict[str, Any], user: str = "editor", **kwargs: Any) -> Answer:
    return await world.get(f"/slm/attachment/{attachment['ObjectID']}/a.txt", user, **kwargs)


# ---------------------------------------------------------------------- in and out


async def test_what_goes_in_comes_out_both_ways(world: World) -> None:
    """In a body that is read whole and in one that is read while it comes, in one piece and in several."""
    home = await defect(world)
    for size in (0, 1, 2, 3, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 8 * PIECE + 5):
        content = bytes(itertools.islice(itertools.cycle(range(251)), size))
        made = await attach(world, content, home=home, Size=4711)
        assert made["Size"] == size
        read = await world.get(content_of(made), "viewer")
        assert base64.b64decode(read.inner["Content"]) == content
        assert int(read.headers["content-length"]) == len(read.body)
        answer = await file(world, made, "viewer")
        assert (answer.status, answer.body) == (200, content)
        assert answer.headers["content-length"] == str(size)
    assert await stored.faults(world.store) == []


async def test_content_is_shown_when_one_content_is_read_and_asked_for(world: World) -> None:
    """A page of contents, or of attachments that expand them, must not fill the memory; it says null."""
    made = await attach(world, b"hello")
    path = content_of(made)
    for params, shown in (
        ({}, "aGVsbG8="),
        ({"fetch": "Content"}, "aGVsbG8="),
        ({"fetch": "true", "pretty": "true"}, "aGVsbG8="),
        ({"fetch": "ObjectID"}, "absent"),
        ({"fetch": "false"}, "absent"),
    ):
        answer = await world.get(path, **params, headers={"accept-encoding": "gzip"})
        assert answer.inner.get("Content", "absent") == shown, params
    abstract = await world.get(path.replace("attachmentcontent", "persistableobject"))
    assert (abstract.root, abstract.inner["Content"]) == ("AttachmentContent", "aGVsbG8=")
    for target in ("attachmentcontent", "attachment", f"attachment/{made['ObjectID']}"):
        answer = await world.get(target, fetch="Name,Content", pagesize=10)
        assert b'"Content":null' in answer.body
        assert b"aGVsbG8=" not in answer.body
    batch = {"Batch": [{"Entry": {"Path": f"/{path}", "Method": "GET"}}]}
    (result,) = (await world.post("batch", batch)).results
    assert (result["Errors"], result["Object"]["Content"]) == ([], None)


async def test_head_tells_the_size_and_sends_nothing(world: World) -> None:
    made = await attach(world, b"x" * 300_000)
    for path in (f"/slm/attachment/{made['ObjectID']}/a.txt", f"{BASE}/{content_of(made)}"):
        whole, head = [await world.call(method, path, user="viewer") for method in ("GET", "HEAD")]
        assert (head.status, head.body) == (200, b"")
        assert head.headers == whole.headers
        assert int(head.headers["content-length"]) == len(whole.body)


async def test_a_batch_takes_a_small_content(world: World) -> None:
    entry = {
        "Path": "/attachmentcontent/create",
        "Method": "PUT",
        "Body": {"AttachmentContent": {"Content": "aGVsbG8="}},
    }
    (result,) = (await world.post("batch", {"Batch": [{"Entry": entry}]}, "editor")).results
    assert result["Errors"] == []
    read = await world.get(f"attachmentcontent/{result['Object']['ObjectID']}", "editor")
    assert read.inner["Content"] == "aGVsbG8="


# ---------------------------------------------------------------------- large ones


class Wire:
    """A connection that sends a body bit by bit and counts what comes back, holding neither."""

    def __init__(self, world: World, method: str, path: str, body: Iterable[bytes] = (), user: str = "editor") -> None:
        self._world = world
        self._body: Iterator[bytes] = iter(body)
        self.scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "scheme": "http",
            "client": ("127.0.0.1", 1), "headers": [(b"host", b"rally.test"), (b"zsessionid", world.keys[user].encode())],
        }  # fmt: skip
        self.start: dict[str, Any] = {}
        self.beginning = b""
        self.received = 0
        self.digest = hashlib.sha256()

    async def _receive(self) -> dict[str, Any]:
        await asyncio.sleep(0)
        chunk = next(self._body, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        if len(self.beginning) < 10_000:
            self.beginning += message["body"][:10_000]
        self.received += len(message["body"])
        self.digest.update(message["body"])

    async def run(self) -> Answer:
        await self._world.app(self.scope, self._receive, self._send)
        headers = {name.decode(): value.decode() for name, value in self.start["headers"]}
        assert int(headers["content-length"]) == self.received
        return Answer(self.start["status"], headers, self.beginning)


def pieces(size: int) -> Iterator[bytes]:
    """Base64 of `size` bytes of a pattern, as a client sends it."""
    yield b'{"AttachmentContent":{"Content":"'
    block = base64.b64encode(bytes(range(192)) * 256)
    for _ in range(size // (192 * 256)):
        yield block
    yield base64.b64encode(b"e" * (size % (192 * 256)))
    yield b'"}}'


def digest(size: int) -> bytes:
    found = hashlib.sha256()
    for _ in range(size // (192 * 256)):
        found.update(bytes(range(192)) * 256)
    found.update(b"e" * (size % (192 * 256)))
    return found.digest()


async def test_fifty_megabytes_go_in_and_out_in_little_memory_and_others_have_their_turn(world: World) -> None:
    """KB 47770. The pieces in hand and what surrounds them are two to four megabytes; held whole it would be five times the bound."""
    home = await defect(world)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(others())
    tracemalloc.start()
    try:
        answer = await Wire(world, "POST", f"{BASE}/attachmentcontent/create", pieces(LARGEST)).run()
        peak = tracemalloc.get_traced_memory()[1]
        uploading = turns
        made = await world.make(
            "Attachment",
            "editor",
            Name="large",
            ContentType="x/y",
            Artifact=home["_ref"],
            Content=answer.object["_ref"],
        )
        tracemalloc.reset_peak()
        turns = 0
        download = Wire(world, "GET", f"/slm/attachment/{made['ObjectID']}/large")
        assert (await download.run()).status == 200
        encoded = Wire(world, "GET", f"{BASE}/{content_of(made)}")
        await encoded.run()
        peak = max(peak, tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
        other.cancel()
    assert made["Size"] == LARGEST == download.received
    assert download.digest.digest() == digest(LARGEST)
    assert encoded.received > LARGEST * 4 // 3
    assert peak < LARGEST // 5
    assert min(uploading, turns) > 200
    assert await world.rows("content", "size") == [(LARGEST,)]
    assert await stored.faults(world.store) == []


async def test_one_byte_more_is_refused_by_name_and_rule_and_nothing_stays(world: World) -> None:
    before = await stored.dump(world.store)
    answer = await Wire(world, "POST", f"{BASE}/attachmentcontent/create", pieces(LARGEST + 1)).run()
    assert (answer.root, answer.errors) == (
        "CreateResult",
        [f"Validation error: AttachmentContent.Content length is greater than the maximum length of {LARGEST}"],
    )
    after = await stored.dump(world.store)
    assert after.pop("counter", None) is not None  # numbers of contents are not used twice
    before.pop("counter", None)
    assert after == before


def large(text: bytes = b"QUJD" * 600_000, more: bytes = b"") -> bytes:
    return b'{"AttachmentContent":{"Content":"' + text + b'"' + more + b"}}"


LARGE = [
    ("attachmentcontent/create", large(), "editor", None),
    ("AttachmentContent/create.js", large(), "editor", None),
    ("attachmentcontent/create", large(), "viewer", "Not authorized to create AttachmentContent"),
    ("attachmentcontent/create", large()[:-2], "editor", "JSON document"),
    ("attachmentcontent/create", large(b"QUJD" * 600_000 + b"!"), "editor", "class [B"),
    ("attachmentcontent/create", large(b"QUJD" * 600_000 + b"="), "editor", "class [B"),
    ("attachmentcontent/create", large(more=b',"content":"QUJD"'), "editor", "came twice"),
    ("attachmentcontent/create", b"[" + large() + b"]", "editor", "larger than"),
    ("attachmentcontent/create", large(more=b',"Workspace":"/workspace/4711"'), "editor", "4711"),
    ("attachmentcontent/create", b'{"x":{"y":"' + b"a" * 3_000_000 + b'"}}', "editor", "larger than"),
    ("attachmentcontent/create", b'{"x":{"Content":' + b"1" * 3_000_000 + b"}}", "editor", "larger than"),
    ("defect/create", large(b"QUJD" * 5_000_000), "editor", f"larger than {LARGEST_BODY} bytes"),
]


async def test_large_bodies_that_are_refused_leave_nothing(world: World) -> None:
    """A viewer, a body that breaks off, no base64, a workspace that is none: stored on the way in, and gone again."""
    workspace = ref(world, "workspace", "main")
    count = 0
    for path, body, user, error in LARGE:
        answer = await world.call("POST", path, body, user=user, fetch="ObjectID", workspace=workspace)
        if error is None:
            assert answer.errors == []
            count += 1
        else:
            assert answer.root == "CreateResult"
            assert len(answer.errors) == 1
            assert error in answer.errors[0]
            assert len(answer.body) < 1000
        assert len(await world.rows("content", "id")) == len(await world.rows("attachmentcontent", "oid")) == count
        pieces = await world.rows("content_piece", "content_id")
        assert len(set(pieces)) == count


async def test_a_large_body_of_nobody_is_not_stored(world: World) -> None:
    for headers, status in (
        ({}, 401),
        (world.basic("editor", "wrong"), 401),
        ({"zsessionid": world.readers["editor"]}, 401),
    ):
        answer = await world.call("POST", "attachmentcontent/create", large(), headers=headers)
        assert answer.status == status
        assert "www-authenticate" in answer.headers
    answer = await world.call("POST", "attachmentcontent/create", large(), headers=world.basic("editor"))
    assert answer.errors == ["Not authorized to perform action: Invalid key"]
    assert await world.rows("content", "id") == await world.rows("counter", "value", name="content") == []


async def test_a_client_that_goes_away_in_the_middle_leaves_nothing(world: World) -> None:
    messages = [{"type": "http.request", "body": large()[:2_000_000], "more_body": True}] * 2
    stream = iter([*messages, {"type": "http.disconnect"}])
    wire = Wire(world, "POST", f"{BASE}/attachmentcontent/create")

    async def receive() -> dict[str, Any]:
        return next(stream)

    async def send(_message: dict[str, Any]) -> None:
        pytest.fail("nobody is there to be answered")

    await world.app(wire.scope, receive, send)
    assert await world.rows("counter", "value", name="content") == [(1,)]
    assert await world.rows("content", "id") == await world.rows("content_piece", "number") == []


async def test_a_file_that_is_deleted_while_it_is_sent_breaks_off(world: World) -> None:
    made = await attach(world, b"x" * (3 * PIECE))
    wire = Wire(world, "GET", f"/slm/attachment/{made['ObjectID']}/x")
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)
        if len(messages) == 2:
            assert (await world.delete(f"attachment/{made['ObjectID']}", "editor")).errors == []

    await world.app(wire.scope, receive, send)
    assert [len(message["body"]) for message in messages[1:]] == [PIECE]
    assert messages[-1]["more_body"]


# ---------------------------------------------------------------------- downloads


KINDS = [
    ("image/png", "image/png", "inline"),
    ("IMAGE/JPEG", "image/jpeg", "inline"),
    ("text/plain", "text/plain", "inline"),
    ("text/plain; charset=UTF-8", "text/plain; charset=utf-8", "inline"),
    ("text/html", "text/html", "attachment"),
    ("text/html;charset=utf-8;x=y", "text/html; charset=utf-8", "attachment"),
    ("image/svg+xml", "image/svg+xml", "attachment"),
    ("application/xhtml+xml", "application/xhtml+xml", "attachment"),
    ("application/javascript", "application/javascript", "attachment"),
    ("application/pdf", "application/pdf", "attachment"),
    ("application/octet-stream", "application/octet-stream", "attachment"),
    ("image/png\r\nSet-Cookie: a=b", "application/octet-stream", "attachment"),
    ("image/png;x\r\nSet-Cookie: a=b", "application/octet-stream", "attachment"),
    ("text", "application/octet-stream", "attachment"),
    ("text/<html>", "application/octet-stream", "attachment"),
    ("text/plän", "application/octet-stream", "attachment"),
]


async def test_no_file_does_harm_in_a_browser(world: World) -> None:
    """HTML and SVG are saved, never shown; whatever is shown has neither scripts nor our origin."""
    home = await defect(world)
    for kind, served, how in KINDS:
        made = await attach(world, b"<script>alert(1)</script>", home=home, ContentType=kind)
        assert made["ContentType"] == kind
        answer = await file(world, made, "viewer")
        assert answer.status == 200
        assert answer.headers["content-type"] == served
        assert answer.headers["content-disposition"] == f'{how}; filename="a.txt"'
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        assert "sandbox" in policy
        assert "allow-" not in policy
        assert "default-src 'none'" in policy
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "private, no-cache"
        assert all("\r" not in value and "\n" not in value for value in answer.headers.values())


NAMES = [
    ("plain.txt", 'filename="plain.txt"'),
    ("../../etc/passwd", 'filename="_.._etc_passwd"'),
    ("C:\\temp\\x.txt", 'filename="C__temp_x.txt"'),
    ('say "hi".txt', "filename=\"say _hi_.txt\"; filename*=UTF-8''say%20%22hi%22.txt"),
    ("a\r\nSet-Cookie: b=c.txt", 'filename="a  Set-Cookie_ b=c.txt"'),
    ("grün.txt", "filename=\"gr_n.txt\"; filename*=UTF-8''gr%C3%BCn.txt"),
    ("写真.png", "filename=\"__.png\"; filename*=UTF-8''%E5%86%99%E7%9C%9F.png"),
    ("100%.txt", "filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
    ("exe\u202etxt.scr", 'filename="exetxt.scr"'),
    ("\x07...", 'filename="attachment"'),
]


async def test_names_are_kept_as_sent_and_are_file_names_in_the_header(world: World) -> None:
    home = await defect(world)
    for name, header in NAMES:
        made = await attach(world, home=home, Name=name)
        assert made["Name"] == name
        answer = await file(world, made)
        assert answer.headers["content-disposition"] == f"inline; {header}"


async def test_the_name_in_the_address_is_decoration(world: World) -> None:
    made = await attach(world, b"hello", Name="right.txt")
    for tail in ("/right.txt", "/wrong.html", "/%2e%2e", "/", ""):
        answer = await world.get(f"/slm/attachment/{made['ObjectID']}{tail}", "viewer")
        assert (answer.status, answer.body) == (200, b"hello")
        assert answer.headers["content-disposition"] == 'inline; filename="right.txt"'
    assert (await world.get(f"/slm/attachment/{made['ObjectID']}/a/b", "viewer")).status == 302


async def test_who_may_read_the_attachment_may_have_its_file(world: World) -> None:
    home = await defect(world)
    made = await attach(world, home=home)
    path = f"/slm/attachment/{made['ObjectID']}/a.txt"
    for user in ("admin", "wsadmin", "padmin", "editor", "viewer"):
        assert (await world.get(path, user)).body == b"hello"
        assert (await world.get(path, key=world.readers[user])).body == b"hello"
    nowhere = await world.get("/slm/attachment/4711/a.txt", "viewer")
    assert nowhere.status == 404
    for user in ("stranger", "nobody"):
        answer = await world.get(path, user)
        assert (answer.status, answer.headers) == (
            404,
            {**nowhere.headers, "content-length": answer.headers["content-length"]},
        )
        assert answer.body == nowhere.body.replace(b"4711", str(made["ObjectID"]).encode())
    hidden = (
        await world.post(f"defect/{home['ObjectID']}", {"Defect": {"Project": ref(world, "project", "wheels")}})
    ).errors
    assert hidden == []
    assert (await world.get(path, "viewer")).status == 404


async def test_a_file_is_asked_for_with_any_credential_and_with_none_there_is_a_challenge(world: World) -> None:
    made = await attach(world)
    path = f"/slm/attachment/{made['ObjectID']}/a.txt"
    assert (await world.call("GET", path, headers=world.basic("viewer"))).body == b"hello"
    session = await world.call("GET", "security/authorize", headers=world.basic("viewer"))
    cookie = session.cookies[0].partition(";")[0]
    assert (await world.call("GET", path, headers={"cookie": cookie})).body == b"hello"
    for headers in ({}, world.basic("viewer", "wrong"), {"zsessionid": "_nobody"}, {"cookie": "JSESSIONID=x"}):
        answer = await world.call("GET", path, headers=headers)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_a_file_is_only_read(world: World, method: str) -> None:
    made = await attach(world)
    answer = await world.call(method, f"/slm/attachment/{made['ObjectID']}/a.txt", user="editor")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


RANGES = [
    ("bytes=0-0", 206, 0, 0),
    ("bytes=5-9", 206, 5, 9),
    (f"bytes={PIECE - 1}-{PIECE}", 206, PIECE - 1, PIECE),
    (f"bytes={PIECE}-", 206, PIECE, 400_000 - 1),
    ("bytes=399999-", 206, 399_999, 399_999),
    ("bytes=10-9999999", 206, 10, 399_999),
    ("bytes=-1", 206, 399_999, 399_999),
    ("bytes=-200001", 206, 199_999, 399_999),
    ("bytes=-9999999", 206, 0, 399_999),
    ("Bytes = 1 - 2", 206, 1, 2),
    ("bytes=400000-", 416, 0, 0),
    ("bytes=-0", 416, 0, 0),
    ("bytes=9-5", 200, 0, 399_999),
    ("bytes=0-1,5-6", 200, 0, 399_999),
    ("bytes=-", 200, 0, 399_999),
    ("lines=1-2", 200, 0, 399_999),
    ("", 200, 0, 399_999),
]


async def test_a_range_is_what_is_sent(world: World) -> None:
    content = bytes(itertools.islice(itertools.cycle(range(251)), 400_000))
    made = await attach(world, content)
    for asked, status, first, last in RANGES:
        answer = await file(world, made, headers={"range": asked})
        assert answer.status == status, asked
        if status == 416:
            assert (answer.headers["content-range"], answer.body) == ("bytes */400000", b"")
            continue
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.body == content[first : last + 1], asked
        assert answer.headers["content-length"] == str(last + 1 - first)
        assert answer.headers.get("content-range") == (f"bytes {first}-{last}/400000" if status == 206 else None)


async def test_what_is_in_hand_is_not_sent_again_until_it_changes(world: World) -> None:
    made = await attach(world, b"hello")
    tag = (await file(world, made)).headers["etag"]
    for header in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        answer = await file(world, made, headers={"if-none-match": header})
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
    assert (await file(world, made, headers={"if-none-match": '"other"'})).body == b"hello"
    for condition, status in ((tag, 206), ('"other"', 200), (f"W/{tag}", 200)):
        answer = await file(world, made, headers={"range": "bytes=1-2", "if-range": condition})
        assert answer.status == status
    await world.post(f"attachment/{made['ObjectID']}", {"Attachment": {"ContentType": "image/png"}}, "editor")
    changed = await file(world, made, headers={"if-none-match": tag})
    assert (changed.status, changed.headers["content-type"]) == (200, "image/png")
    assert (
        await world.get(f"/slm/attachment/{made['ObjectID']}/x", "stranger", headers={"if-none-match": tag})
    ).status == 404


# ---------------------------------------------------------------------- what an attachment is


async def test_an_attachment_hangs_on_an_artifact_or_a_test_case_result(world: World) -> None:
    case = await world.make("TestCase", Name="c", Project=ref(world, "project", "engines"))
    result = await world.make("TestCaseResult", TestCase=case["_ref"], Build="1", Date="2026-01-01", Verdict="Pass")
    made = await attach(world, TestCaseResult=result["_ref"])
    assert (await file(world, made, "viewer")).body == b"hello"
    assert (await world.get(f"testcaseresult/{result['ObjectID']}/Attachments", "viewer")).results[0]["Name"] == "a.txt"
    content = await upload(world, b"x")
    body = {"Name": "x", "ContentType": "text/plain", "Content": content["_ref"]}
    for home in ({}, {"Artifact": None}, {"Artifact": "", "TestCaseResult": None}):
        answer = await world.post("attachment/create", {"Attachment": {**body, **home}}, "editor")
        assert answer.errors == ["Validation error: Attachment.Artifact should not be null"]
    answer = await world.post(f"attachment/{made['ObjectID']}", {"Attachment": {"TestCaseResult": None}}, "editor")
    assert answer.errors == ["Validation error: Attachment.Artifact should not be null"]
    other = await defect(world)
    moved = {"TestCaseResult": None, "Artifact": other["_ref"]}
    assert (await world.post(f"attachment/{made['ObjectID']}", {"Attachment": moved}, "editor")).errors == []
    assert (await world.get(f"defect/{other['ObjectID']}")).inner["Attachments"]["Count"] == 1
    answer = await world.post(
        f"defect/{other['ObjectID']}/Attachments/remove", {"CollectionItems": [{"_ref": made["_ref"]}]}, "editor"
    )
    assert answer.errors == ["Validation error: Attachment.Artifact should not be null"]


async def test_attachments_are_counted_and_listed_with_their_artifact(world: World) -> None:
    home = await defect(world)
    for n in range(3):
        await attach(world, b"x" * n, home=home, Name=f"{n}.txt", Description="what it shows")
    path = f"defect/{home['ObjectID']}"
    assert (await world.get(path, "viewer")).inner["Attachments"]["Count"] == 3
    listed = (await world.get(f"{path}/Attachments", "viewer")).results
    assert [(item["Name"], item["Size"], item["Description"]) for item in listed] == [
        (f"{n}.txt", n, "what it shows") for n in range(3)
    ]
    found = await world.get("attachment", "viewer", query=f'((Artifact = "/{path}") AND (Size > 0))', fetch="Name,Size")
    assert found.inner["TotalResultCount"] == 2
    assert all(item["User"]["_refObjectName"] == "Editor" for item in listed)


async def test_content_is_of_one_attachment(world: World) -> None:
    made = await attach(world)
    again = {
        "Name": "b",
        "ContentType": "text/plain",
        "Content": made["Content"]["_ref"],
        "Artifact": (await defect(world))["_ref"],
    }
    refused = await world.post("attachment/create", {"Attachment": again}, "editor")
    oid = made["Content"]["_ref"].rpartition("/")[2]
    assert refused.errors == [
        f"Could not set value for Content: Cannot connect object to value, AttachmentContent {oid} is in use already."
    ]
    other = await attach(world, b"other")
    refused = await world.post(
        f"attachment/{other['ObjectID']}", {"Attachment": {"Content": made["Content"]["_ref"]}}, "editor"
    )
    assert "in use already" in refused.errors[0]
    assert (await file(world, other)).body == b"other"


async def test_content_can_be_replaced(world: World) -> None:
    made = await attach(world, b"hello")
    fresh = await upload(world, b"good bye")
    changed = await world.post(
        f"attachment/{made['ObjectID']}", {"Attachment": {"Content": fresh["_ref"], "Size": 1}}, "editor"
    )
    assert changed.object["Size"] == 8
    assert (await file(world, made, "viewer")).body == b"good bye"
    # The one before is nobody's now, and goes with the next sweep.
    assert (await world.get(content_of(made), "viewer")).errors == [MISSING]
    world.clock.advance(timedelta(days=1, seconds=1))
    assert await sweep(world.store, world.clock, Identifiers(world.clock)) == 1
    assert (await file(world, made, "viewer")).body == b"good bye"
    assert len(await world.rows("content", "id")) == 1


EXTENSIONS = [
    (False, "txt", "a.exe", True),
    (True, "any", "a.exe", True),
    (True, "txt, .PNG;*.log", "a.TXT", True),
    (True, "txt, .PNG;*.log", "a.png", True),
    (True, "txt, .PNG;*.log", "a.b.log", True),
    (True, "txt, .PNG;*.log", "a.exe", False),
    (True, "txt, .PNG;*.log", "txt", False),
    (True, "txt", "a.txt.exe", False),
]


async def test_a_subscription_may_take_certain_kinds_of_files_only(world: World) -> None:
    home = await defect(world)
    for enabled, allowed, name, taken in EXTENSIONS:
        settings = {"AttachmentFilenameExtensionsEnabled": enabled, "AttachmentFilenameExtensionWhitelist": allowed}
        path = f"subscription/{world.ids['subscription']}"
        assert (await world.post(path, {"Subscription": settings})).errors == []
        made = await upload(world, b"x")
        body = {"Name": name, "ContentType": "text/plain", "Content": made["_ref"], "Artifact": home["_ref"]}
        answer = await world.post("attachment/create", {"Attachment": body}, "editor")
        assert (answer.errors == []) is taken, (allowed, name)
        if not taken:
            assert answer.errors[0].startswith("Could not set value for Name: ")
            fine = await world.make("Attachment", "editor", **{**body, "Name": "a.txt"})
            renamed = await world.post(f"attachment/{fine['ObjectID']}", {"Attachment": {"Name": name}}, "editor")
            assert renamed.errors == answer.errors


# ---------------------------------------------------------------------- whose it is


async def test_viewers_upload_nothing(world: World) -> None:
    body = {"AttachmentContent": {"Content": "aGVsbG8=", "Workspace": ref(world, "workspace", "main")}}
    for user, error in (("editor", []), ("viewer", ["Not authorized to create AttachmentContent"])):
        assert (await world.post("attachmentcontent/create", body, user)).errors == error
    made = await attach(world)
    for user, error in (("viewer", [f"Not authorized to delete: Attachment {made['ObjectID']}"]), ("editor", [])):
        assert (await world.delete(f"attachment/{made['ObjectID']}", user)).errors == error


async def test_content_that_nothing_uses_is_its_uploader_s_alone(world: World) -> None:
    made = await upload(world, b"secret", "editor")
    home = await defect(world)
    path = f"attachmentcontent/{made['ObjectID']}"
    body = {"Name": "x", "ContentType": "text/plain", "Artifact": home["_ref"]}
    for identity in (made["ObjectID"], made["_refObjectUUID"]):
        nowhere = 4711 if identity == made["ObjectID"] else "00000000-0000-0000-0000-000000000000"
        for user in ("admin", "wsadmin", "padmin", "viewer"):
            assert (await world.get(f"attachmentcontent/{identity}", user)).errors == [MISSING]
            assert (await world.get("attachmentcontent", user)).results == []
            assert (await world.delete(f"attachmentcontent/{identity}", user)).errors == [
                "Object to delete cannot be null"
            ]
        hidden, missing = [
            await world.post(
                "attachment/create", {"Attachment": {**body, "Content": f"/attachmentcontent/{one}"}}, "padmin"
            )
            for one in (identity, nowhere)
        ]
        assert hidden.errors == [missing.errors[0].replace(str(nowhere), str(identity))]
    assert (await world.get(path, "editor")).inner["Content"] == "c2VjcmV0"
    await world.make("Attachment", "editor", **body, Content=made["_ref"])
    assert (await world.get(path, "viewer")).inner["Content"] == "c2VjcmV0"
    assert (await world.get(path, "stranger")).errors == [MISSING]


async def test_what_nothing_uses_is_swept_after_a_day(world: World) -> None:
    """So is an upload whose server was killed, of which there is no object; what came later, or is used, stays."""
    for n in range(3):
        await upload(world, b"x" * n)
    used = await attach(world, b"used")
    moment = (await world.rows("content", "begun_at"))[0][0]

    async def leave(context: Any) -> None:
        for number in (1001, 1002):
            context.unit.writer.insert("content", {"id": number, "size": 0, "begun_at": moment})
            context.unit.writer.insert("content_piece", {"content_id": number, "number": 0, "bytes": b"half"})

    await world.server(leave)

    async def run() -> int:
        return await sweep(world.store, world.clock, Identifiers(world.clock))

    assert await run() == 0
    world.clock.advance(timedelta(hours=23))
    late = await upload(world, b"late")
    assert await run() == 0
    world.clock.advance(timedelta(hours=1, seconds=1))
    assert await run() == 5
    assert await run() == 0
    kept = {row[0] for row in await world.rows("attachmentcontent", "oid")}
    assert kept == {late["ObjectID"], int(content_of(used).rpartition("/")[2])}
    assert len(await world.rows("content", "id")) == len(await world.rows("content_piece", "number")) == 2
    assert (await file(world, used)).body == b"used"
    assert await stored.faults(world.store) == []


# ---------------------------------------------------------------------- the end of it


async def test_an_attachment_takes_its_bytes_along(world: World) -> None:
    """KB 57532."""
    made = await attach(world, b"x" * 500_000)
    assert len(await world.rows("content_piece", "number")) == 3
    assert (await world.delete(f"attachment/{made['ObjectID']}", "editor")).errors == []
    for table in ("attachment", "attachmentcontent"):
        assert await world.rows(table, "oid") == []
    assert await world.rows("content", "id") == await world.rows("content_piece", "number") == []
    assert (await file(world, made)).status == 404


async def test_content_alone_can_be_deleted_as_pyral_does_before_the_attachment(world: World) -> None:
    made = await attach(world)
    assert (await world.delete(content_of(made), "editor")).errors == []
    assert await world.rows("content", "id") == []
    left = (await world.get(f"attachment/{made['ObjectID']}")).inner
    assert (left["Content"], left["Size"]) == (None, 0)
    assert (await file(world, made)).status == 404
    assert (await world.delete(f"attachment/{made['ObjectID']}", "editor")).errors == []
    assert await stored.faults(world.store) == []


async def test_a_deleted_item_s_bytes_stay_as_long_as_it_can_come_back(world: World) -> None:
    story = await world.make("HierarchicalRequirement", Name="s", Project=ref(world, "project", "engines"))
    task = await world.make("Task", Name="t", WorkProduct=story["_ref"])
    other = await attach(world, b"other")
    for home in (story, task):
        await attach(world, b"kept", home=home)
    await world.delete(f"hierarchicalrequirement/{story['ObjectID']}")
    kept = {row[0]: row[1] for row in await world.rows("content", "kept_for", "size")}
    assert kept == {story["ObjectID"]: 4, task["ObjectID"]: 4, None: 5}
    entries = (await world.get("recyclebinentry", fetch="ItemOID", pagesize=10)).results
    for entry in entries:
        assert (await world.delete(entry["_ref"].partition("/v2.0/")[2])).errors == []
        kept.pop(entry["ItemOID"])
        assert {row[0] for row in await world.rows("content", "kept_for")} == set(kept)
    assert (await file(world, other)).body == b"other"
    assert len(await world.rows("content_piece", "number")) == 1


async def test_a_restored_item_has_its_files_again(world: World) -> None:
    story = await world.make("HierarchicalRequirement", Name="s", Project=ref(world, "project", "engines"))
    task = await world.make("Task", Name="t", WorkProduct=story["_ref"])
    made = [await attach(world, text, home=home) for text, home in ((b"of the story", story), (b"of the task", task))]
    path = f"hierarchicalrequirement/{story['ObjectID']}"
    for _ in range(2):
        assert (await world.delete(path)).errors == []
        assert [(await file(world, item)).status for item in made] == [404, 404]
        assert await stored.faults(world.store) == []
        (entry,) = (await world.get("recyclebinentry", query=f"(ItemOID = {story['ObjectID']})")).results
        restored = await world.post(f"{entry['_ref'].partition('/v2.0/')[2]}/restore", {})
        assert restored.errors == []
        assert [(await file(world, item, "viewer")).body for item in made] == [b"of the story", b"of the task"]
        assert (await world.get(path, "viewer")).inner["Attachments"]["Count"] == 1
    assert (await world.delete(path)).errors == []
    for entry in (await world.get("recyclebinentry", pagesize=10)).results:
        assert (await world.delete(entry["_ref"].partition("/v2.0/")[2])).errors == []
    assert await world.rows("content", "id") == await world.rows("content_piece", "number") == []


async def test_pages_of_attachments_cost_the_same_statements_whatever_they_hold(world: World) -> None:
    home = await defect(world)

    async def page() -> int:
        counted: list[int] = []
        driver = world.store.driver
        read = driver.read

        async def counting(work: Any) -> Any:
            async def inner(connection: Any) -> Any:
                found = await work(connection)
                counted.append(connection.queries)
                return found

            return await read(inner)

        driver.read = counting
        try:
            answer = await world.get(f"defect/{home['ObjectID']}/Attachments", fetch="true", pagesize=50)
        finally:
            driver.read = read
        assert answer.errors == []
        return sum(counted)

    await attach(world, home=home)
    few = await page()
    for n in range(5):
        await attach(world, b"x" * n, home=home)
    assert await page() == few
