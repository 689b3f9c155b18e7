"""Parts of the day such as lunch, iftar and late evening, as each country's market declares them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from threading import Lock

import numpy as np
from hijridate import Gregorian
from numpy.typing import NDArray

from tiffin.kernel.places import City
from tiffin.runtime.clocks import DAY, MINUTE, Integers
from tiffin.runtime.markets import UNKNOWN, DayPart, Market, load_markets
from tiffin.runtime.offsets import utc_offsets
from tiffin.runtime.sun import sunrise_min, sunset_min

MINUTES = 1440
RAMADAN = 9
_EPOCH = date(1970, 1, 1)

HIJRI_FIRST, HIJRI_LAST = date(1924, 8, 1), date(2077, 11, 16)
"""Span of the Umm al-Qura calendar as tabulated (hijridate 2, 1343-01-01 to 1500-12-30)."""


class DayParts:
    """Tells in which part of the day each instant lies.

    Parameters
    ----------
    cities : sequence of City
        An instant names its city by the place in this sequence.
    markets : mapping of str to Market or None
        By country; a country without one has the parts of ``ZZ``. None for the shipped ones.

    Notes
    -----
    A part begins at its first minute of the local clock and lasts until the next one begins. On days of Ramadan the
    market's other list holds, if it has one; a list that follows the sun holds only in cities whose place is known and
    on days on which the sun rises and sets there. A table of 1440 minutes for each distinct kind of day is made once;
    each instant then costs two look-ups.
    """

    def __init__(self, cities: Sequence[City], markets: Mapping[str, Market] | None = None) -> None:
        known = load_markets() if markets is None else markets
        self._cities = cities
        self._markets = [known.get(city.country) or known[UNKNOWN] for city in cities]
        listed = [part.part for one in self._markets for part in (*one.day_parts, *one.ramadan_day_parts)]
        self._names = {name: number for number, name in enumerate(dict.fromkeys(listed))}
        self._tables: list[NDArray[np.int32]] = []
        self._made: dict[tuple[object, ...], int] = {}
        self._known = _Known(0, -1, np.zeros((0, 0), dtype=np.int64), np.zeros(0, dtype=np.int32))
        self._making = Lock()

    @property
    def names(self) -> list[str]:
        """The parts that the cities' markets know; their places here are their codes."""
        return list(self._names)

    def codes(self, clock: Integers, city: Integers) -> NDArray[np.int32]:
        """Tell the code of the part of the day that each local clock shows.

        Parameters
        ----------
        clock : (n,)
            Microseconds of the local clock since 1970, as if it were UTC.
        city : (n,)
            Number of the city.
        """
        if not len(clock) or not self._cities:
            return np.zeros(len(clock), dtype=np.int32)
        day = clock // DAY
        known = self._covering(int(day.min()), int(day.max()))
        table = known.table_of[city, day - known.first]
        return np.asarray(known.parts[table * MINUTES + (clock - day * DAY) // MINUTE], dtype=np.int32)

    def _covering(self, first: int, last: int) -> "_Known":
        """Give the tables of at least the days between two; several threads may ask at once."""
        with self._making:
            known = self._known
            if first < known.first or last > known.last:
                is_new = known.last < known.first
                span = (first, last) if is_new else (min(first, known.first), max(last, known.last))
                self._known = known = self._made_for(*span)
            return known

    def _made_for(self, first: int, last: int) -> "_Known":
        table_of = np.zeros((len(self._cities), last - first + 1), dtype=np.int64)
        fasting = [number for number in range(first, last + 1) if is_ramadan(_EPOCH + timedelta(days=number))]
        for number, (city, market) in enumerate(zip(self._cities, self._markets, strict=True)):
            table_of[number, :] = self._usual(market)
            for day, table in zip(fasting, self._ramadan(city, market, fasting), strict=True):
                table_of[number, day - first] = table
        return _Known(first, last, table_of, np.concatenate(self._tables))

    def _usual(self, market: Market) -> int:
        return self._table(market.day_parts, [float(part.minute) for part in market.day_parts])

    def _ramadan(self, city: City, market: Market, days: Sequence[int]) -> list[int]:
        parts = market.ramadan_day_parts
        usual = self._usual(market)
        if not parts or not days:
            return [usual] * len(days)
        suns = _suns(city, tuple(days)) if any(part.sun for part in parts) else {}
        tables = []
        for at in range(len(days)):
            starts = [float(part.minute) + (float(suns[part.sun][at]) if part.sun in suns else 0.0) for part in parts]
            known = all(part.sun is None or part.sun in suns for part in parts) and not np.isnan(starts).any()
            tables.append(self._table(parts, starts) if known else usual)
        return tables

    def _table(self, parts: Sequence[DayPart], starts: Sequence[float]) -> int:
        minutes = tuple(round(start) % MINUTES for start in starts)
        key = (tuple(part.part for part in parts), minutes)
        if key not in self._made:
            codes = [self._names[part.part] for part in parts]
            order = sorted(range(len(parts)), key=minutes.__getitem__)
            table = np.full(MINUTES, codes[order[-1]], dtype=np.int32)
            for at in order:
                table[minutes[at] :] = codes[at]
            self._made[key] = len(self._tables)
            self._tables.append(table)
        return self._made[key]


@dataclass(frozen=True, slots=True)
class _Known:
    """The parts of the day from one day to another: for each city and day a table, for each table and minute a name."""

    first: int
    last: int
    table_of: Integers
    parts: NDArray[np.int32]


def sunset_at(city: City, days: Sequence[date]) -> list[int | None]:
    """Tell the instant at which the sun sets on each day of a city, in microseconds since 1970, rounded to a minute."""
    if city.latitude is None or city.longitude is None:
        return [None] * len(days)
    minutes = sunset_min(days, city.latitude, city.longitude)
    midnights = np.array(days, dtype="datetime64[D]").astype(np.int64) * DAY
    instants = midnights + np.rint(np.nan_to_num(minutes)).astype(np.int64) * MINUTE
    return [
        None if dark else instant for dark, instant in zip(np.isnan(minutes).tolist(), instants.tolist(), strict=True)
    ]


def _suns(city: City, numbers: tuple[int, ...]) -> dict[str | None, NDArray[np.float64]]:
    """Give sunrise and sunset of each day in minutes of the local clock; nothing where the place is not known."""
    if city.latitude is None or city.longitude is None:
        return {}
    days = [_EPOCH + timedelta(days=number) for number in numbers]
    found: dict[str | None, NDArray[np.float64]] = {}
    for name, told in (("sunrise", sunrise_min), ("sunset", sunset_min)):
        minutes = told(days, city.latitude, city.longitude)
        instants = np.array(numbers, dtype=np.int64) * DAY + np.nan_to_num(minutes * MINUTE).astype(np.int64)
        zones = [city.rules_on(day).timezone for day in days]
        offsets = [int(utc_offsets(instants[at : at + 1], zone)[0]) for at, zone in enumerate(zones)]
        found[name] = minutes + np.array(offsets, dtype=np.float64) / MINUTE
    return found


@lru_cache(maxsize=16_384)
def hijri(day: date) -> tuple[int, int, int] | None:
    """Give year, month and day in the Umm al-Qura calendar, or nothing where it does not reach."""
    if not HIJRI_FIRST <= day <= HIJRI_LAST:
        return None
    found = Gregorian.fromdate(day).to_hijri()
    return found.year, found.month, found.day


def is_ramadan(day: date) -> bool:
    """Tell whether a day falls in Ramadan by the Umm al-Qura calendar."""
    found = hijri(day)
    return found is not None and found[1] == RAMADAN
