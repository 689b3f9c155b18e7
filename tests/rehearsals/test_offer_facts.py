"""Facts of offers, visits, promises and returns agree with the orders they belong to."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

Tables = Mapping[str, pa.Table]


def by_order(table: pa.Table, *columns: str) -> dict[str, tuple[object, ...]]:
    names = table["order_id"].to_pylist()
    return dict(zip(names, zip(*(table[name].to_pylist() for name in columns), strict=True), strict=True))


def test_the_rider_who_accepted_is_the_one_who_was_assigned_then(tables: Tables) -> None:
    offers, orders = tables["dispatch_offers"], by_order(tables["orders"], "rider_id", "assigned_at")
    taken = offers.filter(pc.equal(offers["outcome"], "accepted"))

    assert by_order(taken, "rider_id", "answered_at") == {
        order: carried for order, carried in orders.items() if carried[0] is not None
    }
    assert 0.8 < taken.num_rows / offers.num_rows < 0.99


def test_only_who_declines_says_why(tables: Tables) -> None:
    offers = tables["dispatch_offers"]
    declined = pc.equal(offers["outcome"], "declined")

    assert pc.all(pc.equal(pc.is_valid(offers["decline_reason"]), declined)).as_py()
    assert "too_far" in offers["decline_reason"].to_pylist()
    assert offers.filter(declined).num_rows > 20


def test_a_longer_way_is_declined_more_often(tables: Tables) -> None:
    offers = tables["dispatch_offers"]
    away, outcome = offers["distance_m"].to_numpy(), np.array(offers["outcome"].to_pylist())
    near, far = np.quantile(away, (0.3, 0.7))

    assert (outcome[away > far] == "declined").mean() > 1.2 * (outcome[away < near] == "declined").mean()


def test_each_order_has_the_promise_that_its_customer_saw(tables: Tables) -> None:
    promised = by_order(tables["orders"], "placed_at", "promised_at")

    assert by_order(tables["promises"], "made_at", "promised_at") == promised
    assert tables["promises"].num_rows == len(promised)


def test_every_order_comes_of_one_visit_and_some_visits_of_none(tables: Tables) -> None:
    visits, orders = tables["customer_sessions"], tables["orders"]
    ordered = visits.filter(pc.is_valid(visits["order_id"]))
    shown = by_order(ordered, "customer_id", "placed_at", "zone_id")

    assert shown == by_order(orders, "customer_id", "placed_at", "zone_id")
    assert orders.num_rows / visits.num_rows == pytest.approx(0.8, abs=0.03)
    assert pc.all(pc.less_equal(visits["seen_at"], visits["asked_at"])).as_py()
    minutes = [(promised - placed).total_seconds() / 60 for placed, promised in promises(orders)]
    assert ordered["shown_min"].to_pylist() == pytest.approx(minutes)


def promises(orders: pa.Table) -> list[tuple[object, ...]]:
    return list(zip(orders["placed_at"].to_pylist(), orders["promised_at"].to_pylist(), strict=True))


def test_returned_goods_are_back_after_the_hand_over_was_given_up(tables: Tables) -> None:
    orders = tables["orders"]
    returned = orders.filter(pc.equal(orders["status"], "returned"))

    assert returned.num_rows > 3
    assert returned["delivered_at"].null_count == returned.num_rows
    assert set(returned["cancel_reason"].to_pylist()) <= {"customer_unreachable", "wrong_address"}
    for before, after in (("arrived_at_customer_at", "cancelled_at"), ("cancelled_at", "returned_at")):
        assert pc.all(pc.less(returned[before], returned[after])).as_py()
    stages = tables["order_stages"]
    back = stages.filter(pc.equal(stages["stage"], "returned"))
    assert by_order(back, "at") == by_order(returned, "returned_at")
