"""Values on the wire: every attribute type, what it takes, what it refuses and with which words (wsapi.md 6.1, 7.2)."""

from __future__ import annotations

from typing import Any

import pytest

from banneret.catalogue.loader import stock_schema
from banneret.catalogue.model import AttributeType
from tests import stored
from tests.harness import World


def path_of(item: dict[str, Any]) -> str:
    return str(item["_ref"]).partition("/v2.0/")[2]


def not_convertible(value: object, wanted: str, where: str) -> str:
    return f"Could not convert:  : value to convert : {value} : type to convert : {wanted} : {where}"


TAKEN: list[tuple[str, str, object, object]] = [
    # type, attribute, as sent, as read back
    ("Defect", "Name", "x", "x"),
    ("Defect", "Name", 5, "5"),
    ("Defect", "Name", 5.5, "5.5"),
    ("Defect", "Name", True, "true"),
    ("Defect", "Name", "  x  ", "  x  "),
    ("Defect", "Name", "n" * 256, "n" * 256),
    ("Defect", "Name", "☃𝒳é\u0301\u202e", "☃𝒳é\u0301\u202e"),
    ("Defect", "Name", '<b>"\\/\b\f', '<b>"\\/\b\f'),
    ("Defect", "FoundInBuild", "", None),
    ("Defect", "FoundInBuild", " ", " "),
    ("Defect", "FoundInBuild", "b" * 128, "b" * 128),
    ("Defect", "Description", None, ""),
    ("Defect", "Description", "d" * 32768, "d" * 32768),
    ("Defect", "Description", "a\r\nb\tc", "a\r\nb\tc"),
    ("Defect", "Description", '<p onclick="x()">hello <a href="https://x.test/">there</a></p>', None),
    ("Defect", "PlanEstimate", 0, 0.0),
    ("Defect", "PlanEstimate", -1, -1.0),
    ("Defect", "PlanEstimate", 1.239, 1.24),
    ("Defect", "PlanEstimate", "2.5", 2.5),
    ("Defect", "PlanEstimate", "2,5", 2.5),
    ("Defect", "PlanEstimate", " 3 ", 3.0),
    ("Defect", "PlanEstimate", 1e15, 1e15),
    ("Defect", "PlanEstimate", "", None),
    ("Defect", "PlanEstimate", None, None),
    ("Risk", "SizeOfLoss", 7, 7),
    ("Risk", "SizeOfLoss", 7.0, 7),
    ("Risk", "SizeOfLoss", "7", 7),
    ("Risk", "SizeOfLoss", -(10**15), -(10**15)),
    ("Release", "GrossEstimateConversionRatio", 1.123456789, 1.123456789),
    ("Defect", "Ready", True, True),
    ("Defect", "Ready", "true", True),
    ("Defect", "Ready", "False", False),
    ("Defect", "Ready", "", False),
    ("Defect", "TargetDate", "2017-03-12T17:23:56.465Z", "2017-03-12T17:23:56.465Z"),
    ("Defect", "TargetDate", "2017-03-12T17:23:56Z", "2017-03-12T17:23:56.000Z"),
    ("Defect", "TargetDate", "2017-03-12T17:23:56", "2017-03-12T17:23:56.000Z"),
    ("Defect", "TargetDate", "2017-03-12T17:23:56.4+02:00", "2017-03-12T15:23:56.400Z"),
    ("Defect", "TargetDate", "2017-03-12T17:23:56-0700", "2017-03-13T00:23:56.000Z"),
    ("Defect", "TargetDate", "2010-01-01", "2010-01-01T07:00:00.000Z"),
    ("Defect", "TargetDate", "2010-07-01", "2010-07-01T06:00:00.000Z"),
    ("Defect", "TargetDate", "9999-12-30", "9999-12-30T07:00:00.000Z"),
    ("Defect", "TargetDate", "0001-01-02T00:00:00Z", "0001-01-02T00:00:00.000Z"),
    ("Defect", "TargetDate", "", None),
    ("Defect", "Priority", "Low", "Low"),
    ("Defect", "Priority", "low", "Low"),
    ("Defect", "Priority", "None", "None"),
    ("Defect", "Priority", "", "None"),
    ("Defect", "Priority", None, "None"),
    ("Defect", "Package", "Package A", "Package A"),
    ("Defect", "Package", None, None),
    ("Defect", "ScheduleState", "in-progress", "In-Progress"),
    ("Defect", "ScheduleState", "Accepted", "Accepted"),
    ("Defect", "Owner", None, None),
    ("Defect", "Owner", "", None),
    ("Defect", "Owner", {}, None),
    ("Defect", "Owner", {"_ref": None}, None),
]

