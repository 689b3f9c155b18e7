"""What one unit of work has read of the governed facts, for the one entry of the trail that accounts for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

PLACES = ("country", "city_id")
"""Dimensions whose values say where, and never whom; they may stand in the trail."""


@dataclass(slots=True)
class Reading:
    """Assets that were read in one unit of work, over which days and places.

    Parameters
    ----------
    used : set of (str, str)
        Who used what in this unit: however often it was asked, a unit is one use.
    is_accounted : bool
        Whether an entry of the trail tells of it already, such as of a file that was taken.
    """

    used: set[tuple[str, str]] = field(default_factory=set)
    assets: dict[str, None] = field(default_factory=dict)
    places: dict[str, None] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    is_accounted: bool = False

    def add(
        self, assets: Iterable[str], *, first: date | None = None, last: date | None = None, places: Iterable[str] = ()
    ) -> None:
        """Note that assets were read, over some days and in some places; without them over all that the reader sees."""
        self.assets.update(dict.fromkeys(assets))
        self.places.update(dict.fromkeys(places))
        if first is not None:
            self.first = first if self.first is None else min(self.first, first)
        if last is not None:
            self.last = last if self.last is None else max(self.last, last)
