# ruff: noqa: S608 - the SQL here is made of names and numbers of our own
"""Local days as a table that the database joins: what each clock shows, from one change to the next."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tiffin.capabilities.facts.domain.functions import quoted
from tiffin.kernel.places import City
from tiffin.runtime.calendar import OFFSET_ZERO, SECOND, SLOT_MIN, LocalDays
from tiffin.runtime.clocks import DAY, MINUTE
from tiffin.runtime.markets import Market
from tiffin.runtime.warehouse.staging import Bench

STEP = 15 * MINUTE
"""Changes are looked for between instants so far apart, then minute by minute: all clocks change at whole minutes, and
none changes and changes back within a step."""

MOST_PIECES = 24
MOST_DAYS = 4_000_000
"""More days of distinct clocks are not worth a table."""

MOST_STEPS = 1_000_000
"""A table of so many steps is looked up without a hash, which pays where there are several times as many rows."""

_NEVER = 2**62

Integers = NDArray[np.int64]


class LocalTable:
    """The local days of some cities, joined by city and by day in UTC, or by quarter of an hour.

    Parameters
    ----------
    cities : mapping of str to City
        Every known city.

    Notes
    -----
    Cities whose clocks and parts of the day never differ share their rows. A row holds what the clock shows at the
    start of a span and after each change within it, as `LocalDays.packed` tells it. The numbers of the rows of a clock
    follow those of the clock before it, so that one number names clock and span.
    """

    def __init__(self, cities: Mapping[str, City], markets: Mapping[str, Market]) -> None:
        kinds: dict[tuple[object, ...], int] = {}
        self._number = [kinds.setdefault(_kind(city, markets), len(kinds)) for city in cities.values()]
        self._cities = cities
        self._examples = [self._number.index(kind) for kind in range(len(kinds))]
        self._days = LocalDays(cities, markets)
        self._pieces, self._span, self._between = 0, DAY, (0, 0)
        offset = f"(((_packed & {2**24 - 1}) - {OFFSET_ZERO}) * {SECOND})"
        slot = SLOT_MIN * 60 * SECOND
        names = ", ".join(map(quoted, self._days.part_names or [""]))
        self.values = {
            "business_date": "CAST(DATE '1970-01-01' + CAST(_packed >> 32 AS INTEGER) AS DATE)",
            "local_hour": f"((_at + {offset}) // {3600 * SECOND}) % 24",
            "slot_at": f"make_timestamptz((_at + {offset}) // {slot} * {slot} - {offset})",
            "day_part": f"[{names}][((_packed >> 24) & 255) + 1]",
            "country": "_country",
        }
        """Each derived column, over ``_at``, ``_packed`` and ``_country``."""

    @property
    def packed(self) -> str:
        """Write the packed local day of ``_at``."""
        cases = "".join(f" WHEN _at < _b{piece} THEN _v{piece}" for piece in range(self._pieces))
        return f"CASE{cases} ELSE _v{self._pieces} END" if cases else "_v0"

    def joined(self, rows: str) -> str:
        """Write the joins; rows without a known city or an instant of these days fall out."""
        first, last = self._between
        return (
            f"JOIN clock_cities ON {rows}.city_id = _name AND {rows}._at BETWEEN {first} AND {last} "
            f"JOIN clock_spans ON _span = _first + {rows}._at // {self._span}"
        )

    def register(self, bench: Bench, days: Sequence[int], rows: int) -> bool:
        """Put the tables on a bench; tell whether they are small enough to be worth it.

        Parameters
        ----------
        days : sequence of int
            The days in UTC, since 1970, ascending.
        rows : int
            How many rows will be joined.
        """
        spans = len(days) * len(self._examples)
        if not spans or spans > MOST_DAYS:
            return False
        steps = DAY // STEP
        self._span = STEP if spans * steps <= min(MOST_STEPS, rows // 4) else DAY
        self._between = (days[0] * DAY, (days[-1] + 1) * DAY - 1)
        table = self._clock_spans(np.array(days, dtype=np.int64))
        if table is None:
            return False
        numbers = np.array(self._number, dtype=np.int64)
        cities = pa.table(
            {
                "_name": pa.array(list(self._cities), pa.string()),
                "_first": pa.array(self._first(numbers), pa.int64()),
                "_country": pa.array([city.country for city in self._cities.values()], pa.string()),
            }
        )
        for name, found in (("clock_cities", cities), ("clock_spans", table)):
            bench.connection.register("made", found)
            bench.run(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM made")
            bench.connection.unregister("made")
        return True

    def _first(self, clocks: Integers) -> Integers:
        """Tell what to add to the number of a span since 1970, for each clock."""
        first, last = (at // self._span for at in self._between)
        return clocks * (last - first + 1) - first

    def _clock_spans(self, days: Integers) -> pa.Table | None:
        within = np.arange(0, DAY, self._span, dtype=np.int64)
        each = (days[:, np.newaxis] * DAY + within).reshape(-1)
        clocks = np.repeat(np.arange(len(self._examples), dtype=np.int64), len(each))
        kinds = np.array(self._examples, dtype=np.int64)[clocks]
        starts = np.tile(each, len(self._examples))
        at, row = self._changes(kinds, starts)
        first = np.searchsorted(row, np.arange(len(starts)))
        place = np.arange(len(row)) - first[row] if len(row) else row
        self._pieces = int(place.max()) + 1 if len(row) else 0
        if self._pieces > MOST_PIECES:
            return None
        bounds = np.full((self._pieces, len(starts)), _NEVER, dtype=np.int64)
        values = np.tile(self._days.packed(starts, kinds), (self._pieces + 1, 1))
        bounds[place, row] = at
        values[place + 1, row] = self._days.packed(at, kinds[row])
        columns = {"_span": self._first(clocks) + starts // self._span}
        columns |= {f"_b{piece}": bounds[piece] for piece in range(self._pieces)}
        columns |= {f"_v{piece}": values[piece] for piece in range(self._pieces + 1)}
        return pa.table({name: pa.array(column) for name, column in columns.items()})

    def _changes(self, kinds: Integers, starts: Integers) -> tuple[Integers, Integers]:
        """Find every instant within the spans at which something changes, in order, and the row it belongs to."""
        steps = np.arange(0, self._span + 1, STEP, dtype=np.int64)
        steps[-1] = self._span - 1
        seen = [self._days.packed(starts + step, kinds) for step in steps]
        at, rows = [], []
        for step in range(len(steps) - 1):
            row = np.flatnonzero(seen[step] != seen[step + 1])
            if len(row):
                minutes = np.arange(steps[step], steps[step + 1] + 1, MINUTE)
                shown = np.stack([self._days.packed(starts[row] + minute, kinds[row]) for minute in minutes])
                minute, where = np.nonzero(shown[1:] != shown[:-1])
                at.append(starts[row][where] + minutes[minute + 1])
                rows.append(row[where])
        if not at:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        all_at, all_rows = np.concatenate(at), np.concatenate(rows)
        order = np.lexsort((all_at, all_rows))
        return all_at[order], all_rows[order]


def _kind(city: City, markets: Mapping[str, Market]) -> tuple[object, ...]:
    """Tell what a city's local days follow from."""
    rules = tuple((one.since, one.timezone, one.cutoff_min) for one in city.rules())
    market = markets.get(city.country)
    follows_sun = market is not None and any(part.sun for part in market.ramadan_day_parts)
    place = (city.latitude, city.longitude) if follows_sun else ()
    return (*rules, None if market is None else city.country, *place)
