"""A planted disruption as a page tells it."""

from dataclasses import dataclass
from datetime import date, datetime

from tiffin.engines.simulation.disruptions import Kind


@dataclass(frozen=True, slots=True)
class PlantedView:
    """One planted disruption from the facts.

    Parameters
    ----------
    zones : tuple of str
        Names of the zones struck; empty when the whole city is.
    party : str
        To whom its seconds count; empty in facts that are older than parties.
    strength : float
        Factor on what it changes; see the contract.
    """

    disruption_id: str
    city_id: str
    city: str
    country: str
    timezone: str
    day: date
    kind: str
    cause: str
    party: str
    zones: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    strength: float


@dataclass(frozen=True, slots=True)
class CauseView:
    """What one cause did to the orders of a day.

    Parameters
    ----------
    orders : int
        Orders that it touched.
    duration_s, promise_s : int
        Seconds of their time, and of the promises shown to them, that count to it.
    stage_s : tuple of int
        The same by stage, in the order of `Stage`.
    lost : float
        Orders that were not delivered and count to it.
    touched_s : int
        Seconds of those orders that any disruption touched.
    """

    cause_id: str
    disruption_id: str | None
    party: str
    orders: int
    duration_s: int
    stage_s: tuple[int, ...]
    promise_s: int
    lost: float
    touched_s: int


@dataclass(frozen=True, slots=True)
class TruthView:
    """What was planted in a day of a city, and what it did.

    Parameters
    ----------
    causes : tuple of CauseView
        What is ordinary first, then by weight; empty while nobody has worked it out.
    orders, touched : int
        Orders of the day, and those that a disruption touched.
    rows : tuple of (disruption, what, table, number)
        What was planted in the facts when the day was over.
    """

    planted: tuple[PlantedView, ...]
    causes: tuple[CauseView, ...]
    orders: int
    touched: int
    is_exact: bool
    rows: tuple[tuple[str, str, str, int], ...]

    @property
    def strikes_orders(self) -> bool:
        """Tell whether anything strikes the day itself, so that there is a truth to work out."""
        return any(Kind(one.kind).strikes_the_day for one in self.planted)
