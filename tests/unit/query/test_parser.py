"""Texts as clients send them, and the errors of wsapi.md 4.3 word by word."""

import pytest

from banneret.kernel.errors import QuerySyntax
from banneret.query.operators import Operator
from banneret.query.parser import MAX_ALTERNATIONS, MAX_NESTING, MAX_PATH, parse
from banneret.query.tokens import MAX_LENGTH
from banneret.query.tree import Clause, Group, Node, depth

CAP = "Could not parse: "
EXPECTED = CAP + "Error parsing expression -- expected "


def equal(name: str, value: str) -> Clause:
    return Clause(tuple(name.split(".")), Operator.EQUAL, (value,))


SIGNS = "a (b) AND [c]: / ! @ # $ % ^ * _ - + = ? { } ; , . < > ( ) ~ & | '"
A, B, C = equal("A", "1"), equal("B", "2"), equal("C", "3")


@pytest.mark.parametrize("text", ["", " ", "\t\n "])
def test_blank_text_is_no_query(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('(Name = "x")', equal("Name", "x")),
        ('((Name = "x"))', equal("Name", "x")),
        ('( ( Name = "x" ) )', equal("Name", "x")),
        ('Name = "x"', equal("Name", "x")),
        ("(State = Open)", equal("State", "Open")),
        ("State = Open", equal("State", "Open")),
        ("(FormattedID = DE1)", equal("FormattedID", "DE1")),
        ("(ObjectID = 50)", equal("ObjectID", "50")),
        ("(Parent = null)", equal("Parent", "null")),
        ("(CreationDate > today-7)", Clause(("CreationDate",), Operator.GREATER, ("today-7",))),
        (
            "(Iteration = https://localhost:8000/slm/webservice/v2.0/iteration/1)",
            equal("Iteration", "https://localhost:8000/slm/webservice/v2.0/iteration/1"),
        ),
        ("(Workspace = /workspace/2)", equal("Workspace", "/workspace/2")),
        ("(Owner = someone@example.com)", equal("Owner", "someone@example.com")),
        ("(Name = two words )", equal("Name", "two words")),
        ("(Name = f(x) and(y))", equal("Name", "f(x) and(y)")),
        ("(Name contains and)", Clause(("Name",), Operator.CONTAINS, ("and",))),
        ("(Owner.UserName = a.b)", equal("Owner.UserName", "a.b")),
        (f'(Name = "{SIGNS}")', equal("Name", SIGNS)),
        (r'(Name = "say \"hi\"")', equal("Name", 'say "hi"')),
        (r'(Name = "C:\\temp\new")', equal("Name", r"C:\temp\new")),
        ('(Name = "")', equal("Name", "")),
        ('(Name = " x ")', equal("Name", " x ")),
        ('(Name = "two\nlines")', equal("Name", "two\nlines")),
    ],
)
def test_a_single_comparison(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize("symbol", [operator.value for operator in Operator])
def test_every_operator_in_any_case(symbol: str) -> None:
    for written in (symbol, symbol.upper(), symbol.title()):
        assert parse(f'(Name {written} "x")') == Clause(("Name",), Operator(symbol), ("x",))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('(State in "Open","Fixed")', ("Open", "Fixed")),
        ("(State in Open,Fixed)", ("Open", "Fixed")),
        ("(State IN Open , Fixed )", ("Open", "Fixed")),
        ('(State in "Open,Fixed")', ("Open", "Fixed")),
        ('(State !in "Open, Fixed,")', ("Open", "Fixed")),
        ('(State in ",")', (",",)),
        ('(State in "a, b", c)', ("a, b", "c")),
        ("(State in Open)", ("Open",)),
        ("State in Open,Fixed", ("Open", "Fixed")),
    ],
)
def test_lists(text: str, values: tuple[str, ...]) -> None:
    assert parse(text) == Clause(("State",), Operator.NOT_IN if "!in" in text else Operator.IN, values)


