"""Tables, derived from the catalogue: one an inheritance family, one column a stored attribute.

Beside its attributes a row has `concrete_type` (where a family has several types), `project_oid` and `workspace_oid` (whether
or not the type shows them, for they decide who sees the row) and `custom_fields` (JSON, by element name). Dates are
text in wire form, which sorts as time does. BINARY_DATA is in no row: `content` says what an object holds, and
`content_piece` has the bytes, so that no statement on objects ever reads them.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateTable

from banneret.catalogue.model import HOLDERS, NUMERIC, AttributeDef, AttributeType, TypeDef
from banneret.storage.audit import audited

if TYPE_CHECKING:
    from banneret.catalogue.schema import Schema

BUILT_IN = {"ObjectID": "oid", "ObjectUUID": "uuid", "CreationDate": "creationdate", "VersionId": "versionid"}
_LONGEST_NAME = 63
UNSTORED = frozenset({"Subscription"})
"""Attributes that are the same for every object of an installation, and so have no column."""

_APART = frozenset({AttributeType.COLLECTION, AttributeType.BINARY_DATA})
"""Kinds of attributes whose values are in other tables."""

ORDERED = frozenset({"DragAndDropRank"})
"""Texts whose order is that of their characters, whatever the database's language."""


class Kind(Enum):
    """What a column holds."""

    REF = "oid"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"


def kind_of(attribute: AttributeDef) -> Kind:
    """Tell what the column of an attribute holds."""
    match attribute.type:
        case AttributeType.OBJECT:
            return Kind.REF
        case AttributeType.INTEGER:
            return Kind.INTEGER
        case AttributeType.BOOLEAN:
            return Kind.BOOLEAN
        case AttributeType.DATE:
            return Kind.DATE
        case _:
            return Kind.NUMBER if attribute.type in NUMERIC else Kind.TEXT


_ORDERED_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TYPES: dict[Kind, sa.types.TypeEngine[Any]] = {
    Kind.REF: sa.BigInteger(),
    Kind.TEXT: sa.Text(),
    Kind.INTEGER: sa.BigInteger(),
    Kind.NUMBER: sa.Double(),
    Kind.BOOLEAN: sa.Boolean(create_constraint=False),
    Kind.DATE: _ORDERED_TEXT,
}


@dataclass(frozen=True, slots=True)
class Family:
    """A table and the way from attributes to its columns.

    `columns` maps (attribute name, kind) to a column name: siblings share a column where name and kind agree.
    """

    root: str
    table: sa.Table
    several: bool
    columns: dict[tuple[str, Kind], str]
    known: WeakKeyDictionary[AttributeDef, str | None] = field(default_factory=WeakKeyDictionary, repr=False)

    def column_name(self, attribute: AttributeDef) -> str | None:
        """Give the name of the attribute's column; None for collections, aliases, figures, custom fields and bytes."""
        known = self.known
        if attribute not in known:
            known[attribute] = self._find_column(attribute)
        return known[attribute]

    def _find_column(self, attribute: AttributeDef) -> str | None:
        if attribute.custom or attribute.is_collection or not attribute.is_stored or attribute.name in UNSTORED:
            return None
        if attribute.type in _APART:
            return None
        return BUILT_IN.get(attribute.name) or self.columns.get((attribute.name, kind_of(attribute)))


class Layout:
    """All tables of an installation."""

    def __init__(self, schema: Schema) -> None:
        self.metadata = sa.MetaData()
        self.families: dict[str, Family] = {}
        members: dict[str, list[TypeDef]] = {}
        for item in schema.types.values():
            if item.table is not None:
                members.setdefault(item.table, []).append(item)
        for root, types in members.items():
            self.families[root] = _family(self.metadata, root, types)
        _own_tables(self.metadata)
        _journal_tables(self.metadata)

    def of(self, item: TypeDef) -> Family:
        """Give the family whose table holds objects of a type that has one."""
        if item.table is None:
            message = f"{item.name} has no table"
            raise LookupError(message)
        return self.families[item.table]

    def table(self, name: str) -> sa.Table:
        """Give one of the tables that are not derived from the catalogue."""
        return self.metadata.tables[name]


