"""Queries that are refused: HTTP 200, a QueryResult, and the text of wsapi.md 4.3."""

from __future__ import annotations

from tests.harness import World

FLAT = 'Could not parse: Error parsing expression -- expected ")" but saw "{}" instead.'
DATE = 'Could not parse: Cannot convert "{}" into a date.  You must use the ISO8601 date+time format.'
UNKNOWN = 'Could not parse: Attribute "{}" on type {} is not allowed in query expressions.'
UNSHARED = "Could not read: could not read all instances of class com.f4tech.slm.domain.{}"

CASES = [
    ("defect", '((Name = "a") AND (Name = "b") AND (Name = "c"))', FLAT.format("AND")),
    ("defect", '((Name = "a") OR (Name = "b") or (Name = "c"))', FLAT.format("or")),
    ("defect", "(Name = a AND Name = b)", FLAT.format("AND")),
    ("defect", '(Name zobolts "x")', 'Could not parse: Unknown operator "zobolts"'),
    ("defect", '(Name == "x")', 'Could not parse: Unknown operator "=="'),
    ("defect", '(Name="v")', 'Could not parse: Unknown operator ")"'),
    ("defect", '(Nonsense = "x")', UNKNOWN.format("Nonsense", "Defect")),
    ("defect", '(c_Nonsense = "x")', UNKNOWN.format("c_Nonsense", "Defect")),
    ("defect", '(Owner.Nonsense = "x")', UNKNOWN.format("Nonsense", "User")),
    ("defect", '(Tags.Nonsense = "x")', UNKNOWN.format("Nonsense", "Tag")),
    ("defect", '(Name.Nonsense = "x")', UNKNOWN.format("Name.Nonsense", "Defect")),
    ("portfolioitem/feature", "(Severity = x)", UNKNOWN.format("Severity", "PortfolioItem/Feature")),
    ("artifact", "(Severity = Cosmetic)", UNSHARED.format("Artifact")),
    ("artifact", "(Iteration = null)", UNSHARED.format("Artifact")),
    ("artifact?types=Defect,Task", "(Severity = Cosmetic)", UNSHARED.format("Artifact")),
    ("artifact", "(Nonsense = x)", UNKNOWN.format("Nonsense", "Artifact")),
    ("defect", "(CreationDate > soon)", DATE.format("soon")),
    ("defect", '(CreationDate > "2026-13-01")', DATE.format("2026-13-01")),
    ("defect", '(CreationDate > "01/05/2026")', DATE.format("01/05/2026")),
    ("defect", "(Iteration.StartDate = lastmonth)", DATE.format("lastmonth")),
    ("defect", "(Owner = /user/abc)", 'Could not parse: Cannot parse object reference from "/user/abc"'),
    ("defect", "(Iteration = http://x/y)", 'Could not parse: Cannot parse object reference from "http://x/y"'),
    ("nonsense", "(Name = x)", 'Requested type name "nonsense" is unknown.'),
    ("artifact?types=Nonsense", "(Name = x)", 'Requested type name "nonsense" is unknown.'),
    ("defect?order=Nonsense", "(Name = x)", "Cannot sort using unknown attribute Nonsense"),
    ("typedefinition", "(Nonsense = x)", UNKNOWN.format("Nonsense", "TypeDefinition")),
    ("domainobject", "(Name = x)", UNSHARED.format("DomainObject")),
]

VAGUE = [
    "(",
    ")",
    "()",
    "(Name)",
    "(Name =)",
    "(Name = )",
    '(Name = "x)',
    "(Name = x",
    "(Name = x))",
    "((Name = x) AND)",
    "((Name = x) AND ())",
    "((Name = x) (Name = y))",
    "(PlanEstimate = many)",
    "(Ready = perhaps)",
    "(Ready > true)",
    "(PlanEstimate contains 1)",
    "(Owner > /user/1)",
    "(Name in )",
    "(Name between 1,2)",
    "(" * 2000,
    "(Name = " + "x" * 70_000 + ")",
]


async def test_refused_word_by_word(world: World) -> None:
    wrong = []
    for path, query, error in CASES:
        answer = await world.get(path, query=query)
        if (answer.status, answer.root, answer.errors) != (200, "QueryResult", [error]):
            wrong.append((path, query, answer.document))
        assert answer.inner["Results"] == []
        assert answer.inner["TotalResultCount"] == 0
    assert wrong == []


async def test_refused_somehow(world: World) -> None:
    for query in VAGUE:
        answer = await world.get("defect", query=query)
        assert (answer.status, answer.root) == (200, "QueryResult")
        (error,) = answer.errors
        assert error.startswith("Could not parse: "), (query, error)
        assert len(error) < 500


async def test_refused_in_a_collection_too(world: World) -> None:
    made = await world.make("hierarchicalrequirement", Name="x")
    for path in (f"hierarchicalrequirement/{made['ObjectID']}/Tasks", f"workspace/{world.ids['main']}/Projects"):
        answer = await world.get(path, query="(Name zobolts x)")
        assert (answer.root, answer.errors) == ("QueryResult", ['Could not parse: Unknown operator "zobolts"'])
        answer = await world.get(path, order="Nonsense")
        assert answer.errors == ["Cannot sort using unknown attribute Nonsense"]


async def test_long_words_are_cut(world: World) -> None:
    answer = await world.get("defect", query=f"({'N' * 5000} = x)")
    assert len(answer.errors[0]) < 1000
    assert len((await world.get("defect", order="N" * 5000)).errors[0]) < 1000
