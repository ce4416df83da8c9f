"""Types that describe types: their objects are made from the schema and have no table.

TypeDefinition, AttributeDefinition, WebLinkDefinition, AllowedAttributeValue and AllowedQueryOperator are read, listed and queried
here, in plain Python with the query language's own evaluator. Stock definitions have the fixed negative ids of the
catalogue, custom ones the ObjectID of their row; an allowed value that came with its attribute has an id made of that one's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from banneret.catalogue.definitions import choices_of, stock_choice_id
from banneret.catalogue.model import AttributeDef, AttributeType, TypeDef
from banneret.kernel.errors import ReferencedObjectNotFound, ValueNotAllowed
from banneret.kernel.ids import stock_uuid
from banneret.kernel.refs import Ref
from banneret.query.condition import And, Comparison, Condition, NameValue, Or, Path, RefValue
from banneret.query.evaluate import fold, fold_needle, matches
from banneret.query.operators import Kind, Operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from banneret.catalogue.schema import Schema
    from banneret.operations.context import Context
    from banneret.query.ordering import SortKey

_EPOCH = "2010-01-01T00:00:00.000Z"
"""CreationDate of stock definitions."""

_OPERATORS: Mapping[AttributeType, tuple[str, ...]] = {
    AttributeType.STRING: ("=", "!=", ">", "<", ">=", "<=", "contains", "!contains"),
    AttributeType.TEXT: ("contains", "!contains"),
    AttributeType.BOOLEAN: ("=", "!="),
    AttributeType.OBJECT: ("=", "!="),
    AttributeType.COLLECTION: ("contains",),
}
_ORDERED_OPERATORS = ("=", "!=", ">", "<", ">=", "<=")
_ORDERED_TYPES = frozenset({"INTEGER", "DATE", "QUANTITY", "DECIMAL", "RATING", "STATE"})
_NO_OPERATORS = frozenset({"Subscription", "Workspace", "RevisionHistory", "Blocker"})
_SCHEMA_TYPES = {"OBJECT": "", "RATING": "string", "STATE": "string", "TEXT": "string", "STRING": "string"}


@dataclass(frozen=True, eq=False)
class Virtual:
    """One object without a table.

    `values` has stored values by attribute name, for an OBJECT another `Virtual` or a ref's
    ObjectID; `members` its collections.
    """

    oid: int
    uuid: str
    type: TypeDef
    name: str | None
    values: dict[str, Any]
    members: dict[str, tuple[Virtual, ...]]


class Definitions:
    """All virtual objects of one schema, made once."""

    def __init__(self, schema: Schema, workspace: int | None) -> None:
        self.schema = schema
        self._workspace = workspace
        self.types: dict[str, Virtual] = {}
        self.attributes: dict[int, Virtual] = {}
        self.allowed: dict[int, Virtual] = {}
        self.operators: dict[str, Virtual] = {}
        for item in schema.types.values():
            self.types[item.name] = self._type(item)
        for item in schema.types.values():
            self._complete(item)
        self.by_oid = {
            found.oid: found
            for group in (self.types.values(), self.attributes.values(), self.allowed.values(), self.operators.values())
            for found in group
        }
        self.by_uuid = {found.uuid: found for found in self.by_oid.values()}

    def of(self, item: TypeDef) -> list[Virtual]:
        """Give all objects of a virtual type, as they stand in the catalogue."""
        match item.name:
            case "TypeDefinition":
                return list(self.types.values())
            case "AttributeDefinition":
                return list(self.attributes.values())
            case "WebLinkDefinition":
                return [found for found in self.attributes.values() if found.type.name == "WebLinkDefinition"]
            case "AllowedAttributeValue":
                return list(self.allowed.values())
            case "AllowedQueryOperator":
                return list(self.operators.values())
            case _:
                return []

    def find(self, item: TypeDef, ref: Ref) -> Virtual | None:
        """Give the object of that type (or a descendant) by ObjectID or UUID, or None."""
        found = self.by_oid.get(ref.object_id) if ref.object_id is not None else self.by_uuid.get(ref.uuid or "")
        return found if found is not None and item.name in found.type.lineage else None

    def _type(self, item: TypeDef) -> Virtual:
        definition = self.schema.get("TypeDefinition")
        operations = item.operations
        values = {
            "Abstract": item.abstract,
            "Copyable": "copy" in operations,
            "Creatable": "create" in operations,
            "Deletable": "delete" in operations,
            "DisplayName": "User Story" if item.name == "HierarchicalRequirement" else item.display_name,
            "ElementName": item.element_name,
            "HierarchyConfigurableType": "PortfolioItem" in item.lineage,
            "IDPrefix": item.prefix,
            "Name": item.display_name,
            "Note": item.note,
            "Ordinal": item.ordinal,
            "Queryable": "query" in operations,
            "ReadOnly": not operations & {"create", "update", "delete"},
            "Restorable": "restore" in operations,
            "TypePath": item.name,
            "UserListable": "Artifact" in item.lineage and not item.abstract,
        }
        return self._virtual(item.definition_id, item.definition_uuid, definition, item.display_name, values)

    def _complete(self, item: TypeDef) -> None:
        held = self.types[item.name]
        if item.parent is not None:
            held.values["Parent"] = self.types[item.parent]
        # An attribute belongs to the type that introduces it, and is listed by all that inherit it.
        held.members["Attributes"] = tuple(
            self._attribute(item, attribute)
            for attribute in sorted(item.attributes.values(), key=lambda attribute: attribute.custom)
        )

    def _attribute(self, item: TypeDef, attribute: AttributeDef) -> Virtual:
        known = self.attributes.get(attribute.definition_id)
        if known is not None:
            return known
        is_link = attribute.type is AttributeType.WEB_LINK
        definition = self.schema.get("WebLinkDefinition" if is_link else "AttributeDefinition")
        target = self.types.get(attribute.of or "")
        values = {
            "AllowedValueType": target,
            "AttributeType": attribute.type.value,
            "Constrained": bool(attribute.values) or attribute.is_object,
            "Custom": attribute.custom,
            "DetailedType": attribute.real_type or attribute.type.value,
            "ElementName": attribute.name,
            "Filterable": attribute.filterable,
            "Hidden": attribute.hidden,
            "Hideable": not attribute.system_required,
            "MaxFractionalDigits": attribute.digits if attribute.digits is not None else -1,
            "MaxLength": attribute.max_length if attribute.max_length is not None else -1,
            "Name": attribute.display_name,
            "Note": attribute.note,
            "Owned": attribute.owned or bool(attribute.members and attribute.members.via),
            "ReadOnly": attribute.read_only,
            "RealAttributeType": attribute.real_type or attribute.type.value,
            "Required": attribute.required,
            "SchemaType": attribute.of or _SCHEMA_TYPES.get(attribute.type.value) or attribute.type.value.lower(),
            "Sortable": attribute.sortable and not attribute.is_collection,
            "SystemRequired": attribute.system_required,
            "Type": attribute.type.value,
            "TypeDefinition": self.types[attribute.owner if attribute.owner in self.types else item.name],
            "VisibleOnlyToAdmins": attribute.admins_only,
        }
        if is_link:
            values |= {"URL": attribute.link_url or "", "DisplayPreference": "NEW_WINDOW"}
        made = self._virtual(
            attribute.definition_id, attribute.definition_uuid, definition, attribute.display_name, values
        )
        self.attributes[attribute.definition_id] = made
        made.members["AllowedValues"] = self._allowed(made, attribute)
        made.members["AllowedQueryOperators"] = tuple(self._operator(name) for name in query_operators(attribute))
        return made

    def _allowed(self, owner: Virtual, attribute: AttributeDef) -> tuple[Virtual, ...]:
        definition = self.schema.get("AllowedAttributeValue")
        choices = list(choices_of(attribute))
        if choices and not attribute.required and "None" not in attribute.values:
            # "No value" is an entry of its own, with an empty text (wsapi.md 9.1).
            choices.insert(0, (stock_choice_id(attribute.definition_id, -1), ""))
        made = []
        for n, (oid, text) in enumerate(choices):
            values = {
                "AttributeDefinition": owner,
                "IntegerValue": n,
                "LocalizedStringValue": text,
                "StringValue": text,
                "ValueIndex": n,
            }
            value = self._virtual(oid, stock_uuid(f"{owner.uuid}:{oid}"), definition, text or None, values)
            self.allowed[oid] = value
            made.append(value)
        return tuple(made)

    def _operator(self, name: str) -> Virtual:
        known = self.operators.get(name)
        if known is None:
            definition = self.schema.get("AllowedQueryOperator")
            oid = -90001 - len(self.operators)
            known = self._virtual(oid, stock_uuid(f"operator {name}"), definition, name, {"OperatorName": name})
            self.operators[name] = known
        return known

    def _virtual(self, oid: int, uuid: str, item: TypeDef, name: str | None, values: dict[str, Any]) -> Virtual:
        values |= {"ObjectID": oid, "ObjectUUID": uuid, "CreationDate": _EPOCH, "VersionId": "1"}
        if "Workspace" in item.attributes:
            values["Workspace"] = self._workspace
        members: dict[str, tuple[Virtual, ...]] = {
            attribute.name: () for attribute in item.attributes.values() if attribute.is_collection
        }
        return Virtual(oid, uuid, item, name, values, members)


def query_operators(attribute: AttributeDef) -> tuple[str, ...]:
    """Give what AllowedQueryOperators lists for an attribute (object-model.md 4)."""
    if not attribute.filterable or attribute.name in _NO_OPERATORS:
        return ()
    if attribute.type.value in _ORDERED_TYPES:
        return _ORDERED_OPERATORS
    return _OPERATORS.get(attribute.type, ())


def definitions(context: Context) -> Definitions:
    """Give the virtual objects of the context's schema."""
    schema = context.schema
    held = schema.derived.get("definitions")
    if not isinstance(held, Definitions):
        held = schema.derived["definitions"] = Definitions(schema, context.workspace)
    return held


