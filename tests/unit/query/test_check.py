"""What the catalogue makes of a query: attributes, values, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from banneret.catalogue.model import AttributeDef, AttributeType
from banneret.kernel.errors import AttributeNotShared, QuerySyntax, UnknownQueryAttribute, UnreadableDate
from banneret.kernel.refs import Ref
from banneret.query.check import check
from banneret.query.condition import And, Comparison, Condition, NameValue, Or, RefValue
from banneret.query.literals import formatted_number
from banneret.query.operators import Kind, Operator
from banneret.query.parser import parse
from tests.unit.query.world import CONTEXT, SCHEMA, bind

Op = Operator


def one(text: str, type_name: str = "Defect", types: str = "") -> Comparison:
    condition = bind(text, type_name, types)
    assert isinstance(condition, Comparison)
    return condition


def bound(text: str, type_name: str = "Defect", types: str = "") -> tuple[str, Operator, Kind, Any]:
    condition = one(text, type_name, types)
    names = ".".join(step.attribute.name for step in condition.path)
    return names, condition.operator, condition.kind, condition.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('(Name = "x")', ("Name", Op.EQUAL, Kind.TEXT, "x")),
        ("(name != X)", ("Name", Op.NOT_EQUAL, Kind.TEXT, "X")),
        ("(Name < m)", ("Name", Op.LESS, Kind.TEXT, "m")),
        ('(Description contains "")', ("Description", Op.CONTAINS, Kind.TEXT, "")),
        ("(Name contains null)", ("Name", Op.CONTAINS, Kind.TEXT, "null")),
        ("(Name in a,b,a)", ("Name", Op.IN, Kind.TEXT, ("a", "b"))),
        ('(Name in a,"")', ("Name", Op.IN, Kind.TEXT, ("a", None))),
        ("(Name !in a)", ("Name", Op.NOT_EQUAL, Kind.TEXT, "a")),
        ("(Name = null)", ("Name", Op.EQUAL, Kind.TEXT, None)),
        ('(Name != "NULL")', ("Name", Op.NOT_EQUAL, Kind.TEXT, None)),
        ('(Name = "")', ("Name", Op.EQUAL, Kind.TEXT, None)),
        ("(Name < null)", ("Name", Op.IN, Kind.TEXT, ())),
    ],
)
def test_text(text: str, expected: tuple[object, ...]) -> None:
    assert bound(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(ObjectID = 1)", (Op.EQUAL, 1)),
        ('(ObjectID = "1")', (Op.EQUAL, 1)),
        ("(ObjectID = -77)", (Op.EQUAL, -77)),
        ("(ObjectID = 1e3)", (Op.EQUAL, 1000)),
        ("(ObjectID = 1.5)", (Op.IN, ())),
        ("(ObjectID != 1.5)", (Op.NOT_IN, ())),
        ("(ObjectID < 2.5)", (Op.LESS, 3)),
        ("(ObjectID <= 2.5)", (Op.AT_MOST, 2)),
        ("(ObjectID > 2.5)", (Op.GREATER, 2)),
        ("(ObjectID >= 2.5)", (Op.AT_LEAST, 3)),
        ("(ObjectID < 99999999999999999999999)", (Op.LESS, 2**63 - 1)),
        ("(ObjectID > -9e99)", (Op.GREATER, -(2**63) + 1)),
        ("(ObjectID = 99999999999999999999999)", (Op.IN, ())),
        ("(ObjectID in 1,2.5,3)", (Op.IN, (1, 3))),
        ("(ObjectID = null)", (Op.EQUAL, None)),
        ("(PlanEstimate = 3)", (Op.EQUAL, 3.0)),
        ("(PlanEstimate > .5)", (Op.GREATER, 0.5)),
    ],
)
def test_numbers(text: str, expected: tuple[object, ...]) -> None:
    name, operator, kind, value = bound(text)
    assert (kind, operator, value) == (Kind.NUMBER, *expected)
    assert isinstance(value, tuple | None | (float if name == "PlanEstimate" else int))


def test_the_largest_number_is_no_infinity() -> None:
    assert one("(PlanEstimate < 1e9999)").value == pytest.approx(1.7976931348623157e308)


@pytest.mark.parametrize("value", ["x", "1,5", "nan", "inf", "1_000", "\u0663", "0x10", "1e99999"])
def test_what_is_no_number(value: str) -> None:
    with pytest.raises(QuerySyntax, match=r"^Could not parse: Cannot convert .* into a number.*ObjectID"):
        bind(f'(ObjectID = "{value}")')


@pytest.mark.parametrize(("value", "meant"), [("true", True), ('"True"', True), ('"False"', False), ("FALSE", False)])
def test_booleans(value: str, meant: bool) -> None:
    assert bound(f"(Blocked = {value})") == ("Blocked", Op.EQUAL, Kind.BOOLEAN, meant)


def test_what_is_no_boolean() -> None:
    with pytest.raises(QuerySyntax, match="into a boolean"):
        bind("(Blocked = 1)")


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        ("2026-03-04", "2026-03-04T07:00:00.000Z"),
        ("2026-03-04T10:00:00Z", "2026-03-04T10:00:00.000Z"),
        ('"2026-03-04 10:00:00.5+01:00"', "2026-03-04T09:00:00.500Z"),
        ("today", "2026-03-04T07:00:00.000Z"),
        ("Today-7", "2026-02-25T07:00:00.000Z"),
        ("today+3", "2026-03-07T07:00:00.000Z"),
        # Daylight saving has begun in between.
        ("TODAY + 5", "2026-03-09T06:00:00.000Z"),
        ("yesterday", "2026-03-03T07:00:00.000Z"),
        ("tomorrow", "2026-03-05T07:00:00.000Z"),
    ],
)
def test_dates(value: str, wire: str) -> None:
    assert bound(f"(CreationDate >= {value})") == ("CreationDate", Op.AT_LEAST, Kind.DATE, wire)


@pytest.mark.parametrize("value", ["soon", "2026-13-01", "today*2", "today+999999999", "today - 9999999", "20260304"])
def test_what_is_no_date(value: str) -> None:
    with pytest.raises(UnreadableDate) as caught:
        bind(f"(CreationDate = {value})")
    assert caught.value.value == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(Severity = cosmetic)", (Op.EQUAL, "Cosmetic")),
        ('(Severity != "MAJOR problem")', (Op.NOT_EQUAL, "Major Problem")),
        ("(Severity = Unheard)", (Op.EQUAL, "Unheard")),
        ("(Severity = none)", (Op.IN, ("None", None))),
        ("(Severity = null)", (Op.IN, ("None", None))),
        ('(Severity != "None")', (Op.NOT_IN, ("None", None))),
        ("(Severity in Cosmetic,None)", (Op.IN, ("Cosmetic", "None", None))),
        ('(Severity <= "Major Problem")', (Op.IN, ("Crash/Data Loss", "Major Problem", "None", None))),
        ('(Severity < "Crash/Data Loss")', (Op.IN, ("None", None))),
        ('(Severity > "minor problem")', (Op.EQUAL, "Cosmetic")),
        (
            "(Severity >= null)",
            (Op.IN, ("Crash/Data Loss", "Major Problem", "Minor Problem", "Cosmetic", "None", None)),
        ),
        ("(Severity < Unheard)", (Op.IN, ())),
        ("(ScheduleState < completed)", (Op.IN, ("Defined", "In-Progress"))),
        ("(ScheduleState = null)", (Op.EQUAL, None)),
        ("(LastVerdict = none)", (Op.IN, ("None", None))),
    ],
)
def test_allowed_values(text: str, expected: tuple[object, ...]) -> None:
    _, operator, kind, value = bound(text, "TestCase" if "Verdict" in text else "Defect")
    assert (kind, operator, value) == (Kind.EXACT, *expected)


def test_part_of_an_allowed_value() -> None:
    assert bound("(Severity contains PROBLEM)") == ("Severity", Op.CONTAINS, Kind.TEXT, "PROBLEM")


@pytest.mark.parametrize(
    ("text", "type_name", "types", "expected"),
    [
        ("(FormattedID = DE1)", "Defect", "", (Op.EQUAL, 1)),
        ("(FormattedID = de1)", "Defect", "", (Op.EQUAL, 1)),
        ("(FormattedID = 1)", "Defect", "", (Op.EQUAL, 1)),
        ("(FormattedID >= DE10)", "Defect", "", (Op.AT_LEAST, 10)),
        ("(FormattedID < 10)", "Defect", "", (Op.LESS, 10)),
        ("(FormattedID = US1)", "Defect", "", (Op.IN, ())),
        ("(FormattedID != US1)", "Defect", "", (Op.NOT_IN, ())),
        ("(FormattedID < US1)", "Defect", "", (Op.IN, ())),
        ("(FormattedID = nonsense)", "Defect", "", (Op.IN, ())),
        ("(FormattedID in DE1,2,US3)", "Defect", "", (Op.IN, (1, 2))),
        ("(FormattedID = null)", "Defect", "", (Op.EQUAL, None)),
        ("(FormattedID = US11)", "Artifact", "", (Op.EQUAL, 11)),
        ("(FormattedID = US11)", "Artifact", "Defect,Task", (Op.EQUAL, 11)),
        ("(FormattedID = US11)", "Artifact", "Defect", (Op.IN, ())),
        ("(FormattedID = mi7)", "Milestone", "", (Op.EQUAL, 7)),
    ],
)
def test_formatted_ids(text: str, type_name: str, types: str, expected: tuple[object, ...]) -> None:
    assert bound(text, type_name, types) == ("FormattedID", expected[0], Kind.FORMATTED_ID, expected[1])


def test_a_type_without_prefix_takes_any() -> None:
    unmarked = replace(SCHEMA.get("Risk"), prefix=None)
    assert formatted_number("anything7", [unmarked]) == 7
    assert formatted_number("anything7", [replace(unmarked, prefix="RI")]) is None


def test_part_of_a_formatted_id() -> None:
    assert bound("(FormattedID contains 1)") == ("FormattedID", Op.CONTAINS, Kind.TEXT, "1")


def test_uuids_have_one_spelling() -> None:
    uuid = "01890A5D-AC96-774B-BCCE-B302099A8057"
    for written in (uuid, uuid.replace("-", "")):
        assert bound(f"(ObjectUUID = {written})") == ("ObjectUUID", Op.EQUAL, Kind.EXACT, uuid.lower())
    assert one("(ObjectUUID = 12)").value == ()


@pytest.mark.parametrize(
    "ref",
    [
        "/user/1",
        "user/1",
        "USER/1",
        "/user/1.js",
        "https://localhost/slm/webservice/v2.0/user/1",
        "/slm/webservice/v2.x/user/1",
        "/domainobject/1",
    ],
)
def test_refs_in_any_form(ref: str) -> None:
    name, operator, kind, value = bound(f"(Owner = {ref})")
    assert (name, operator, kind) == ("Owner", Op.EQUAL, Kind.IDENTITY)
    assert value.ref.object_id == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(Owner = null)", (Op.EQUAL, Kind.IDENTITY, None)),
        ('(Owner != "")', (Op.NOT_EQUAL, Kind.IDENTITY, None)),
        ("(Owner = /tag/1)", (Op.IN, Kind.IDENTITY, ())),
        ("(Owner != /tag/1)", (Op.NOT_IN, Kind.IDENTITY, ())),
        (
            "(Owner in /user/1,/user/2)",
            (Op.IN, Kind.IDENTITY, (RefValue(Ref("user", 1)), RefValue(Ref("user", 2)))),
        ),
        ("(Owner contains /user/1)", (Op.EQUAL, Kind.IDENTITY, RefValue(Ref("user", 1)))),
        ("(Owner = currentUser)", (Op.EQUAL, Kind.IDENTITY, RefValue(Ref("user", 21)))),
        ("(Project != /project/12)", (Op.NOT_EQUAL, Kind.IDENTITY, RefValue(Ref("project", 12)))),
        ("(Requirement = /userstory/5)", (Op.EQUAL, Kind.IDENTITY, RefValue(Ref("userstory", 5)))),
        ("(Tags contains /tag/1)", (Op.EQUAL, Kind.IDENTITY, RefValue(Ref("tag", 1)))),
        ("(Tags !contains /tag/1)", (Op.NOT_EQUAL, Kind.IDENTITY, RefValue(Ref("tag", 1)))),
        ("(Tags = null)", (Op.EQUAL, Kind.IDENTITY, None)),
    ],
)
def test_relations_by_ref(text: str, expected: tuple[object, ...]) -> None:
    assert bound(text)[1:] == expected


def test_without_a_current_user_nothing_is_his() -> None:
    tree = parse("(Owner = currentuser)")
    assert tree is not None
    nobody = replace(CONTEXT, current_user_ref=None)
    condition = check(tree, SCHEMA, SCHEMA.get("Defect"), context=nobody)
    assert isinstance(condition, Comparison)
    assert condition.value == ()


def name_value(text: str, by: str, number: int | None = None) -> tuple[str, str, int | None]:
    return text, by, number


@pytest.mark.parametrize(
    ("text", "operator", "expected"),
    [
        ("(Owner = someone@example.com)", Op.EQUAL, ("someone@example.com", "UserName", None)),
        ('(Iteration = "Sprint 1")', Op.EQUAL, ("Sprint 1", "Name", None)),
        ('(Iteration = "Sprint/1")', Op.EQUAL, ("Sprint/1", "Name", None)),
        ("(Iteration contains Sprint)", Op.CONTAINS, ("Sprint", "Name", None)),
        ("(Project = 12)", Op.EQUAL, ("12", "Name", None)),
        ("(Requirement = US12)", Op.EQUAL, ("US12", "Name", 12)),
        ("(Requirement = DE12)", Op.EQUAL, ("DE12", "Name", None)),
        ("(Requirement != us12)", Op.NOT_EQUAL, ("us12", "Name", 12)),
        ("(Tags contains urgent)", Op.EQUAL, ("urgent", "Name", None)),
        ("(Tags !contains urgent)", Op.NOT_EQUAL, ("urgent", "Name", None)),
        ("(Tasks = TA7)", Op.EQUAL, ("TA7", "Name", 7)),
    ],
)
def test_relations_by_name(text: str, operator: Operator, expected: tuple[object, ...]) -> None:
    condition = one(text)
    assert (condition.operator, condition.kind) == (operator, Kind.NAME)
    value = condition.value
    assert isinstance(value, NameValue)
    assert (value.text, value.attribute.name, value.number) == expected
    assert (value.formatted_id is None) is (value.number is None)


def test_refs_names_and_null_in_one_list() -> None:
    condition = bind("(Owner in null, /user/1, a@b, /user/2)")
    assert isinstance(condition, Or)
    assert [(part.operator, part.kind) for part in condition.parts if isinstance(part, Comparison)] == [
        (Op.EQUAL, Kind.IDENTITY),
        (Op.IN, Kind.IDENTITY),
        (Op.EQUAL, Kind.NAME),
    ]
    assert isinstance(bind("(Owner !in null, /user/1)"), And)


@pytest.mark.parametrize(
    "text", ["(Owner = /zzz/1)", "(Owner = http://rubbish)", "(RevisionHistory = x)", "(Owner = /)"]
)
def test_what_is_no_ref(text: str) -> None:
    value = text.rpartition(" ")[2].rstrip(")")
    with pytest.raises(QuerySyntax) as caught:
        bind(text)
    assert f'Cannot parse object reference from "{value}"' in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "(Owner < a)",
        "(Tags >= /tag/1)",
        "(Blocked > true)",
        "(ObjectID contains 1)",
        "(CreationDate contains 2026)",
    ],
)
def test_operators_that_do_not_fit(text: str) -> None:
    with pytest.raises(QuerySyntax, match=r'^Could not parse: Operator ".*" does not fit attribute'):
        bind(text)


def test_steps_know_where_they_lead() -> None:
    condition = one("(Assignments.CapacityPlanItem.PortfolioItem.InvestmentCategory = x)", "CapacityPlan")
    assert [step.attribute.name for step in condition.path][-1] == "InvestmentCategory"
    assert condition.path[0].owner.name == "CapacityPlan"
    assert {item.name for item in condition.path[0].candidates} == {
        "WorkingCapacityPlan",
        "PublishedCapacityPlan",
    }
    for step, following in zip(condition.path, condition.path[1:], strict=False):
        assert step.targets == following.candidates
    assert condition.path[-1].targets == ()
    assert condition.attributes == {step.attribute for step in condition.path}


@pytest.mark.parametrize(
    ("text", "type_name"),
    [
        ("(Owner.UserName = x)", "Defect"),
        ("(Iteration.StartDate > today)", "Task"),
        ("(Parent.Name = x)", "PortfolioItem/Feature"),
        ("(TypeDef.Name = Feature)", "State"),
        ("(Tags.Name = x)", "Defect"),
        ("(WorkProduct.ScheduleState = Defined)", "Task"),
        ("(RevisionHistory.ObjectID = 5)", "Revision"),
        ("(LatestDiscussionAgeInMinutes > 5)", "Defect"),
        ("(Feature.Name = x)", "HierarchicalRequirement"),
    ],
)
def test_paths(text: str, type_name: str) -> None:
    bind(text, type_name)


@pytest.mark.parametrize(
    ("text", "attribute", "type_name"),
    [
        ("(Nonsense = 1)", "Nonsense", "Defect"),
        ("(Owner.Nonsense = 1)", "Nonsense", "User"),
        ("(Name.Length = 1)", "Name.Length", "Defect"),
        ("(Owner. = 1)", "", "User"),
        ('("Name" = 1)', '"Name"', "Defect"),
    ],
)
def test_unknown_attributes(text: str, attribute: str, type_name: str) -> None:
    with pytest.raises(UnknownQueryAttribute) as caught:
        bind(text)
    assert (caught.value.attribute, caught.value.type_name) == (attribute, type_name)


def test_contents_are_not_compared() -> None:
    with pytest.raises(UnknownQueryAttribute):
        bind("(Content = x)", "AttachmentContent")


@pytest.mark.parametrize(
    ("text", "type_name", "culprit"),
    [
        ("(ScheduleState = Defined)", "Artifact", "Artifact"),
        ("(WorkProduct.Severity = None)", "Task", "SchedulableArtifact"),
    ],
)
def test_attributes_that_not_all_subtypes_have(text: str, type_name: str, culprit: str) -> None:
    with pytest.raises(AttributeNotShared) as caught:
        bind(text, type_name)
    assert caught.value.type_name == culprit


def test_an_attribute_that_no_subtype_has() -> None:
    with pytest.raises(UnknownQueryAttribute) as caught:
        bind("(Nonsense = 1)", "Artifact")
    assert caught.value.type_name == "Artifact"


def test_types_narrow_what_must_have_the_attribute() -> None:
    condition = one("(ScheduleState = Defined)", "Artifact", "Defect,HierarchicalRequirement")
    assert [item.name for item in condition.path[0].candidates] == ["Defect", "HierarchicalRequirement"]
    assert condition.path[0].owner.name == "Artifact"


def test_candidates_pool_their_allowed_values() -> None:
    condition = one("(State = completed)", "Artifact", "Defect,Task")
    assert condition.value == "Completed"
    assert condition.attribute.values == (
        "Submitted",
        "Open",
        "Fixed",
        "Closed",
        "Defined",
        "In-Progress",
        "Completed",
    )
    # Risk.Resolution takes any text, so that there is no list of values to go by.
    assert one("(Resolution = fixed)", "Artifact", "Defect,Risk").kind is Kind.TEXT


def test_candidates_that_disagree_about_an_attribute() -> None:
    with pytest.raises(AttributeNotShared):
        bind("(State = Open)", "Artifact", "Task,PortfolioItem/Feature")
    parents = one("(Parent = null)", "Artifact", "HierarchicalRequirement,PortfolioItem/Feature").path[0].targets
    assert {item.name for item in parents} == {"HierarchicalRequirement", "PortfolioItem/Initiative"}


def test_custom_attributes_with_or_without_prefix() -> None:
    custom = AttributeDef(
        name="c_Flavour",
        type=AttributeType.STRING,
        owner="Defect",
        definition_id=10**12,
        definition_uuid="",
        display_name="Flavour",
        values=("Sweet", "Sour"),
        custom=True,
    )
    schema = SCHEMA.extended(version="2", attributes={"Defect": [custom]})
    for name in ("c_Flavour", "Flavour", "flavour"):
        tree = parse(f"({name} > sweet)")
        assert tree is not None
        condition = check(tree, schema, schema.get("Defect"), context=CONTEXT)
        assert condition == Comparison(condition_path(condition), Op.EQUAL, Kind.EXACT, "Sour")
        # An unset custom drop-down is null and nothing else.
        unset = parse(f"({name} = None)")
        assert unset is not None
        found = check(unset, schema, schema.get("Defect"), context=CONTEXT)
        assert isinstance(found, Comparison)
        assert found.value == "None"


def condition_path(condition: Condition) -> Any:
    assert isinstance(condition, Comparison)
    return condition.path


def test_alternatives_become_one_list() -> None:
    chain = "(ObjectID = 0)"
    for n in range(1, 500):
        chain = f"({chain} OR (ObjectID = {n}))"
    assert one(chain).value == tuple(range(500))
    mixed = bind("(((Name = a) OR (ObjectID = 1)) OR ((Name in b,null) OR (Name != c)))")
    assert isinstance(mixed, Or)
    assert [part.values for part in mixed.parts if isinstance(part, Comparison)] == [
        ("a", "b", None),
        (1,),
        ("c",),
    ]
    assert one("((Owner = /user/1) OR (Owner = /user/2))").operator is Op.IN
    assert isinstance(bind("((Owner = null) OR (Owner = /user/2))"), Or)
    assert one("((Owner = null) OR (Owner = null))").value is None


def test_requirements_stay_apart() -> None:
    condition = bind("((Tags.Name = a) AND ((Tags.Name = b) AND (Name = c)))")
    assert isinstance(condition, And)
    assert len(condition.parts) == 3
    assert {attribute.name for attribute in condition.attributes} == {"Tags", "Name"}


def test_conditions_can_be_keys() -> None:
    text = "((Tags.Name = a) AND ((Owner = b) OR (FormattedID in 1,2)))"
    assert len({bind(text), bind(text)}) == 1
