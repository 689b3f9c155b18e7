"""The example packs say what public pages say, and are in force only where a workspace installs them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.liability.verdicts.conftest import Entering

from tiffin.capabilities.liability.service.packs import install_pack, list_packs
from tiffin.capabilities.policies.service.checking import check_policies
from tiffin.capabilities.policies.service.deciding import decide
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.runtime.actor import Role

ON = datetime(2026, 3, 1, tzinfo=UTC).date()
UBER = {"is_suspicious": False, "is_escalated": False, "is_batched": False, "others_wrong_too": False}
DASHER = {"over_estimate_min": 0, "is_stacked": False, "is_platform_fault": False, "violations_before": 0}


def a_merchants_case(problem: str, **changes: Any) -> dict[str, Any]:
    return UBER | {"problem": problem, "has_own_riders": False} | changes


def a_couriers_case(situation: str, *, perishable: bool = True) -> dict[str, Any]:
    return {"situation": situation, "is_perishable": perishable}


RULES = [
    # Uber's pages for merchants
    ("pack-uber-merchant", a_merchants_case("missing_item"), {"party": "merchant", "bears_delivery_fee": False}),
    ("pack-uber-merchant", a_merchants_case("incorrect_item"), {"party": "merchant"}),
    ("pack-uber-merchant", a_merchants_case("incorrect_order"), {"party": "merchant"}),
    ("pack-uber-merchant", a_merchants_case("incorrect_order", is_batched=True), {"party": "merchant"}),
    (
        "pack-uber-merchant",
        a_merchants_case("incorrect_order", is_batched=True, others_wrong_too=True),
        {"party": "platform"},
    ),
    ("pack-uber-merchant", a_merchants_case("undelivered"), {"party": "platform"}),
    ("pack-uber-merchant", a_merchants_case("undelivered", has_own_riders=True), {"bears_delivery_fee": True}),
    ("pack-uber-merchant", a_merchants_case("missing_item", is_suspicious=True), {"merchant_repays_percent": 0}),
    ("pack-uber-merchant", a_merchants_case("missing_item", is_escalated=True), {"route": "ask_person"}),
    # Uber Direct's tables: perishable, then other goods
    *(
        ("pack-uber-direct-undeliverable", a_couriers_case(one, perishable=perishable), {"items_back_percent": 0})
        for perishable in (True, False)
        for one in (
            "id_not_met",
            "waited_eight_min",
            "photo_taken",
            "pickup_incomplete",
            "late_by_merchant",
            "wrong_alone",
            "items_missing",
        )
    ),
    *(
        ("pack-uber-direct-undeliverable", a_couriers_case(one), {"items_back_percent": 100, "is_fee_back": True})
        for one in (
            "cancelled_after_pickup",
            "no_courier_after_preparation",
            "late_by_courier",
            "damaged",
            "false_completion",
            "wrong_batched",
        )
    ),
    (
        "pack-uber-direct-undeliverable",
        a_couriers_case("cancelled_and_returned", perishable=False),
        {"items_back_percent": 0, "is_tip_back": True, "is_fee_back": True},
    ),
    (
        "pack-uber-direct-undeliverable",
        a_couriers_case("late_by_courier", perishable=False),
        {"items_back_percent": 0, "is_tip_back": True, "is_fee_back": True},
    ),
    ("pack-uber-direct-undeliverable", a_couriers_case("damaged", perishable=False), {"items_back_percent": 50}),
    (
        "pack-uber-direct-undeliverable",
        a_couriers_case("damaged_yet_usable", perishable=False),
        {"is_tip_back": True, "is_fee_back": False},
    ),
    ("pack-uber-direct-undeliverable", a_couriers_case("false_return", perishable=False), {"items_back_percent": 100}),
    # DoorDash's page on lateness
    ("pack-doordash-lateness", DASHER | {"over_estimate_min": 10}, {"is_violation": False}),
    ("pack-doordash-lateness", DASHER | {"over_estimate_min": 11}, {"is_violation": True, "route": "close"}),
    ("pack-doordash-lateness", DASHER | {"over_estimate_min": 60, "is_stacked": True}, {"is_violation": False}),
    ("pack-doordash-lateness", DASHER | {"over_estimate_min": 60, "is_platform_fault": True}, {"is_violation": False}),
    ("pack-doordash-lateness", DASHER | {"over_estimate_min": 60, "violations_before": 1}, {"route": "ask_person"}),
]
PACKS = ("doordash-lateness", "uber-direct-undeliverable", "uber-merchant")


@pytest.fixture
def installed(entering: Entering) -> Entering:
    with entering("steward", Role.STEWARD, cities=("*",)) as context:
        for name in PACKS:
            install_pack(context, name)
    return entering


def test_each_public_rule_comes_out_as_it_is_published(installed: Entering) -> None:
    with installed() as context:
        for policy, facts, expected in RULES:
            found = decide(context, policy, facts, market="US", city="new-york", on=ON)
            assert {name: found.outputs[name] for name in expected} == expected, (policy, facts)


def test_installed_packs_are_proven_and_their_worked_cases_come_out(installed: Entering) -> None:
    with installed("steward", Role.STEWARD, cities=("*",)) as context:
        for name in PACKS:
            report = check_policies(context, f"pack-{name}")
            assert [(one.fault, one.wrong, one.findings) for one in report.checked] == [("", (), ())]


def test_a_pack_that_nobody_installed_decides_nothing(entering: Entering) -> None:
    with entering() as context, pytest.raises(NotFound):
        decide(context, "pack-uber-merchant", a_merchants_case("missing_item"), market="US", city="", on=ON)


def test_a_pack_is_installed_once_and_by_stewards_of_everything(entering: Entering) -> None:
    with entering() as context, pytest.raises(Forbidden):
        install_pack(context, "uber-merchant")
    with entering("steward", Role.STEWARD, cities=("*",)) as context:
        assert install_pack(context, "uber-merchant").is_installed
        with pytest.raises(Conflict):
            install_pack(context, "uber-merchant")
        with pytest.raises(NotFound, match="uber-merchant"):
            install_pack(context, "nothing")
        assert {one.name for one in list_packs(context) if one.is_installed} == {"uber-merchant"}
