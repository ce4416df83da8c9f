"""A handful of objects, and the view of one who sees all of them but those marked invisible."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from banneret.catalogue.loader import stock_schema
from banneret.catalogue.model import AttributeDef
from banneret.kernel.refs import Ref
from banneret.query.check import check
from banneret.query.condition import Condition
from banneret.query.evaluate import matches
from banneret.query.literals import QueryContext
from banneret.query.parser import parse

SCHEMA = stock_schema()
CONTEXT = QueryContext(
    zone=ZoneInfo("America/Denver"),
    # Still the 4th in Denver.
    now=datetime(2026, 3, 5, 6, 30, tzinfo=UTC),
    current_user_ref=Ref("user", object_id=21),
)


@dataclass(slots=True, eq=False)
class Thing:
    """An object: what is not among its `values` is null or empty."""

    type: str
    oid: int
    values: dict[str, Any] = field(default_factory=dict)
    visible: bool = True

    @property
    def uuid(self) -> str:
        return f"00000000-0000-7000-8000-{self.oid:012d}"


def thing(type_name: str, oid: int, **values: Any) -> Thing:
    return Thing(type_name, oid, values)


class Everything:
    """A view of `Thing`s."""

    def value(self, obj: Thing, attribute: AttributeDef) -> str | float | bool | None:
        assert not attribute.is_object
        assert not attribute.is_collection
        return {"ObjectID": obj.oid, "ObjectUUID": obj.uuid, **obj.values}.get(attribute.name)

    def follow(self, obj: Thing, attribute: AttributeDef) -> Thing | None:
        assert attribute.is_object
        target: Thing | None = obj.values.get(attribute.name)
        return target if target and target.visible else None

    def members(self, obj: Thing, attribute: AttributeDef) -> Iterable[Thing]:
        assert attribute.is_collection
        return [member for member in obj.values.get(attribute.name, ()) if member.visible]

    def identity(self, obj: Thing) -> tuple[int, str, str]:
        return obj.oid, obj.uuid, obj.type


def bind(text: str, type_name: str = "Defect", types: str = "") -> Condition:
    """Parse and check; `types` narrows an abstract type as the parameter of that name does."""
    tree = parse(text)
    assert tree is not None
    candidates = tuple(SCHEMA.get(name) for name in types.split(",")) if types else None
    return check(tree, SCHEMA, SCHEMA.get(type_name), candidates=candidates, context=CONTEXT)


def holds(text: str, obj: Thing, type_name: str | None = None) -> bool:
    """Whether an object answers a query on its type."""
    return matches(bind(text, type_name or obj.type), obj, Everything())
