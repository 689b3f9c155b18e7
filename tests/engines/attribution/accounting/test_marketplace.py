"""Orders that nobody carried are accounted for at every level; idle riders go where a solver would send them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.engines.attribution.accounting.marketplace import (
    CANCELLED,
    DEMAND,
    IDLE_ELSEWHERE,
    IDLE_HERE,
    RIDERS,
    Market,
    Reach,
    split_missed,
    together,
)
from tiffin.engines.attribution.accounting.relief import relieve, relieve_slot
from tiffin.engines.attribution.shapley import FloatArray
from tiffin.kernel.errors import InvalidData, WrongUse


def a_market(zones: int = 2, slots: int = 1, **changes: float | FloatArray) -> Market:
    """Each zone and slot: ten orders wanted and served, 30 minutes each, by riders with an idle hour."""
    stated = {"wanted": 10.0, "cancelled": 0.0, "present_min": 360.0, "idle_min": 60.0, "ride": 20.0, "food": 10.0}
    laid = {name: np.broadcast_to(value, (zones, slots)).astype(float) for name, value in (stated | changes).items()}
    stages = {name: laid.pop(name) for name in ("ride", "food")}
    return Market(**laid, stage_min=stages)


NEAR = Reach(np.array([[0.0, 5.0], [5.0, 0.0]]), within_min=10.0)
FAR = Reach(np.array([[0.0, 50.0], [50.0, 0.0]]), within_min=10.0)


def named(usual: Market, actual: Market, reach: Reach) -> dict[str, list[float]]:
    """Give the parts of each zone that are not nought."""
    split = split_missed(usual, actual, reach)
    return {name: part[:, 0].round(9).tolist() for name, part in split.parts.items() if part.any()}


def test_orders_beyond_what_riders_carry_are_demand() -> None:
    assert named(a_market(), a_market(wanted=12.0), FAR) == {DEMAND: [2.0, 2.0]}


def test_riders_missing_are_riders() -> None:
    actual = a_market(present_min=np.array([[240.0], [360.0]]), idle_min=np.array([[0.0], [60.0]]))

    found = named(a_market(), actual, FAR)

    assert found == {RIDERS: [4.0, 0.0], IDLE_HERE: [-2.0, 0.0]}


def test_riders_idle_within_reach_are_idle_elsewhere_and_no_longer_missing() -> None:
    actual = a_market(present_min=np.array([[240.0], [420.0]]), idle_min=np.array([[0.0], [120.0]]))

    found = named(a_market(), actual, NEAR)

    assert found[IDLE_ELSEWHERE] == [2.0, 0.0]
    assert found[RIDERS][0] == 2.0


def test_longer_stages_and_cancelled_orders_are_told_apart() -> None:
    busy = a_market(cancelled=1.0, ride=26.0, idle_min=36.0, wanted=11.0)

    split = split_missed(a_market(), busy, FAR)

    assert split.parts[CANCELLED][0, 0] == pytest.approx(-1.0)
    assert split.parts["ride"][0, 0] > 0
    assert split.parts["food"][0, 0] == 0.0


@given(seed=st.integers(0, 10_000))
def test_parts_add_up_in_zone_and_slot_city_and_country(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cities = [[_drawn(rng) for _ in range(3)] for _ in range(2)]

    splits = [split_missed(usual, actual, NEAR) for usual, actual in zip(*cities, strict=True)]

    by_slot = [split.over(0) for split in splits]
    country = together(by_slot)
    for level in (*splits, *by_slot, country, country.over(0)):
        size = max(1.0, *(np.abs(part).max() for part in level.parts.values()))
        assert np.abs(sum(level.parts.values()) - level.change).max() <= 1e-12 * size
    assert country.over(0).change == pytest.approx(sum(split.change.sum() for split in splits), abs=1e-6)


def _drawn(rng: np.random.Generator) -> Market:
    shape = (2, 4)
    sorts = [rng.integers(0, 30, shape).astype(float), np.zeros(shape), rng.uniform(0, 1e-9, shape)]
    wanted, cancelled, idle = (sorts[k] for k in rng.integers(0, 3, 3))
    stages = {"ride": rng.uniform(1, 30, shape), "food": rng.uniform(0, 10, shape)}
    return Market(wanted, cancelled, rng.uniform(0, 900, shape), idle, stages)


@given(seed=st.integers(0, 10_000))
def test_the_flow_sends_as_much_over_as_little_travel_as_a_linear_program(seed: int) -> None:
    rng = np.random.default_rng(seed)
    zones = int(rng.integers(1, 12))
    idle, short = (np.maximum(rng.normal(mean, 30, zones), 0.0).round(1) for mean in (0, -5))
    at = rng.uniform(0, 10, (zones, 2))
    travel = 2.0 * np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))

    ours = relieve(idle[:, None], short[:, None], travel_min=travel, within_min=8.0)
    theirs = relieve_slot(idle, short, travel_min=travel, within_min=8.0)

    assert ours.into.sum() == pytest.approx(theirs.sum(), rel=1e-7, abs=1e-6)
    assert ours.travel.sum() == pytest.approx((theirs * travel).sum(), rel=1e-7, abs=1e-6)
    assert (ours.into[:, 0] <= short + 1e-9).all()
    assert (ours.out_of[:, 0] <= idle + 1e-9).all()


def test_a_detour_serves_whom_nobody_else_reaches() -> None:
    """The only rider in reach of the last zone gives way to one who comes to his zone from afar."""
    travel = np.array([[0.0, 1.0, 9.0], [1.0, 0.0, 9.0], [9.0, 9.0, 0.0]])
    idle, short = np.array([[0.0], [10.0], [0.0]]), np.array([[10.0], [0.0], [10.0]])

    found = relieve(idle, short, travel_min=travel, within_min=9.0)

    assert found.into[:, 0].tolist() == [10.0, 0.0, 0.0]
    assert found.travel[0] == 10.0


def test_shapes_and_times_that_make_no_sense_are_refused() -> None:
    with pytest.raises(WrongUse, match="travel from zone to zone"):
        relieve(np.zeros((2, 1)), np.zeros((2, 1)), travel_min=np.zeros((3, 3)), within_min=5.0)
    with pytest.raises(InvalidData, match="for some minutes"):
        split_missed(a_market(), a_market(ride=0.0, food=0.0), NEAR)
