"""Pictures of users: `/slm/profile/image/<user>/<size>.sp`, and whose they are to change."""

from __future__ import annotations

import base64
import struct
import xml.etree.ElementTree as ET
import zlib
from datetime import timedelta
from typing import Any

from banneret.kernel.ids import Identifiers
from banneret.operations import pictures
from banneret.operations.sweep import sweep
from tests import stored
from tests.harness import Answer, World


def png(width: int = 2, height: int = 2, more: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\x00\x00\x00\x00\x00\x00\x00" * 2)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 3, height: int = 2) -> bytes:
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00" + b"\x00" * 9
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\x00" * 9
    return b"\xff\xd8" + app + b"\xff" + frame + b"\xff\xd9"


def webp(kind: bytes, data: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(data) + 12) + b"WEBP" + kind + struct.pack("<I", len(data)) + data


PICTURES = {
    "png": (png(), "image/png"),
    "jpeg": (jpeg(), "image/jpeg"),
    "gif": (b"GIF89a" + struct.pack("<HH", 4, 4) + b"\x00" * 9, "image/gif"),
    "webp, lossy": (webp(b"VP8 ", b"\x00" * 3 + b"\x9d\x01\x2a" + struct.pack("<HH", 7, 9)), "image/webp"),
    "webp, lossless": (webp(b"VP8L", b"\x2f" + struct.pack("<I", 6 | 8 << 14)), "image/webp"),
    "webp, extended": (webp(b"VP8X", b"\x00" * 4 + b"\x06\x00\x00\x08\x00\x00"), "image/webp"),
}

NO_PICTURES = {
    "nothing": b"",
    "text": b"hello",
    "html": b"<html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "the beginning of a PNG": png()[:20],
    "the beginning of a JPEG": jpeg()[:8],
    "a JPEG without end": b"\xff\xd8" + b"\xff\xe0\x00\x02" * 9,
    "a JPEG that says nothing": b"\xff\xd8\xff\xd9",
    "a GIF of no size": b"GIF89a\x00\x00\x00\x00",
    "the beginning of a WebP": webp(b"VP8X", b"\x00" * 5),
    "another RIFF": webp(b"VP8 ", b"\x00" * 10).replace(b"WEBP", b"WAVE"),
    "a WebP of a kind that there is not": webp(b"VP9 ", b"\x00" * 20),
    "a very wide one": png(width=pictures.WIDEST + 1),
    "a PNG behind something else": b" " + png(),
}


async def image(world: World, user: str, content: bytes, **more: Any) -> Answer:
    body = {"Content": base64.b64encode(content).decode(), **more}
    return await world.post("profileimage/create", {"ProfileImage": body}, user)


async def show(world: World, user: str, picture: Any, of: str | None = None) -> Answer:
    return await world.post(f"user/{world.ids[of or user]}", {"User": {"ProfileImage": picture}}, user)


async def avatar(world: World, of: str, user: str = "viewer", size: str = "100.sp", **kwargs: Any) -> Answer:
    return await world.get(f"/slm/profile/image/{world.ids[of]}/{size}", user, **kwargs)


def test_a_picture_is_known_by_what_it_is() -> None:
    for name, (content, kind) in PICTURES.items():
        assert (pictures.kind_of(content), pictures.media_type(content)) == (kind, kind), name
        for end in range(len(content)):
            pictures.kind_of(content[:end])
    for name, content in NO_PICTURES.items():
        assert pictures.kind_of(content) is None, name


async def test_a_user_without_a_picture_has_initials(world: World) -> None:
    for size, side in (("40.sp", 40), ("0.sp", 16), ("999999.sp", 512), ("64", 64)):
        answer = await avatar(world, "editor", size=size)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/svg+xml")
        drawn = ET.fromstring(answer.body)
        assert (drawn.get("width"), drawn.get("height")) == (str(side), str(side))
        assert "".join(drawn.itertext()).strip() == "E"
        assert answer.headers["cache-control"] == "private, max-age=300"
        assert "sandbox" in answer.headers["content-security-policy"]
    for name, shown in (
        ("Ada <b> & Lovelace", "AL"),
        ('"/><script>', "?"),
        ("jane.doe@acme.test", "JD"),
        ("Élodie Ölund", "ÉÖ"),
    ):
        await world.post(f"user/{world.ids['editor']}", {"User": {"DisplayName": name}}, "editor")
        answer = await avatar(world, "editor")
        assert b"script" not in answer.body
        assert "".join(ET.fromstring(answer.body).itertext()).strip() == shown


async def test_a_picture_that_is_in_hand_is_not_sent_again(world: World) -> None:
    for made in (None, (await image(world, "editor", png())).object["_ref"]):
        if made is not None:
            await show(world, "editor", made)
        tag = (await avatar(world, "editor")).headers["etag"]
        answer = await avatar(world, "editor", headers={"if-none-match": tag})
        assert (answer.status, answer.body) == (304, b"")
    await show(world, "editor", None)
    assert (await avatar(world, "editor", headers={"if-none-match": tag})).headers["content-type"] == "image/svg+xml"
    await world.post(f"user/{world.ids['editor']}", {"User": {"DisplayName": "Other"}}, "editor")
    drawn = await avatar(world, "editor")
    assert drawn.headers["etag"] != tag


async def test_a_picture_is_shown_to_everybody_who_sees_its_user(world: World) -> None:
    for user, (content, kind) in zip(("editor", "viewer", "nobody", "stranger"), PICTURES.values(), strict=False):
        made = await image(world, user, content)
        assert (await show(world, user, made.object["_ref"])).errors == []
        for reader in ("admin", "viewer", "stranger", user):
            answer = await avatar(world, user, reader)
            assert (answer.status, answer.body, answer.headers["content-type"]) == (200, content, kind)
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in answer.headers["content-security-policy"]
        read = await world.get(made.object["_ref"].removeprefix("http://rally.test"), "padmin")
        assert base64.b64decode(read.inner["Content"]) == content
    answer = await world.call("GET", f"/slm/profile/image/{world.ids['editor']}/10.sp")
    assert (answer.status, "www-authenticate" in answer.headers) == (401, True)
    assert (await world.get("/slm/profile/image/4711/10.sp", "viewer")).status == 404
    assert (await world.get(f"/slm/profile/image/{world.ids['editor']}/big.sp", "viewer")).status == 302


async def test_what_is_no_picture_or_too_large_a_one_is_refused(world: World) -> None:
    fine = await image(world, "editor", png(more=b"\x00" * (pictures.LARGEST - len(png()))))
    assert fine.errors == []
    before = await stored.dump(world.store)
    for name, content in {**NO_PICTURES, "too many bytes": png(more=b"\x00" * pictures.LARGEST)}.items():
        answer = await image(world, "editor", content)
        assert answer.root == "CreateResult"
        assert len(answer.errors) == 1, name
        assert answer.errors[0].startswith("Could not set value for Content: a "), name
    assert await stored.dump(world.store) == before


async def test_a_user_changes_his_own_picture_and_an_administrator_anybody_s(world: World) -> None:
    made = {user: (await image(world, user, png())).object for user in ("editor", "admin", "padmin")}
    oid = made["editor"]["ObjectID"]
    for user in ("admin", "viewer"):
        assert (await world.get(f"profileimage/{oid}", user)).errors == ["Cannot find object to read"]
    denied = await show(world, "padmin", made["padmin"]["_ref"], of="editor")
    assert denied.errors == [f"Not authorized to update: User {world.ids['editor']}"]
    stolen = await show(world, "padmin", made["editor"]["_ref"])
    assert stolen.errors == [f"Could not read: Could not read referenced object {oid}"]
    assert (await show(world, "editor", made["editor"]["_ref"])).errors == []
    shared = await show(world, "padmin", made["editor"]["_ref"])
    assert "in use already" in shared.errors[0]
    assert (await show(world, "admin", made["admin"]["_ref"], of="viewer")).errors == []
    assert (await avatar(world, "viewer")).body == png()
    for user, error in (("viewer", [f"Not authorized to delete: ProfileImage {oid}"]), ("editor", [])):
        assert (await world.delete(f"profileimage/{oid}", user)).errors == error
    assert (await world.get(f"user/{world.ids['editor']}")).inner["ProfileImage"] is None
    assert (await avatar(world, "editor")).headers["content-type"] == "image/svg+xml"
    assert await stored.faults(world.store) == []


async def test_the_picture_before_goes(world: World) -> None:
    first, second = [(await image(world, "editor", png(width=n))).object["_ref"] for n in (2, 3)]
    await show(world, "editor", first)
    assert (await show(world, "editor", second)).errors == []
    assert (await avatar(world, "editor")).body == png(width=3)
    world.clock.advance(timedelta(days=1, seconds=1))
    assert await sweep(world.store, world.clock, Identifiers(world.clock)) == 1
    assert (await avatar(world, "editor")).body == png(width=3)
    assert (await world.delete(f"user/{world.ids['editor']}")).errors == []
    assert await world.rows("profileimage", "oid") == await world.rows("content", "id") == []
    assert await stored.faults(world.store) == []


async def test_a_copy_of_a_user_has_no_picture_of_his(world: World) -> None:
    made = (await image(world, "editor", png())).object
    await show(world, "editor", made["_ref"])
    named = {"UserName": "other@acme.test", "EmailAddress": "other@acme.test"}
    answer = await world.post(f"user/{world.ids['editor']}/copy", {"User": named})
    assert answer.errors == []
    assert answer.object["ProfileImage"] is None
    assert (await avatar(world, "editor")).body == png()