REFUSED: list[tuple[str, str, object, str]] = [
    ("Defect", "Name", "n" * 257, "Validation error: Defect.Name length is greater than the maximum length of 256"),
    ("Defect", "Notes", "n" * 32769, "Validation error: Defect.Notes length is greater than the maximum length of 32768"),
    ("Defect", "Name", ["x"], not_convertible(["x"], "class java.lang.String", "Defect.Name")),
    ("Defect", "Name", {"a": 1}, not_convertible({"a": 1}, "class java.lang.String", "Defect.Name")),
    ("Defect", "Name", "a\x00b", not_convertible("a\x00b", "class java.lang.String", "Defect.Name")),
    (
        "Defect", "Description", "<SCRIPT>alert(1)</script>",
        "Validation error: Defect.Description contained invalid input. Search 'HTML Whitelist' at help.rallydev.com for details.",
    ),
    ("Defect", "PlanEstimate", "many", not_convertible("many", "class java.lang.Double", "Defect.PlanEstimate")),
    ("Defect", "PlanEstimate", True, not_convertible(True, "class java.lang.Double", "Defect.PlanEstimate")),
    ("Defect", "PlanEstimate", [1], not_convertible([1], "class java.lang.Double", "Defect.PlanEstimate")),
    ("Defect", "PlanEstimate", 1e16, not_convertible(1e16, "class java.lang.Double", "Defect.PlanEstimate")),
    ("Defect", "PlanEstimate", "NaN", not_convertible("NaN", "class java.lang.Double", "Defect.PlanEstimate")),
    ("Defect", "PlanEstimate", "Infinity", not_convertible("Infinity", "class java.lang.Double", "Defect.PlanEstimate")),
    ("Defect", "PlanEstimate", "1e999", not_convertible("1e999", "class java.lang.Double", "Defect.PlanEstimate")),
    ("Risk", "SizeOfLoss", 1.5, not_convertible(1.5, "class java.lang.Long", "Risk.SizeOfLoss")),
    ("Risk", "SizeOfLoss", "x", not_convertible("x", "class java.lang.Long", "Risk.SizeOfLoss")),
    ("Risk", "SizeOfLoss", 10**16, not_convertible(10**16, "class java.lang.Long", "Risk.SizeOfLoss")),
    ("Defect", "Ready", "yes", not_convertible("yes", "class java.lang.Boolean", "Defect.Ready")),
    ("Defect", "Ready", 1, not_convertible(1, "class java.lang.Boolean", "Defect.Ready")),
    ("Defect", "Ready", [], not_convertible([], "class java.lang.Boolean", "Defect.Ready")),
    ("Defect", "TargetDate", "tomorrow", not_convertible("tomorrow", "class java.util.Date", "Defect.TargetDate")),
    ("Defect", "TargetDate", "2017-02-30", not_convertible("2017-02-30", "class java.util.Date", "Defect.TargetDate")),
    ("Defect", "TargetDate", 5, not_convertible(5, "class java.util.Date", "Defect.TargetDate")),
    ("Defect", "TargetDate", "0001-01-01T00:00:00+10:00", not_convertible("0001-01-01T00:00:00+10:00", "class java.util.Date", "Defect.TargetDate")),
    ("AttachmentContent", "Content", "no base64!", not_convertible("no base64!", "class [B", "AttachmentContent.Content")),
    ("AttachmentContent", "Content", 5, not_convertible(5, "class [B", "AttachmentContent.Content")),
    (
        "Defect", "Priority", "Urgent",
        "Could not convert: Priority value Urgent is invalid.  Valid values are: None, Resolve Immediately, High Attention, Normal, Low",
    ),
    (
        "Defect", "ScheduleState", "Done",
        "Could not convert: Schedule State value Done is invalid.  Valid values are: Defined, In-Progress, Completed, Accepted",
    ),
    ("Defect", "Package", "Package Z", "Could not convert: Package value Package Z is invalid.  Valid values are: Package A, Package B, Package C"),
    ("Defect", "Package", 5, "Could not convert: Package value 5 is invalid.  Valid values are: Package A, Package B, Package C"),
    ("Defect", "Owner", "nobody", 'Cannot parse object reference from "nobody"'),
    ("Defect", "Owner", {"Name": "x"}, not_convertible({"Name": "x"}, "class com.f4tech.slm.domain.PersistableObject", "Defect.Owner")),
    ("Defect", "Owner", ["/user/1"], not_convertible(["/user/1"], "class com.f4tech.slm.domain.PersistableObject", "Defect.Owner")),
    ("Defect", "Owner", True, not_convertible(True, "class com.f4tech.slm.domain.PersistableObject", "Defect.Owner")),
    ("Defect", "Owner", 1.5, not_convertible(1.5, "class com.f4tech.slm.domain.PersistableObject", "Defect.Owner")),
    ("Defect", "Owner", "/user/4711", "Could not read: Could not read referenced object 4711"),
    ("Defect", "Owner", 4711, "Could not read: Could not read referenced object 4711"),
    ("Defect", "Owner", "/user/00000000-0000-0000-0000-000000000000", "Could not read: Could not read referenced object 00000000-0000-0000-0000-000000000000"),
    ("Defect", "Owner", "/unicorn/1", 'Cannot parse object reference from "unicorn/1"'),
    ("Defect", "Tags", "/tag/1", not_convertible("/tag/1", "interface java.util.Collection", "Defect.Tags")),
    ("Defect", "Tags", 5, not_convertible(5, "interface java.util.Collection", "Defect.Tags")),
    ("Defect", "Tags", ["red"], 'Cannot parse object reference from "red"'),
    ("Defect", "Tags", [None], 'Cannot parse object reference from "None"'),
    ("Defect", "Tags", [["/tag/1"]], not_convertible(["/tag/1"], "interface java.util.Collection", "Defect.Tags")),
    ("Defect", "Tags", ["/tag/4711"], "Could not read: Could not read referenced object 4711"),
]  # fmt: skip


