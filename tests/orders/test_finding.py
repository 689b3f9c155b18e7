"""Orders are found by what their reader is told, within what he may see."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from tests.orders.conftest import CUSTOMER, MERCHANT, RIDER, Entering

from tiffin.capabilities.orders.service.finding import OrderSearch, find_orders, orders_csv
from tiffin.kernel.errors import Forbidden
from tiffin.runtime.actor import Party, Role

SAUDI = {"o-1", "o-before", "o-gone"}


def names(entering: Entering, wanted: OrderSearch, **reader: Any) -> set[str]:
    with entering(**reader) as context:
        return {one.order_id for one in find_orders(context, wanted) if one.order_id != "bare"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (OrderSearch(), SAUDI),
        (OrderSearch(text="gone"), {"o-gone"}),
        (OrderSearch(text="o-1, o-gone\nmissing"), {"o-1", "o-gone"}),
        (OrderSearch(text="o-1 ' OR 1=1"), {"o-1"}),
        (OrderSearch(city_id="dubai"), set()),
        (OrderSearch(status="cancelled"), {"o-gone"}),
        (OrderSearch(is_late=True), {"o-1", "o-gone"}),
        (OrderSearch(whom="rider", who=RIDER), {"o-1", "o-before"}),
        (OrderSearch(whom="customer", who=CUSTOMER), {"o-1", "o-gone"}),
        (OrderSearch(first=date(2026, 3, 2)), set()),
        (OrderSearch(first=date(2026, 3, 1), last=date(2026, 3, 1)), SAUDI),
    ],
)
def test_orders_are_found_by_each_condition(entering: Entering, wanted: OrderSearch, expected: set[str]) -> None:
    assert names(entering, wanted) == expected


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        ({"countries": ("*",)}, SAUDI),
        ({"countries": (), "cities": ("dubai",)}, {"o-1"}),
        ({"rows": (("rider_id", (RIDER,)),)}, {"o-1", "o-before"}),
        ({"rows": (("merchant_id", ("another",)),)}, set()),
        ({"rows": (("fleet_id", ("another",)),)}, set()),
    ],
)
def test_only_orders_that_a_grant_reaches_are_found(
    entering: Entering, grant: dict[str, Any], expected: set[str]
) -> None:
    assert names(entering, OrderSearch(), **grant) == expected


@pytest.mark.parametrize("whom", ["rider", "customer"])
def test_nobody_is_found_by_a_pseudonym_that_the_reader_is_not_told(entering: Entering, whom: str) -> None:
    with entering(role=Role.SUPPORT) as context, pytest.raises(Forbidden):
        find_orders(context, OrderSearch(whom=whom, who=RIDER))


def test_a_merchant_is_no_person_and_is_found_by_everybody_who_works_with_orders(entering: Entering) -> None:
    assert names(entering, OrderSearch(whom="merchant", who=MERCHANT), role=Role.SUPPORT) == SAUDI


@pytest.mark.parametrize("grant", [{"role": Role.VIEWER}, {"role": Role.ANALYST}, {"minimum_size": 5}])
def test_who_works_with_numbers_alone_finds_no_order(entering: Entering, grant: dict[str, Any]) -> None:
    with entering(**grant) as context, pytest.raises(Forbidden):
        find_orders(context, OrderSearch())


def test_a_party_finds_his_own_orders(entering: Entering) -> None:
    assert names(entering, OrderSearch(), name="own", party=Party("rider", "riyadh", RIDER)) == {"o-1", "o-before"}


def test_a_table_of_orders_leaves_empty_what_its_reader_is_not_told(entering: Entering) -> None:
    with entering(role=Role.SUPPORT) as context:
        rows = list(csv.DictReader(io.StringIO(orders_csv(context, OrderSearch(text="o-1")))))

    assert [(one["order_id"], one["rider_id"], one["merchant_id"]) for one in rows] == [("o-1", "", MERCHANT)]