def _family(metadata: sa.MetaData, root: str, types: list[TypeDef]) -> Family:
    several = sum(not item.abstract for item in types) > 1
    columns, indexed = _attribute_columns(types)
    kinds = {name: _ORDERED_TEXT if word in ORDERED else _TYPES[kind] for (word, kind), name in columns.items()}
    for name in ("workspace_oid", "project_oid", *(("uploader_oid",) if root in HOLDERS else ())):
        kinds.setdefault(name, _TYPES[Kind.REF])
    head: list[sa.Column[Any]] = [
        sa.Column("oid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("uuid", _ORDERED_TEXT, nullable=False),
        sa.Column("creationdate", _ORDERED_TEXT, nullable=False),
        sa.Column("versionid", sa.BigInteger(), nullable=False),
    ]
    if several:
        head.append(sa.Column("concrete_type", _ORDERED_TEXT, nullable=False))
    stored: list[sa.Column[Any]] = [sa.Column(name, kind) for name, kind in kinds.items()]
    custom = sa.Column("custom_fields", sa.Text(), nullable=False, server_default="{}")
    table = sa.Table(root.lower(), metadata, *head, *stored, custom)
    indexed += [name for name in ("project_oid", "uploader_oid") if name in kinds]
    _add_indexes(table, indexed, several=several)
    return Family(root, table, several, columns)


def _attribute_columns(types: list[TypeDef]) -> tuple[dict[tuple[str, Kind], str], list[str]]:
    """Give the column of every (attribute name, kind) of a family, and the columns to index.

    Figures have none, but their names count: what becomes a figure changes no other column's name.
    """
    columns: dict[tuple[str, Kind], str] = {}
    stored: set[tuple[str, Kind]] = set()
    indexed: list[str] = []
    for item in types:
        for attribute in item.attributes.values():
            key = (attribute.name, kind_of(attribute))
            named = (attribute.is_stored or attribute.figure) and not attribute.is_collection
            if not named or attribute.type in _APART or attribute.name in UNSTORED or attribute.name in BUILT_IN:
                continue
            if attribute.is_stored:
                stored.add(key)
            if key in columns:
                continue
            name = attribute.name.lower() + ("_oid" if key[1] is Kind.REF else "")
            columns[key] = name if name not in columns.values() else f"{name}_{key[1].value}"
            if attribute.indexed or (key[1] is Kind.REF and attribute.name not in {"Workspace", "Project"}):
                indexed.append(columns[key])
    return {key: name for key, name in columns.items() if key in stored}, indexed


def _add_indexes(table: sa.Table, names: list[str], *, several: bool) -> None:
    for name in [*names, "uuid"]:
        column = table.c[name]
        label = _index_name(table.name, name)
        if name.endswith("_oid"):
            present = column.is_not(None)
            sa.Index(label, column, sqlite_where=present, postgresql_where=present)
        elif several and name != "uuid":
            # Queries name a type nearly always, so the type leads.
            sa.Index(label, table.c.concrete_type, column)
        else:
            sa.Index(label, column)


def _index_name(table: str, column: str) -> str:
    """Give a name within PostgreSQL's 63 characters; a long one ends in a digest of the whole."""
    name = f"ix_{table}_{column}"
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 9]}_{zlib.crc32(name.encode()):08x}"


_DEFINITIONS: dict[str, list[tuple[str, sa.types.TypeEngine[Any]]]] = {
    "custom_type": [
        ("typepath", sa.Text()),
        ("name", sa.Text()),
        ("idprefix", sa.Text()),
        ("ordinal", sa.BigInteger()),
        ("deleted", sa.Boolean(create_constraint=False)),
    ],
    "custom_attribute": [
        ("elementname", sa.Text()),
        ("name", sa.Text()),
        ("typepath", sa.Text()),
        ("realattributetype", sa.Text()),
        ("maxlength", sa.BigInteger()),
        ("required", sa.Boolean(create_constraint=False)),
        ("hidden", sa.Boolean(create_constraint=False)),
        ("note", sa.Text()),
        ("allowed_values", sa.Text()),
        ("default_value", sa.Text()),
        ("link_url", sa.Text()),
        ("visibleonlytoadmins", sa.Boolean(create_constraint=False)),
    ],
}


