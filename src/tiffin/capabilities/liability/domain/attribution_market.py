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
Codes = NDArray[np.int64]

WEEK = 336
"""Half hours of a week."""
DAY = 48
CROWD = (4, 1)
"""Half hours before and after the one in which goods are ready, over which a crowd lasts."""
LEAST_RIDE_S = 60.0
BEFORE = 2
"""Half hours before the one in which goods are ready, whose slow rides still keep riders away."""


@dataclass(frozen=True, slots=True)
class Market:
    """The market around each order, the order itself left out; (n,) each.

    Parameters
    ----------
    ride_factor : how much longer everybody's rides took than is fair; 1 is as usual
    earlier_ride_factor : the same when the goods were ready or shortly before, whichever was most; riders who were held
        up then are missing later, when rides are as usual again
    kitchen_s : by how much kitchens around were slower than is fair, the order's own merchant left out
    own_kitchen_s, own_orders : the same of its merchant's other orders, and how many they were
    waiting_share : which part of the waiting for riders is more than the usual
    riders_factor, demand_factor : riders on shift and orders placed against the usual
    crowd_spreads : how far orders placed over the hours around lie above what is usual, in units of what they usually
        vary by; chance alone crowds an area for a half hour or two, and that is ordinary
    promise_s : by how much promises around were longer than usual
    rain_mm : in the hour
    """

    ride_factor: Floats
    earlier_ride_factor: Floats
    kitchen_s: Floats
    own_kitchen_s: Floats
    own_orders: Floats
    waiting_share: Floats
    riders_factor: Floats
    demand_factor: Floats
    crowd_spreads: Floats
    promise_s: Floats
    rain_mm: Floats


def look_around(facts: CityFacts, past: Mask, expected: Expected, parameters: AttributionParameters) -> Market:
    """Measure the market around each order against what the past tells of it."""
    times, number = facts.times, np.arange(len(facts.day), dtype=np.int64)
    reach, usual_orders = parameters.around_half_hours, parameters.around_orders
    city, alone = np.ones_like(facts.near), np.eye(int(facts.merchant.max(initial=0)) + 1, dtype=bool)

    def everywhere(values: Floats, at_s: Floats) -> Around:
        # The whole city has orders enough in a half hour, and rain and wrong promises begin on the minute.
        return around(values, facts.zone, _slots(facts, at_s), own=number, near=city, reach=0)

    late_kitchen = times.ready_s - times.accepted_s - expected.preparation_s[0]
    kitchens = around(late_kitchen, facts.zone, facts.slot, own=facts.merchant, near=facts.near, reach=reach)
    own = around(late_kitchen, np.maximum(facts.merchant, 0), facts.slot, own=number, near=alone, reach=reach)
    wanted = _slots(facts, times.ready_s)
    riders, demand = _against_usual(facts, past, wanted)
    promise = times.promised_s - times.placed_s - expected.promise_s
    waited = around(_waits(facts), facts.zone, wanted, own=number, near=facts.near, reach=reach)
    return Market(
        ride_factor=np.exp(_shrunk(everywhere(_slowness(facts, expected), times.picked_up_s), usual_orders)),
        earlier_ride_factor=_earlier_rides(facts, _slowness(facts, expected), wanted, usual_orders),
        kitchen_s=_shrunk(kitchens, usual_orders),
        own_kitchen_s=_shrunk(own, usual_orders),
        own_orders=own.others,
        waiting_share=_excess(waited, expected.wait_s, parameters),
        riders_factor=riders,
        demand_factor=demand,
        crowd_spreads=_crowd_spreads(facts, past, wanted),
        promise_s=_shrunk(everywhere(promise, times.placed_s), usual_orders),
        rain_mm=facts.rain_mm[_slots(facts, times.picked_up_s)],
    )


