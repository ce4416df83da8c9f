"""The address table as data says what `wsapi.addresses` reads."""

import pytest

from banneret.catalogue.endpoints import PARAMETERS, Endpoint, endpoints
from banneret.catalogue.loader import stock_schema
from banneret.kernel.errors import BanneretError
from banneret.wsapi.addresses import action, split

SCHEMA = stock_schema()


def address(endpoint: Endpoint) -> list[str]:
    collection = endpoint.collections[0] if endpoint.collections else ""
    path = endpoint.path.replace("{id}", "12345").replace("{collection}", collection)
    return split(f"/slm/webservice/v2.0/{path}")[1]


@pytest.mark.parametrize("name", sorted(SCHEMA.types))
def test_every_address_is_read_as_its_verb(name: str) -> None:
    item = SCHEMA.get(name)
    for endpoint in endpoints(item):
        for method in endpoint.methods:
            wanted = action(address(endpoint), method)
            assert wanted.verb == endpoint.verb
            assert wanted.writes == endpoint.writes
            assert wanted.envelope == (endpoint.envelope or "OperationResult")
            assert SCHEMA.find(wanted.type_name) is item


def test_an_address_by_another_method_is_something_else() -> None:
    """Set-up as above: were methods not looked at, that test would say nothing about them."""
    read = next(each for each in endpoints(SCHEMA.get("Defect")) if each.verb == "read")
    assert action(address(read), "DELETE").verb == "delete"
    with pytest.raises(BanneretError):
        action(address(read), "PATCH")


def test_parameters_are_described_once() -> None:
    used = {name for item in SCHEMA.types.values() for each in endpoints(item) for name in each.parameters}
    assert used == set(PARAMETERS)
