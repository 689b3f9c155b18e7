"""Business days, local clocks and holidays of cities, computed at load and stored with the facts."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

import h3
import holidays
import numpy as np
import pyarrow as pa
from hijridate import Gregorian
from numpy.typing import NDArray

from tiffin.kernel.errors import InvalidData
from tiffin.kernel.places import City
from tiffin.kernel.time import Days
from tiffin.runtime.offsets import utc_offsets

CALENDAR_SOURCE = "calendar"
"""What stands in ``source`` of calendar rows."""

ZONE_RESOLUTION = 8
"""H3 resolution of zones where a city names none: cells of about 0.7 km²."""

SLOT_MIN = 30
"""Length of a slot in minutes."""

UNKNOWN_COUNTRY = "ZZ"

_MINUTE = 60_000_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_RAMADAN = 9
_PLAUSIBLE = (5_475 * _DAY, 49_310 * _DAY)
"""From 1984-12-28 to 2105-01-03: an instant outside has the clock of the nearer end, and breaks its contract anyway."""

_HIJRI_FIRST, _HIJRI_LAST = date(1924, 8, 1), date(2077, 11, 16)
"""Span of the Umm al-Qura calendar as tabulated (hijridate 2, 1343-01-01 to 1500-12-30)."""

_DAYS_SCHEMA = pa.schema(
    [
        ("city_id", pa.string()),
        ("business_date", pa.date32()),
        ("weekday", pa.int64()),
        ("is_weekend", pa.bool_()),
        ("holiday", pa.string()),
        ("is_ramadan", pa.bool_()),
        ("hijri_date", pa.string()),
        ("source", pa.string()),
    ]
)


def local_columns(
    placed_at: pa.Array | pa.ChunkedArray,
    city_id: pa.Array | pa.ChunkedArray,
    cities: Mapping[str, City],
    *,
    slot_min: int = SLOT_MIN,
) -> dict[str, pa.Array]:
    """Tell the business date, the local hour and the slot of each instant in its city.

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
        ``business_date`` (date), ``local_hour`` (0-23), ``slot_at`` (UTC start of the city-local slot), empty where the
        instant or the city is.

    Raises
    ------
    InvalidData
        A city is not among ``cities``.
    """
    instants, known = _instants(placed_at)
    city_of, names = _codes(city_id)
    missing = [name for name in names if name not in cities]
    if missing:
        raise InvalidData(
            f"Facts of the city {missing[0]!r} were found, which is not among the cities "
            f"({', '.join(sorted(cities)) or 'none'}). Load the city first."
        )
    known &= city_of >= 0
    offset = _offsets(instants.clip(*_PLAUSIBLE), city_of, [cities[name].timezone for name in names])
    cutoff = np.array([cities[name].cutoff_min for name in names] or [0], dtype=np.int64) * _MINUTE
    local = instants + offset
    day = (local - (cutoff[city_of] if len(names) > 1 else cutoff[0])) // _DAY
    slot = local // (slot_min * _MINUTE) * (slot_min * _MINUTE) - offset
    empty = None if known.all() else ~known
    return {
        "business_date": pa.array(day.astype(np.int32), mask=empty).cast(pa.date32()),
        "local_hour": pa.array(local // _HOUR % 24, mask=empty),
        "slot_at": pa.array(slot, mask=empty).cast(pa.timestamp("us", tz="UTC")),
    }


def city_days(city: City, days: Days) -> pa.Table:
    """Give the calendar of a city, one row a business day, as the table ``city_days`` wants it."""
    named = _holidays(city.country, days.first.year, days.last.year)
    dates = [days.first + timedelta(days=n) for n in range(len(days))]
    hijri = [_hijri(day) for day in dates]
    return pa.Table.from_pydict(
        {
            "city_id": [city.city_id] * len(dates),
            "business_date": dates,
            "weekday": [day.isoweekday() for day in dates],
            "is_weekend": [day.isoweekday() in city.weekend for day in dates],
            "holiday": [named.get(day) for day in dates],
            "is_ramadan": [text is not None and int(text[5:7]) == _RAMADAN for text in hijri],
            "hijri_date": hijri,
            "source": [CALENDAR_SOURCE] * len(dates),
        },
        schema=_DAYS_SCHEMA,
    )


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


def _offsets(instants: NDArray[np.int64], city_of: NDArray[np.int64], zones: Sequence[str]) -> NDArray[np.int64]:
    distinct = sorted(set(zones))
    if len(distinct) == 1:
        return utc_offsets(instants, distinct[0])
    zone_of_city = np.array([distinct.index(zone) for zone in zones] + [-1], dtype=np.int64)
    zone = zone_of_city[city_of]
    offsets = np.zeros(len(instants), dtype=np.int64)
    for number, name in enumerate(distinct):
        rows = np.flatnonzero(zone == number)
        offsets[rows] = utc_offsets(instants[rows], name)
    return offsets


@lru_cache(maxsize=64)
def _holidays(country: str, first_year: int, last_year: int) -> Mapping[date, str]:
    """Name the public holidays of a country in English; a country without a known calendar has none."""
    if country not in holidays.list_supported_countries(include_aliases=False):
        return {}
    years = range(first_year, last_year + 1)
    languages = holidays.country_holidays(country).supported_languages
    english = next((language for language in ("en_US", "en_GB", "en_HK", "en") if language in languages), None)
    return dict(holidays.country_holidays(country, years=years, language=english))


def _hijri(day: date) -> str | None:
    """Write a day in the Umm al-Qura calendar, or nothing where it does not reach."""
    if not _HIJRI_FIRST <= day <= _HIJRI_LAST:
        return None
    return Gregorian.fromdate(day).to_hijri().isoformat()
