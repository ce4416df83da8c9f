"""The semantics of wsapi.md 4.2, tried on objects."""

import pytest

from banneret.query.condition import Comparison
from banneret.query.evaluate import fold, fold_needle
from banneret.query.operators import Kind
from tests.unit.query.world import Thing, bind, holds, thing

ANN = thing("User", 21, UserName="ann@acme.test", DisplayName="Ann")
URGENT, LATER = thing("Tag", 31, Name="Urgent"), thing("Tag", 32, Name="Later")
SPRINT = thing("Iteration", 41, Name="Sprint 1", StartDate="2026-03-01T07:00:00.000Z")
STORY = thing("HierarchicalRequirement", 51, Name="Checkout", FormattedID="US12", Owner=ANN)


def defect(**values: object) -> Thing:
    return thing("Defect", 61, **values)


FULL = defect(
    Name="Crash on Öffnen (50%)",
    FormattedID="DE7",
    Severity="Major Problem",
    State="Open",
    Blocked=True,
    PlanEstimate=2.5,
    CreationDate="2026-03-04T07:00:00.000Z",
    Owner=ANN,
    Iteration=SPRINT,
    Requirement=STORY,
    Tags=[URGENT, LATER],
)
EMPTY = defect()


@pytest.mark.parametrize(
    "text",
    [
        '(Name = "crash on Öffnen (50%)")',
        '(Name = "CRASH ON ÖFFNEN (50%)")',
        '(Name contains "ON ö")',
        "(Name contains 50%)",
        "(Name !contains stock)",
        "(Name != stock)",
        "(Name > b)",
        "(Name < D)",
        '(Name in a,"crash on öffnen (50%)")',
        "(Name !in a,b)",
        "(ObjectID = 61)",
        '(ObjectID = "61")',
        "(ObjectID < 61.5)",
        "(ObjectUUID = 00000000000070008000000000000061)",
        "(PlanEstimate >= 2.5)",
        '(Blocked = "True")',
        "(Blocked != false)",
        "(Severity = 'major problem')".replace("'", '"'),
        '(Severity <= "Minor Problem")',
        '(Severity > "Crash/Data Loss")',
        "(Severity != None)",
        "(Severity != null)",
        "(Severity contains major)",
        "(Severity != Unheard)",
        "(State in Open,Fixed)",
        "(FormattedID = de7)",
        "(FormattedID = 7)",
        "(FormattedID < DE10)",
        "(FormattedID != US7)",
        "(FormattedID contains e7)",
        "(CreationDate = 2026-03-04)",
        "(CreationDate > yesterday)",
        "(CreationDate < 2026-03-04T07:00:00.001Z)",
        "(Owner = /user/21)",
        "(Owner = currentuser)",
        "(Owner = https://localhost/slm/webservice/v2.0/user/00000000-0000-7000-8000-000000000021.js)",
        "(Owner = ANN@acme.test)",
        "(Owner.UserName = ann@acme.test)",
        "(Owner contains acme)",
        "(Owner != /user/22)",
        "(Owner != null)",
        "(Owner in /user/1,ann@acme.test)",
        "(Owner !in /user/1,bob@acme.test,null)",
        "(Iteration = sprint 1)",
        "(Iteration.StartDate < today)",
        "(Requirement = US12)",
        "(Requirement = checkout)",
        "(Requirement.Owner = ann@acme.test)",
        "(Requirement.Iteration = null)",
        "(Requirement.Iteration.Name != x)",
        "(Tags contains /tag/31)",
        "(Tags = later)",
        "(Tags in /tag/1,urgent)",
        "(Tags !contains /tag/33)",
        "(Tags != later2)",
        "(Tags != null)",
        "(Tags.Name contains LAT)",
        "(Tags.Name != Urgent)",
        "((Tags.Name = urgent) AND (Tags.Name = later))",
        "((Name = x) OR (ObjectID = 61))",
    ],
)
def test_what_holds(text: str) -> None:
    assert holds(text, FULL)


@pytest.mark.parametrize(
    "text",
    [
        "(Name = crash)",
        "(Name = null)",
        "(Name !contains CRASH)",
        "(Name < crash)",
        "(ObjectID = 61.5)",
        "(PlanEstimate < 2.5)",
        "(Blocked = false)",
        "(Severity = Unheard)",
        '(Severity < "Major Problem")',
        "(Severity = null)",
        "(FormattedID = US7)",
        "(FormattedID > 7)",
        "(FormattedID = nonsense)",
        "(CreationDate < 2026-03-04)",
        "(Owner = /user/22)",
        "(Owner != ann@acme.test)",
        "(Owner !contains ANN)",
        "(Owner = null)",
        "(Owner = /tag/21)",
        "(Requirement = DE12)",
        "(Requirement contains 12)",
        "(Requirement.Iteration.Name = x)",
        "(Tags contains /tag/33)",
        "(Tags contains urg)",
        "(Tags !contains later)",
        "(Tags = null)",
        "(Tags !in null,/tag/31)",
        "((Tags.Name = urgent) AND (Tags.Name = never))",
    ],
)
def test_what_does_not_hold(text: str) -> None:
    assert not holds(text, FULL)


@pytest.mark.parametrize(
    "name", ["Name", "FormattedID", "PlanEstimate", "CreationDate", "Owner", "Iteration.StartDate"]
)
@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("=", "{}", False),
        ("!=", "{}", True),
        ("in", "{}", False),
        ("in", "{},null", True),
        ("!in", "{}", True),
        ("!in", "{},null", False),
        ("=", "null", True),
        ("!=", "null", False),
    ],
)
def test_what_null_is(name: str, operator: str, value: str, expected: bool) -> None:
    some = {"PlanEstimate": "1", "FormattedID": "DE1", "Name": "x", "Owner": "/user/21"}.get(name, "today")
    assert holds(f"({name} {operator} {value.format(some)})", EMPTY) is expected


