"""The account of a miss: it adds up, it is fair, and it knows what it does not know."""

from math import fsum
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.capabilities.balance.domain.accounting import EpisodeFacts, Stages, account
from tiffin.capabilities.balance.domain.cause import Cause, Detail
from tiffin.capabilities.balance.domain.load import Load
from tiffin.capabilities.balance.domain.telling import shares_of
from tiffin.engines.attribution.congestion import CongestionCurve
from tiffin.engines.attribution.two_paths import PickupSplit

WAIT = CongestionCurve((0.2, 0.6, 0.9), (-6.0, -5.0, 2.0), 30.0)
LOSS = CongestionCurve((0.2, 0.8, 1.0), (0.0, 0.01, 0.1), 0.5)
STAGES = {
    "door_min": 28.0,
    "kitchen_min": 17.0,
    "wait_min": 10.0,
    "approach_min": 3.0,
    "gap_min": 0.5,
    "idle_min": 4.0,
    "service_min": 2.0,
    "ride_min": 6.5,
    "handover_min": 2.0,
    "distance_m": 2000.0,
}
NO_DELAY = PickupSplit(kitchen=0.0, wait=0.0, ride=0.0, service=0.0)


def an_episode(**changes: Any) -> EpisodeFacts:
    usual = Load(100.0, 9.5, 4.0, 4.0, 45.0)
    facts: dict[str, Any] = {
        "delivered": 100.0,
        "delay_min": 0.0,
        "lost": 0.0,
        "usual_lost": 0.0,
        "cancelled": 0.0,
        "usual_cancelled": 0.0,
        "wanted": 100.0,
        "usual_wanted": 100.0,
        "usual": Stages(STAGES),
        "actual": Stages(STAGES),
        "usual_load": usual,
        "load": usual,
        "pickups": NO_DELAY,
        "wait_curve": WAIT,
        "loss_curve": LOSS,
    }
    return EpisodeFacts(**(facts | changes))


def a_load(**changes: float) -> Load:
    parts = {"orders": 100.0, "travel_min": 9.5, "idle_min": 4.0, "handover_min": 4.0, "riders": 45.0}
    return Load(**(parts | changes))


def first(facts: EpisodeFacts) -> Cause:
    return shares_of(account(facts, lost_order_min=60.0))[0].cause


def test_no_miss_has_no_causes() -> None:
    found = account(an_episode(), lost_order_min=60.0)

    assert found.miss_min == 0.0
    assert not any(found.parts.values())
    assert shares_of(found) == ()


minutes = st.floats(-20.0, 40.0)
counts = st.floats(0.0, 50.0)


@given(
    delay=st.floats(0.0, 5000.0),
    split=st.tuples(minutes, minutes, minutes, minutes),
    lost=st.tuples(counts, counts, counts, counts),
    load=st.tuples(st.floats(10, 300), st.floats(4, 30), st.floats(0, 10), st.floats(1, 10), st.floats(0, 90)),
    ride=st.floats(1.0, 30.0),
    metres=st.floats(100.0, 9000.0),
)
def test_parts_add_up_to_the_miss(delay, split, lost, load, ride, metres) -> None:  # noqa: ANN001 - hypothesis gives them
    facts = an_episode(
        delay_min=delay,
        pickups=PickupSplit(*split),
        lost=lost[0],
        usual_lost=lost[1],
        cancelled=lost[2],
        usual_cancelled=lost[3],
        load=Load(*load),
        actual=Stages(STAGES | {"ride_min": ride, "distance_m": metres}),
    )

    found = account(facts, lost_order_min=60.0)

    assert abs(fsum(found.parts.values()) - found.miss_min) <= 1e-12 * max(1.0, found.miss_min)
    if found.miss_min > 1e-6:
        shares = [share.share for share in shares_of(found)]
        assert abs(fsum(shares) - 1.0) <= 1e-9 * max(1.0, *map(abs, shares))


QUEUE = PickupSplit(kitchen=0.0, wait=1.0, ride=2.0, service=0.0)
LONGER_WAY = Stages(STAGES | {"approach_min": 5.5})