def find_definition(context: Context, item: TypeDef, ref: Ref) -> tuple[Context, Virtual] | None:
    """Give the definition that a ref names, with the context of its workspace; None: missing, other type, or hidden.

    What is stock is the same in every workspace, and so is that of the request; what is a workspace's own is found wherever
    the caller may see it.
    """
    found = definitions(context).find(item, ref)
    if found is not None:
        return context, found
    if ref.object_id is not None and ref.object_id < 0:
        return None
    for workspace in context.landscape.workspaces:
        if workspace != context.workspace and context.sight.sees(workspace, None):
            local = context.in_workspace(workspace)
            found = definitions(local).find(item, ref)
            if found is not None:
                return local, found
    return None


class VirtualView:
    """Lets the evaluator look at virtual objects."""

    def value(self, obj: Virtual, attribute: AttributeDef) -> Any:
        """Give a scalar."""
        return obj.values.get(attribute.name)

    def follow(self, obj: Virtual, attribute: AttributeDef) -> Virtual | None:
        """Give the virtual object that an attribute leads to; a workspace or subscription is out of reach here."""
        found = obj.values.get(attribute.name)
        return found if isinstance(found, Virtual) else None

    def members(self, obj: Virtual, attribute: AttributeDef) -> Iterable[Virtual]:
        """Give a collection's members."""
        return obj.members.get(attribute.name, ())

    def identity(self, obj: Virtual) -> tuple[int, str, str]:
        """Give ObjectID, UUID and type."""
        return obj.oid, obj.uuid, obj.type.name


