"""What a database holds, table by table: for tests that say that nothing was stored, or that what is stored fits together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.harness import LAYOUT

if TYPE_CHECKING:
    from banneret.storage.unit import Store, Transaction

Dump = dict[str, list[tuple[Any, ...]]]


async def dump(store: Store) -> Dump:
    """Give every row of every table that has one."""

    async def read(unit: Transaction) -> Dump:
        found: Dump = {}
        for table in LAYOUT.metadata.sorted_tables:
            rows = await unit.writer.fetch(table.name, {}, [column.name for column in table.c])
            if rows:
                found[table.name] = sorted((tuple(row) for row in rows), key=repr)
        return found

    return await store.read(read)


async def faults(store: Store) -> list[str]:
    """Give what does not fit together, in words: half-written objects, gaps in histories, versions without event."""
    held = await dump(store)
    columns = {table.name: [column.name for column in table.c] for table in LAYOUT.metadata.sorted_tables}

    def rows(table: str) -> list[dict[str, Any]]:
        return [dict(zip(columns[table], row, strict=True)) for row in held.get(table, [])]

    said: list[str] = []
    directory = {row["oid"]: row for row in rows("directory")}
    events: dict[int, list[tuple[str, int]]] = {}
    for row in sorted(rows("event"), key=lambda row: int(row["seq"])):
        events.setdefault(row["oid"], []).append((row["kind"], row["version"]))
    revisions: dict[int, list[int]] = {}
    for row in rows("revision"):
        revisions.setdefault(row["revisionhistory_oid"], []).append(row["revisionnumber"])
    formatted: set[tuple[int, str]] = set()
    for table in LAYOUT.families.values():
        name = table.table.name
        if name == "revision":
            continue
        for row in rows(name):
            oid, version = row["oid"], row["versionid"]
            where = f"{name} {oid}"
            if directory.pop(oid, None) is None:
                said.append(f"{where} is not in the directory")
            if row.get("formattedid"):
                label = (row["workspace_oid"], row["formattedid"])
                if label in formatted:
                    said.append(f"{label} twice")
                formatted.add(label)
            history = row.get("revisionhistory_oid")
            if history is not None and sorted(revisions.get(history, [])) != list(range(version)):
                said.append(f"{where} has version {version} and revisions {sorted(revisions.get(history, []))}")
            if name in {"revisionhistory", "recyclebinentry"}:
                continue
            kinds = events.get(oid, [])
            if kinds != [("created", 1), *(("updated", n) for n in range(2, version + 1))]:
                said.append(f"{where} has version {version} and events {kinds}")
    said += [f"directory names {row['type']} {oid}, which has no row" for oid, row in directory.items()]
    ends = {row["oid"] for row in rows("directory")}
    said += _faults_of_contents(rows("content"), rows("content_piece"), ends, rows("recycled"))
    said += [
        f"link {row} leads nowhere"
        for row in rows("link")
        if row["left_oid"] not in ends or row["right_oid"] not in ends
    ]
    return said


Rows = list[dict[str, Any]]


def _faults_of_contents(contents: Rows, pieces: Rows, ends: set[int], recycled: Rows) -> list[str]:
    """Contents of nobody, of another size than they say, or with pieces that are missing; what never arrived whole is none."""
    said: list[str] = []
    held: dict[int, dict[int, int]] = {row["id"]: {} for row in contents}
    for row in pieces:
        if row["content_id"] not in held:
            said.append(f"a piece of content {row['content_id']}, which is not there")
        held.setdefault(row["content_id"], {})[row["number"]] = len(row["bytes"])
    binned = {row["item_oid"] for row in recycled}
    for row in contents:
        sizes = held[row["id"]]
        if row["owner_oid"] is None:
            continue
        if sorted(sizes) != list(range(len(sizes))) or sum(sizes.values()) != row["size"]:
            said.append(f"content {row['id']} of {row['size']} bytes has pieces of {sizes}")
        if row["kept_for"] not in binned if row["kept_for"] is not None else row["owner_oid"] not in ends:
            said.append(f"content {row['id']} is of nobody")
    return said
