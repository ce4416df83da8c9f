"""What holds for every query: it prints back, it is answered or refused, and it means one thing."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from banneret.catalogue.loader import stock_schema
from banneret.kernel.errors import (
    AttributeNotShared,
    QuerySyntax,
    UnknownQueryAttribute,
    UnknownSortAttribute,
    UnreadableDate,
)
from banneret.query.check import check
from banneret.query.condition import Comparison
from banneret.query.evaluate import fold, fold_needle, matches
from banneret.query.literals import QueryContext
from banneret.query.operators import Kind, Operator
from banneret.query.ordering import parse_order
from banneret.query.parser import parse
from banneret.query.tree import Clause, Node, join
from tests.unit.query.world import Everything, Thing, holds, thing

SCHEMA = stock_schema()
CONTEXT = QueryContext(zone=UTC, now=datetime(2026, 1, 5, 9, tzinfo=UTC))
LISTS = {Operator.IN, Operator.NOT_IN}

values = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
names = st.text(st.characters(exclude_categories=["Cs", "Z", "C"], exclude_characters="()."), min_size=1).filter(
    lambda name: not any(character.isspace() for character in name)
)
paths = st.lists(names, min_size=1, max_size=4).map(tuple)


@st.composite
def clauses(draw: st.DrawFn) -> Clause:
    operator = draw(st.sampled_from(Operator))
    many = draw(st.lists(values, min_size=1, max_size=4 if operator in LISTS else 1))
    if operator in LISTS and len(many) == 1:
        many = [many[0].replace(",", "")]  # alone it would be the whole list
    return Clause(draw(paths), operator, tuple(many))


trees = st.recursive(clauses(), lambda part: st.builds(join, st.sampled_from(["AND", "OR"]), part, part))

WORDS = [
    *(
        "(",
        ")",
        " ",
        '"',
        "\\",
        ",",
        ".",
        "AND",
        "or",
        "=",
        "!=",
        "<",
        ">=",
        "contains",
        "in",
        "!in",
        "null",
        "today-7",
    ),
    *(
        "Name",
        "Owner",
        "Tags",
        "Severity",
        "FormattedID",
        "ObjectID",
        "CreationDate",
        "Blocked",
        "Requirement.Owner",
    ),
    *(
        "DE1",
        "/user/1",
        "/tag/zzz",
        "true",
        "1.5",
        "x",
        "PlanEstimate",
        "Tags.Name",
        "c_Odd",
        "State",
        "currentuser",
    ),
]
rubbish = st.one_of(
    st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join), st.lists(st.sampled_from(WORDS)).map("".join)
)
types = st.sampled_from(["Defect", "Artifact", "PortfolioItem", "User", "DomainObject", "TypeDefinition", "Revision"])
"""Texts that are near a query, and types that are near and far from having what they name."""


@given(trees)
def test_what_is_printed_parses_to_the_same(tree: Node) -> None:
    assert parse(str(tree)) == tree


@given(rubbish)
def test_what_parses_prints_and_parses_again(text: str) -> None:
    try:
        tree = parse(text)
    except QuerySyntax:
        return
    assert tree is None or parse(str(tree)) == tree


@given(st.one_of(rubbish, trees.map(str)), types)
@example("(" * 10_000, "Defect")
@example("(" * 10_000 + "Name = x" + ")" * 10_000, "Defect")
@example("((Name = x) AND " * 10_000, "Defect")
@example("(Name = " + "x" * 100_000, "Defect")
@example("(Name = " + "(" * 50_000, "Defect")
@example(".".join(["Parent"] * 10_000) + " = x", "HierarchicalRequirement")
@example("(ObjectID = " + "9" * 50_000 + ")", "Defect")
@example("(ObjectID < 1e9999)", "Defect")
@example("(CreationDate = 0001-01-01)", "Defect")
@example("(CreationDate = today+999999999)", "Defect")
def test_any_text_is_answered_or_refused(text: str, type_name: str) -> None:
    with contextlib.suppress(AttributeNotShared, UnknownQueryAttribute, UnreadableDate, PlainlyRefused):
        answer(text, type_name)


class PlainlyRefused(Exception):
    """A syntax error that says so in the words of the wire."""


def answer(text: str, type_name: str) -> None:
    try:
        tree = parse(text)
        condition = None if tree is None else check(tree, SCHEMA, SCHEMA.get(type_name), context=CONTEXT)
    except QuerySyntax as refusal:
        if refusal.message.startswith("Could not parse: "):
            raise PlainlyRefused from refusal
        raise
    hash(condition)
    if condition is not None:
        matches(condition, thing(type_name, 1), Everything())


@given(rubbish, types)
def test_any_order_is_taken_or_refused(text: str, type_name: str) -> None:
    try:
        keys = parse_order(text, SCHEMA, SCHEMA.get(type_name))
    except UnknownSortAttribute:
        return
    assert keys[-1].path[-1].attribute.name == "ObjectID"


@pytest.mark.parametrize("opening", ["(", "((A = 1) AND ", "((A = 1) OR ", "(((A = 1) AND (B = 2)) OR "])
@given(st.integers(1, 3000))
def test_depth_is_a_matter_of_limits_alone(opening: str, depth: int) -> None:
    text = opening * depth + "(Name = x)" + ")" * depth
    try:
        tree = parse(text)
    except QuerySyntax as refusal:
        outcome = refusal.message
    else:
        outcome = "longer" if tree else "nothing"
    assert any(word in outcome for word in ("longer", "more than"))


def described(*, number: int | None, name: str | None) -> Thing:
    given_values = {"PlanEstimate": number, "Name": name}
    return thing("Defect", 1, **{key: value for key, value in given_values.items() if value is not None})


OPPOSITES = [("=", "!="), ("in", "!in"), ("contains", "!contains")]


@pytest.mark.parametrize(("positive", "negative"), OPPOSITES)
@given(st.none() | values, values)
def test_opposites_exclude_each_other(positive: str, negative: str, name: str | None, value: str) -> None:
    obj = described(number=None, name=name)
    said = Clause(("Name",), Operator(positive), (value,))
    denied = Clause(("Name",), Operator(negative), (value,))
    assert holds(str(said), obj) is not holds(str(denied), obj)


@given(st.none() | st.integers(-3, 3), st.integers(-3, 3))
def test_order_is_one(number: int | None, value: int) -> None:
    obj = described(number=number, name=None)
    found = {symbol: holds(f"(PlanEstimate {symbol} {value})", obj) for symbol in ("<", "<=", "=", ">=", ">")}
    assert found["<="] is (found["<"] or found["="])
    assert found[">="] is (found[">"] or found["="])
    assert found["<"] + found["="] + found[">"] == (number is not None)


@given(st.lists(st.tuples(st.sampled_from(["AND", "OR"]), st.integers(0, 3)), max_size=6), st.integers(0, 3))
def test_words_mean_what_they_mean(chain: list[tuple[str, int]], number: int) -> None:
    text, expected = "(PlanEstimate = 0)", number == 0
    for word, value in chain:
        text = f"({text} {word} (PlanEstimate = {value}))"
        expected = (expected and number == value) if word == "AND" else (expected or number == value)
    assert holds(text, described(number=number, name=None)) is expected


@given(values, values)
def test_folding_is_blind_to_the_case_of_ascii(text: str, needle: str) -> None:
    if needle.isascii() and text.isascii():
        assert fold(text, needle) == fold(text.upper(), needle) == text.lower()
    assert fold_needle(needle) == fold(needle, needle)


@given(
    st.sampled_from(["Severity", "State", "Environment", "ScheduleState"]),
    st.sampled_from(["<", "<=", ">", ">="]),
    values,
)
def test_allowed_values_know_no_order_with_others(name: str, operator: str, value: str) -> None:
    tree = Clause((name,), Operator(operator), (f"x{value}",))
    condition = check(tree, SCHEMA, SCHEMA.get("Defect"), context=CONTEXT)
    assert isinstance(condition, Comparison)
    assert (condition.kind, condition.values) == (Kind.EXACT, ())