def select(found: Sequence[Virtual], condition: Condition | None) -> list[Virtual]:
    """Give those that satisfy a condition."""
    view = VirtualView()
    return [item for item in found if condition is None or matches(condition, item, view)]


def sort(found: list[Virtual], order: Sequence[SortKey]) -> None:
    """Put objects in order: null first, text without regard to letter case."""
    for key in reversed(order):
        found.sort(key=lambda each, path=key.path: _sortable(each, path), reverse=key.descending)  # type: ignore[misc]


def _sortable(found: Virtual, path: Path) -> tuple[int, float, str]:
    *way, last = path
    at: object = found
    for step in way:
        at = at.values.get(step.attribute.name) if isinstance(at, Virtual) else None
    value = at.values.get(last.attribute.name) if isinstance(at, Virtual) else None
    if isinstance(value, (int, float)):
        return (1, float(value), "")
    return (0, 0.0, "") if value is None else (2, 0.0, str(value).lower())


def settle(context: Context, condition: Condition | None) -> Condition | None:
    """Replace what a condition asks of virtual objects by those that satisfy it, so that SQL can answer the rest.

    `(TypeDef.Name = "Feature")` on State becomes `(TypeDef in <ids>)`; choices of a multi-value field, which are kept
    as texts, become texts.
    """
    if condition is None:
        return None
    if isinstance(condition, And):
        return And(tuple(part for part in (settle(context, each) for each in condition.parts) if part is not None))
    if isinstance(condition, Or):
        return Or(tuple(part for part in (settle(context, each) for each in condition.parts) if part is not None))
    return _settle_comparison(context, condition)