def _needed(world: World, kind: str) -> dict[str, Any]:
    if kind == "AttachmentContent":
        return {"Content": "aGVsbG8="}
    needed: dict[str, Any] = {"Name": "needed", "Project": f"/project/{world.ids['engines']}"}
    if kind == "Release":
        needed |= {"ReleaseStartDate": "2026-01-01", "ReleaseDate": "2026-01-31"}
    return needed


async def test_taken(world: World) -> None:
    for kind, name, sent, read in TAKEN:
        about = (kind, name, repr(sent)[:50])
        expected = sent if name == "Description" and read is None and sent else read
        made = await world.make(kind, **{**_needed(world, kind), name: sent})
        assert (made[name], type(made[name])) == (expected, type(expected)), about
        other = await world.make(kind, **_needed(world, kind))
        updated = (await world.post(path_of(other), {kind: {name: sent}})).object
        assert updated[name] == expected, about
        again = (await world.post(path_of(other), {kind: {name: sent}})).object
        assert again["VersionId"] == updated["VersionId"], about
        assert (await world.get(path_of(other))).inner[name] == expected, about
    assert await stored.faults(world.store) == []


async def test_refused(world: World) -> None:
    made = {
        kind: await world.make(kind, **_needed(world, kind)) for kind in dict.fromkeys(entry[0] for entry in REFUSED)
    }
    before = await stored.dump(world.store)
    for kind, name, sent, text in REFUSED:
        answer = await world.post(f"{kind}/create", {kind: {**_needed(world, kind), name: sent}})
        assert (answer.root, answer.errors) == ("CreateResult", [text])
        assert "Object" not in answer.inner
        if kind != "AttachmentContent":
            answer = await world.post(path_of(made[kind]), {kind: {"Name": "other", name: sent}})
            assert (answer.root, answer.errors) == ("OperationResult", [text])
            assert "Object" not in answer.inner
    assert await stored.dump(world.store) == before


