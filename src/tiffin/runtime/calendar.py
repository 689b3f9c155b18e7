"""Business days, local clocks and holidays of cities, computed at load and stored with the facts."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

import h3
import holidays
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tiffin.kernel.errors import InvalidData
from tiffin.kernel.places import City
from tiffin.kernel.time import Days
from tiffin.runtime.clocks import HOUR, MINUTE, PLAUSIBLE, Clocks
from tiffin.runtime.day_parts import DayParts, hijri, is_ramadan, sunset_at
from tiffin.runtime.markets import Market

CALENDAR_SOURCE = "calendar"
"""What stands in ``source`` of calendar rows."""

ZONE_RESOLUTION = 8
"""H3 resolution of zones where a city names none: cells of about 0.7 km²."""

SLOT_MIN = 30
"""Length of a slot in minutes."""

SECOND = 1_000_000

OFFSET_ZERO = 1 << 20
"""Added to an offset in seconds, so that it is never negative."""

UNKNOWN_COUNTRY = "ZZ"

_EPOCH = date(1970, 1, 1)

_INSTANT = pa.timestamp("us", tz="UTC")

_DAYS_SCHEMA = pa.schema(
    [
        ("city_id", pa.string()),
        ("business_date", pa.date32()),
        ("weekday", pa.int64()),
        ("is_weekend", pa.bool_()),
        ("holiday", pa.string()),
        ("is_ramadan", pa.bool_()),
        ("hijri_date", pa.string()),
        ("hijri_year", pa.int64()),
        ("hijri_month", pa.int64()),
        ("hijri_day", pa.int64()),
        ("is_school_term", pa.bool_()),
        ("sunset_at", pa.timestamp("us", tz="UTC")),
        ("source", pa.string()),
    ]
)


class LocalDays:
    """Tells business date, local hour, slot and part of the day of instants in cities.

    Parameters
    ----------
    cities : mapping of str to City
        Every city that may occur, each with its history.
    markets : mapping of str to Market or None
        By country, for the parts of the day; None for the shipped ones.
    """

    def __init__(self, cities: Mapping[str, City], markets: Mapping[str, Market] | None = None) -> None:
        self._cities = dict(cities)
        self._number = {name: number for number, name in enumerate(self._cities)}
        self._clocks = Clocks(list(self._cities.values()))
        self._parts = DayParts(list(self._cities.values()), markets)

    def columns(
        self,
        placed_at: pa.Array | pa.ChunkedArray,
        city_id: pa.Array | pa.ChunkedArray,
        *,
        slot_min: int = SLOT_MIN,
    ) -> dict[str, pa.Array]:
        """Tell the local columns of each instant, in the terms of `local_columns`."""
        return self.columns_of(placed_at, self._city_numbers(city_id), slot_min=slot_min)

    def columns_of(
        self, placed_at: pa.Array | pa.ChunkedArray, city: NDArray[np.int64], *, slot_min: int = SLOT_MIN
    ) -> dict[str, pa.Array]:
        """Tell the local columns of instants whose cities are given by their places in the mapping, -1 for none."""
        instants, known = _instants(placed_at)
        known &= city >= 0
        local = self._clocks.read(instants, city)
        slot = slot_min * MINUTE
        empty = None if known.all() else ~known
        seen = local.clock if empty is None else np.where(known, local.clock, 0)
        part = pa.array(self._parts.codes(seen.clip(*PLAUSIBLE), city), mask=empty)
        return {
            "business_date": pa.array(local.day.astype(np.int32), mask=empty).cast(pa.date32()),
            "local_hour": pa.array(local.clock // HOUR % 24, mask=empty),
            "slot_at": pa.array(local.clock // slot * slot - local.offset, mask=empty).cast(_INSTANT),
            "day_part": pa.array(self._parts.names or [""], pa.string()).take(part),
        }

    @property
    def part_names(self) -> list[str]:
        """The parts of the day by their codes."""
        return self._parts.names

    def packed(self, instants: NDArray[np.int64], city: NDArray[np.int64]) -> NDArray[np.int64]:
        """Tell all of it in one number for each instant, for callers that count every nanosecond.

        Parameters
        ----------
        instants : (n,)
            Microseconds since 1970-01-01 UTC.
        city : (n,)
            Number of the city.

        Returns
        -------
        (n,)
            Business day (days since 1970) times 2**32, plus the code of the part of the day times 2**24, plus the
            seconds by which the local clock is ahead of UTC, moved by ``OFFSET_ZERO``.
        """
        local = self._clocks.read(instants, city)
        part = self._parts.codes(local.clock.clip(*PLAUSIBLE), city)
        offset = local.offset // SECOND + OFFSET_ZERO
        return np.asarray((local.day << 32) + (part.astype(np.int64) << 24) + offset, dtype=np.int64)

    def _city_numbers(self, city_id: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
        codes, names = _codes(city_id)
        missing = [name for name in names if name is not None and name not in self._number]
        if missing:
            raise InvalidData(
                f"Facts of the city {missing[0]!r} were found, which is not among the cities "
                f"({', '.join(sorted(self._cities)) or 'none'}). Load the city first."
            )
        numbers = np.array([*(self._number.get(name, -1) for name in names), -1], dtype=np.int64)
        return numbers[codes]


def local_columns(
    placed_at: pa.Array | pa.ChunkedArray,
    city_id: pa.Array | pa.ChunkedArray,
    cities: Mapping[str, City],
    *,
    slot_min: int = SLOT_MIN,
) -> dict[str, pa.Array]:
    """Tell the business date, the local hour, the slot and the part of the day of each instant in its city.

    Parameters
    ----------
    placed_at : (n,) timestamp
        Instants, UTC.
    city_id : (n,) string
        City of each.
    cities : mapping of str to City
        Every city that occurs.
    slot_min : int
        Length of a slot in minutes.

    Returns
    -------
    dict
        ``business_date`` (date), ``local_hour`` (0-23), ``slot_at`` (UTC start of the city-local slot), ``day_part``,
        empty where the instant or the city is.

    Raises
    ------
    InvalidData
        A city is not among ``cities``.
    """
    return LocalDays(cities).columns(placed_at, city_id, slot_min=slot_min)


def city_days(city: City, days: Days, market: Market | None = None) -> pa.Table:
    """Give the calendar of a city, one row a business day, as the table ``city_days`` wants it.

    Parameters
    ----------
    market : Market or None
        The city's country, for its dated weekends and its school terms.
    """
    dates = _dates(days.first, days.last)
    numbers, weekdays = _day_numbers(days), _hijri_days(days.first, days.last)["weekday"]
    return pa.Table.from_pydict(
        {
            "city_id": pa.repeat(city.city_id, len(dates)),
            "business_date": pa.array(numbers.astype(np.int32)).cast(pa.date32()),
            **_hijri_days(days.first, days.last),
            "is_weekend": _weekends(city, market, numbers, weekdays.to_numpy()),
            "holiday": _named(city.country, days),
            "is_school_term": _school_terms(market, numbers),
            "sunset_at": pa.array(sunset_at(city, dates), _INSTANT),
            "source": pa.repeat(CALENDAR_SOURCE, len(dates)),
        },
        schema=_DAYS_SCHEMA,
    )


def _day_numbers(days: Days) -> NDArray[np.int64]:
    """Count the days since 1970."""
    first = (days.first - _EPOCH).days
    return np.arange(first, first + len(days), dtype=np.int64)


@lru_cache(maxsize=64)
def _dates(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


@lru_cache(maxsize=64)
def _hijri_days(first: date, last: date) -> Mapping[str, pa.Array]:
    """Give what all cities' calendars have in common."""
    dates = _dates(first, last)
    hijris = [hijri(day) or (None, None, None) for day in dates]
    return {
        "weekday": pa.array([day.isoweekday() for day in dates], pa.int64()),
        "is_ramadan": pa.array([is_ramadan(day) for day in dates], pa.bool_()),
        "hijri_date": pa.array([_written(*parts) for parts in hijris], pa.string()),
        "hijri_year": pa.array([year for year, _, _ in hijris], pa.int64()),
        "hijri_month": pa.array([month for _, month, _ in hijris], pa.int64()),
        "hijri_day": pa.array([day for _, _, day in hijris], pa.int64()),
    }


