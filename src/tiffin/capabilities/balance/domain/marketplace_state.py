"""The state of the marketplace: demand, supply and what became of it, by zone and slot of one business day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import numpy as np

from tiffin.capabilities.balance.domain.daybook import CityFacts, ZonePlace
from tiffin.engines.attribution.accounting.relief import relieve_slot
from tiffin.engines.attribution.shapley import FloatArray

WHOLE_CITY = ""
"""Zone of the cell that stands for all zones, and of facts that know no zone."""


class Measure(StrEnum):
    """What the map can show."""

    COVERAGE = "coverage"
    LOST = "lost"
    LATE_MIN = "late_min"
    LOAD = "load"
    IDLE = "idle"


FIGURES = (
    *("wanted", "served", "lost", "late_min", "coverage", "load", "on_shift", "busy", "idle", "elsewhere"),
    *("kitchen_min", "late", "still_open", "asked", "seen"),
)
"""What is told of a zone and slot, by the names of `Cell`."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One zone in one slot; what the facts do not know is None, never zero.

    Parameters
    ----------
    zone_id : str
        Empty for the whole city.
    slot : int
        Counted from the first slot that has facts.
    seen, asked, wanted : float or None
        People who looked, people who asked to order, and orders placed (people who asked, where no order is known).
    served, still_open, lost : float or None
        Of what was wanted: delivered, not yet finished, and nobody was there to carry it.
    late, late_min : float or None
        Orders delivered after their promise, and their minutes beyond it.
    kitchen_min : float or None
        Mean minutes from placing to food ready: merchants' speed.
    on_shift, busy : float or None
        Riders, mean over the slot.
    elsewhere : float or None
        Riders idle in zones within reach who could have carried what was lost or came late for want of a rider here.
    weighed_min : float
        Minutes late with each lost order weighed in; by it slots are worse or better.
    """

    zone_id: str
    slot: int
    seen: float | None
    asked: float | None
    wanted: float | None
    served: float | None
    still_open: float | None
    lost: float | None
    late: float | None
    late_min: float | None
    kitchen_min: float | None
    on_shift: float | None
    busy: float | None
    elsewhere: float | None
    weighed_min: float

    @property
    def idle(self) -> float | None:
        """Slack: riders on shift without an order, mean over the slot."""
        if self.on_shift is None or self.busy is None:
            return None
        return max(self.on_shift - self.busy, 0.0)

    @property
    def load(self) -> float | None:
        """Busy riders over riders on shift."""
        if self.busy is None or not self.on_shift:
            return None
        return self.busy / self.on_shift

    @property
    def coverage(self) -> float | None:
        """Served over wanted; orders that are still open stand on neither side."""
        if self.wanted is None or self.served is None:
            return None
        decided = self.wanted - (self.still_open or 0.0)
        return self.served / decided if decided > 0 else None

    def figure(self, name: str) -> float | None:
        """Give one of the `FIGURES`."""
        value = getattr(self, name)
        return None if value is None else float(value)


@dataclass(frozen=True, slots=True, eq=False)
class MarketplaceState:
    """A city's business day by zone and slot.

    Parameters
    ----------
    starts : tuple of datetime
        (n_slots,), instants at which slots begin; empty where the day has no facts.
    cells : tuple of tuple of Cell
        (n_slots, n_zones), zones in the order of ``zones``.
    whole : tuple of Cell
        (n_slots,), the whole city.
    """

    city: CityFacts
    day: date
    slot_min: int
    starts: tuple[datetime, ...]
    zones: tuple[ZonePlace, ...]
    cells: tuple[tuple[Cell, ...], ...]
    whole: tuple[Cell, ...]
    is_running: bool
    made_at: datetime

    def worst(self) -> tuple[Cell, ...]:
        """List zones and slots in which orders were lost or late, the worst first."""
        missed = (cell for row in self.cells for cell in row if cell.weighed_min > 0)
        return tuple(sorted(missed, key=lambda cell: (-cell.weighed_min, cell.slot, cell.zone_id)))


@dataclass(frozen=True, slots=True)
class Clock:
    """Slots of one length from the start of a business day on."""

    begins: datetime
    slot_min: int

    def slot_of(self, instant: datetime) -> int:
        """Give the number of the slot in which an instant lies."""
        return int((instant - self.begins) // timedelta(minutes=self.slot_min))

    def start_of(self, slot: int) -> datetime:
        """Give the instant at which a slot begins."""
        return self.begins + timedelta(minutes=self.slot_min * slot)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far riders can help: minutes from zone to zone, (n_zones, n_zones), and the most that count as reach."""

    travel_min: FloatArray
    within_min: float