SCHEMA = stock_schema()
WRITABLE = [
    (kind, attribute)
    for kind in ("HierarchicalRequirement", "Defect", "TestCase", "PortfolioItem/Feature", "Milestone", "Iteration", "TestSet")
    for attribute in SCHEMA.get(kind).attributes.values()
    if not attribute.read_only and attribute.type in {AttributeType.STRING, AttributeType.TEXT} and attribute.max_length and not attribute.values
]  # fmt: skip


async def test_every_text_takes_its_length_and_no_more(world: World) -> None:
    made = {kind: await _of_kind(world, kind) for kind in dict.fromkeys(kind for kind, _ in WRITABLE)}
    for kind, attribute in WRITABLE:
        longest = "x" * (attribute.max_length or 0)
        taken = await world.post(path_of(made[kind]), {kind: {attribute.name: longest}})
        assert taken.object[attribute.name] == longest, (kind, attribute.name)
        refused = await world.post(path_of(made[kind]), {kind: {attribute.name: longest + "x"}})
        assert refused.errors == [
            f"Validation error: {kind.rpartition('/')[2]}.{attribute.name} length is greater than the maximum length of {attribute.max_length}"
        ]


async def _of_kind(world: World, kind: str) -> dict[str, Any]:
    dates = {"StartDate": "2026-01-01", "EndDate": "2026-01-14"} if kind == "Iteration" else {}
    return await world.make(kind, Name="x", Project=f"/project/{world.ids['engines']}", **dates)


async def test_every_drop_down_takes_its_values_and_no_other(world: World) -> None:
    for kind in ("HierarchicalRequirement", "Defect", "TestCase", "PortfolioItem/Feature", "Risk", "Iteration"):
        made = await _of_kind(world, kind)
        for attribute in SCHEMA.get(kind).attributes.values():
            if attribute.read_only or not attribute.values:
                continue
            for value in attribute.values:
                assert (await world.post(path_of(made), {kind: {attribute.name: value}})).object[
                    attribute.name
                ] == value
            refused = await world.post(path_of(made), {kind: {attribute.name: "Nonsense"}})
            assert f"value Nonsense is invalid.  Valid values are: {', '.join(attribute.values)}" in refused.errors[0]


# ---------------------------------------------------------------------- references


async def test_a_ref_in_every_form(world: World) -> None:
    oid = world.ids["editor"]
    uuid = (await world.get(f"user/{oid}")).inner["ObjectUUID"]
    whole = (await world.get(f"user/{oid}")).inner
    forms: list[Any] = [
        f"https://elsewhere.test/slm/webservice/v2.0/user/{oid}", f"http://x:8080/slm/webservice/v2.x/User/{oid}.js",
        f"/slm/webservice/v2.0/user/{oid}", f"slm/webservice/1.43/user/{oid}", f"/user/{oid}", f"user/{oid}", f"USER/{oid}", f"user/{oid}.js",
        f"/user/{uuid}", f"/user/{uuid.replace('-', '')}", f"/user/{uuid.upper()}", f" /user/{oid} ", f"/user/{oid}/", f"/users/{oid}",
        f"/persistableobject/{oid}", f"/domainobject/{oid}", oid, str(oid), {"_ref": f"/user/{oid}"}, {"_ref": f"user/{uuid}"}, whole,
    ]  # fmt: skip
    for form in forms:
        made = await world.make("Defect", Name="x", Owner=form)
        assert made["Owner"]["_refObjectName"] == "Editor", form
        assert made["Owner"]["_ref"].endswith(f"/user/{oid}")