def test_a_comma_is_part_of_any_other_value() -> None:
    assert parse("(Name = a,b)") == equal("Name", "a,b")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("((A = 1) AND (B = 2))", Group("AND", (A, B))),
        ("(A = 1) AND (B = 2)", Group("AND", (A, B))),
        ("((A = 1)and(B = 2))", Group("AND", (A, B))),
        ("((A = 1) oR (B = 2))", Group("OR", (A, B))),
        ("((A = 1) AND ((B = 2) AND (C = 3)))", Group("AND", (A, B, C))),
        ("(((A = 1) AND (B = 2)) AND (C = 3))", Group("AND", (A, B, C))),
        ("((A = 1) AND ((B = 2) OR (C = 3)))", Group("AND", (A, Group("OR", (B, C))))),
        ("((((A = 1)) OR (((B = 2)))))", Group("OR", (A, B))),
        ("((A = 1) OR (B = 2)) AND (C = 3)", Group("AND", (Group("OR", (A, B)), C))),
    ],
)
def test_joined_comparisons(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("((A = 1) AND (B = 2) AND (C = 3))", EXPECTED + '")" but saw "AND" instead.'),
        ("(A = 1) AND (B = 2) AND (C = 3)", EXPECTED + '")" but saw "AND" instead.'),
        ("(A = 1 AND B = 2)", EXPECTED + '")" but saw "AND" instead.'),
        ('(A = "1" or B = 2)', EXPECTED + '")" but saw "or" instead.'),
        ('A = "1" AND B = 2', EXPECTED + '")" but saw "AND" instead.'),
        ("A = 1 AND B = 2", EXPECTED + '")" but saw "AND" instead.'),
        ('(Name zobolts "v")', CAP + 'Unknown operator "zobolts"'),
        ('(Name="v")', CAP + 'Unknown operator ")"'),
        ('(Name ="v")', CAP + 'Unknown operator "="v""'),
        ('(Name (= "v"))', CAP + 'Unknown operator "("'),
        ("(Name)", CAP + 'Unknown operator ")"'),
        ("(Name", EXPECTED + "an operator but the text ends."),
        ("rubbish", EXPECTED + "an operator but the text ends."),
        ("()", EXPECTED + 'an attribute but saw ")" instead.'),
        ("(", EXPECTED + "an attribute but the text ends."),
        (")", EXPECTED + 'an attribute but saw ")" instead.'),
        ("(Name = )", EXPECTED + 'a value but saw ")" instead.'),
        ("(Name =", EXPECTED + "a value but the text ends."),
        ("(Name = (x))", EXPECTED + 'a value but saw "(" instead.'),
        ("(State in Open,)", EXPECTED + 'a value but saw ")" instead.'),
        ('(Name = "x" y)', EXPECTED + '")" but saw "y" instead.'),
        ('(Name = "x"', EXPECTED + '")" but the text ends.'),
        ("(Name = x", EXPECTED + '")" but the text ends.'),
        ('(Name = "x)', CAP + "Error parsing expression -- a quoted value has no closing quote."),
        ("((A = 1) AND B = 2)", EXPECTED + '"(" but saw "B" instead.'),
        ("((A = 1) AND )", EXPECTED + '"(" but saw ")" instead.'),
        ("(A = 1) AND", EXPECTED + '"(" but the text ends.'),
        ("((A = 1) XOR (B = 2))", EXPECTED + '")" but saw "XOR" instead.'),
        ("(A = 1) (B = 2)", EXPECTED + 'the end but saw "(" instead.'),
        ("(A = 1))", EXPECTED + 'the end but saw ")" instead.'),
        ('(Name = "nul \0")', CAP + "The query has a character that no text can hold."),
        ('(Name = "half \ud800")', CAP + "The query has a character that no text can hold."),
    ],
)
def test_what_does_not_parse(text: str, message: str) -> None:
    with pytest.raises(QuerySyntax) as caught:
        parse(text)
    assert caught.value.message == message


def test_an_error_knows_its_place() -> None:
    with pytest.raises(QuerySyntax) as caught:
        parse("((A = 1) AND (B ~ 2))")
    assert caught.value.position == len("((A = 1) AND (B ")


def test_a_long_word_is_not_repeated_whole() -> None:
    with pytest.raises(QuerySyntax) as caught:
        parse("(A " + "x" * 50_000)
    assert len(caught.value.message) < 200


def chain(count: int, *, left: bool) -> str:
    text = "(A = 0)"
    for n in range(1, count):
        text = f"({text} AND (A = {n}))" if left else f"((A = {n}) AND {text})"
    return text


@pytest.mark.parametrize("left", [True, False])
def test_a_chain_of_hundreds_is_flat(left: bool) -> None:
    tree = parse(chain(900, left=left))
    assert isinstance(tree, Group)
    assert len(tree.parts) == 900
    assert depth(tree) == 1


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "A = 1" + ")" * 10_000,
        "(" * 10_000,
        chain(2_000, left=True),
        chain(2_000, left=False),
    ],
)
def test_too_many_parentheses_are_refused(text: str) -> None:
    with pytest.raises(QuerySyntax, match=f"more than {MAX_NESTING} parentheses"):
        parse(text)


def test_as_many_parentheses_as_allowed() -> None:
    assert parse("(" * MAX_NESTING + "A = 1" + ")" * MAX_NESTING) == A


def test_words_that_alternate_too_often_are_refused() -> None:
    text = "(A = 1)"
    for n in range(MAX_ALTERNATIONS):
        text = f"({text} {'AND' if n % 2 else 'OR'} (B = 2))"
    assert depth(parse(text) or A) == MAX_ALTERNATIONS
    with pytest.raises(QuerySyntax, match="alternate"):
        parse(f"({text} OR (B = 2))")


def test_limits_of_length() -> None:
    with pytest.raises(QuerySyntax, match="longer than"):
        parse(f'(A = "{"x" * MAX_LENGTH}")')
    with pytest.raises(QuerySyntax, match="names"):
        parse(f"({'.'.join(['Parent'] * (MAX_PATH + 1))} = 1)")


def test_a_tree_prints_itself() -> None:
    tree = Group("OR", (A, Group("AND", (B, C)), equal("N", 'a "b" \\')))
    assert str(tree) == r'(((A = "1") OR ((B = "2") AND (C = "3"))) OR (N = "a \"b\" \\"))'
    assert str(Clause(("S",), Operator.NOT_IN, ("a", "b"))) == '(S !in "a", "b")'