def _add_administration(metadata: sa.MetaData, event: sa.Table) -> None:
    """Events of administration have indexes of their own, which work items' events cost nothing (`storage.audit`).

    Links with which users set a password are kept by the hash of their value.
    """
    told = audited(event.c.type)
    sa.Index("ix_event_audit", event.c.at, event.c.seq, sqlite_where=told, postgresql_where=told)
    by_user = (event.c.user_oid, event.c.at, event.c.seq)
    sa.Index("ix_event_audit_user", *by_user, sqlite_where=told, postgresql_where=told)
    invitation = sa.Table(
        "invitation",
        metadata,
        sa.Column("id", sa.LargeBinary(), primary_key=True),
        sa.Column("user_oid", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _ORDERED_TEXT, nullable=False),
        sa.Column("expires_at", _ORDERED_TEXT, nullable=False),
    )
    sa.Index("ix_invitation_user_oid", invitation.c.user_oid)


def _own_tables(metadata: sa.MetaData) -> None:
    """Declare what the catalogue does not know: where objects are, what links them, who may come in, what happened."""
    oid = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    directory = sa.Table(
        "directory",
        metadata,
        sa.Column("oid", oid, primary_key=True, autoincrement=False),
        sa.Column("type", _ORDERED_TEXT, nullable=False),
        sa.Column("uuid", _ORDERED_TEXT, nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("workspace_oid", sa.BigInteger()),
        sa.Column("project_oid", sa.BigInteger()),
    )
    sa.Index("ix_directory_uuid", directory.c.uuid, unique=True)
    link = sa.Table(
        "link",
        metadata,
        sa.Column("relation", _ORDERED_TEXT, primary_key=True),
        sa.Column("left_oid", sa.BigInteger(), primary_key=True),
        sa.Column("right_oid", sa.BigInteger(), primary_key=True),
        sqlite_with_rowid=False,
    )
    sa.Index("ix_link_reverse", link.c.relation, link.c.right_oid, link.c.left_oid)
    sa.Index("ix_link_left", link.c.left_oid, link.c.relation)
    sa.Index("ix_link_right", link.c.right_oid, link.c.relation)
    sa.Table(
        "counter",
        metadata,
        sa.Column("scope", sa.BigInteger(), primary_key=True),
        sa.Column("name", _ORDERED_TEXT, primary_key=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    sa.Table(
        "object_id_block",
        metadata,
        sa.Column("block", oid, primary_key=True, autoincrement=False),
        sa.Column("workspace_oid", sa.BigInteger(), nullable=False),
    )
    event = sa.Table(
        "event",
        metadata,
        sa.Column("seq", oid, primary_key=True, autoincrement=True),
        sa.Column("at", _ORDERED_TEXT, nullable=False),
        sa.Column("kind", _ORDERED_TEXT, nullable=False),
        sa.Column("oid", sa.BigInteger(), nullable=False),
        sa.Column("type", _ORDERED_TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("workspace_oid", sa.BigInteger()),
        sa.Column("project_oid", sa.BigInteger()),
        sa.Column("user_oid", sa.BigInteger()),
        sa.Column("credential", sa.Text()),
        sa.Column("client", sa.Text()),
        sa.Column("address", sa.Text()),
        sa.Column("diff", sa.Text(), nullable=False),
    )
    sa.Index("ix_event_oid", event.c.oid)
    _add_administration(metadata, event)
    recycled = sa.Table(
        "recycled",
        metadata,
        sa.Column("oid", oid, primary_key=True, autoincrement=False),
        sa.Column("item_oid", sa.BigInteger(), nullable=False),
        sa.Column("type", _ORDERED_TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
    )
    sa.Index("ix_recycled_item_oid", recycled.c.item_oid)
    content = sa.Table(
        "content",
        metadata,
        sa.Column("id", oid, primary_key=True, autoincrement=False),
        sa.Column("owner_oid", sa.BigInteger()),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", _ORDERED_TEXT, nullable=False),
        sa.Column("kept_for", sa.BigInteger()),
    )
    sa.Index("ix_content_owner_oid", content.c.owner_oid)
    unowned, kept = content.c.owner_oid.is_(None), content.c.kept_for.is_not(None)
    sa.Index("ix_content_begun_at", content.c.begun_at, sqlite_where=unowned, postgresql_where=unowned)
    sa.Index("ix_content_kept_for", content.c.kept_for, sqlite_where=kept, postgresql_where=kept)
    sa.Table(
        "content_piece",
        metadata,
        sa.Column("content_id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
    )
    key = sa.Table(
        "api_key",
        metadata,
        sa.Column("oid", oid, primary_key=True, autoincrement=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("user_oid", sa.BigInteger(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("grant_name", _ORDERED_TEXT, nullable=False),
        sa.Column("hint", _ORDERED_TEXT, nullable=False),
        sa.Column("created_at", _ORDERED_TEXT, nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("last_reset_at", _ORDERED_TEXT),
        sa.Column("last_used_at", _ORDERED_TEXT),
        sa.Column("last_used_address", sa.Text()),
        sa.Column("last_used_client", sa.Text()),
        sa.Column("refused_count", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("expires_at", _ORDERED_TEXT),
        sa.Column("suspended_at", _ORDERED_TEXT),
        sa.Column("suspended_by", sa.BigInteger()),
        sa.Column("deleted_at", _ORDERED_TEXT),
        sa.Column("deleted_by", sa.BigInteger()),
        sa.Column("renewal_at", _ORDERED_TEXT),
        sa.Column("renewal_by", sa.BigInteger()),
        sa.Column("purpose", sa.Text()),
        sa.Column("limits", sa.Text(), nullable=False, server_default="{}"),
    )
    sa.Index("ix_api_key_lookup", key.c.lookup, unique=True)
    sa.Index("ix_api_key_user_oid", key.c.user_oid)
    ended = key.c.deleted_at.is_not(None)
    sa.Index("ix_api_key_deleted_at", key.c.deleted_at, sqlite_where=ended, postgresql_where=ended)
    sa.Table(
        "password",
        metadata,
        sa.Column("user_oid", oid, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("set_at", _ORDERED_TEXT, nullable=False),
        sa.Column("history", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("failures", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("locked_by_admin", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.false()),
        sa.Column("second_factor", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.false()),
    )
    stray = sa.Table(
        "stray_login",
        metadata,
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("at", _ORDERED_TEXT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
    )
    sa.Index("ix_stray_login_name", stray.c.name)
    sa.Index("ix_stray_login_at", stray.c.at)
    sa.Table(
        "sign_in_policy",
        metadata,
        sa.Column("subscription_oid", oid, primary_key=True, autoincrement=False),
        sa.Column("minimum_score", sa.BigInteger(), nullable=False),
        sa.Column("session_hours", sa.BigInteger(), nullable=False),
        sa.Column("second_factor", _ORDERED_TEXT, nullable=False, server_default="nobody"),
    )
    factor = sa.Table(
        "second_factor",
        metadata,
        sa.Column("oid", oid, primary_key=True, autoincrement=False),
        sa.Column("user_oid", sa.BigInteger(), nullable=False),
        sa.Column("kind", _ORDERED_TEXT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", _ORDERED_TEXT, nullable=False),
        sa.Column("last_used_at", _ORDERED_TEXT),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("credential", sa.LargeBinary()),
        sa.Column("counter", sa.BigInteger(), nullable=False),
    )
    sa.Index("ix_second_factor_user_oid", factor.c.user_oid)
    sa.Index("ix_second_factor_credential", factor.c.credential, unique=True)
    code = sa.Table(
        "recovery_code",
        metadata,
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("user_oid", sa.BigInteger(), nullable=False),
    )
    sa.Index("ix_recovery_code_user_oid", code.c.user_oid)
    spent = sa.Table(
        "spent_challenge",
        metadata,
        sa.Column("value", sa.LargeBinary(), primary_key=True),
        sa.Column("at", _ORDERED_TEXT, nullable=False),
    )
    sa.Index("ix_spent_challenge_at", spent.c.at)
    sa.Table(
        "appearance",
        metadata,
        sa.Column("user_oid", oid, primary_key=True, autoincrement=False),
        sa.Column("theme", _ORDERED_TEXT, nullable=False),
        sa.Column("shortcuts", sa.Boolean(create_constraint=False), nullable=False),
    )
    session = sa.Table(
        "session",
        metadata,
        sa.Column("id", sa.LargeBinary(), primary_key=True),
        sa.Column("user_oid", sa.BigInteger(), nullable=False),
        sa.Column("kind", _ORDERED_TEXT, nullable=False),
        sa.Column("security_token", sa.Text()),
        sa.Column("created_at", _ORDERED_TEXT, nullable=False),
        sa.Column("last_used_at", _ORDERED_TEXT, nullable=False),
        sa.Column("expires_at", _ORDERED_TEXT, nullable=False),
        sa.Column("idle_seconds", sa.BigInteger()),
        sa.Column("address", sa.Text()),
        sa.Column("client", sa.Text()),
        sa.Column("notes", sa.Text()),
    )
    sa.Index("ix_session_user_oid", session.c.user_oid)
    for name, columns in _DEFINITIONS.items():
        table = sa.Table(
            name,
            metadata,
            sa.Column("oid", oid, primary_key=True, autoincrement=False),
            sa.Column("uuid", _ORDERED_TEXT, nullable=False),
            sa.Column("workspace_oid", sa.BigInteger(), nullable=False),
            *(sa.Column(column, kind) for column, kind in columns),
        )
        sa.Index(f"ix_{name}_workspace_oid", table.c.workspace_oid)
    _index_texts(metadata)
    sa.Table(
        "changed_attribute",
        metadata,
        sa.Column("workspace_oid", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("definition_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("required", sa.Boolean(create_constraint=False)),
        sa.Column("hidden", sa.Boolean(create_constraint=False)),
        sa.Column("note", sa.Text()),
        sa.Column("visibleonlytoadmins", sa.Boolean(create_constraint=False)),
        sa.Column("allowed_values", sa.Text()),
        sqlite_with_rowid=False,
    )
    sa.Table(
        "epoch",
        metadata,
        sa.Column("name", _ORDERED_TEXT, primary_key=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )


def _journal_tables(metadata: sa.MetaData) -> None:
    """Declare what is written down about the use of keys."""
    request = sa.Table(
        "key_request",
        metadata,
        sa.Column("key_oid", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("address", sa.Text()),
        sa.Column("client", sa.Text()),
        sa.Column("microseconds", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    sa.Index("ix_key_request_number", request.c.number)
    hour = sa.Table(
        "key_hour",
        metadata,
        sa.Column("key_oid", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("hour", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("reads", sa.BigInteger(), nullable=False),
        sa.Column("writes", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    sa.Index("ix_key_hour_hour", hour.c.hour)
    client = sa.Table(
        "key_client",
        metadata,
        sa.Column("key_oid", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("client", sa.Text(), primary_key=True),
        sa.Column("address", sa.Text(), primary_key=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("first", "last", "requests", "refused")),
        sqlite_with_rowid=False,
    )
    sa.Index("ix_key_client_last", client.c.last)


VIRTUAL = "virtual"
"""In a table's `info`: what SQLite makes it with."""

ONLY = "only"
"""In an index's `info`: the one database that has it."""

_GIN: dict[str, Any] = {"postgresql_using": "gin", "postgresql_with": {"fastupdate": "off"}}
"""Without a list of words yet to be sorted in, which each search would read from end to end."""

_WORDS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")


def _index_texts(metadata: sa.MetaData) -> None:
    """Declare the full-text index (`storage/search.py`); in SQLite `oid` is the number that every row has."""
    search = sa.Table(
        "search",
        metadata,
        sa.Column("oid", sa.BigInteger(), primary_key=True, autoincrement=False),
        *(sa.Column(name, _WORDS, nullable=False) for name in ("label", "title", "description", "notes")),
        info={VIRTUAL: "fts5(label, title, description, notes, tokenize = 'ascii')"},
    )
    title = search.c.label.concat(search.c.title)
    every = title.concat(search.c.description).concat(search.c.notes)
    sa.Index("ix_search_words", every, title, search.c.label, info={ONLY: "postgresql"}, **_GIN)


@compiles(CreateTable, "sqlite")
def _create_table(create: CreateTable, compiler: Any, **options: Any) -> str:
    using = create.element.info.get(VIRTUAL)
    if using is None:
        return str(compiler.visit_create_table(create, **options))
    return f"CREATE VIRTUAL TABLE {create.element.name} USING {using}"
