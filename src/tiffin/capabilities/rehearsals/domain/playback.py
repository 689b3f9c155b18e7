"""A rehearsed day as it can be played back: where everybody was, what became of each order, what was planted.

Everything is whole numbers, column by column: seconds since the business day began, metres east and north of the
city's centre, -1 where a thing never happened.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.city_run import EARTH_M_PER_DEGREE, metres_per_longitude
from tiffin.capabilities.rehearsals.domain.rehearsal import Arm
from tiffin.capabilities.rehearsals.domain.rehearsing import Stage, city_of, simulated
from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.engines.simulation.city import UNREACHABLE_M, City
from tiffin.engines.simulation.city_day import SimulatedDay
from tiffin.engines.simulation.tables import Floats, Seconds, Status
from tiffin.engines.simulation.trails import jobs, legs

STEP_S = 60
"""The curves have a value each minute."""
HOUR_S = 3600
MARGIN_S = 600
"""The time line begins so long before the first thing happens."""

Columns = Mapping[str, list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How a day stands at an instant, for those who read rather than watch.

    Parameters
    ----------
    waiting : int
        Orders that are ready and not picked up.
    late : int
        Orders on their way or waiting that are past their promise.
    """

    at_s: int
    waiting: int
    carried: int
    late: int
    idle: int
    delivered: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedArm:
    """A day under one of the ways that are compared."""

    key: str
    orders: Columns
    riders: Columns
    legs: Columns
    waiting: Sequence[int]
    idle: Sequence[int]
    moments: Sequence[Moment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """A replication under every way that is compared, in one city.

    Parameters
    ----------
    zones : rings of each zone, metres
    from_s, to_s : int
        Between what the time line runs.
    """

    from_s: int
    to_s: int
    zones: Sequence[Sequence[Sequence[tuple[int, int]]]]
    merchants: Columns
    arms: Sequence[PlayedArm]


def playback_of(stage: Stage, replication: int) -> Playback:
    """Simulate a replication under every arm and tell where everybody was."""
    city = city_of(stage)
    days = [(arm, simulated(stage, city, arm, replication)) for arm in stage.arms]
    from_s, to_s = _span([day for _, day in days])
    apart = np.array([zone.district * UNREACHABLE_M for zone in stage.scenario.zones])
    return Playback(
        from_s=from_s,
        to_s=to_s,
        zones=_zones(stage.scenario),
        merchants={
            "x": _whole(city.merchants.x - apart[city.merchants.zone]),
            "y": _whole(city.merchants.y),
            "zone": _whole(city.merchants.zone),
        },
        arms=[_arm(arm, day, city, apart, (from_s, to_s)) for arm, day in days],
    )


def _arm(arm: Arm, day: SimulatedDay, city: City, apart: Floats, span: tuple[int, int]) -> PlayedArm:
    waiting, idle = _waiting(day, span), _idle(day, span)
    return PlayedArm(
        key=arm.key,
        orders=_orders(day, apart),
        riders={
            "on": _whole(day.sessions.on_s),
            "off": _whole(day.happened.ended_s),
            "zone": _whole(day.sessions.zone),
            "vehicle": _whole(day.sessions.vehicle),
        },
        legs=_legs(day, city, apart),
        waiting=_whole(waiting),
        idle=_whole(idle),
        moments=_moments(day, waiting, idle, span),
    )


def _orders(day: SimulatedDay, apart: Floats) -> Columns:
    orders, track = day.orders, day.happened.track
    return {
        "counter": _whole(orders.counter),
        "placed": _whole(orders.placed_s),
        "promised": _whole(track.promised_s),
        "ready": _whole(track.ready_s),
        "assigned": _whole(track.assigned_s),
        "arrived": _whole(track.at_merchant_s),
        "picked": _whole(track.picked_up_s),
        "delivered": _whole(track.delivered_s),
        "ended": _whole(_ended_s(day)),
        "status": _whole(track.status),
        "session": _whole(track.session),
        "merchant": _whole(orders.merchant),
        "x": _whole(orders.drop_x - apart[orders.drop_zone]),
        "y": _whole(orders.drop_y),
    }


def _legs(day: SimulatedDay, city: City, apart: Floats) -> Columns:
    found = legs(day, city)
    found = found[found.end_s > found.start_s]
    moved = apart[day.sessions.zone[found.session]]
    return {
        "session": _whole(found.session),
        "order": _whole(found.order),
        "purpose": _whole(found.purpose),
        "start": _whole(found.start_s),
        "end": _whole(found.end_s),
        "fx": _whole(found.from_x - moved),
        "fy": _whole(found.from_y),
        "tx": _whole(found.to_x - moved),
        "ty": _whole(found.to_y),
    }


def _ended_s(day: SimulatedDay) -> Seconds:
    """Tell when an order was over, however it ended."""
    track = day.happened.track
    done = track.status == Status.DELIVERED
    ended: Seconds = np.where(done, track.delivered_s, np.maximum(track.cancelled_s, track.returned_s))
    return ended


def _span(days: Sequence[SimulatedDay]) -> tuple[int, int]:
    first = min(min(int(day.orders.placed_s.min()), int(day.sessions.on_s.min())) for day in days if len(day.orders))
    last = max(max(int(_ended_s(day).max()), int(day.happened.ended_s.max())) for day in days)
    return max(0, first - MARGIN_S) // STEP_S * STEP_S, -(-last // STEP_S) * STEP_S


def _waiting(day: SimulatedDay, span: tuple[int, int]) -> NDArray[np.int64]:
    """Count the orders that are ready and wait for a rider, at each step."""
    track = day.happened.track
    was_ready = track.ready_s >= 0
    until = np.where(track.picked_up_s >= 0, track.picked_up_s, _ended_s(day))
    return _between(track.ready_s[was_ready], until[was_ready], span)


def _idle(day: SimulatedDay, span: tuple[int, int]) -> NDArray[np.int64]:
    """Count the riders on shift without an order, at each step."""
    work = jobs(day)
    online = _between(day.sessions.on_s, day.happened.ended_s, span)
    idle: NDArray[np.int64] = np.maximum(0, online - _between(work.start_s, work.end_s, span))
    return idle


def _between(begun_s: Seconds, ended_s: Seconds, span: tuple[int, int]) -> NDArray[np.int64]:
    """Count what has begun and not ended at each step of the time line."""
    steps = np.arange(span[0], span[1] + 1, STEP_S)
    held = ended_s > begun_s
    begun, ended = np.sort(begun_s[held]), np.sort(ended_s[held])
    counted: NDArray[np.int64] = np.searchsorted(begun, steps, "right") - np.searchsorted(ended, steps, "right")
    return counted


def _moments(
    day: SimulatedDay, waiting: NDArray[np.int64], idle: NDArray[np.int64], span: tuple[int, int]
) -> list[Moment]:
    track, ended = day.happened.track, _ended_s(day)
    done = track.status == Status.DELIVERED
    hours = range(-(-span[0] // HOUR_S) * HOUR_S, span[1] + 1, HOUR_S)
    return [
        Moment(
            at_s=at,
            waiting=int(waiting[(at - span[0]) // STEP_S]),
            carried=int(((track.picked_up_s >= 0) & (track.picked_up_s <= at) & (ended > at)).sum()),
            late=int(((day.orders.placed_s <= at) & (track.promised_s < at) & (ended > at)).sum()),
            idle=int(idle[(at - span[0]) // STEP_S]),
            delivered=int((done & (track.delivered_s <= at)).sum()),
            lost=int(((track.status == Status.NO_RIDER) & (ended <= at)).sum()),
        )
        for at in hours
    ]


def _zones(scenario: Scenario) -> list[list[list[tuple[int, int]]]]:
    across = metres_per_longitude(scenario.latitude)
    return [
        [
            [
                (
                    round((longitude - scenario.longitude) * across),
                    round((latitude - scenario.latitude) * EARTH_M_PER_DEGREE),
                )
                for longitude, latitude in ring
            ]
            for ring in json.loads(zone.polygon)["coordinates"]
        ]
        for zone in scenario.zones
    ]


def _whole(values: NDArray[Any]) -> list[int]:
    found: list[int] = np.rint(values).astype(np.int64).tolist()
    return found
