"""What the catalogue is made of: frozen types and attributes, spelt as WSAPI spells them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class AttributeType(StrEnum):
    """AttributeDefinition.AttributeType (object-model.md 4)."""

    STRING = "STRING"
    TEXT = "TEXT"
    INTEGER = "INTEGER"
    DECIMAL = "DECIMAL"
    QUANTITY = "QUANTITY"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    RATING = "RATING"
    STATE = "STATE"
    OBJECT = "OBJECT"
    COLLECTION = "COLLECTION"
    WEB_LINK = "WEB_LINK"
    BINARY_DATA = "BINARY_DATA"
    RAW = "RAW"
    MAP = "MAP"


TEXTUAL = frozenset(
    {
        AttributeType.STRING,
        AttributeType.TEXT,
        AttributeType.RATING,
        AttributeType.STATE,
        AttributeType.BINARY_DATA,
        AttributeType.RAW,
        AttributeType.MAP,
        AttributeType.WEB_LINK,
    }
)
HOLDERS = frozenset({"AttachmentContent", "ProfileImage"})
"""Types that hold BINARY_DATA, which is stored apart from their rows; until something uses them they are their uploader's."""

NUMERIC = frozenset({AttributeType.INTEGER, AttributeType.DECIMAL, AttributeType.QUANTITY})


@dataclass(frozen=True, slots=True)
class Members:
    """How a collection comes by its members. Exactly one of the first five is set.

    `via`: members are the objects whose OBJECT attribute of that name refers to the owner.
    `link`: pairs kept in the link table under that relation name; `reverse` reads them from the right-hand side.
    `through`: objects of that type join owner (`near`) and member (`far`).
    `everything`: all objects of the member type.
    `derived`: named, computed elsewhere.
    `where`: a WSAPI query that members must satisfy (on the joining type when `through`).
    `only`: the concrete member type that carries `via`, when it differs from the declared one.
    """

    via: str | None = None
    link: str | None = None
    through: str | None = None
    everything: bool = False
    derived: str | None = None
    reverse: bool = False
    near: str | None = None
    far: str | None = None
    where: str | None = None
    only: str | None = None

    @property
    def editable(self) -> bool:
        """Whether members can be added and removed: they are kept, not computed."""
        return not (self.derived or self.through or self.everything or self.where)


