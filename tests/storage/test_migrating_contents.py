"""A revision moves the bytes of attachments out of their rows, on databases that hold some."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from alembic.script import ScriptDirectory

from banneret.storage import schema_version
from banneret.storage.schema_version import migrate
from banneret.storage.statements import Statement

if TYPE_CHECKING:
    from banneret.storage.driver import Driver

REVISION = next(path.stem for path in schema_version._FOLDER.glob("versions/*_contents.py"))
BEFORE = ScriptDirectory(str(schema_version._FOLDER)).get_revision(REVISION).down_revision
PIECE = 196_608
SIZES = [0, 1, 5, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7]


def content(size: int) -> bytes:
    return (hashlib.sha256(str(size).encode()).digest() * (size // 32 + 1))[:size]


async def run(driver: Driver, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run a statement with its values written in, as both databases take them."""
    for name, value in values.items():
        sql = sql.replace(f":{name}", value)
    rows = await driver.write(lambda connection: connection.fetch(Statement(sql, (), {}), {}))
    return [tuple(row) for row in rows]


def hexed(dialect_name: str, value: bytes) -> str:
    return f"'\\x{value.hex()}'::bytea" if dialect_name == "postgresql" else f"x'{value.hex()}'"


async def test_the_bytes_stay_the_same_and_what_nothing_uses_becomes_its_uploader_s(
    empty: Driver, dialect_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as past:
        past.setattr(schema_version, "HEAD", BEFORE)
        await migrate(empty, dialect_name)
    head = "oid, uuid, creationdate, versionid"
    for oid, size in enumerate(SIZES, 1):
        await run(
            empty,
            f"INSERT INTO attachmentcontent ({head}, content, workspace_oid) VALUES ({oid}, 'u{oid}', 'then', 1, :bytes, 9)",
            bytes=hexed(dialect_name, content(size)),
        )
        diff = json.dumps({}).replace("'", "''")
        await run(
            empty,
            "INSERT INTO event (at, kind, oid, type, version, user_oid, diff) "
            f"VALUES ('then', 'created', {oid}, 'AttachmentContent', 1, {100 + oid}, '{diff}')",
        )
        if oid % 2:
            await run(
                empty,
                f"INSERT INTO attachment ({head}, content_oid) VALUES ({oid + 50}, 'a{oid}', 'then', 1, {oid})",
            )
    await run(empty, f"INSERT INTO attachmentcontent ({head}) VALUES (20, 'u20', 'then', 1)")
    await run(
        empty,
        f"INSERT INTO profileimage ({head}, content) VALUES (30, 'u30', 'then', 1, :bytes)",
        bytes=hexed(dialect_name, b"picture"),
    )
    assert REVISION in await migrate(empty, dialect_name)
    expected = {oid: content(size) for oid, size in enumerate(SIZES, 1)} | {30: b"picture"}
    owners = {
        row[0]: row[1:] for row in await run(empty, "SELECT owner_oid, id, size, begun_at, kept_for FROM content")
    }
    assert owners == {oid: (oid, len(bytes_), "then", None) for oid, bytes_ in expected.items()}
    pieces: dict[int, list[bytes]] = {oid: [] for oid in expected}
    for number, (oid, place, part) in enumerate(
        await run(empty, "SELECT content_id, number, bytes FROM content_piece ORDER BY content_id, number")
    ):
        assert place == len(pieces[oid]), number
        pieces[oid].append(part)
    assert {oid: b"".join(parts) for oid, parts in pieces.items()} == expected
    assert all(len(part) == PIECE for parts in pieces.values() for part in parts[:-1])
    uploaders = dict(await run(empty, "SELECT oid, uploader_oid FROM attachmentcontent"))
    assert uploaders == {oid: None if oid % 2 else 100 + oid for oid in range(1, len(SIZES) + 1)} | {20: None}
    assert await run(empty, "SELECT uploader_oid, workspace_oid FROM profileimage") == [(None, None)]


async def test_pieces_are_as_large_as_those_that_the_server_writes() -> None:
    from banneret.operations.contents import PIECE as SERVERS

    assert SERVERS == PIECE
