"""Portfolio types of a workspace's own (KB 113749)."""

from __future__ import annotations

from tests.harness import World


async def test_a_new_portfolio_type_is_an_address_at_once(world: World) -> None:
    (above,) = (await world.get("typedefinition", query='(TypePath = "PortfolioItem")')).results
    body = {"Name": "Moonshot", "IDPrefix": "MS", "Parent": above["_ref"], "Ordinal": 9}
    assert (await world.get("moonshot")).errors == ['Requested type name "moonshot" is unknown.']
    made = await world.post("typedefinition/create", {"TypeDefinition": body})
    assert (made.object["TypePath"], made.object["ElementName"]) == ("PortfolioItem/Moonshot", "Moonshot")
    assert made.object["Parent"]["_refObjectName"] == "Portfolio Item"
    item = await world.make("portfolioitem/moonshot", Name="x")
    assert (item["FormattedID"], item["_type"]) == ("MS1", "PortfolioItem/Moonshot")
    for path in ("portfolioitem/moonshot", "PortfolioItem/Moonshot", "moonshot", "moonshots", "portfolioitem"):
        assert [each["_ref"] for each in (await world.get(path)).results] == [item["_ref"]], path
    read = await world.get(f"moonshot/{item['ObjectID']}")
    assert (read.root, read.inner["_ref"]) == ("Moonshot", item["_ref"])
