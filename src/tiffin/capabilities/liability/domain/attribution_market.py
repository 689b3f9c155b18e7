"""The market around each order, against the usual: rides, kitchens, waiting, riders, demand and promises."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.liability.domain.attribution_expected import Expected
from tiffin.capabilities.liability.domain.attribution_facts import SLOT_S, CityFacts
from tiffin.capabilities.liability.domain.attribution_parameters import AttributionParameters
from tiffin.engines.attribution.stages.around import Around, around

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

WEEK = 336
"""Half hours of a week."""
DAY = 48
LEAST_RIDE_S = 60.0


@dataclass(frozen=True, slots=True)
class Market:
    """The market around each order, the order itself left out; (n,) each.

    Parameters
    ----------
    ride_factor : how much longer everybody's rides took than is fair; 1 is as usual
    kitchen_s : by how much kitchens around were slower than is fair, the order's own merchant left out
    own_kitchen_s, own_orders : the same of its merchant's other orders, and how many they were
    waiting_share : which part of the waiting for riders is more than the usual
    riders_factor, demand_factor : riders on shift and orders placed against the usual
    promise_s : by how much promises around were longer than usual
    rain_mm : in the hour
    """

    ride_factor: Floats
    kitchen_s: Floats
    own_kitchen_s: Floats
    own_orders: Floats
    waiting_share: Floats
    riders_factor: Floats
    demand_factor: Floats
    promise_s: Floats
    rain_mm: Floats


def look_around(facts: CityFacts, past: Mask, expected: Expected, parameters: AttributionParameters) -> Market:
    """Measure the market around each order against what the past tells of it."""
    times, number = facts.times, np.arange(len(facts.day), dtype=np.int64)
    city = np.ones_like(facts.near)

    def mean(values: Floats, at_s: Floats, near: Mask, own: "NDArray[np.int64]") -> Around:
        last = facts.riders.shape[1] - 1
        slot = np.clip(np.nan_to_num(at_s, nan=0.0) // SLOT_S, 0, last).astype(np.int64)
        return around(values, facts.zone, slot, own=own, near=near, reach=parameters.around_half_hours)

    def shrunk(found: Around) -> Floats:
        return np.asarray(found.mean * found.others / (found.others + parameters.around_orders), dtype=np.float64)

    ride = times.at_customer_s - times.picked_up_s
    is_told = (facts.drop == 1) & (expected.ride_s[0] > LEAST_RIDE_S) & (ride > 0)
    slowness = np.log(np.where(is_told, ride, 1.0) / np.where(is_told, expected.ride_s[0], 1.0))
    left = np.where(np.isnan(times.picked_up_s), times.placed_s, times.picked_up_s)
    late_kitchen = times.ready_s - times.accepted_s - expected.preparation_s[0]
    gap = np.fmax(0.0, times.at_merchant_s - times.ready_s)
    gap = np.where(np.isnan(gap), np.fmax(0.0, times.ended_s - np.fmax(times.ready_s, times.placed_s)), gap)
    waited = around(gap, facts.zone, facts.slot, own=number, near=facts.near, reach=parameters.around_half_hours)
    excess = np.maximum(
        0.0, shrunk(waited) - expected.wait_s * waited.others / (waited.others + parameters.around_orders)
    )
    merchant = np.maximum(facts.merchant, 0)
    alone = np.eye(int(merchant.max(initial=0)) + 1, dtype=bool)
    reach = parameters.around_half_hours
    own_merchant = around(late_kitchen, merchant, facts.slot, own=number, near=alone, reach=reach)
    promise = times.promised_s - times.placed_s - expected.promise_s
    riders, demand = _against_usual(facts, past)
    rain = facts.rain_mm[np.clip(left // SLOT_S, 0, len(facts.rain_mm) - 1).astype(np.int64)]
    return Market(
        ride_factor=np.exp(shrunk(mean(np.where(is_told, slowness, np.nan), left, city, number))),
        kitchen_s=shrunk(mean(late_kitchen, times.placed_s, facts.near, facts.merchant)),
        own_kitchen_s=shrunk(own_merchant),
        own_orders=own_merchant.others,
        waiting_share=excess / np.maximum(1.0, excess + expected.wait_s),
        riders_factor=riders,
        demand_factor=demand,
        promise_s=shrunk(mean(promise, times.placed_s, city, number)),
        rain_mm=rain,
    )


def _against_usual(facts: CityFacts, past: Mask) -> tuple[Floats, Floats]:
    """Set riders and demand around each order against the same half hour of the days before."""
    slots = facts.riders.shape[1]
    first_judged = int(facts.slot[~past].min()) if (~past).any() else slots
    area = facts.near.astype(np.float64)
    riders = _smoothed(area @ np.nan_to_num(facts.riders))
    demand = _smoothed(area @ facts.demand)
    factors = []
    for grid in (riders, demand):
        usual = _usual(grid, first_judged)
        ratio = (grid + 1.0) / (usual + 1.0)
        factors.append(np.asarray(ratio[facts.zone, facts.slot], dtype=np.float64))
    return factors[0], factors[1]


def _smoothed(grid: Floats) -> Floats:
    """Take the mean of each half hour with the two before: who waits now was often kept waiting before."""
    padded = np.pad(grid, ((0, 0), (2, 0)), mode="edge")
    return (padded[:, 2:] + padded[:, 1:-1] + padded[:, :-2]) / 3.0


def _usual(grid: Floats, first_judged: int) -> Floats:
    """Give the usual of each half hour: half of the same weekday, half of every day, both of the days before."""
    before = grid[:, :first_judged]
    slots = np.arange(grid.shape[1])

    def of(period: int) -> Floats:
        found = np.full((len(grid), period), np.nan)
        for number in range(period):
            values = before[:, number::period]
            if values.shape[1]:
                found[:, number] = np.median(values, axis=1)
        return found[:, slots % period]

    weekly, daily = of(WEEK), of(DAY)
    return np.where(np.isnan(weekly), np.nan_to_num(daily), (weekly + np.nan_to_num(daily)) / 2.0)
