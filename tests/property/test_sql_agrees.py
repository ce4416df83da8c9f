"""Queries mean the same in SQL as in plain Python, whoever asks, on both databases; so do order, count and pages.

Each example makes objects and asks about them in a unit of work that is then undone. The reference is `query.evaluate`,
given a view that is made of nothing but the tables' rows and `Sight`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banneret.catalogue.model import AttributeType, TypeDef
from banneret.kernel.errors import BanneretError, InvalidQuery
from banneret.operations import metadata
from banneret.operations.context import Context, server_context
from banneret.operations.create import Given, create
from banneret.operations.fetch import SHALLOW
from banneret.operations.metadata import Virtual, VirtualView
from banneret.operations.query import Asked, query
from banneret.query.check import check, own_condition
from banneret.query.evaluate import fold, matches
from banneret.query.literals import kind_of
from banneret.query.operators import OPERATORS, Kind, Operator
from banneret.query.ordering import SortKey, parse_order
from banneret.query.parser import parse
from banneret.query.paths import naming, step_to
from banneret.query.selection import Scope
from banneret.query.tree import Clause, Node, join
from tests import databases, harness

if TYPE_CHECKING:
    from pathlib import Path

    from banneret.catalogue.model import AttributeDef, Members
    from banneret.catalogue.schema import Schema
    from banneret.storage.tables import Layout
    from banneret.storage.unit import Transaction

# ---------------------------------------------------------------------- what stands before the first example

FIELDS: dict[str, dict[str, Any]] = {
    "Text": {"AttributeType": "STRING"},
    "Number": {"AttributeType": "INTEGER"},
    "Decimal": {"AttributeType": "DECIMAL"},
    "Flag": {"AttributeType": "BOOLEAN"},
    "Day": {"AttributeType": "DATE"},
    "Pick": {"AttributeType": "DROP_DOWN", "AllowedValues": ["red", "Green", "blue"]},
    "Grade": {"AttributeType": "RATING", "AllowedValues": ["None", "low", "High"]},
    "Many": {"AttributeType": "MULTI_VALUE", "AllowedValues": ["one", "Two", "three"]},
    "Person": {"AttributeType": "USER"},
}
FIELD_TYPES = ("Defect", "HierarchicalRequirement")


BASE: list[tuple[str, dict[str, Any]]] = [
    ("Tag", {"Name": "a"}),
    ("Tag", {"Name": "Ä"}),
    (
        "Iteration",
        {
            "Name": "A",
            "Project": ("project", 0),
            **dict.fromkeys(("StartDate", "EndDate"), "2026-01-05"),
            "State": "Planning",
        },
    ),
    ("PortfolioItem/Feature", {"Name": "a", "Project": ("project", 2), "Owner": ("user", 1)}),
    ("PortfolioItem/Feature", {"Name": "%", "Project": ("project", 0)}),
    (
        "HierarchicalRequirement",
        {"Name": "US1", "Project": ("project", 2), "c_Text": "a", "Owner": ("user", 4), "PlanEstimate": 1},
    ),
    (
        "HierarchicalRequirement",
        {"Name": "ab", "Project": ("project", 0), "Parent": ("HierarchicalRequirement", 0), "c_Number": 7},
    ),
    (
        "HierarchicalRequirement",
        {"Name": "A", "Project": ("project", 0), "Iteration": ("Iteration", 0), "PlanEstimate": 2.5},
    ),
    ("Task", {"Name": "a", "WorkProduct": ("HierarchicalRequirement", 0), "State": "Completed", "Tags": [("Tag", 0)]}),
    ("Task", {"Name": "Ä b", "WorkProduct": ("HierarchicalRequirement", 2), "Owner": ("user", 4), "Estimate": 1}),
    (
        "Defect",
        {
            "Name": "a",
            "Project": ("project", 0),
            "Requirement": ("HierarchicalRequirement", 0),
            "Tags": [("Tag", 0), ("Tag", 1)],
        },
    ),
    (
        "Defect",
        {
            "Name": "Ä",
            "Project": ("project", 1),
            "Requirement": ("HierarchicalRequirement", 2),
            "Owner": ("user", 4),
            "c_Grade": "low",
        },
    ),
    (
        "Defect",
        {"Name": "ab", "Project": ("project", 2), "Severity": "Cosmetic", "Tags": [("Tag", 1)], "c_Pick": "Green"},
    ),
    (
        "Defect",
        {
            "Name": "_",
            "Project": ("project", 0),
            "c_Many": [{"StringValue": "one"}],
            "c_Person": ("user", 4),
            "c_Flag": True,
        },
    ),
    (
        "Defect",
        {
            "Name": "e",
            "Project": ("project", 0),
            "PlanEstimate": 2,
            "TargetDate": "2026-01-05",
            "c_Day": "2026-01-05",
            "c_Decimal": 2.5,
        },
    ),
    ("TestCase", {"Name": "a", "Project": ("project", 0), "WorkProduct": ("Defect", 0)}),
    ("TestCase", {"Name": "b", "Project": ("project", 2), "WorkProduct": ("Defect", 2)}),
    ("Milestone", {"Name": "a"}),
]
"""What there is in every example. `(type, place)` stands for a ref to the object in that place of its type."""


class Ground:
    """A world on one database with custom fields, and the loop that its connections belong to."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.made: dict[str, list[int]] = {}
        self.world = self.run(self._build(kind, folder))

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    async def _build(self, kind: str, folder: Path) -> harness.World:
        if kind == "sqlite":
            store = await harness.open_sqlite(folder)
        else:
            store = await harness.open_postgresql(databases.make_postgres_url())
        world = await harness.build_world(store)
        for type_name in FIELD_TYPES:
            for name, body in FIELDS.items():
                await world.make("attributedefinition", Name=name, TypeDefinition=type_name, **body)
        made: dict[str, list[int]] = {
            "project": [world.ids[name] for name in ("engines", "pistons", "wheels")],
            "user": [world.ids[name] for name in harness.USERS],
        }
        for type_name, body in BASE:
            found = await world.make(type_name.lower(), **{name: refs(value, made) for name, value in body.items()})
            made.setdefault(type_name, []).append(found["ObjectID"])
        self.made = made
        return world

    def close(self) -> None:
        self.run(self.world.store.close())
        self.loop.close()


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = Ground("sqlite", tmp_path_factory.mktemp("agree"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = Ground("postgresql", tmp_path_factory.mktemp("agree"))
    yield made
    made.close()


# ---------------------------------------------------------------------- the reference


@dataclass(eq=False)
class Row:
    """An object as it stands in its table."""

    type: TypeDef
    columns: dict[str, Any]
    custom: dict[str, Any] = field(default_factory=dict)

    @property
    def oid(self) -> int:
        found: int = self.columns["oid"]
        return found


class Tables:
    """All rows of all tables, and what one reader may see of them."""

    def __init__(
        self, context: Context, layout: Layout, rows: dict[int, Row], links: list[tuple[str, int, int]]
    ) -> None:
        self.schema, self._layout, self._context = context.schema, layout, context
        self._rows, self._links = rows, links
        self._virtual = VirtualView()
        self._definitions = metadata.definitions(context)
        self.rows = [row for row in rows.values() if self._seen(row)]

    def _seen(self, row: Row) -> bool:
        sight, held = self._context.sight, row.columns
        if row.type.name == "Project":
            return sight.sees_project(row.oid)
        if row.type.name == "Workspace":
            return sight.sees(row.oid, None)
        if row.type.table in {"UserProfile", "Preference"} and not sight.everything:
            return held["user_oid"] == sight.user or (row.type.table == "Preference" and held["user_oid"] is None)
        return sight.sees(held["workspace_oid"], held["project_oid"])

    def _stored(self, row: Row, attribute: AttributeDef) -> Any:
        if attribute.custom:
            return row.custom.get(attribute.name)
        if attribute.alias:
            parts = [
                self._stored(row, row.type.attributes[name]) for name in attribute.alias if name in row.type.attributes
            ]
            return next((part for part in parts if part is not None), None)
        if attribute.name == "Subscription":
            return self._context.landscape.subscription_oid
        name = self._layout.of(row.type).column_name(attribute)
        return None if name is None else row.columns[name]

    def value(self, obj: Row | Virtual, attribute: AttributeDef) -> Any:
        if isinstance(obj, Virtual):
            return self._virtual.value(obj, attribute)
        value = self._stored(obj, attribute)
        return str(value) if isinstance(value, int) and attribute.type is AttributeType.STRING else value

    def follow(self, obj: Row | Virtual, attribute: AttributeDef) -> Row | Virtual | None:
        if isinstance(obj, Virtual):
            return self._virtual.follow(obj, attribute)
        oid = self._stored(obj, attribute)
        target = self._rows.get(oid)
        if target is not None:
            return target if self._seen(target) else None
        return self._definitions.by_oid.get(oid)

    def members(self, obj: Row | Virtual, attribute: AttributeDef) -> Iterable[Row | Virtual]:
        if isinstance(obj, Virtual):
            return self._virtual.members(obj, attribute)
        if attribute.custom:
            allowed = self._definitions.attributes[attribute.definition_id].members["AllowedValues"]
            chosen = obj.custom.get(attribute.name) or ()
            return [value for value in allowed if value.values["StringValue"] in chosen]
        members = attribute.members
        assert members is not None
        return self._members(obj, attribute, members)

    def _members(self, obj: Row, attribute: AttributeDef, members: Members) -> list[Row | Virtual]:
        types = {item.name for item in self.schema.concrete(self.schema.get(members.only or attribute.of or ""))}
        where = own_condition(self.schema, attribute)
        joined: set[int] | None = None
        if members.link is not None:
            pairs = [
                (left, right) if not members.reverse else (right, left)
                for name, left, right in self._links
                if name == members.link
            ]
            joined = {far for near, far in pairs if near == obj.oid}
        elif members.through is not None:
            near, far = (f"{(name or '').lower()}_oid" for name in (members.near, members.far))
            between = [
                row for row in self._rows.values() if row.type.name == members.through and row.columns[near] == obj.oid
            ]
            joined = {row.columns[far] for row in between if where is None or matches(where, row, self)}
            where = None
        found: list[Row | Virtual] = []
        for row in self.rows:
            if row.type.name not in types or (joined is not None and row.oid not in joined):
                continue
            if members.via is not None and self._stored(row, row.type.attributes[members.via]) != obj.oid:
                continue
            if where is None or matches(where, row, self):
                found.append(row)
        return found

    def identity(self, obj: Row | Virtual) -> tuple[int, str, str]:
        if isinstance(obj, Virtual):
            return self._virtual.identity(obj)
        return obj.oid, obj.columns["uuid"], obj.type.name

    # -- order

    def compare(self, one: Row, other: Row, keys: tuple[SortKey, ...]) -> int:
        for key in keys:
            left, right = self._sortable(one, key), self._sortable(other, key)
            if left != right:
                return (-1 if left < right else 1) * (-1 if key.descending else 1)
        return 0

    def _sortable(self, row: Row, key: SortKey) -> tuple[int, Any]:
        """Null comes first, then values in their order."""
        at: Row | Virtual | None = row
        for step in key.path[:-1]:
            at = None if at is None else self.follow(at, step.attribute)
        attribute = key.path[-1].attribute
        value = None if at is None else self.value(at, attribute)
        if value is None:
            return (0, 0)
        if attribute.values and attribute.type in {AttributeType.RATING, AttributeType.STATE}:
            return (1, attribute.values.index(value) if value in attribute.values else len(attribute.values))
        if attribute.name == "FormattedID":
            return (1, int("".join(character for character in value if character.isdigit())))
        if isinstance(value, str) and attribute.name not in {"DragAndDropRank", "ObjectUUID"}:
            return (1, fold(value, "a"))
        return (1, value)


async def read_tables(
    unit: Transaction, context: Context, layout: Layout
) -> tuple[dict[int, Row], list[tuple[str, int, int]]]:
    """Read everything there is, as the server."""
    rows: dict[int, Row] = {}
    fetch, statements = unit.reader._connection.fetch, unit.reader._statements
    for root, family in layout.families.items():
        names = [column.name for column in family.table.columns]
        statement = statements.get(("all", root), lambda family=family: sa.select(*family.table.columns))
        for values in await fetch(statement, {}):
            columns = dict(zip(names, values, strict=True))
            item = context.schema.get(columns["concrete_type"] if family.several else root)
            custom = json.loads(columns["custom_fields"]) if columns.get("custom_fields") else {}
            rows[columns["oid"]] = Row(item, columns, custom)
    link = layout.table("link")
    statement = statements.get(("all", "link"), lambda: sa.select(link.c.relation, link.c.left_oid, link.c.right_oid))
    return rows, [tuple(row) for row in await fetch(statement, {})]


# ---------------------------------------------------------------------- examples

WORDS = ["a", "A", "ab", "ä", "Ä b", "ß", "%", "_", "\\", '"', "'", "(", "0", "none", "US1", "DE1", "e", "\u212a"]
words = st.sampled_from(WORDS) | st.text(st.sampled_from("aAbBäÄ%_ "), min_size=1, max_size=3).map(
    lambda text: text.strip() or "a"
)
numbers = st.sampled_from([-1, 0, 1, 2, 2.5, 3, 100])
days = st.sampled_from(["2026-01-04", "2026-01-05", "2026-01-05T09:00:00Z", "2026-01-06T00:00:00.001Z"])
places = st.integers(0, 31)
"""Which of the objects made so far (or of the projects or users) is meant; counted round."""

KINDS = (
    "Defect",
    "HierarchicalRequirement",
    "Task",
    "Tag",
    "Iteration",
    "PortfolioItem/Feature",
    "Milestone",
    "TestCase",
)
USERS = ("admin", "viewer", "padmin", "stranger", "nobody")


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """An object to make: its type and body. A place in a list stands for a ref, see `refs`."""
    kind = draw(st.sampled_from(KINDS))
    body: dict[str, Any] = {"Name": draw(words), "Project": ("project", draw(places))}
    wanted: dict[str, st.SearchStrategy[Any]] = {"Owner": st.tuples(st.just("user"), places), "Notes": words}
    tags = st.lists(st.tuples(st.just("Tag"), places), max_size=2)
    match kind:
        case "Defect":
            wanted |= {
                "Severity": st.sampled_from(["None", "Cosmetic", "Major Problem"]),
                "State": st.sampled_from(["Submitted", "Open", "Closed"]),
                "PlanEstimate": numbers,
                "TargetDate": days,
                "Requirement": st.tuples(st.just("HierarchicalRequirement"), places),
                "Iteration": st.tuples(st.just("Iteration"), places),
                "Tags": tags,
            }
        case "HierarchicalRequirement":
            wanted |= {
                "PlanEstimate": numbers,
                "ScheduleState": st.sampled_from(["Defined", "In-Progress", "Accepted"]),
                "Parent": st.tuples(st.just("HierarchicalRequirement"), places),
                "PortfolioItem": st.tuples(st.just("PortfolioItem/Feature"), places),
                "Iteration": st.tuples(st.just("Iteration"), places),
                "Tags": tags,
            }
        case "Task":
            parent = draw(st.sampled_from(["Defect", "HierarchicalRequirement"]))
            body |= {"WorkProduct": (parent, draw(places))}
            del body["Project"]
            wanted |= {"Estimate": numbers, "State": st.sampled_from(["Defined", "Completed"]), "Tags": tags}
        case "Iteration":
            body |= {"StartDate": draw(days), "EndDate": "2026-02-01", "State": "Planning"}
            wanted = {"Theme": words, "PlannedVelocity": numbers}
        case "Tag":
            del body["Project"]
            wanted = {}
        case "Milestone":
            del body["Project"]
            wanted = {"TargetDate": days, "Notes": words}
        case _:
            wanted |= {"Tags": tags}
    if kind in FIELD_TYPES:
        wanted |= {
            "c_Text": words,
            "c_Number": st.sampled_from([-1, 0, 7]),
            "c_Decimal": numbers,
            "c_Flag": st.booleans(),
            "c_Day": days,
            "c_Pick": st.sampled_from(["red", "Green", "blue"]),
            "c_Grade": st.sampled_from(["None", "low", "High"]),
            "c_Many": st.lists(st.sampled_from(["one", "Two", "three"]), max_size=2, unique=True).map(
                lambda chosen: [{"StringValue": text} for text in chosen]
            ),
            "c_Person": st.tuples(st.just("user"), places),
        }
    body |= {name: value for name, strategy in wanted.items() if (value := draw(maybe(strategy))) is not None}
    return kind, body


ASKED = (
    *KINDS,
    "Artifact",
    "SchedulableArtifact",
    "PortfolioItem",
    "Project",
    "User",
    "UserPermission",
    "State",
    "Workspace",
)
FAVOURITES = {
    *(
        "Name",
        "Owner",
        "Tags",
        "Iteration",
        "Requirement",
        "Parent",
        "Children",
        "Tasks",
        "Defects",
        "Severity",
        "State",
    ),
    *("FormattedID", "PlanEstimate", "CreationDate", "Project", "ObjectID", "WorkProduct", "UserName", "Milestones"),
    *(
        "PortfolioItem",
        "UserStories",
        "Artifacts",
        "Ready",
        "Blocked",
        "StartDate",
        "TargetDate",
        "Editors",
        "Iterations",
    ),
    *("Notes", "ScheduleState", "Workspace", "Subscription", "Projects", "TypeDef", "Description", "Role", "User"),
    *(f"c_{name}" for name in FIELDS),
}


@st.composite
def paths(draw: st.DrawFn, schema: Schema, type_name: str) -> tuple[tuple[str, ...], Any]:
    """A path that the type has, and the step at its end."""
    owner = schema.get(type_name)
    candidates = schema.concrete(owner)
    names: list[str] = []
    while True:
        shared = [name for name in candidates[0].attributes if all(name in item.attributes for item in candidates)]
        usable = [name for name in shared if _usable(candidates[0].attributes[name])]
        liked = [name for name in usable if name in FAVOURITES] or usable
        name = draw(st.sampled_from(liked) if draw(st.integers(0, 3)) else st.sampled_from(usable))
        try:
            step = step_to(name, schema, owner, candidates)
        except InvalidQuery:
            continue
        names.append(name)
        if not step.targets or len(names) == 3 or not draw(st.booleans()):
            return tuple(names), step
        owner, candidates = schema.get(step.attribute.of or ""), step.targets


def _usable(attribute: AttributeDef) -> bool:
    """Leave out what no query takes, and the collections that have tests of their own or are not built."""
    derived = attribute.members is not None and attribute.members.derived not in {None, "custom_values"}
    return attribute.type is not AttributeType.BINARY_DATA and not derived and attribute.name != "SchemaVersion"


@st.composite
def clauses(draw: st.DrawFn, schema: Schema, type_name: str) -> Clause:
    path, step = draw(paths(schema, type_name))
    attribute = step.attribute
    related = attribute.is_object or attribute.is_collection
    kind = Kind.IDENTITY if related else kind_of(attribute)
    operator = draw(st.sampled_from([rule.symbol for rule in OPERATORS.values() if kind in rule.kinds]))
    values = _values(kind, attribute, step.targets)
    if operator not in {Operator.CONTAINS, Operator.NOT_CONTAINS} or related:
        values = st.just("null") | values
    most = 3 if operator in {Operator.IN, Operator.NOT_IN} else 1
    return Clause(path, operator, tuple(draw(st.lists(values, min_size=1, max_size=most))))


def _values(kind: Kind, attribute: AttributeDef, targets: tuple[TypeDef, ...]) -> st.SearchStrategy[str]:
    """Texts that make sense for an attribute; `{n}` stands for an ObjectID, `{u}` for a UUID, see `fill`."""
    oid, uuid = places.map(lambda n: f"{{n{n}}}"), places.map(lambda n: f"{{u{n}}}")
    match kind:
        case Kind.NUMBER:
            return numbers.map(str) | oid
        case Kind.BOOLEAN:
            return st.sampled_from(["true", "False"])
        case Kind.DATE:
            return days | st.sampled_from(["today", "today-1", "tomorrow"])
        case Kind.FORMATTED_ID:
            return st.sampled_from(["1", "2", "DE1", "us1", "TA2", "3", "zz"])
        case Kind.EXACT if attribute.values:
            return st.sampled_from([*attribute.values, attribute.values[0].upper(), "None", "o", "zz"])
        case Kind.IDENTITY if targets:
            forms = [st.builds("/{}/{}".format, st.sampled_from([item.name.lower() for item in targets]), oid | uuid)]
            if naming(targets) is not None:
                forms.append(words | st.sampled_from(["viewer@acme.test", "engines", "one", "TWO", "Feature"]))
            return st.one_of(forms)
        case _:
            return words | uuid


def trees(schema: Schema, type_name: str) -> st.SearchStrategy[Node]:
    return st.recursive(
        clauses(schema, type_name),
        lambda part: st.builds(join, st.sampled_from(["AND", "OR"]), part, part),
        max_leaves=3,
    )


@st.composite
def questions(draw: st.DrawFn, schema: Schema) -> tuple[str, str, str, str, int, int]:
    """Who asks, the type, the query, the order, and a page."""
    type_name = draw(st.sampled_from(ASKED))
    text = str(draw(trees(schema, type_name)))
    keys = [
        ".".join(path) + draw(st.sampled_from(["", " desc"]))
        for path, step in draw(st.lists(paths(schema, type_name), max_size=2))
        if not step.attribute.is_collection
    ]
    page = draw(st.integers(1, 4)), draw(st.sampled_from([1, 2, 2000]))
    return draw(st.sampled_from(USERS)), type_name, text, ",".join(keys), *page


class Undone(Exception):
    """Takes back what an example has made."""


def agree(ground: Ground, data: st.DataObject) -> None:
    world = ground.world
    objects = data.draw(st.lists(bodies(), max_size=10), label="objects")

    async def work(unit: Transaction) -> None:
        landscape = await unit.landscape()
        assert landscape is not None
        schema = landscape.schema(world.ids["main"])
        server = server_context(unit, landscape, world.clock.now(), world.gate._identifiers)
        server = server.in_workspace(world.ids["main"])
        made = {kind: list(oids) for kind, oids in ground.made.items()}
        for kind, body in objects:
            filled = {name: refs(value, made) for name, value in body.items()}
            try:
                oid = await create(server, schema.get(kind), filled, kind, Given(internal=True))
            except BanneretError:
                continue
            made.setdefault(kind, []).append(oid)
        await unit.writer.flush()
        rows, links = await read_tables(unit, server, world.store.layout)
        known = [oid for oids in made.values() for oid in oids]
        asked = data.draw(st.lists(questions(schema), min_size=1, max_size=8), label="questions")
        for user, type_name, template, order, start, pagesize in asked:
            text = fill(template, known, rows)
            _, sight = await unit.permissions(world.ids[user], landscape, subscription_admin=user == "admin")
            context = replace(server, sight=sight, scope=Scope(world.ids["main"], None))
            tables = Tables(context, world.store.layout, rows, links)
            await ask(context, tables, (type_name, text, order), start, pagesize)
        raise Undone

    with pytest.raises(Undone):
        ground.run(world.store.write(work))


def refs(value: Any, made: dict[str, list[int]]) -> Any:
    """Put refs in the places of `(type, place)`; nothing where no such object was made yet."""
    if isinstance(value, list):
        return [
            {"_ref": found} if isinstance(entry, tuple) else entry for entry in value if (found := refs(entry, made))
        ]
    if not isinstance(value, tuple):
        return value
    kind, place = value
    known = made.get(kind)
    return f"/{kind.lower()}/{known[place % len(known)]}" if known else None


def fill(template: str, known: list[int], rows: dict[int, Row]) -> str:
    """Put ObjectIDs and UUIDs in the places of `{n3}` and `{u3}`."""
    for place in range(32):
        oid = known[place % len(known)]
        template = template.replace(f"{{n{place}}}", str(oid)).replace(f"{{u{place}}}", str(rows[oid].columns["uuid"]))
    return template


async def ask(context: Context, tables: Tables, asked: tuple[str, str, str], start: int, pagesize: int) -> None:
    type_name, text, order = asked
    schema = context.schema
    item = schema.get(type_name)
    tree = parse(text)
    assert tree is not None
    try:
        condition = check(tree, schema, item, candidates=schema.concrete(item), context=context.query)
        keys = parse_order(order, schema, item, candidates=schema.concrete(item))
    except BanneretError:
        return
    types = {each.name: "Workspace" in each.attributes for each in schema.concrete(item)}
    workspace = context.scope.workspace
    pool = [
        row
        for row in tables.rows
        if row.type.name in types and (not types[row.type.name] or row.columns["workspace_oid"] == workspace)
    ]
    chosen = [row for row in pool if matches(condition, row, tables)]
    if order:
        chosen.sort(key=cmp_to_key(lambda one, other: tables.compare(one, other, keys)))
    wanted = [row.oid for row in chosen]
    whole = await query(context, item, Asked(query=text, order=order, pagesize=2000, fetch=SHALLOW))
    found = [row[0] for row in sorted_rows(whole)]
    facts = (type_name, text, order, found, wanted)
    assert set(found) == set(wanted), facts
    assert len(found) == len(wanted) == whole.total, facts
    if order:
        assert found == wanted, facts
    page = await query(context, item, Asked(query=text, order=order, start=start, pagesize=pagesize, fetch=SHALLOW))
    assert [row[0] for row in sorted_rows(page)] == found[start - 1 : start - 1 + pagesize]
    assert page.total == len(found)


def sorted_rows(page: Any) -> list[Any]:
    """Give a page's rows in the order of the page."""
    placed = [pair for group in page.level.groups for pair in zip(group.places, group.rows, strict=True)]
    return [row for _, row in sorted(placed, key=lambda pair: pair[0])]


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_on_sqlite(sqlite: Ground, data: st.DataObject) -> None:
    agree(sqlite, data)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_on_postgresql(postgresql: Ground, data: st.DataObject) -> None:
    agree(postgresql, data)
