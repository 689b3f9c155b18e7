import pytest

from tiffin.kernel.contract import Classification, LogicalType
from tiffin.kernel.errors import NotFound
from tiffin.kernel.facts.orders import ORDERS, Status
from tiffin.kernel.facts.registry import TABLES


def test_a_column_is_found_by_its_name() -> None:
    column = ORDERS.column("basket_minor")

    assert (column.type, column.unit, column.classification) == (
        LogicalType.INTEGER,
        "minor units",
        Classification.CONFIDENTIAL,
    )
    assert ORDERS.has("basket_minor")


def test_an_unknown_column_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="basket_minor"):
        ORDERS.column("basket")

    assert not ORDERS.has("basket")


def test_required_columns_are_those_that_a_feed_must_give() -> None:
    assert ORDERS.required_columns == ("city_id", "order_id", "status", "source")
    assert {"business_date", "local_hour", "slot_at"} <= set(ORDERS.derived_columns)


def test_closed_sets_of_values_are_enumerations_in_code() -> None:
    assert tuple(Status) == ORDERS.column("status").values


def test_every_table_is_registered_under_its_name() -> None:
    assert all(contract.name == name for name, contract in TABLES.items())


def test_contracts_can_stand_in_sets() -> None:
    assert len(set(TABLES.values())) == len(TABLES)