@pytest.mark.parametrize("name", ["Name", "FormattedID", "PlanEstimate", "CreationDate", "Iteration.StartDate"])
@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_null_is_neither_before_nor_after_anything(name: str, operator: str) -> None:
    assert not holds(f"({name} {operator} {'1' if name != 'CreationDate' and 'Date' not in name else 'today'})", EMPTY)
    assert not holds(f"({name} {operator} null)", EMPTY)
    assert not holds(f"({name} {operator} null)", FULL)


def test_null_contains_nothing() -> None:
    assert not holds('(Name contains "")', EMPTY)
    assert holds('(Name !contains "")', EMPTY)
    assert holds("(Owner !contains x)", EMPTY)
    assert not holds("(Owner contains x)", EMPTY)


@pytest.mark.parametrize("unset", [{}, {"Severity": "None"}])
def test_an_unset_rating_is_none(unset: dict[str, str]) -> None:
    obj = defect(**unset)
    assert holds("(Severity = None)", obj)
    assert holds("(Severity = null)", obj)
    assert holds("(Severity < Cosmetic)", obj)
    assert holds("(Severity != Cosmetic)", obj)
    assert not holds("(Severity != none)", obj)
    assert not holds("(Severity !in Cosmetic,None)", obj)


def test_an_empty_collection_is_null() -> None:
    assert holds("(Tags = null)", EMPTY)
    assert holds("(Tags !contains /tag/31)", EMPTY)
    assert holds("(Tags != urgent)", EMPTY)
    assert not holds("(Tags contains urgent)", EMPTY)
    assert not holds("(Tags != null)", EMPTY)


@pytest.mark.parametrize("comparison", ["Name = x", "Name != x", "Name = null", "Name !contains x", "Name !in x"])
def test_a_path_through_an_empty_collection_is_false(comparison: str) -> None:
    assert not holds(f"(Tags.{comparison})", EMPTY)
    assert not holds(f"(Requirement.Tags.{comparison})", EMPTY)
    assert not holds(f"(Requirement.Tags.{comparison})", FULL)


def test_a_collection_at_the_end_of_a_path() -> None:
    tagged = defect(Requirement=thing("HierarchicalRequirement", 52, Tags=[URGENT]))
    assert holds("(Requirement.Tags contains urgent)", tagged)
    assert not holds("(Requirement.Tags !contains urgent)", tagged)
    # No requirement, hence no tags.
    assert holds("(Requirement.Tags !contains urgent)", EMPTY)
    assert holds("(Requirement.Tags = null)", EMPTY)


def test_a_null_behind_a_collection() -> None:
    assert holds("(Tasks.Owner = null)", defect(Tasks=[thing("Task", 71)]))
    assert holds("(Tasks.Owner.UserName != ann)", defect(Tasks=[thing("Task", 71)]))
    assert not holds("(Tasks.Owner != null)", defect(Tasks=[thing("Task", 71)]))


def test_what_may_not_be_seen_is_as_good_as_none() -> None:
    hidden = Thing("HierarchicalRequirement", 53, {"Name": "Secret"}, visible=False)
    obj = defect(Requirement=hidden, Tags=[Thing("Tag", 33, {"Name": "Secret"}, visible=False)])
    assert holds("(Requirement = null)", obj)
    assert holds("(Tags = null)", obj)
    assert not holds("(Requirement.Name = Secret)", obj)
    assert not holds("(Requirement = /hierarchicalrequirement/53)", obj)
    assert not holds("(Tags contains /tag/33)", obj)


def test_on_several_types_the_number_alone_counts() -> None:
    assert holds("(FormattedID = US7)", FULL, "Artifact")


def test_a_formatted_id_without_number() -> None:
    odd = defect(FormattedID="DE")
    assert not holds("(FormattedID = 7)", odd)
    assert holds("(FormattedID != 7)", odd)
    assert holds("(FormattedID != null)", odd)


def test_a_name_that_looks_like_a_formatted_id() -> None:
    assert holds("(Requirement = US1)", defect(Requirement=thing("HierarchicalRequirement", 54, Name="us1")))
    assert not holds("(Requirement = US1)", defect(Requirement=thing("HierarchicalRequirement", 54)))


@pytest.mark.parametrize(
    ("text", "needle", "equal"),
    [
        ("ABC", "abc", True),
        # The Kelvin sign is no K for an ASCII needle, as it is none for a database.
        ("\u212a", "k", False),
        ("ÄB", "äb", True),
        ("Äb", "ÄB", True),
        ("Ä", "a", False),
    ],
)
def test_folding(text: str, needle: str, equal: bool) -> None:
    assert (fold(text, needle) == fold_needle(needle)) is equal


def test_folding_leaves_other_letters_to_ascii_needles() -> None:
    assert fold("ÄB", "b") == "Äb"


def test_each_kind_is_reached() -> None:
    texts = [
        "(Name = x)",
        "(State = Open)",
        "(ObjectID = 1)",
        "(Blocked = true)",
        "(CreationDate = today)",
        "(FormattedID = 1)",
        "(Owner = /user/1)",
        "(Owner = x)",
    ]
    kinds = [condition.kind for text in texts if isinstance(condition := bind(text), Comparison)]
    assert kinds == list(Kind)