async def test_a_ref_of_the_wrong_type(world: World) -> None:
    defect = await world.make("Defect", Name="x")
    before = await stored.dump(world.store)
    oid = defect["ObjectID"]
    answer = await world.post(path_of(defect), {"x": {"Owner": defect["_ref"]}})
    assert answer.errors == [
        f"Could not set value for Owner: Cannot connect object to value, Defect {oid} is not of type User."
    ]
    answer = await world.post(path_of(defect), {"x": {"Owner": f"/user/{oid}"}})
    assert answer.errors == [f"Could not read: Could not read referenced object {oid}"]
    answer = await world.post(path_of(defect), {"x": {"Tags": [defect["_ref"]]}})
    assert answer.errors == [
        f"Could not set value for Tags: Cannot connect object to value, Defect {oid} is not of type Tag."
    ]
    assert await stored.dump(world.store) == before


async def test_a_ref_to_another_workspace(world: World) -> None:
    there = await world.make("HierarchicalRequirement", Name="x", Project=f"/project/{world.ids['elsewhere']}")
    tag = await world.make("Tag", Name="t", Workspace=f"/workspace/{world.ids['other']}")
    here = await world.make("HierarchicalRequirement", Name="y", Project=f"/project/{world.ids['engines']}")
    before = await stored.dump(world.store)
    places = f"[object workspace OID={world.ids['main']}, value workspace OID={world.ids['other']}]"
    answer = await world.post(path_of(here), {"x": {"Parent": there["_ref"]}})
    assert answer.errors == [
        f"Could not set value for Parent: Cannot connect object to value, Parent value is in a different workspace. {places}"
    ]
    for body in ({"Tags": [tag["_ref"]]}, {"Name": "z", "Predecessors": [there["_ref"]]}):
        (said,) = (await world.post(path_of(here), {"x": body})).errors
        assert said.endswith(f"value is in a different workspace. {places}")
    (said,) = (await world.post(f"{path_of(here)}/Tags/add", {"x": [tag["_ref"]]})).errors
    assert said.endswith(f"value is in a different workspace. {places}")
    (said,) = (
        await world.post(
            "task/create",
            {
                "x": {
                    "Name": "t",
                    "WorkProduct": there["_ref"],
                    "Tags": [{"Name": "n"}],
                    "Workspace": f"/workspace/{world.ids['main']}",
                    "Milestones": [tag["_ref"]],
                }
            },
        )
    ).errors
    assert said
    assert await stored.dump(world.store) == before


async def test_a_ref_to_what_is_hidden_leads_nowhere(world: World) -> None:
    hidden = await world.make("HierarchicalRequirement", Name="x", Project=f"/project/{world.ids['wheels']}")
    seen = await world.make("HierarchicalRequirement", Name="y", Project=f"/project/{world.ids['engines']}")
    before = await stored.dump(world.store)
    oid = hidden["ObjectID"]
    for body in (
        {"Parent": hidden["_ref"]},
        {"Parent": f"/artifact/{hidden['ObjectUUID']}"},
        {"Predecessors": [hidden["_ref"]]},
    ):
        (said,) = (await world.post(path_of(seen), {"x": body}, "editor")).errors
        assert said in {
            f"Could not read: Could not read referenced object {one}" for one in (oid, hidden["ObjectUUID"])
        }
    (said,) = (await world.post(path_of(seen), {"x": {"Project": f"/project/{world.ids['wheels']}"}}, "editor")).errors
    assert said == f"Could not read: Could not read referenced object {world.ids['wheels']}"
    for body in (
        {"Name": "t", "WorkProduct": hidden["_ref"]},
        {"Name": "t", "Project": f"/project/{world.ids['wheels']}"},
    ):
        kind = "task" if "WorkProduct" in body else "defect"
        (said,) = (await world.post(f"{kind}/create", {"x": body}, "editor")).errors
        assert said.startswith("Could not read: Could not read referenced object ")
    assert await stored.dump(world.store) == before