def rider_min_an_order(sums: Mapping[str, FloatArray]) -> float | None:
    """Give the rider minutes that one order keeps on this day; None where busy minutes or orders are not known."""
    known = np.isfinite(sums["busy_min"])
    carried = np.nansum(np.where(known, sums["carried"], 0.0))
    return float(np.nansum(sums["busy_min"]) / carried) if carried > 0 and known.any() else None


def idle_elsewhere(sums: Mapping[str, FloatArray], reach: Reach) -> FloatArray:
    """Give the rider minutes idle in other zones that could have served each zone, (n_zones, n_slots).

    Notes
    -----
    What a zone lacks is the riding of orders that were lost, or came late after food had waited for the rider, less
    what its own idle riders could do. Slots are held apart; within one it is a min-cost flow (`relieve_slot`).
    """
    order_min = rider_min_an_order(sums)
    idle = sums["online_min"] - sums["busy_min"]
    if order_min is None or not np.isfinite(idle).any():
        return np.full(idle.shape, np.nan)
    lacking = (np.nan_to_num(sums["lost"]) + np.nan_to_num(sums["waited"])) * order_min
    spare = np.maximum(np.nan_to_num(idle), 0.0)
    short, left = np.maximum(lacking - spare, 0.0), np.maximum(spare - lacking, 0.0)
    came = np.zeros(idle.shape)
    for slot in np.flatnonzero(short.any(axis=0)).tolist():
        sent = relieve_slot(left[:, slot], short[:, slot], travel_min=reach.travel_min, within_min=reach.within_min)
        came[:, slot] = sent.sum(axis=0)
    return came


def cells_of(
    sums: Mapping[str, FloatArray], zones: Sequence[str], *, slot_min: int, lost_order_min: float
) -> tuple[tuple[Cell, ...], ...]:
    """Turn sums, each (n_zones, n_slots), into cells, (n_slots, n_zones)."""
    slots = sums["wanted"].shape[1]
    return tuple(
        tuple(
            _cell(zone, slot, {n: float(v[at, slot]) for n, v in sums.items()}, slot_min, lost_order_min)
            for at, zone in enumerate(zones)
        )
        for slot in range(slots)
    )


def all_zones(sums: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Add the zones up, (1, n_slots); unknown only where no zone knows."""
    return {
        name: np.where(np.isfinite(values).any(axis=0), np.nansum(values, axis=0), np.nan)[None, :]
        for name, values in sums.items()
    }


def _cell(zone: str, slot: int, sums: Mapping[str, float], slot_min: int, lost_order_min: float) -> Cell:
    known = {name: None if np.isnan(value) else value for name, value in sums.items()}
    kitchens = known["prepared"]
    return Cell(
        zone_id=zone,
        slot=slot,
        **{n: known[n] for n in ("seen", "asked", "wanted", "served", "still_open", "lost", "late", "late_min")},
        kitchen_min=(known["kitchen_min"] or 0.0) / kitchens if kitchens else None,
        on_shift=_riders(known["online_min"], slot_min),
        busy=_riders(known["busy_min"], slot_min),
        elsewhere=_riders(known["elsewhere_min"], slot_min),
        weighed_min=(known["late_min"] or 0.0) + (known["lost"] or 0.0) * lost_order_min,
    )


def _riders(minutes: float | None, slot_min: int) -> float | None:
    return None if minutes is None else minutes / slot_min