@pytest.mark.parametrize(
    ("load", "cause"),
    [
        (a_load(riders=25.0), Cause.FEWER_RIDERS),
        (a_load(orders=180.0), Cause.MORE_DEMAND),
        (a_load(travel_min=22.0), Cause.LONGER_TRAVEL),
        (a_load(idle_min=18.0), Cause.SLOWER_MERCHANTS),
        (a_load(handover_min=18.0), Cause.SLOWER_HANDOVER),
    ],
)
def test_a_queue_belongs_to_what_raised_the_load(load: Load, cause: Cause) -> None:
    facts = an_episode(delay_min=300.0, pickups=QUEUE, actual=LONGER_WAY, load=load)

    assert first(facts) is cause


def test_two_equal_changes_of_load_share_a_queue_equally() -> None:
    facts = an_episode(delay_min=300.0, pickups=QUEUE, actual=LONGER_WAY, load=a_load(orders=130.0, riders=45.0 / 1.3))

    parts = account(facts, lost_order_min=60.0).parts

    assert parts[Cause.MORE_DEMAND] == pytest.approx(parts[Cause.FEWER_RIDERS], rel=1e-9)


def test_a_queue_that_load_does_not_explain_stays_unexplained() -> None:
    found = account(an_episode(delay_min=300.0, pickups=QUEUE, actual=LONGER_WAY), lost_order_min=60.0)

    assert found.parts[Cause.UNEXPLAINED] == pytest.approx(300.0)


def test_slow_kitchens_are_the_merchants() -> None:
    facts = an_episode(delay_min=900.0, pickups=PickupSplit(kitchen=9.0, wait=0.0, ride=0.0, service=0.0))

    parts = account(facts, lost_order_min=60.0).parts

    assert parts[Cause.SLOWER_MERCHANTS] == pytest.approx(900.0)
    assert parts[Cause.UNEXPLAINED] == pytest.approx(0.0, abs=1e-9)


def test_slower_roads_carry_the_longer_way_to_the_merchant_too() -> None:
    rain = Stages(STAGES | {"ride_min": 13.0, "approach_min": 6.0})
    facts = an_episode(delay_min=750.0, actual=rain, pickups=PickupSplit(kitchen=0.0, wait=0.0, ride=1.0, service=0.0))

    found = account(facts, lost_order_min=60.0)

    assert found.parts[Cause.LONGER_TRAVEL] == pytest.approx(750.0)
    assert found.details[Cause.LONGER_TRAVEL][Detail.SLOWER_TRAVEL] == pytest.approx(750.0)


def test_orders_lost_on_usual_days_are_called_usual() -> None:
    found = account(an_episode(lost=8.0, usual_lost=8.0, cancelled=3.0, usual_cancelled=3.0), lost_order_min=60.0)

    assert found.parts[Cause.AS_USUAL] == pytest.approx(660.0)
    assert found.details[Cause.AS_USUAL] == {Detail.NO_RIDER: 480.0, Detail.CANCELLED_BY_RIDER: 180.0}
    assert shares_of(found)[0].cause is Cause.AS_USUAL


def test_lost_orders_beyond_usual_are_split_by_load() -> None:
    found = account(an_episode(lost=10.0, load=a_load(riders=22.0)), lost_order_min=60.0)

    assert found.parts[Cause.FEWER_RIDERS] > 0.9 * found.miss_min


def test_without_a_curve_only_the_growth_of_demand_explains_lost_orders() -> None:
    facts = an_episode(lost=6.0, usual_lost=4.0, wanted=125.0, usual_load=None, load=None, loss_curve=None)

    parts = account(facts, lost_order_min=60.0).parts

    assert parts[Cause.MORE_DEMAND] == pytest.approx(60.0)
    assert parts[Cause.UNEXPLAINED] == pytest.approx(60.0)


def test_cancellations_by_riders_are_named() -> None:
    assert first(an_episode(cancelled=9.0, usual_cancelled=1.0)) is Cause.MORE_RIDER_CANCELLATIONS


def test_legs_alone_say_where_and_not_who() -> None:
    legs = {"confirm_min": 5.0, "reach_min": 15.0, "rest_min": 20.0}
    facts = an_episode(
        delay_min=400.0,
        pickups=None,
        usual=Stages(legs),
        actual=Stages(legs | {"reach_min": 19.0}),
    )

    assert first(facts) is Cause.LATER_ARRIVAL


def test_open_orders_that_arrivals_do_not_foretell_are_a_backlog() -> None:
    door = CongestionCurve((0.5, 1.0, 2.0), (36.0, 45.0, 65.0), 20.0)
    facts = an_episode(
        delay_min=800.0,
        pickups=None,
        usual=Stages({"door_min": 45.0}),
        actual=Stages({"door_min": 53.0}),
        usual_load=Load(20.0, riders=60.0, backlog=3.0),
        load=Load(20.0, riders=60.0, backlog=5.0),
        door_curve=door,
    )

    assert first(facts) is Cause.BACKLOG