@pytest.mark.parametrize("number", [10**18, 2**63 - 1, 2**63, 10**19 - 1, 10**30, -1, 0, -(10**18), -(2**63), -(2**70)])
async def test_refs_with_any_number_lead_nowhere(world: World, number: int) -> None:
    before = await stored.dump(world.store)
    for form in (number, str(number), f"/user/{number}", {"_ref": f"/user/{number}"}):
        answer = await world.post("defect/create", {"x": {"Name": "x", "Owner": form}})
        assert answer.status == 200
        assert len(answer.errors) == 1
    for call in (world.get, world.delete, world.post):
        answer = await call(f"defect/{number}")
        assert answer.status == 200
        assert len(answer.errors) == 1
    assert await stored.dump(world.store) == before


# ---------------------------------------------------------------------- custom fields


async def test_custom_fields_of_every_kind(world: World) -> None:
    definition = (await world.get("typedefinition", query='(TypePath = "Defect")')).results[0]["_ref"]
    kinds = ["BOOLEAN", "DATE", "DECIMAL", "INTEGER", "STRING", "TEXT", "WEB_LINK", "DROP_DOWN", "MULTI_VALUE", "USER"]
    for kind in kinds:
        body: dict[str, Any] = {"Name": f"My {kind.title()}", "RealAttributeType": kind, "TypeDefinition": definition}
        if kind in {"DROP_DOWN", "MULTI_VALUE"}:
            body["AllowedValues"] = [{"StringValue": text} for text in ("red", "green", "blue")]
        made = await world.post("attributedefinition/create", {"AttributeDefinition": body})
        assert made.errors == [], kind
    user = f"/user/{world.ids['editor']}"
    steps: list[tuple[str, Any, Any]] = [
        ("c_MyBoolean", True, True), ("c_MyDate", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"), ("c_MyDecimal", 1.5, 1.5),
        ("c_MyInteger", 3, 3), ("c_MyString", "s", "s"), ("c_MyText", "<b>t</b>", "<b>t</b>"), ("c_MyDrop_Down", "green", "green"),
        ("c_MyWeb_Link", {"LinkID": "7", "DisplayString": "seven"}, {"LinkID": "7", "DisplayString": "seven"}),
    ]  # fmt: skip
    made = await world.make("Defect", Name="x")
    assert made["c_MyBoolean"] is False
    assert made["c_MyWeb_Link"] == {}
    assert made["c_MyDrop_Down"] is None
    for n, (name, sent, read) in enumerate(steps):
        changed = await world.post(path_of(made), {"x": {name: sent}})
        assert changed.object[name] == read
        assert changed.object["VersionId"] == str(n + 2)
        assert changed.warnings == []
    without = await world.post(path_of(made), {"x": {"MyString": "u"}})
    assert without.object["c_MyString"] == "u"
    owned = await world.post(path_of(made), {"x": {"c_MyUser": user}})
    assert owned.object["c_MyUser"]["_refObjectName"] == "Editor"
    several = await world.post(path_of(made), {"x": {"c_MyMulti_Value": [{"Name": "red"}, {"StringValue": "blue"}]}})
    assert several.errors == []
    assert several.object["c_MyMulti_Value"]["Count"] == 2
    whole = (await world.get(path_of(made))).document
    before = await stored.dump(world.store)
    assert (await world.post(path_of(made), whole)).errors == []
    assert await stored.dump(world.store) == before
    for name, wrong in (
        ("c_MyInteger", "x"),
        ("c_MyDrop_Down", "pink"),
        ("c_MyDate", "x"),
        ("c_MyUser", "x"),
        ("c_MyMulti_Value", [{"Name": "pink"}]),
    ):
        assert (await world.post(path_of(made), {"x": {"Name": "no", name: wrong}})).errors, name
    assert await stored.dump(world.store) == before
    cleared = await world.post(
        path_of(made), {"x": dict.fromkeys([name for name, _, _ in steps] + ["c_MyUser", "c_MyMulti_Value"])}
    )
    assert cleared.errors == []
    assert cleared.object["c_MyString"] is None
    assert cleared.object["c_MyMulti_Value"]["Count"] == 0
