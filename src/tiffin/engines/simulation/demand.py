"""Visits and orders of a simulated day: when, where, what, and all that chance settles about each beforehand."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City, scattered
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import (
    NEVER,
    ORDERS,
    SLOT_S,
    SLOTS,
    Ending,
    Floats,
    Mishap,
    Records,
    records,
)

ORDINARY = -1
KEYS = 1 << 32


def draw_orders(
    city: City, parameters: Parameters, *, ordinary: Floats, extras: Sequence[Floats], stream: Stream
) -> Records:
    """Draw the visits of a day, each with the order that comes of it when the customer likes the promise.

    Parameters
    ----------
    ordinary : (n_zones, n_slots), visits expected without disruptions
    extras : one array of that shape for each disruption, visits expected on top

    Notes
    -----
    Ordinary visits are the same whether or not a disruption adds others: each origin and zone has a stream of its own.
    """
    parts = [
        _placed(ordinary, ORDINARY, stream),
        *(_placed(extra, origin, stream) for origin, extra in enumerate(extras)),
    ]
    placed_s, zone, counter, origin = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((counter, placed_s))
    return _settled(city, parameters, stream, placed_s[order], zone[order], counter[order], origin[order])


def _placed(intensity: Floats, origin: int, stream: Stream) -> tuple[NDArray[np.int64], ...]:
    """Draw placing times of an inhomogeneous Poisson process in each zone by inverting its cumulative intensity.

    References
    ----------
    Çinlar (1975), Introduction to stochastic processes, chapter 4: the unit-rate process in operational time.
    """
    borders = np.arange(SLOTS + 1) * float(SLOT_S)
    times, zones, counters = [], [], []
    for zone, row in enumerate(intensity):
        cumulative = np.concatenate([[0.0], np.cumsum(row)])
        total = cumulative[-1]
        number = (
            np.arange(int(total + 8.0 * np.sqrt(total) + 20.0), dtype=np.int64)
            if total > 0
            else np.zeros(0, dtype=np.int64)
        )
        counter = ((origin + 1) << 40) | (zone << 20) | number
        arrivals = np.cumsum(stream.child("gap").exponential(counter))
        arrivals = arrivals[arrivals < total]
        times.append(np.interp(arrivals, cumulative, borders).astype(np.int64))
        zones.append(np.full(len(arrivals), zone, dtype=np.int64))
        counters.append(counter[: len(arrivals)])
    placed = np.concatenate(times)
    return placed, np.concatenate(zones), np.concatenate(counters), np.full(len(placed), origin, dtype=np.int64)


def _settled(
    city: City,
    parameters: Parameters,
    stream: Stream,
    placed_s: NDArray[np.int64],
    zone: NDArray[np.int64],
    counter: NDArray[np.int64],
    origin: NDArray[np.int64],
) -> Records:
    p = parameters
    merchant = np.searchsorted(city.choice, zone + stream.child("merchant").uniform(counter)).astype(np.int64)
    drop_zone = np.searchsorted(city.reach, zone + stream.child("reach").uniform(counter)).astype(np.int64) % city.zones
    east, north = scattered(stream.child("customer"), counter)
    prep_s = (
        stream.child("preparation").lognormal(counter, median=1.0, spread=p.prep_spread)
        * city.merchants.expected_prep_s[merchant]
    )
    rides = [stream.child("ride", leg).lognormal(counter, median=1.0, spread=p.ride_spread) for leg in range(2)]
    regret = stream.child("regret").uniform(counter)
    drop = (city.x_m[drop_zone] + east, city.y_m[drop_zone] + north)
    return records(
        ORDERS,
        **_mishaps(parameters, stream.child("mishap"), counter, drop),
        counter=counter,
        origin=origin,
        placed_s=placed_s,
        merchant=merchant,
        drop_zone=drop_zone,
        drop_x=drop[0],
        drop_y=drop[1],
        accept_s=_whole(stream.child("accept").lognormal(counter, median=p.accept_median_s, spread=p.accept_spread)),
        prep_s=prep_s,
        pickup_s=_whole(stream.child("pickup").lognormal(counter, median=p.pickup_service_s, spread=p.service_spread)),
        dropoff_s=_whole(
            stream.child("dropoff").lognormal(counter, median=p.dropoff_service_s, spread=p.service_spread)
        ),
        approach_noise=rides[0],
        ride_noise=rides[1],
        patience_s=_whole(
            stream.child("patience").lognormal(counter, median=p.patience_median_s, spread=p.patience_spread)
        ),
        regret_s=np.where(regret < p.regret_share, 60 + (regret / p.regret_share * 420).astype(np.int64), NEVER),
        no_rider_s=_whole(
            stream.child("give-up").lognormal(counter, median=p.give_up_median_s, spread=p.give_up_spread)
        ),
        refused=(stream.child("refusal").uniform(counter) < p.refusal_share).astype(np.int64),
        wish=stream.child("wish").uniform(counter),
        own_promise_s=np.full(len(counter), -1.0),
        offer_key=(stream.child("offer").uniform(counter) * KEYS).astype(np.int64),
    )


def _mishaps(
    parameters: Parameters, stream: Stream, counter: NDArray[np.int64], drop: tuple[Floats, Floats]
) -> Mapping[str, NDArray[Any]]:
    """Settle what goes wrong at each door, and how it ends; for most nothing is drawn but that nothing does."""
    p, chance = parameters, stream.uniform(counter)
    struck = np.flatnonzero(chance < p.absent_share + p.wrong_address_share)
    absent, own = chance[struck] < p.absent_share, counter[struck]
    end = stream.child("end").uniform(own)
    found = np.where(absent, end < p.absent_found_share, end >= p.wrong_address_return_share)
    left = absent & ~found & (end < p.absent_found_share + p.absent_left_share)
    # A customer who is found comes some time before the rider's patience ends; a wrong address is found out by calling.
    waited = np.where(found, stream.child("wait").uniform(own), 1.0) * p.absent_wait_s
    away = np.where(found & ~absent, stream.child("away").exponential(own) * p.wrong_address_m, 0.0)
    angle = 2.0 * np.pi * stream.child("angle").uniform(own)
    none = np.zeros(len(counter), dtype=np.int64)
    columns = {"mishap": none, "ending": none.copy(), "mishap_s": none.copy(), "right_x": drop[0].copy()}
    columns["right_y"] = drop[1].copy()
    columns["mishap"][struck] = np.where(absent, Mishap.ABSENT, Mishap.WRONG_ADDRESS)
    columns["ending"][struck] = np.select([found, left], [Ending.HANDED_OVER, Ending.LEFT], Ending.RETURNED)
    columns["mishap_s"][struck] = np.rint(np.where(absent, waited, p.wrong_address_call_s))
    columns["right_x"][struck] += away * np.cos(angle)
    columns["right_y"][struck] += away * np.sin(angle)
    return columns


def _whole(seconds: Floats) -> NDArray[np.int64]:
    return np.maximum(1, np.rint(seconds)).astype(np.int64)
