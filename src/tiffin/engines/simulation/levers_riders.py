"""What levers do to riders: more of them come, or some work in other zones for some hours."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.levers import Lever, LeverParameters, Pull
from tiffin.engines.simulation.levers_orders import ELSEWHERE_M
from tiffin.engines.simulation.roster import Shift
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import SLOT_S, TRANSFERS, Records, records

Pulls = tuple[tuple[Pull, Stream], ...]


def extra_shifts(pulls: Pulls, shifts: Sequence[Shift], parameters: LeverParameters) -> tuple[Shift, ...]:
    """Give the shifts of riders who would not have come: asked for, or drawn by the pay."""
    return tuple(chain.from_iterable(_extra(pull, stream, shifts, parameters) for pull, stream in pulls))


def _extra(pull: Pull, stream: Stream, shifts: Sequence[Shift], parameters: LeverParameters) -> list[Shift]:
    if pull.lever is Lever.SHIFT_TOP_UP:
        drawn = stream.uniform(np.array(pull.zones, dtype=np.int64))
        count = np.floor(pull.strength + drawn).astype(np.int64)
        return [
            Shift(zone, pull.start_s, pull.end_s)
            for zone, riders in zip(pull.zones, count, strict=True)
            for _ in range(riders)
        ]
    if pull.lever is not Lever.INCENTIVE:
        return []
    more = parameters.incentive_elasticity * pull.strength
    copies = np.floor(stream.uniform(np.arange(len(shifts), dtype=np.int64)) + more).astype(np.int64)
    return [
        within
        for shift, count in zip(shifts, copies, strict=True)
        if count and shift.zone in pull.zones and (within := _within(shift, pull)).off_s - within.on_s >= SLOT_S
        for _ in range(count)
    ]


def _within(shift: Shift, pull: Pull) -> Shift:
    return Shift(shift.zone, max(shift.on_s, pull.start_s), min(shift.off_s, pull.end_s))


def transfers_under(pulls: Pulls, sessions: Records, city: City) -> Records:
    """Say who works elsewhere from when on, and from when on he works in his own zone again."""
    rows = [
        row for pull, stream in pulls if pull.lever is Lever.MOVE_RIDERS for row in _moved(pull, stream, sessions, city)
    ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(TRANSFERS)
    types = (np.int64, np.int64, np.int64, np.float64, np.float64)
    return records(
        TRANSFERS,
        **{name: np.array(column, dtype=form) for name, column, form in zip(TRANSFERS, columns, types, strict=True)},
    )


def _moved(pull: Pull, stream: Stream, sessions: Records, city: City) -> list[tuple[int, int, int, float, float]]:
    begins, ends = np.maximum(sessions.on_s, pull.start_s), np.minimum(sessions.off_s, pull.end_s)
    drawn = stream.uniform(sessions.shift) < pull.strength
    goes = np.isin(sessions.zone, pull.from_zones) & ~np.isin(sessions.zone, pull.zones) & drawn
    nearest, away_m = _nearest(city, pull.zones)
    goes &= (ends - begins >= SLOT_S) & (away_m[sessions.zone] < ELSEWHERE_M)
    rows = []
    for session in np.flatnonzero(goes).tolist():
        one, to = sessions[session], int(nearest[sessions.zone[session]])
        x, y = one.x + city.x_m[to] - city.x_m[one.zone], one.y + city.y_m[to] - city.y_m[one.zone]
        rows.append((session, int(begins[session]), to, float(x), float(y)))
        if one.off_s > pull.end_s:
            rows.append((session, pull.end_s, int(one.zone), float(one.x), float(one.y)))
    return rows


def _nearest(city: City, zones: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give the nearest of some zones to each zone of the city, and how far it is."""
    to = np.array(zones, dtype=np.int64)
    apart = np.hypot(city.x_m[:, None] - city.x_m[to], city.y_m[:, None] - city.y_m[to])
    return to[np.argmin(apart, axis=1)], apart.min(axis=1)


def moved_hours(pull: Pull, transfers: Records, sessions: Records) -> float:
    """Add up the hours of riders who work elsewhere, with the way there."""
    away = np.isin(transfers.zone, pull.zones) & (transfers.at_s < pull.end_s) & (transfers.at_s >= pull.start_s)
    until = np.minimum(sessions.off_s[transfers.session[away]], pull.end_s)
    return float((until - transfers.at_s[away]).sum()) / 3600.0
