"""From an entry of a scenario to the body that an operation takes: names become refs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from banneret.scenarios.checking import FIXED, NESTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from banneret.catalogue.model import AttributeDef, TypeDef
    from banneret.catalogue.schema import Schema
    from banneret.operations.ports import Transaction
    from banneret.scenarios.document import Entry
    from banneret.scenarios.names import Names, Node

_OURS = frozenset(
    {
        *FIXED,
        *NESTED,
        "_id",
        "_type",
        "changes",
        "projects",
        "role",
        "Password",
        "bare",
        "by",
        "at",
        "key",
        "FormattedID",
    }
)
DEFINITIONS = frozenset({"TypeDefinition", "AttributeDefinition", "WebLinkDefinition"})


class Bodies:
    """Makes bodies out of entries."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def refs(self, entry: Entry, item: TypeDef, schema: Schema, near: Node) -> Iterator[Node]:
        """Give the nodes of this file that an entry refers to, which therefore have to be made before it."""
        for name, attribute, value in _attributes(entry, item):
            for text in _texts(attribute, value):
                node = self._names.node(text, attribute.of, schema, entry, name, near)
                if node is not None:
                    yield node

    async def body(
        self,
        unit: Transaction,
        entry: Entry,
        item: TypeDef,
        near: Node,
        schema: Schema,
        *,
        leave: frozenset[str] = frozenset(),
    ) -> dict[str, Any]:
        """Give the body of an entry, without the attributes to `leave` for later.

        Raises:
            ScenarioError: a name means nothing, or several things.

        """
        body: dict[str, Any] = {}
        known = {name: (attribute, value) for name, attribute, value in _attributes(entry, item)}
        for name, value in entry.items():
            if name in _OURS or name in leave:
                continue
            if name not in known:
                body[name] = value
                continue
            attribute = known[name][0]
            if attribute.is_collection and attribute.custom:
                body[name] = [{"StringValue": text} for text in _texts(attribute, value)]
            elif attribute.is_collection:
                body[name] = [
                    {"_ref": await self.ref(unit, text, item, attribute, near, schema, entry, name)}
                    for text in _texts(attribute, value)
                ]
            elif value is None:
                body[name] = value
            else:
                body[name] = await self.ref(unit, str(value), item, attribute, near, schema, entry, name)
        return body

    async def ref(
        self,
        unit: Transaction,
        text: str,
        item: TypeDef,
        attribute: AttributeDef,
        near: Node,
        schema: Schema,
        entry: Entry,
        name: str,
    ) -> str:
        """Give the ref of what a text names."""
        node = self._names.node(text, attribute.of, schema, entry, name, near)
        if node is not None and node.oid is not None:
            return node.ref
        if node is near:
            raise self._names.refused(entry, name, "an object cannot refer to itself when it is made")
        found = await self._names.elsewhere(unit, text, item, attribute, near, schema)
        if found is None:
            raise self._names.nothing(text, attribute, entry, name)
        return found


def _attributes(entry: Entry, item: TypeDef) -> Iterator[tuple[str, AttributeDef, Any]]:
    """Give the attributes of an entry that refer to something; definitions are referred to by their own operation."""
    for name, value in entry.items():
        attribute = item.attributes.get(name) if name not in _OURS else None
        if attribute is None or value is None or not (attribute.is_object or attribute.is_collection):
            continue
        if item.name not in DEFINITIONS or name == "Workspace":
            yield name, attribute, value


def _texts(attribute: AttributeDef, value: Any) -> list[str]:
    if attribute.is_collection:
        return [str(each) for each in (value if isinstance(value, list) else [value])]
    return [str(value)]