def _settle_comparison(context: Context, comparison: Comparison) -> Comparison:
    for place, step in enumerate(comparison.path):
        if step.attribute.custom and step.attribute.is_collection:
            return _settle_choices(context, comparison, place)
        if step.attribute.custom or not step.targets or not all(target.virtual for target in step.targets):
            continue
        last = place == len(comparison.path) - 1
        if last and comparison.kind is not Kind.NAME:
            return comparison
        pool = [found for target in step.targets for found in definitions(context).of(target)]
        if last:
            texts = [value.text for value in comparison.values if isinstance(value, NameValue)]
            partly = comparison.operator in {Operator.CONTAINS, Operator.NOT_CONTAINS}
            chosen = [found for found in pool if any(_is_named(found, text, partly=partly) for text in texts)]
            negative = comparison.operator in {Operator.NOT_EQUAL, Operator.NOT_IN, Operator.NOT_CONTAINS}
        else:
            rest = replace(comparison, path=comparison.path[place + 1 :])
            chosen = select(pool, rest)
            negative = False
        refs = tuple(RefValue(Ref(found.type.name, object_id=found.oid)) for found in chosen)
        operator = Operator.NOT_IN if negative else Operator.IN
        return Comparison(comparison.path[: place + 1], operator, Kind.IDENTITY, refs)
    return comparison


def _is_named(found: Virtual, text: str, *, partly: bool) -> bool:
    name, needle = fold(found.name or "", text), fold_needle(text)
    return needle in name if partly else needle == name


def _settle_choices(context: Context, comparison: Comparison, place: int) -> Comparison:
    step = comparison.path[place]
    known = definitions(context).attributes
    fields = {item.attributes[step.attribute.name].definition_id for item in step.candidates}
    pool = [value for field in sorted(fields) for value in known[field].members["AllowedValues"]]
    negative = False
    if place < len(comparison.path) - 1:
        chosen = select(pool, replace(comparison, path=comparison.path[place + 1 :]))
    elif comparison.kind is Kind.IDENTITY and None not in comparison.values:
        refs = [value.ref for value in comparison.values if isinstance(value, RefValue)]
        chosen = [found for found in pool if any(found.oid == ref.object_id or found.uuid == ref.uuid for ref in refs)]
        negative = comparison.operator in {Operator.NOT_EQUAL, Operator.NOT_IN, Operator.NOT_CONTAINS}
    else:
        return comparison
    by = context.schema.get("AllowedAttributeValue").attributes["StringValue"]
    texts = tuple(dict.fromkeys(NameValue(found.values["StringValue"], by) for found in chosen))
    operator = Operator.NOT_IN if negative else Operator.IN
    return Comparison(comparison.path[: place + 1], operator, Kind.NAME, texts)


def allowed_value_of(context: Context, item: TypeDef, attribute: AttributeDef, entry: Ref | dict[str, Any]) -> str:
    """Give the text of a choice of a multi-value field: a ref to an allowed value, or an object with its text.

    Raises:
        ReferencedObjectNotFound, ValueNotAllowed: it is none of this field's.

    """
    if isinstance(entry, Ref):
        found = definitions(context).find(context.schema.get("AllowedAttributeValue"), entry)
        if found is None:
            raise ReferencedObjectNotFound(entry.identifier)
        text = str(found.values["StringValue"])
    else:
        text = str(entry.get("StringValue") or entry.get("Name") or "")
    if text not in attribute.values:
        raise ValueNotAllowed(item.element_name, attribute.name, attribute.display_name, text, attribute.values)
    return text
