"""Riders' sessions of a day, made from the demand that the city expects."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City, scattered
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import SESSIONS, SLOT_S, SLOTS, Floats, Records, records

M_MIN_TO_M_S = 60.0


@dataclass(frozen=True, slots=True)
class Shift:
    """A planned session."""

    zone: int
    on_s: int
    off_s: int


def plan_shifts(expected: Floats, parameters: Parameters, stream: Stream) -> tuple[Shift, ...]:
    """Plan shifts that cover the riders needed in each zone and slot.

    Parameters
    ----------
    expected : (n_zones, n_slots), orders expected

    Notes
    -----
    Needed riders are orders times the minutes that an order keeps a rider, over the utilisation aimed at; a simple walk
    through the day starts shifts where too few are on. An optimised roster belongs to `shifts`, not here.
    """
    need = expected * parameters.cycle_s / SLOT_S / parameters.target_utilisation
    shifts = (
        shift
        for zone, row in enumerate(need)
        for shift in _zone_shifts(zone, row, parameters, stream.child("zone", zone))
    )
    return tuple(sorted(shifts, key=lambda s: (s.zone, s.on_s, s.off_s)))


def _zone_shifts(zone: int, need: Floats, parameters: Parameters, stream: Stream) -> list[Shift]:
    on = np.zeros(SLOTS)
    # Every slot begins fewer shifts than it needs riders, rounded up.
    numbers = np.arange(int(np.ceil(need).sum()) + SLOTS, dtype=np.int64)
    rounding, length, jitter = (stream.child(name).uniform(numbers) for name in ("rounding", "length", "jitter"))
    last = int(np.flatnonzero(need)[-1]) + 1 if need.any() else 0
    shifts: list[Shift] = []
    for slot in range(last):
        for _ in range(int(max(0.0, need[slot] - on[slot]) + rounding[slot])):
            hours = parameters.session_hours_min + length[len(shifts)] * (
                parameters.session_hours_max - parameters.session_hours_min
            )
            end = min(slot + round(hours * 2), last + 1)
            begin_s = slot * SLOT_S + int((jitter[len(shifts)] - 0.5) * 1200)
            shifts.append(Shift(zone, max(0, begin_s), end * SLOT_S))
            on[slot:end] += 1
    return shifts


def draw_sessions(
    shifts: tuple[Shift, ...], city: City, parameters: Parameters, *, vehicles: NDArray[np.int64], stream: Stream
) -> Records:
    """Turn planned shifts into sessions: some riders do not come, some leave early.

    Parameters
    ----------
    vehicles : (n_shifts,), numbers of `VEHICLES`
    """
    p = parameters
    speed_m_min = np.array([p.speed_m_min, p.motorcycle_speed_m_min, p.bicycle_speed_m_min])
    number = np.arange(len(shifts), dtype=np.int64)
    shows = stream.child("no-show").uniform(number) >= p.no_show_share
    number = number[shows]
    zone = np.array([shift.zone for shift in shifts], dtype=np.int64)[shows]
    east, north = scattered(stream.child("home"), number)
    on_s = np.array([shift.on_s for shift in shifts], dtype=np.int64)[shows]
    off_s = np.array([shift.off_s for shift in shifts], dtype=np.int64)[shows]
    leaves = stream.child("leaves").uniform(number) < p.early_leave_share
    early_s = (stream.child("early").exponential(number) * p.early_leave_s).astype(np.int64)
    # Riders wait where the merchants are, nearer to the middle of the zone.
    return records(
        SESSIONS,
        shift=number,
        on_s=on_s,
        off_s=np.where(leaves, np.maximum(np.minimum(on_s + SLOT_S, off_s), off_s - early_s), off_s),
        zone=zone,
        x=city.x_m[zone] + east / 2,
        y=city.y_m[zone] + north / 2,
        vehicle=vehicles[shows],
        speed_m_s=speed_m_min[vehicles[shows]] / M_MIN_TO_M_S,
    )
