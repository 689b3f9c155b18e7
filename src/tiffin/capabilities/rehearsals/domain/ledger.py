"""All days of a simulated city in one row of arrays, with real instants and identifiers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.city_run import CityRun, RunDay
from tiffin.capabilities.rehearsals.domain.scenario import day_start
from tiffin.engines.simulation.tables import Records
from tiffin.engines.simulation.trails import jobs

Instants = NDArray[np.datetime64]
Texts = NDArray[np.object_]
NOT_A_TIME = np.datetime64("NaT", "us")
NOBODY = -1


@dataclass(frozen=True)
class Ledger:
    """The orders and sessions of a run, one after the other over its days.

    Parameters
    ----------
    order_day, session_day : (n,), number of the day
    starts : (n_days,), when each business day begins
    """

    run: CityRun
    starts: Instants
    order_day: NDArray[np.int64]
    session_day: NDArray[np.int64]

    @cached_property
    def orders(self) -> Records:
        """What was settled about each order."""
        return np.concatenate([day.simulated.orders for day in self.run.days]).view(np.recarray)

    @cached_property
    def track(self) -> Records:
        """What happened to each order."""
        return np.concatenate([day.simulated.happened.track for day in self.run.days]).view(np.recarray)

    @cached_property
    def sessions(self) -> Records:
        """Riders' sessions."""
        return np.concatenate([day.simulated.sessions for day in self.run.days]).view(np.recarray)

    @cached_property
    def ended_s(self) -> NDArray[np.int64]:
        """When each session really ended, seconds of its day."""
        return np.concatenate([day.simulated.happened.ended_s for day in self.run.days])

    @cached_property
    def session_of_order(self) -> NDArray[np.int64]:
        """Position of each order's session among all sessions, or -1."""
        sizes = np.bincount(self.session_day, minlength=len(self.starts))
        offset = np.cumsum(sizes) - sizes
        return np.where(self.track.session >= 0, self.track.session + offset[self.order_day], NOBODY)

    @cached_property
    def jobs(self) -> Records:
        """Riders' jobs, none of which overlaps another of its rider; sessions are numbered over all days."""
        parts = [jobs(day.simulated) for day in self.run.days]
        for number, part in enumerate(parts):
            part.session += np.searchsorted(self.session_day, number)
        return np.concatenate(parts).view(np.recarray)

    @cached_property
    def rider_of_session(self) -> NDArray[np.int64]:
        """Number of the rider of each session."""
        return np.concatenate([day.rider for day in self.run.days])

    @cached_property
    def order_ids(self) -> Texts:
        """Identifier of each order: city, business date, number within the day."""
        return np.concatenate([self.numbered(day, len(day.simulated.orders)) for day in self.run.days])

    @cached_property
    def zone_ids(self) -> Texts:
        """Identifier of each zone."""
        return np.array([zone.zone_id for zone in self.run.scenario.zones], dtype=object)

    @cached_property
    def merchant_ids(self) -> Texts:
        """Identifier of each merchant."""
        return _numbered(self.run.scenario.city.city_id, "m", len(self.run.city.merchants))

    @cached_property
    def rider_ids(self) -> Texts:
        """Identifier of each rider."""
        return _numbered(self.run.scenario.city.city_id, "r", len(self.run.rider_zone))

    @cached_property
    def pickup_zone(self) -> NDArray[np.int64]:
        """Number of the zone in which each order is picked up."""
        return np.asarray(self.run.city.merchants.zone[self.orders.merchant], dtype=np.int64)

    def numbered(self, day: RunDay, count: int, letter: str = "") -> Texts:
        """Name things of a day: city, business date, letter, number within the day."""
        stem = f"{self.run.scenario.city.city_id}-{day.calendar.day:%Y%m%d}-{letter}"
        return np.array([f"{stem}{number:05d}" for number in range(count)], dtype=object)

    def order_instant(self, seconds: NDArray[np.int64]) -> Instants:
        """Turn seconds of each order's day into instants; -1 into not-a-time."""
        return instants(self.starts[self.order_day], seconds)

    def gathered(self, part: str, column: str) -> NDArray[np.int64]:
        """Join a column of a part (aftermath, purchases) of every day."""
        return np.concatenate([getattr(getattr(day, part), column) for day in self.run.days])


def make_ledger(run: CityRun) -> Ledger:
    """Line the days of a run up."""
    orders = [len(day.simulated.orders) for day in run.days]
    sessions = [len(day.simulated.sessions) for day in run.days]
    number = np.arange(len(run.days), dtype=np.int64)
    starts = np.array([day_start(run.scenario.city, day.calendar.day) for day in run.days], dtype="datetime64[us]")
    return Ledger(run, starts, np.repeat(number, orders), np.repeat(number, sessions))


def instants(starts: Instants, seconds: NDArray[np.int64]) -> Instants:
    """Add seconds to instants; seconds below zero never happened."""
    return np.where(seconds < 0, NOT_A_TIME, starts + seconds.astype("timedelta64[s]"))


def picked(names: Texts, numbers: NDArray[np.int64]) -> Texts:
    """Take names by number; -1 gives None."""
    return np.append(names, [None])[numbers]


def _numbered(city_id: str, letter: str, count: int) -> Texts:
    return np.array([f"{city_id}-{letter}-{number:04d}" for number in range(count)], dtype=object)
