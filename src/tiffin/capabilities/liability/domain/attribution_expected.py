"""How long each stage of each order is expected to take: learned from days before those that are judged."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.liability.domain.attribution_facts import CityFacts
from tiffin.capabilities.liability.domain.attribution_parameters import AttributionParameters
from tiffin.engines.attribution.stages.located import LocatedQuantiles, learn_located
from tiffin.engines.attribution.stages.quantiles import learn

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

BANDS_M = (500.0, 1000.0, 2000.0, 3500.0, 6000.0)
"""Borders of the bands of distance."""
SHORT_M = 150.0
"""Ways shorter than this say nothing about a pace."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Fair and blame times, (2, n) each: median and upper quantile under each order's conditions, seconds.

    Parameters
    ----------
    gap_s : (n,), by how much the rider usually comes after the goods are ready; mostly below zero
    wait_s : (n,), how long ready goods usually wait for a rider, on average
    stood_share : (n,), share of orders whose ready goods usually wait for a rider
    promise_s : (n,), the promise that is usual for such an order; NaN where none is known
    acceptance_error, preparation_error : (n,), by how much the merchant's own times are off by chance, as logarithms
    """

    acceptance_s: Floats
    preparation_s: Floats
    approach_s: Floats
    pickup_s: Floats
    ride_s: Floats
    handover_s: Floats
    gap_s: Floats
    wait_s: Floats
    stood_share: Floats
    promise_s: Floats
    acceptance_error: Floats
    preparation_error: Floats


def expect(facts: CityFacts, past: Mask, parameters: AttributionParameters) -> Expected:
    """Learn from the past orders what is expected of all of them.

    Parameters
    ----------
    past : (n,), orders of days before every day that is judged

    Notes
    -----
    Rides are learned as seconds a metre, at first doors only: what follows goes by way of another customer. Kitchens
    differ in pace and hardly in spread, so that all of them together tell how far above its own middle is slow.
    """
    times, n = facts.times, len(facts.day)
    nothing = np.zeros(n, dtype=np.int64)
    band = np.searchsorted(np.array(BANDS_M), np.nan_to_num(facts.distance_m)).astype(np.int64)
    by_vehicle = [facts.vehicle, _joined(facts.vehicle, facts.hour), _joined(facts.vehicle, facts.hour, band)]

    def quantiles(values: Floats, conditions: list[Codes]) -> Floats:
        of_past = learn(
            np.where(past, values, np.nan),
            conditions,
            probabilities=(parameters.fair_quantile, parameters.blame_quantile),
            weight=parameters.pooling_orders,
        )
        return of_past.at(conditions)

    def of_merchants(values: Floats) -> LocatedQuantiles:
        of_past = np.where(past, values, np.nan)
        return learn_located(
            of_past, facts.merchant, probabilities=(parameters.fair_quantile, parameters.blame_quantile)
        )

    base = np.fmax(times.ready_s, times.at_merchant_s)
    away = np.where(facts.away_m > SHORT_M, facts.away_m, np.nan)
    first = np.where((facts.drop == 1) & (facts.distance_m > SHORT_M), facts.distance_m, np.nan)
    ride_pace = quantiles((times.at_customer_s - times.picked_up_s) / first, by_vehicle)
    approach_pace = quantiles((times.at_merchant_s - times.assigned_s) / away, by_vehicle[:2])
    gap = times.at_merchant_s - times.ready_s
    acceptance = of_merchants(times.accepted_s - times.placed_s)
    preparation = of_merchants(times.ready_s - times.accepted_s)
    return Expected(
        acceptance_s=acceptance.at(facts.merchant),
        preparation_s=preparation.at(facts.merchant),
        approach_s=approach_pace * np.nan_to_num(facts.away_m),
        pickup_s=quantiles(times.picked_up_s - base, [nothing]),
        ride_s=ride_pace * np.nan_to_num(facts.distance_m),
        handover_s=quantiles(times.ended_s - times.at_customer_s, [nothing]),
        gap_s=_by_hour(gap, facts.hour, past & np.isfinite(gap)),
        wait_s=_by_hour(np.fmax(0.0, gap), facts.hour, past & np.isfinite(gap)),
        stood_share=_by_hour((gap > 0).astype(np.float64), facts.hour, past & np.isfinite(gap)),
        promise_s=_promises(facts, past),
        acceptance_error=acceptance.error_at(facts.merchant),
        preparation_error=preparation.error_at(facts.merchant),
    )


def _joined(*codes: Codes) -> Codes:
    joined = np.zeros(len(codes[0]), dtype=np.int64)
    for one in codes:
        joined = np.where((one < 0) | (joined < 0), -1, joined * 1000 + one)
    return joined


def _by_hour(values: Floats, hour: Codes, known: Mask) -> Floats:
    """Give each order the mean of its hour."""
    total = np.bincount(hour[known], weights=values[known], minlength=24)
    return np.asarray((total / np.maximum(1, np.bincount(hour[known], minlength=24)))[hour], dtype=np.float64)


def _promises(facts: CityFacts, past: Mask) -> Floats:
    """Tell the usual promise: what is usual at the merchant for the way, which counts alike everywhere."""
    promised = facts.times.promised_s - facts.times.placed_s
    known = past & np.isfinite(promised) & np.isfinite(facts.distance_m)
    if not known.any():
        return np.full(len(promised), np.nan)
    merchants = int(facts.merchant.max()) + 2
    merchant = facts.merchant % merchants
    pace = 0.0
    level = np.zeros(merchants)
    count = np.bincount(merchant[known], minlength=merchants)
    for _ in range(4):
        rest = promised - pace * facts.distance_m
        level = np.bincount(merchant[known], weights=rest[known], minlength=merchants) / np.maximum(1, count)
        way = facts.distance_m[known]
        inner = (
            way
            - (np.bincount(merchant[known], weights=way, minlength=merchants) / np.maximum(1, count))[merchant[known]]
        )
        left = promised[known] - level[merchant[known]]
        pace = float((inner * left).sum() / max(1.0, (inner * way).sum()))
    usual = level[merchant] + pace * facts.distance_m
    return np.where(count[merchant] > 0, usual, np.nan)