def _weekends(
    city: City, market: Market | None, numbers: NDArray[np.int64], weekdays: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which days are a weekend, one span between two changes of the rules after the other."""
    changes = {rules.since for rules in city.history} | {one.since for one in (market.weekends if market else ())}
    within = [number for day in changes if numbers[0] < (number := (day - _EPOCH).days) <= numbers[-1]]
    bounds = [int(numbers[0]), *sorted(within), int(numbers[-1]) + 1]
    found = np.zeros(len(numbers), dtype=np.bool_)
    for begin, end in pairwise(bounds):
        span = slice(begin - bounds[0], end - bounds[0])
        found[span] = np.isin(weekdays[span], weekend_on(city, _EPOCH + timedelta(days=begin), market))
    return found


def _named(country: str, days: Days) -> pa.Array:
    names: list[str | None] = [None] * len(days)
    for day, name in _holidays(country, days.first.year, days.last.year).items():
        if days.first <= day <= days.last:
            names[(day - days.first).days] = name
    return pa.array(names, pa.string())


def _school_terms(market: Market | None, numbers: NDArray[np.int64]) -> pa.Array:
    """Tell whether schools teach on each day, as `Market.in_school_term` does."""
    terms = [
        ((term.first - _EPOCH).days, (term.last - _EPOCH).days) for term in (market.school_terms if market else ())
    ]
    if not terms:
        return pa.nulls(len(numbers), pa.bool_())
    inside = np.zeros(len(numbers), dtype=np.bool_)
    for first, last in terms:
        inside |= (first <= numbers) & (numbers <= last)
    return pa.array(inside, mask=(numbers < terms[0][0]) | (numbers > terms[-1][1]))


def weekend_on(city: City, day: date, market: Market | None) -> tuple[int, ...]:
    """Tell which ISO weekdays are a city's weekend on a day.

    The city's own rules come first. A city that has none of its own, or whose weekend is what its country's is now,
    keeps its country's weekend, with the dates at which that changed.
    """
    own = city.rules_on(day).weekend if city.history else city.weekend
    is_country_s = market is not None and (own is None or (not city.history and own == market.weekends[-1].weekdays))
    if market is not None and is_country_s:
        return market.weekend_on(day)
    return city.weekend if own is None else own


def zone_of(
    lat: pa.Array | pa.ChunkedArray, lng: pa.Array | pa.ChunkedArray, *, resolution: int = ZONE_RESOLUTION
) -> pa.Array:
    """Name the H3 cell of each place; empty where a coordinate is empty or not on the globe.

    Parameters
    ----------
    lat, lng : (n,) double
        Degrees (WGS 84).
    """
    places = np.stack([_degrees(lat), _degrees(lng)], axis=1)
    good = (np.abs(places[:, 0]) <= 90) & (np.abs(places[:, 1]) <= 180)  # noqa: PLR2004 - the globe's own bounds
    distinct, code = np.unique(places[good], axis=0, return_inverse=True)
    cells = [h3.latlng_to_cell(lat, lng, resolution) for lat, lng in distinct.tolist()]
    index = np.zeros(len(places), dtype=np.int64)
    index[good] = code.reshape(-1)
    return pa.array([*cells, ""], pa.string()).take(pa.array(index, mask=~good))


def _degrees(column: pa.Array | pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _instants(column: pa.Array | pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Give microseconds since 1970 and which of them are there."""
    numbers = _flat(column).cast(pa.timestamp("us", tz="UTC"), safe=False).cast(pa.int64())
    known = np.asarray(numbers.is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)
    return np.asarray(numbers.fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64), known


def _codes(column: pa.Array | pa.ChunkedArray) -> tuple[NDArray[np.int64], Sequence[str]]:
    """Give the position of each row's city among the cities that occur (-1 for none), and their names."""
    encoded = _flat(column)
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.asarray(codes, dtype=np.int64), encoded.dictionary.to_pylist()


def _flat(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


@lru_cache(maxsize=1)
def _countries_with_holidays() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=64)
def _holidays(country: str, first_year: int, last_year: int) -> Mapping[date, str]:
    """Name the public holidays of a country in English; a country without a known calendar has none."""
    if country not in _countries_with_holidays():
        return {}
    years = range(first_year, last_year + 1)
    languages = holidays.country_holidays(country).supported_languages
    english = next((language for language in ("en_US", "en_GB", "en_HK", "en") if language in languages), None)
    return dict(holidays.country_holidays(country, years=years, language=english))


def _written(year: int | None, month: int | None, day: int | None) -> str | None:
    return None if year is None else f"{year:04d}-{month:02d}-{day:02d}"
