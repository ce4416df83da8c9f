import pytest

from banneret.kernel.errors import UnknownSortAttribute
from banneret.query.ordering import MAX_KEYS, parse_order
from tests.unit.query.world import SCHEMA


def order(text: str, type_name: str = "Defect", types: str = "") -> list[str]:
    candidates = tuple(SCHEMA.get(name) for name in types.split(",")) if types else None
    keys = parse_order(text, SCHEMA, SCHEMA.get(type_name), candidates=candidates)
    return [".".join(step.attribute.name for step in key.path) + (" desc" if key.descending else "") for key in keys]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", ["ObjectID"]),
        (" , ", ["ObjectID"]),
        ("Name", ["Name", "ObjectID"]),
        ("Name desc", ["Name desc", "ObjectID"]),
        ("name DESC, Rank ASC,ObjectID", ["Name desc", "DragAndDropRank", "ObjectID"]),
        ("DragAndDropRank DESC", ["DragAndDropRank desc", "ObjectID"]),
        ("Rank FooBar", ["DragAndDropRank", "ObjectID"]),
        ("Rank desc extra", ["DragAndDropRank desc", "ObjectID"]),
        ("Iteration.StartDate desc", ["Iteration.StartDate desc", "ObjectID"]),
        ("ObjectID desc,Name", ["ObjectID desc"]),
        ("Name,Name desc", ["Name", "ObjectID"]),
        ('"Name desc"', ["Name desc", "ObjectID"]),
        ("Iteration", ["Iteration.Name", "ObjectID"]),
        ("Owner", ["Owner.DisplayName", "ObjectID"]),
        ("RevisionHistory", ["RevisionHistory.ObjectID", "ObjectID"]),
    ],
)
def test_order(text: str, keys: list[str]) -> None:
    assert order(text) == keys


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Nonsense", "Nonsense"),
        ("Name,Owner.Nonsense desc", "Owner.Nonsense"),
        ("Tags", "Tags"),
        ("Tags.Name", "Tags.Name"),
        ("Name.Name", "Name.Name"),
        (".".join(["Parent"] * 50), ".".join(["Parent"] * 50)),
    ],
)
def test_unknown_attributes(text: str, unknown: str) -> None:
    with pytest.raises(UnknownSortAttribute) as caught:
        order(text)
    assert caught.value.attribute == unknown


def test_rank_of_what_has_none() -> None:
    with pytest.raises(UnknownSortAttribute):
        order("Rank", "User")


def test_of_several_types_all_must_have_the_attribute() -> None:
    assert order("Rank desc", "Artifact") == ["DragAndDropRank desc", "ObjectID"]
    with pytest.raises(UnknownSortAttribute):
        order("ScheduleState", "Artifact")
    assert order("ScheduleState", "Artifact", "Defect,HierarchicalRequirement") == [
        "ScheduleState",
        "ObjectID",
    ]


def test_keys_beyond_reason_are_left_out() -> None:
    text = ",".join(f"Parent.{'Parent.' * n}Name" for n in range(5))
    assert len(order(text, "HierarchicalRequirement")) == 6
    assert len(order(",".join(["Name"] * 5000))) == 2
    assert MAX_KEYS < 5000