def test_longer_distances_are_told_from_slower_travel() -> None:
    facts = an_episode(delay_min=200.0, farther_min=200.0, pickups=None, usual=Stages({}), actual=Stages({}))

    found = account(facts, lost_order_min=60.0)

    assert found.details[Cause.LONGER_TRAVEL] == {Detail.LONGER_DISTANCES: 200.0}
    assert found.parts[Cause.LONGER_TRAVEL] == pytest.approx(200.0)


def test_predicted_travel_stands_for_the_road_where_nothing_else_does() -> None:
    facts = an_episode(
        delay_min=300.0,
        pickups=None,
        usual=Stages({"predicted_travel_min": 9.0}),
        actual=Stages({"predicted_travel_min": 12.0}),
    )

    assert account(facts, lost_order_min=60.0).parts[Cause.LONGER_TRAVEL] == pytest.approx(300.0)


def test_shares_rank_causes_of_the_day_before_what_remains() -> None:
    facts = an_episode(delay_min=1000.0, pickups=PickupSplit(kitchen=2.0, wait=0.0, ride=0.0, service=0.0))

    causes = [share.cause for share in shares_of(account(facts, lost_order_min=60.0))]

    assert causes == [Cause.SLOWER_MERCHANTS, Cause.UNEXPLAINED]


def test_load_without_riders_is_heavy_not_infinite() -> None:
    facts = an_episode(delay_min=300.0, pickups=QUEUE, load=a_load(riders=0.0), actual=LONGER_WAY)

    assert all(np.isfinite(part) for part in account(facts, lost_order_min=60.0).parts.values())
    assert first(facts) is Cause.FEWER_RIDERS


def test_orders_turned_away_and_shorter_promises_are_causes_of_their_own() -> None:
    found = account(an_episode(refused=3.0, withdrawn=2.0, shorter_min=40.0), lost_order_min=60.0)

    assert found.miss_min == 340.0
    assert found.parts[Cause.MORE_REFUSALS] == 180.0
    assert found.parts[Cause.MORE_WITHDRAWALS] == 120.0
    assert found.parts[Cause.SHORTER_PROMISE] == 40.0


def test_riders_idle_elsewhere_take_their_share_of_those_missing() -> None:
    queue = PickupSplit(kitchen=0.0, wait=4.0, ride=0.0, service=0.0)
    short = {"delay_min": 400.0, "pickups": queue, "load": a_load(riders=30.0)}

    missing = account(an_episode(**short), lost_order_min=60.0)
    partly = account(an_episode(**short, elsewhere=0.25), lost_order_min=60.0)

    whole = missing.parts[Cause.FEWER_RIDERS]
    assert partly.parts[Cause.FEWER_RIDERS] == pytest.approx(0.75 * whole)
    assert partly.parts[Cause.RIDERS_ELSEWHERE] == pytest.approx(0.25 * whole)


def test_food_that_is_confirmed_later_is_no_kitchens_fault() -> None:
    later = STAGES | {"kitchen_min": 27.0, "confirm_min": 9.0}
    slow = PickupSplit(kitchen=10.0, wait=0.0, ride=0.0, service=0.0)
    facts = an_episode(
        delay_min=1000.0, pickups=slow, usual=Stages(STAGES | {"confirm_min": 1.0}), actual=Stages(later)
    )

    found = account(facts, lost_order_min=60.0)

    assert found.parts[Cause.SLOWER_CONFIRMATION] == pytest.approx(800.0)
    assert found.parts[Cause.SLOWER_MERCHANTS] == pytest.approx(200.0)


def test_rides_longer_for_others_carried_along_are_the_queues() -> None:
    usual = STAGES | {"alone_ride_min": 6.0, "alone_distance_m": 2000.0}
    facts = an_episode(
        delay_min=200.0,
        usual=Stages(usual),
        actual=Stages(usual | {"ride_min": 8.5}),
        load=a_load(riders=30.0),
    )

    found = account(facts, lost_order_min=60.0)

    assert found.parts[Cause.FEWER_RIDERS] == pytest.approx(200.0, rel=0.05)
    assert abs(found.parts.get(Cause.LONGER_TRAVEL, 0.0)) < 1.0