def display_name(element_name: str) -> str:
    """Give the label of an element name: `ScheduleState` becomes `Schedule State`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", element_name)
    return spaced[:1].upper() + spaced[1:]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class AttributeDef:
    """One attribute of a type.

    `owner` is the type that introduces it, `of` the type of an OBJECT's or COLLECTION's targets, `values` the allowed
    values in order (empty: anything goes). `create_only` attributes are settled by the create. `alias` names attributes
    of the same type of which this one shows the first that is set; `figure` is what it is worked out by when it is read
    (`storage/figures.py`). `digits` is the number of fractional digits kept.
    `definition_id` is the ObjectID of its AttributeDefinition: negative for stock ones. `value_ids` are the ObjectIDs of the
    AllowedAttributeValues of `values`, where a workspace has its own list. `editable`: a workspace may have its own list;
    `fixed` are the values in it that stay, because rules hang on them. `like` names the attribute (`TestCaseResult.Verdict`)
    whose list this one's follows. `system_required` holds whatever a workspace says of `required`.
    """

    name: str
    type: AttributeType
    owner: str
    definition_id: int
    definition_uuid: str
    display_name: str
    of: str | None = None
    required: bool = False
    read_only: bool = False
    create_only: bool = False
    hidden: bool = False
    max_length: int | None = None
    values: tuple[str, ...] = ()
    default: object = None
    filterable: bool = True
    sortable: bool = True
    indexed: bool = False
    digits: int | None = None
    note: str = ""
    alias: tuple[str, ...] = ()
    figure: str = ""
    on_delete: str = ""
    owned: bool = False
    members: Members | None = None
    custom: bool = False
    real_type: str = ""
    link_url: str | None = None
    editable: bool = False
    fixed: tuple[str, ...] = ()
    like: str = ""
    value_ids: tuple[int, ...] = ()
    system_required: bool = False
    admins_only: bool = False

    @property
    def is_object(self) -> bool:
        """Whether the value is a ref."""
        return self.type is AttributeType.OBJECT

    @property
    def is_collection(self) -> bool:
        """Whether the value is a collection."""
        return self.type is AttributeType.COLLECTION

    @property
    def is_stored(self) -> bool:
        """Whether the value has a column (or a place in the custom fields) of its own."""
        return not self.alias and not self.figure and (self.custom or not self.is_collection)

    @property
    def wire_values(self) -> tuple[str | float, ...]:
        """The allowed values as JSON has them: numbers where the attribute is one."""
        if self.type is AttributeType.INTEGER:
            return tuple(int(value) for value in self.values)
        return tuple(float(value) for value in self.values) if self.type in NUMERIC else self.values

    @property
    def slot(self) -> tuple[str, str, str]:
        """What tells values of several types apart in one row: State is a word of a Defect and an object of a Feature."""
        return self.name, self.type, self.figure

    @property
    def is_drop_down(self) -> bool:
        """Whether the value must be one of `values`."""
        return bool(self.values) or self.type in {AttributeType.RATING, AttributeType.STATE}


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class TypeDef:
    """One type, with the attributes of all its ancestors.

    `name` is the type path (`PortfolioItem/Feature`), `table` the ancestor whose table holds the objects (None for
    abstract types above the tables), `lineage` the ancestors from the root down, itself last, `attributes` in wire
    order by element name, `family` the name of the catalogue's file that declares it, `rules` the names of the rules that
    hold for it, those of its ancestors first (`operations/rules` knows what they do).
    """

    name: str
    parent: str | None
    definition_id: int
    definition_uuid: str
    abstract: bool
    operations: frozenset[str]
    lineage: tuple[str, ...]
    attributes: Mapping[str, AttributeDef]
    table: str | None
    prefix: str | None = None
    ordinal: int = -1
    note: str = ""
    custom: bool = False
    label: str = ""
    scope: tuple[str, ...] = ()
    virtual: bool = False
    family: str = ""
    rules: tuple[str, ...] = ()
    folded: Mapping[str, AttributeDef] = field(default_factory=dict, repr=False)

    @property
    def element_name(self) -> str:
        """The last part of the type path, the root key of a single read."""
        return self.name.rpartition("/")[2]

    @property
    def display_name(self) -> str:
        """The type's name with blanks: `Hierarchical Requirement`."""
        return self.label or display_name(self.element_name)

    @property
    def path(self) -> str:
        """The type path as it stands in the address of an object: lower case."""
        return self.name.lower()

    @property
    def has_revisions(self) -> bool:
        """Whether changes leave a Revision."""
        return "RevisionHistory" in self.attributes and self.name != "Revision"

    @property
    def naming_attribute(self) -> str | None:
        """The attribute that gives `_refObjectName`, or None for a nameless type."""
        for name in ("DisplayName", "Name"):
            if name in self.attributes and (name != "DisplayName" or self.name == "User"):
                return name
        return None

    def find(self, name: str) -> AttributeDef | None:
        """Give the attribute of that name in any case, a custom one also without `c_`, or None."""
        return self.attributes.get(name) or self.folded.get(name.lower()) or self.folded.get("c_" + name.lower())


def make_type(  # noqa: PLR0913 - the one place where a TypeDef is put together
    name: str,
    *,
    parent: TypeDef | None,
    own: Mapping[str, AttributeDef],
    definition_id: int,
    definition_uuid: str,
    abstract: bool = False,
    operations: frozenset[str] = frozenset(),
    table: bool = False,
    virtual: bool = False,
    prefix: str | None = None,
    ordinal: int = -1,
    note: str = "",
    custom: bool = False,
    label: str = "",
    scope: tuple[str, ...] = (),
    family: str = "",
    rules: tuple[str, ...] = (),
) -> TypeDef:
    """Put a type together from its parent and its own attributes; an own one takes the place of an inherited one."""
    attributes = {**(parent.attributes if parent else {}), **own}
    holder = parent.table if parent and parent.table else (name if table or not abstract else None)
    if virtual:
        holder = None
    return TypeDef(
        name=name,
        parent=parent.name if parent else None,
        definition_id=definition_id,
        definition_uuid=definition_uuid,
        abstract=abstract,
        operations=operations,
        lineage=(*(parent.lineage if parent else ()), name),
        attributes=attributes,
        table=holder,
        prefix=prefix or (parent.prefix if parent else None),
        ordinal=ordinal,
        note=note,
        custom=custom,
        label=label,
        virtual=virtual,
        scope=scope or (parent.scope if parent else ()),
        family=family or (parent.family if parent else ""),
        rules=(*(parent.rules if parent else ()), *rules),
        folded={key.lower(): value for key, value in attributes.items()},
    )


__all__ = [
    "HOLDERS",
    "NUMERIC",
    "TEXTUAL",
    "AttributeDef",
    "AttributeType",
    "Members",
    "TypeDef",
    "display_name",
    "make_type",
]
