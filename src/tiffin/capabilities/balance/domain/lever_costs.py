"""What an option came to in money: quantities of its rehearsal times dated prices of the market."""

from collections.abc import Mapping, Sequence

import numpy as np

from tiffin.capabilities.balance.domain.levers import Price, Prices
from tiffin.capabilities.balance.domain.strategy_ranking import Draws, Rehearsed
from tiffin.engines.simulation.levers import Lever, Pull

HOLDS_BACK = frozenset({Lever.RADIUS, Lever.PROMISE, Lever.THROTTLE, Lever.MERCHANT_PACING, Lever.DEMAND_STEERING})
"""Levers that keep orders from being placed; their margin is part of what they cost."""


def rehearsed(
    name: str,
    pulls: Sequence[Pull],
    draws: Mapping[str, Sequence[float]],
    prices: Prices,
    *,
    lost_order_min: float,
) -> Rehearsed:
    """Turn the quantities of a rehearsal into minutes avoided and money, replication by replication.

    Parameters
    ----------
    draws : mapping
        Quantities by replication, as `tiffin.capabilities.rehearsals.domain.levers.LeverOutcome` names them.
    lost_order_min : float
        Minutes of delay that weigh as much as one order nobody could carry.

    Notes
    -----
    Wages of riders who come because of an incentive are not counted: they are paid by the order. Orders that a lever
    keeps away are money and never minutes, so that turning customers away is no way to avoid lateness for nothing.
    """
    got = {quantity: np.asarray(values, dtype=float) for quantity, values in draws.items()}
    levers = {one.lever for one in pulls}
    fewer = got["fewer_orders"]
    margin = prices.minor[Price.ORDER_MARGIN]
    holds_back = bool(levers & HOLDS_BACK)
    outlay = _spent(pulls, got, prices) + (margin * fewer if holds_back else 0.0)
    saved = prices.minor[Price.REFUND] * got["late_avoided"] + margin * got["lost_avoided"]
    return Rehearsed(
        name=name,
        avoided_min=got["lateness_min_avoided"] + lost_order_min * got["lost_avoided"],
        outlay_minor=outlay,
        saved_minor=saved - (0.0 if holds_back else margin * fewer),
    )


def _spent(pulls: Sequence[Pull], got: Mapping[str, Draws], prices: Prices) -> Draws:
    spent = np.zeros(len(got["late_avoided"]))
    for one in pulls:
        if one.lever is Lever.SHIFT_TOP_UP:
            spent = spent + prices.minor[Price.RIDER_HOUR] * got["extra_rider_hours"]
        elif one.lever is Lever.MOVE_RIDERS:
            spent = spent + prices.minor[Price.MOVE_HOUR] * got["moved_rider_hours"]
        elif one.lever is Lever.INCENTIVE:
            spent = spent + prices.minor[Price.ORDER_PAY] * one.strength * got["incentive_orders"]
        elif one.lever is Lever.DEMAND_STEERING:
            spent = spent + prices.minor[Price.STEERING] * got["steered"]
    return spent
