from banneret.query.operators import OPERATORS, Kind, Operator


def test_every_operator_has_its_row() -> None:
    assert list(OPERATORS) == list(Operator)
    assert all(rule.sentence and rule.symbol is symbol for symbol, rule in OPERATORS.items())


def test_equality_is_for_every_kind_and_order_is_not() -> None:
    assert OPERATORS[Operator.EQUAL].kinds == frozenset(Kind)
    assert Kind.BOOLEAN not in OPERATORS[Operator.LESS].kinds
    assert Kind.NUMBER not in OPERATORS[Operator.CONTAINS].kinds


def test_null_is_unlike_everything() -> None:
    on_null = {symbol for symbol, rule in OPERATORS.items() if rule.on_null}
    assert on_null == {Operator.NOT_EQUAL, Operator.NOT_CONTAINS, Operator.NOT_IN}
