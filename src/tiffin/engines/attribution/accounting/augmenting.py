"""The cheapest way to send what is left over where it is missing, in one slot of a city after another; compiled."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from tiffin.engines.attribution.shapley import FloatArray

Indices = NDArray[np.int64]

UNREACHED = np.inf
NOBODY = -1

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def _compiled(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    # The overloads of numba's own annotations leave out the options that matter here.
    return cast("Callable[_Arguments, _Result]", cast("Any", numba.njit)(cache=True, nogil=True)(function))


@_compiled
def send_all(
    supply: FloatArray, demand: FloatArray, cost: FloatArray, into: FloatArray, out_of: FloatArray, travel: FloatArray
) -> None:
    """Solve every slot of one city.

    Parameters
    ----------
    supply, demand : (n_slots, n_zones)
        What is left over and missing, zero or more.
    cost : (n_zones + 1, n_zones)
        Cost of one unit from zone to zone. The last row stands for what stays missing; its cost is above all detours.
    into, out_of : (n_slots, n_zones)
        Filled with what each zone receives and gives.
    travel : (n_slots,)
        Filled with the cost of it all.
    """
    sources = np.empty(cost.shape[0], dtype=np.int64)
    sinks = np.empty(cost.shape[1], dtype=np.int64)
    for slot in range(len(supply)):
        few = _chosen(supply[slot], sources)
        lacking = _chosen(demand[slot], sinks)
        if few and lacking:
            sources[few] = len(cost) - 1
            travel[slot] = _one_slot(
                (supply[slot], demand[slot], cost), sources[: few + 1], sinks[:lacking], into[slot], out_of[slot]
            )


@_compiled
def _chosen(amounts: FloatArray, numbers: Indices) -> int:
    count = 0
    for number in range(len(amounts)):
        if amounts[number] > 0:
            numbers[count] = number
            count += 1
    return count


@_compiled
def _one_slot(
    city: tuple[FloatArray, FloatArray, FloatArray],
    sources: Indices,
    sinks: Indices,
    into: FloatArray,
    out_of: FloatArray,
) -> float:
    supply, demand, ways = city
    cost = np.empty((len(sources), len(sinks)))
    left = np.empty(len(sources))
    for a in range(len(sources)):
        left[a] = supply[sources[a]] if a < len(sources) - 1 else UNREACHED
        for b in range(len(sinks)):
            cost[a, b] = ways[sources[a], sinks[b]]
    sent = np.zeros(cost.shape)
    prices = np.zeros(len(sources)), np.zeros(len(sinks))
    for b in range(len(sinks)):
        _serve(b, demand[sinks[b]], left, cost, sent, prices)
    spent = 0.0
    for a in range(len(sources) - 1):
        for b in range(len(sinks)):
            into[sinks[b]] += sent[a, b]
            out_of[sources[a]] += sent[a, b]
            spent += sent[a, b] * cost[a, b] if sent[a, b] > 0 else 0.0
    return spent


@_compiled
def _serve(
    sink: int,
    missing: float,
    left: FloatArray,
    cost: FloatArray,
    sent: FloatArray,
    prices: tuple[FloatArray, FloatArray],
) -> None:
    """Serve one sink, over detours through those served before it where that is cheaper."""
    away, reached = np.empty(len(left)), np.empty(cost.shape[1])
    by_sink, by_source = np.empty(len(left), dtype=np.int64), np.empty(cost.shape[1], dtype=np.int64)
    done = np.empty(len(left), dtype=np.bool_)
    while missing > 0:
        reached[:], by_source[:], done[:] = UNREACHED, NOBODY, False
        away[:], by_sink[:] = cost[:, sink] - prices[0] - prices[1][sink], sink
        reached[sink] = 0.0
        end = _nearest(away, done)
        while left[end] <= 0:
            done[end] = True
            _go_on(end, (away, reached, by_sink, by_source, done), cost, sent, prices)
            end = _nearest(away, done)
        _reprice(away[end], away, reached, done, prices)
        missing -= _move(sink, end, missing, left, sent, (by_sink, by_source))


@_compiled
def _nearest(away: FloatArray, done: NDArray[np.bool_]) -> int:
    found, least = len(away) - 1, UNREACHED
    for source in range(len(away)):
        if not done[source] and away[source] < least:
            found, least = source, away[source]
    return found


@_compiled
def _go_on(
    end: int,
    search: tuple[FloatArray, FloatArray, Indices, Indices, NDArray[np.bool_]],
    cost: FloatArray,
    sent: FloatArray,
    prices: tuple[FloatArray, FloatArray],
) -> None:
    """Go on from an exhausted source: to the sinks that it serves, and from these to other sources."""
    away, reached, by_sink, by_source, done = search
    for sink in range(len(reached)):
        if sent[end, sink] <= 0 or reached[sink] < UNREACHED:
            continue
        reached[sink], by_source[sink] = away[end], end
        for source in range(len(away)):
            way = away[end] + cost[source, sink] - prices[0][source] - prices[1][sink]
            if not done[source] and way < away[source]:
                away[source], by_sink[source] = way, sink


@_compiled
def _reprice(
    least: float,
    away: FloatArray,
    reached: FloatArray,
    done: NDArray[np.bool_],
    prices: tuple[FloatArray, FloatArray],
) -> None:
    for source in range(len(away)):
        if done[source]:
            prices[0][source] -= least - away[source]
    for sink in range(len(reached)):
        if reached[sink] < least:
            prices[1][sink] += least - reached[sink]


@_compiled
def _move(
    sink: int, end: int, missing: float, left: FloatArray, sent: FloatArray, by: tuple[Indices, Indices]
) -> float:
    """Send along the way found as much as every piece of it allows, and give that amount."""
    by_sink, by_source = by
    amount: float = min(missing, left[end])
    source = end
    while by_sink[source] != sink:
        other = by_sink[source]
        source = by_source[other]
        amount = min(amount, sent[source, other])
    left[end] -= amount
    sent[end, by_sink[end]] += amount
    source = end
    while by_sink[source] != sink:
        other = by_sink[source]
        source = by_source[other]
        sent[source, other] -= amount
        sent[source, by_sink[source]] += amount
    return amount
