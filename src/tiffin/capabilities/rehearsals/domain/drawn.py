"""Disruptions drawn for days of which a city's file says nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tiffin.capabilities.rehearsals.domain.planting import EVERYWHERE, planted_from
from tiffin.capabilities.rehearsals.domain.scenario import (
    MINUTES_A_DAY,
    CalendarDay,
    Planted,
    Profiles,
    Scenario,
    demand_shape,
)
from tiffin.engines.simulation.disruptions import Kind
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import SLOT_S, SLOTS

STORY = "Drawn by chance, as planting.yaml says."
SLOT_MIN = SLOT_S // 60
BEFORE = 2
"""Half hours between the beginning of a disruption and the demand that its moment was drawn from."""
_ONE = np.zeros(1, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class KindHabit:
    """How often a kind of disruption comes, how strong and how wide.

    Parameters
    ----------
    zones : int or None
        How many zones together; None for the whole city.
    """

    share: float
    strength: tuple[float, float]
    zones: int | None


@dataclass(frozen=True, slots=True)
class Habits:
    """What is planted where nobody wrote it down.

    Parameters
    ----------
    share : float
        Share of the city-days with a disruption.
    half_hours : tuple of int
        Shortest and longest, in half hours.
    """

    share: float
    half_hours: tuple[int, int]
    kinds: Mapping[Kind, KindHabit]


def drawn_disruptions(
    scenario: Scenario, days: Sequence[CalendarDay], *, habits: Habits, profiles: Profiles, stream: Stream
) -> Iterator[Planted]:
    """Draw what is planted in days; a day has the same disruption alone or among others.

    Notes
    -----
    A disruption begins an hour before a moment drawn from the day's demand: few would notice one in the small hours.
    """
    for day in days:
        chance = stream.child("planting", day.day.isoformat())
        if _drawn(chance, "whether") < habits.share:
            yield _planted(scenario, day, habits, profiles, chance)


def _planted(scenario: Scenario, day: CalendarDay, habits: Habits, profiles: Profiles, chance: Stream) -> Planted:
    kinds = list(habits.kinds)
    borders = np.cumsum([habits.kinds[kind].share for kind in kinds])
    kind = kinds[min(int(np.searchsorted(borders / borders[-1], _drawn(chance, "kind"))), len(kinds) - 1)]
    habit = habits.kinds[kind]
    least, most = habits.half_hours
    length = least + int(_drawn(chance, "length") * (most - least + 1))
    busy = int(np.searchsorted(np.cumsum(demand_shape(profiles, scenario, day)), _drawn(chance, "moment")))
    start = min(max(0, busy - BEFORE), SLOTS - length)
    low, high = habit.strength
    entry = {
        "day": day.day,
        "kind": kind.value,
        "starts": _clock(scenario, start),
        "ends": _clock(scenario, start + length),
        "strength": round(low + (high - low) * _drawn(chance, "strength"), 2),
        "zones": EVERYWHERE if habit.zones is None else _together(scenario, habit.zones, chance),
        "story": STORY,
    }
    names = {zone.name: zone.zone_id for zone in scenario.zones}
    return planted_from(entry, zone_ids=names, cutoff_min=scenario.city.cutoff_min, where="planting.yaml")


def _together(scenario: Scenario, count: int, chance: Stream) -> list[str]:
    """Name a zone, drawn by its orders, and those of its district that lie nearest."""
    weights = np.cumsum([zone.weight for zone in scenario.zones])
    first = scenario.zones[int(np.searchsorted(weights / weights[-1], _drawn(chance, "zone")))]
    wide = np.cos(np.radians(scenario.latitude))
    near = sorted(
        (zone for zone in scenario.zones if zone.district == first.district),
        key=lambda zone: np.hypot(zone.latitude - first.latitude, wide * (zone.longitude - first.longitude)),
    )
    return [zone.name for zone in near[:count]]


def _clock(scenario: Scenario, slot: int) -> str:
    minute = (scenario.city.cutoff_min + slot * SLOT_MIN) % MINUTES_A_DAY
    return f"{minute // 60:02}:{minute % 60:02}"


def _drawn(chance: Stream, name: str) -> float:
    return float(chance.child(name).uniform(_ONE)[0])