def _slots(facts: CityFacts, at_s: Floats) -> Codes:
    """Give the half hour of instants; of what was never reached, that of placing."""
    known = np.where(np.isfinite(at_s), at_s, facts.times.placed_s)
    return np.asarray(np.clip(known // SLOT_S, 0, facts.riders.shape[1] - 1), dtype=np.int64)


def _shrunk(found: Around, orders: float) -> Floats:
    """Take a mean around for the less, the fewer orders it is of."""
    return np.asarray(found.mean * found.others / (found.others + orders), dtype=np.float64)


def _slowness(facts: CityFacts, expected: Expected) -> Floats:
    """Give the logarithm of how much longer than fair each ride took; NaN of those that tell nothing."""
    ride, fair = facts.times.at_customer_s - facts.times.picked_up_s, expected.ride_s[0]
    is_told = (facts.drop == 1) & (fair > LEAST_RIDE_S) & (ride > 0)
    return np.where(is_told, np.log(np.where(is_told, ride, 1.0) / np.where(is_told, fair, 1.0)), np.nan)


def _earlier_rides(facts: CityFacts, slowness: Floats, wanted: Codes, usual_orders: float) -> Floats:
    """Give the highest factor of the city's rides, the order's own left out, up to the half hour of its waiting."""
    begun, is_told = _slots(facts, facts.times.picked_up_s), np.isfinite(slowness)
    known = np.where(is_told, slowness, 0.0)
    slots = facts.riders.shape[1]
    total = np.bincount(begun, weights=known, minlength=slots)
    count = np.bincount(begun, weights=is_told, minlength=slots)
    found = []
    for back in range(BEFORE + 1):
        slot = np.maximum(0, wanted - back)
        is_own = begun == slot
        others = count[slot] - is_own * is_told
        found.append((total[slot] - is_own * known) / (others + usual_orders))
    return np.asarray(np.exp(np.max(found, axis=0)), dtype=np.float64)


def _waits(facts: CityFacts) -> Floats:
    """Tell how long ready goods waited for a rider; where none came, to the end."""
    times = facts.times
    unserved = np.fmax(0.0, np.nan_to_num(times.ended_s - times.ready_s))
    gap = np.fmax(0.0, times.at_merchant_s - times.ready_s)
    return np.where(np.isnan(times.at_merchant_s - times.ready_s), unserved, gap)


def _excess(waited: Around, usual_s: Floats, parameters: AttributionParameters) -> Floats:
    """Tell which part of the waiting around is more than usual."""
    usual = Around(usual_s, waited.others)
    excess = np.maximum(0.0, _shrunk(waited, parameters.around_orders) - _shrunk(usual, parameters.around_orders))
    return np.minimum(1.0, parameters.waiting_gain * excess / np.maximum(1.0, excess + usual_s))


def _against_usual(facts: CityFacts, past: Mask, slot: Codes) -> tuple[Floats, Floats]:
    """Set riders and demand around each order against the same half hour of the days before."""
    first_judged = _first_judged(facts, past)
    area = facts.near.astype(np.float64)
    riders = _smoothed(area @ np.nan_to_num(facts.riders))
    demand = _smoothed(area @ facts.demand)
    factors = []
    for grid in (riders, demand):
        usual = _usual(grid, first_judged)
        ratio = (grid + 1.0) / (usual + 1.0)
        factors.append(np.asarray(ratio[facts.zone, slot], dtype=np.float64))
    return factors[0], factors[1]


def _first_judged(facts: CityFacts, past: Mask) -> int:
    return int(facts.slot[~past].min()) if (~past).any() else facts.riders.shape[1]


def _crowd_spreads(facts: CityFacts, past: Mask, slot: Codes) -> Floats:
    """Set the demand of the hours around each order against how much it varied in the same half hours of days before.

    Notes
    -----
    What varies is the logarithm of a count, which by chance alone has a spread of one over the count's root.
    """
    first_judged, hours = _first_judged(facts, past), sum(CROWD) + 1
    padded = np.pad(facts.near.astype(np.float64) @ facts.demand, ((0, 0), (CROWD[0], CROWD[1])), mode="edge")
    held = np.lib.stride_tricks.sliding_window_view(padded, hours, axis=1).mean(axis=2)
    usual = _usual(held, first_judged)
    above = np.log((held + 1.0) / (usual + 1.0))
    of_day = np.arange(held.shape[1]) % DAY
    squares = np.stack(
        [_mean_square(above[:, :first_judged][:, of_day[:first_judged] == one]) for one in range(DAY)], axis=1
    )
    spread = np.sqrt(np.maximum(squares[:, of_day], 1.0 / (hours * (usual + 1.0))))
    return np.asarray((above / spread)[facts.zone, slot], dtype=np.float64)


def _mean_square(values: Floats) -> Floats:
    return np.asarray((values**2).sum(axis=1) / max(1, values.shape[1]), dtype=np.float64)


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
