"""A planted disruption as a page tells it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PlantedView:
    """One planted disruption from the facts.

    Parameters
    ----------
    zones : tuple of str
        Names of the zones struck; empty when the whole city is.
    strength : float
        Factor on what it changes.
    """

    city_id: str
    city: str
    country: str
    timezone: str
    day: date
    kind: str
    cause: str
    zones: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    strength: float
