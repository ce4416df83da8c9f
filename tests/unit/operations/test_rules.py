"""The catalogue and the rules know each other, or nothing starts."""

from dataclasses import replace

import pytest

from banneret.catalogue.loader import stock_schema
from banneret.catalogue.schema import Schema
from banneret.kernel.errors import CatalogueError
from banneret.operations.rules import RULES, check_rules, rollups
from banneret.operations.settling import rank

SCHEMA = stock_schema()


def with_rules(name: str, rules: tuple[str, ...]) -> Schema:
    return Schema(replace(item, rules=rules) if item.name == name else item for item in SCHEMA.types.values())


def test_the_catalogue_names_every_rule() -> None:
    check_rules(SCHEMA)


@pytest.mark.parametrize("rules", [("task_place", "no_such_rule"), ("task_place",)])
def test_a_rule_that_one_side_does_not_know_refuses_to_start(rules: tuple[str, ...]) -> None:
    """A name without a rule, and a rule without a type."""
    with pytest.raises(CatalogueError):
        check_rules(with_rules("Task", rules))


def test_what_a_rollup_reads_and_sets_exists() -> None:
    for item in SCHEMA.types.values():
        for name, rollup in rollups(item.rules).items():
            for source in rollup.sources:
                children = SCHEMA.concrete(SCHEMA.get(source.children))
                for attribute in source.reads:
                    assert any(attribute in child.attributes for child in children), (name, attribute)
            assert rollup is RULES[name].rollup


def test_work_is_settled_after_its_tasks_and_before_what_is_made_of_it() -> None:
    order = ["Task", "Defect", "HierarchicalRequirement"]
    ranks = [rank(SCHEMA, SCHEMA.get(name)) for name in order]
    assert ranks == sorted(ranks)
    assert ranks[0] < ranks[1]
