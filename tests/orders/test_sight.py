"""Who is told what of one order: a table of readers, parts and columns."""

import json
from typing import Any

import pytest
from tests.orders.conftest import CUSTOMER, MERCHANT, OTHER_RIDER, RIDER, Entering

from tiffin.capabilities.orders.service.order_file import order_file
from tiffin.capabilities.orders.service.payload import payload_of
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import NotFound
from tiffin.kernel.masks import Mask, Shape
from tiffin.runtime.actor import OPENED_BY_ROLE, Party, Role
from tiffin.runtime.json_text import json_text

BASKET, PAY, REFUND, TIP, DOOR = "7325", "900", "500", "300", "24.7321"
SAID_BY_RIDER, SAID_BY_CUSTOMER = "blue door", "soup was cold"
EVERYTHING = {CUSTOMER, RIDER, OTHER_RIDER, MERCHANT, BASKET, PAY, REFUND, TIP, DOOR, SAID_BY_RIDER, SAID_BY_CUSTOMER}
SPECIAL = {SAID_BY_RIDER, SAID_BY_CUSTOMER}
PEOPLE = {CUSTOMER, RIDER, OTHER_RIDER, DOOR}

STAFF = {
    Role.STEWARD: EVERYTHING,
    Role.ADMIN: EVERYTHING,
    Role.CITY_MANAGER: EVERYTHING - SPECIAL,
    Role.ADJUDICATOR: EVERYTHING - SPECIAL,
    Role.REVIEWER: EVERYTHING - SPECIAL,
    Role.EXPERIENCE_MANAGER: EVERYTHING - SPECIAL,
    Role.SUPPORT: EVERYTHING - SPECIAL - PEOPLE,
}
PARTIES = {
    Party("rider", "riyadh", RIDER): {RIDER, MERCHANT, PAY, TIP, SAID_BY_RIDER},
    Party("merchant", "riyadh", MERCHANT): {MERCHANT, BASKET, REFUND},
    Party("customer", "riyadh", CUSTOMER): {CUSTOMER, MERCHANT, BASKET, REFUND, TIP, DOOR, SAID_BY_CUSTOMER},
}


def shown(entering: Entering, **reader: Any) -> set[str]:
    """Give what a reader is told of all that there is to tell, by looking for it in the whole file."""
    with entering(**reader) as context:
        text = json_text(payload_of(order_file(context, "riyadh", "o-1"), context.locale))
    numbers = {str(one) for one in values_of(json.loads(text))}
    return {one for one in EVERYTHING if (one in numbers if one.isdecimal() else one in text)}


def values_of(found: Any) -> list[Any]:
    if isinstance(found, dict):
        return [one for value in found.values() for one in values_of(value)]
    if isinstance(found, list):
        return [one for value in found for one in values_of(value)]
    return [found]


@pytest.mark.parametrize("role", STAFF)
def test_whoever_works_here_is_told_what_his_role_opens_and_nothing_else(entering: Entering, role: Role) -> None:
    assert shown(entering, role=role) == STAFF[role]


@pytest.mark.parametrize("party", PARTIES, ids=lambda one: one.kind)
def test_a_party_is_told_his_own_part_and_nobody_else(entering: Entering, party: Party) -> None:
    assert shown(entering, name="own", party=party) == PARTIES[party]


@pytest.mark.parametrize("role", sorted(set(Role) - set(STAFF)))
def test_who_works_with_numbers_alone_opens_no_order(entering: Entering, role: Role) -> None:
    with entering(role=role) as context, pytest.raises(NotFound):
        order_file(context, "riyadh", "o-1")


@pytest.mark.parametrize(
    "grant",
    [
        {"countries": ("AE",)},
        {"countries": (), "cities": ("dubai",)},
        {"rows": (("merchant_id", ("another",)),)},
        {"rows": (("rider_id", (OTHER_RIDER,)),)},
        {"rows": (("fleet_id", ("another",)),)},
        {"minimum_size": 10},
        {"assets": ("metric:orders",)},
    ],
)
def test_a_grant_that_does_not_reach_the_order_opens_none_of_it(entering: Entering, grant: dict[str, Any]) -> None:
    with entering(**grant) as context, pytest.raises(NotFound):
        order_file(context, "riyadh", "o-1")


@pytest.mark.parametrize(
    "party",
    [
        Party("rider", "riyadh", OTHER_RIDER),
        Party("rider", "dubai", RIDER),
        Party("merchant", "riyadh", RIDER),
        Party("customer", "riyadh", "c-before"),
        Party("employee", "riyadh", RIDER),
    ],
)
def test_a_party_opens_no_order_of_somebody_else(entering: Entering, party: Party) -> None:
    with entering(name="own", party=party) as context, pytest.raises(NotFound):
        order_file(context, "riyadh", "o-1")


def test_a_narrow_grant_leaves_out_rows_about_other_riders(entering: Entering) -> None:
    with entering(rows=(("rider_id", (RIDER,)),)) as context:
        offers = order_file(context, "riyadh", "o-1").rows("dispatch_offers")

    assert [one["rider_id"] for one in offers] == [RIDER]


def test_classes_that_a_grant_opens_masked_are_told_masked(entering: Entering) -> None:
    masks = (
        (Classification.PERSONAL, Shape.TEXT, Mask.parse("last_four")),
        (Classification.PERSONAL, Shape.PLACE, Mask.parse("coarse:100")),
    )
    opens, masked = (Classification.CONFIDENTIAL,), (Classification.PERSONAL,)
    with entering(role=Role.CITY_MANAGER, opens=opens, masked=masked, masks=masks) as context:
        order = order_file(context, "riyadh", "o-1").order

    assert (order["customer_id"], order["rider_id"]) == ("…e-it", "…d-it")
    assert order["dropoff_latitude"] == 24.73
    assert {"customer_id", "dropoff_latitude"} <= order.masked


def test_a_hidden_value_is_named_as_hidden_and_an_empty_one_is_not(entering: Entering) -> None:
    with entering(role=Role.SUPPORT) as context:
        order = order_file(context, "riyadh", "o-gone").order

    assert "customer_id" in order.hidden
    assert "rider_id" not in order.hidden


def test_a_riders_own_way_is_told_roughly_once_he_has_the_order(entering: Entering) -> None:
    with entering(name="own", party=Party("rider", "riyadh", RIDER)) as context:
        way = [one["latitude"] for one in order_file(context, "riyadh", "o-1").rows("rider_positions")]

    assert way == [24.7001, 24.715, 24.73]


def test_every_role_that_opens_an_order_is_in_the_table() -> None:
    told = {role for role in OPENED_BY_ROLE if role in STAFF}

    assert told == set(STAFF)
