"""The clocks and days of many cities, told for millions of instants at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tiffin.kernel.places import City, LocalRules
from tiffin.runtime.offsets import MICROSECONDS, offset_spans

MINUTE = 60 * MICROSECONDS
HOUR = 60 * MINUTE
DAY = 24 * HOUR
PLAUSIBLE = (5_475 * DAY, 49_310 * DAY)
"""From 1984-12-28 to 2105-01-03: an instant outside has the clock of the nearer end, and breaks its contract anyway."""

_EPOCH = date(1970, 1, 1)
_NO_DAY = (-(10**6), 10**6)
_SECONDS = PLAUSIBLE[1] // MICROSECONDS + 1

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Local:
    """What the cities' clocks and calendars showed at each instant.

    Parameters
    ----------
    clock : (n,)
        Microseconds of the local clock since 1970, as if it were UTC.
    offset : (n,)
        How far the clock is ahead of UTC, microseconds.
    day : (n,)
        Business day, days since 1970.
    """

    clock: Integers
    offset: Integers
    day: Integers


class Clocks:
    """The clocks of some cities, each with its history.

    Parameters
    ----------
    cities : sequence of City
        An instant names its city by the place in this sequence.

    Notes
    -----
    A clock is a list of spans within which the offset from UTC and the rules stay the same. The spans of all clocks lie
    behind each other on one line, so that one binary search finds the span of an instant in any city.
    """

    def __init__(self, cities: Sequence[City]) -> None:
        rules = [city.rules() for city in cities] or [(LocalRules(date.min, "UTC", 0),)]
        kept = [tuple((one.since, one.timezone, one.cutoff_min) for one in each) for each in rules]
        distinct = list(dict.fromkeys(kept))
        self._clock_of = np.array([distinct.index(one) for one in kept], dtype=np.int64)
        self._rules = [rules[kept.index(one)] for one in distinct]
        self._known: tuple[int, int, _Line] | None = None

    def read(self, instants: Integers, city: Integers) -> Local:
        """Read each city's clock.

        Parameters
        ----------
        instants : (n,)
            Microseconds since 1970-01-01 UTC.
        city : (n,)
            Number of the city; -1 reads some clock.
        """
        if not len(instants):
            return Local(instants, instants, instants)
        seen = instants.clip(*PLAUSIBLE)
        line = self._covering(int(seen.min()), int(seen.max()))
        span = line.find(seen, self._clock_of[city]) if len(line.offsets) > 1 else np.zeros(len(seen), dtype=np.int64)
        offset = line.offsets[span]
        day = (instants + line.shifts[span]) // DAY
        if line.is_bounded:
            day = day.clip(line.first_days[span], line.last_days[span])
        return Local(instants + offset, offset, day)

    def _covering(self, first: int, last: int) -> "_Line":
        """Give the spans of at least the years between two instants; several threads may ask at once."""
        begin, end = _year(first), _year(last)
        known = self._known
        if known is None or begin < known[0] or end > known[1]:
            begin, end = min(begin, known[0] if known else begin), max(end, known[1] if known else end)
            known = (begin, end, _Line.of([_spans(rules, begin, end) for rules in self._rules]))
            self._known = known
        return known[2]


@dataclass(frozen=True, slots=True)
class _Line:
    """The spans of all clocks, one clock behind the other."""

    starts: Integers
    """Seconds since 1970, moved on by the number of the clock times ``_SECONDS``."""
    offsets: Integers
    shifts: Integers
    """What to add to an instant so that whole days since 1970 are business days."""
    first_days: Integers
    last_days: Integers
    is_bounded: bool

    @classmethod
    def of(cls, clocks: Sequence[Sequence["_Span"]]) -> "_Line":
        spans = [span for clock in clocks for span in clock]
        moved = [max(span.start, 0) + number * _SECONDS for number, clock in enumerate(clocks) for span in clock]
        return cls(
            starts=np.array(moved, dtype=np.int64),
            offsets=np.array([span.offset for span in spans], dtype=np.int64),
            shifts=np.array([span.offset - span.cutoff for span in spans], dtype=np.int64),
            first_days=np.array([span.days[0] for span in spans], dtype=np.int64),
            last_days=np.array([span.days[1] for span in spans], dtype=np.int64),
            is_bounded=any(span.days != _NO_DAY for span in spans),
        )

    def find(self, instants: Integers, clock: Integers) -> Integers:
        at = instants // MICROSECONDS + clock * _SECONDS
        return np.asarray(np.searchsorted(self.starts, at, side="right") - 1, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Span:
    """A time within which a city's offset and rules stay the same: seconds, microseconds, days since 1970."""

    start: int
    offset: int
    cutoff: int
    days: tuple[int, int]


def _spans(rules: Sequence[LocalRules], first_year: int, last_year: int) -> list[_Span]:
    found: list[_Span] = []
    for number, one in enumerate(rules):
        start = begin_of(one) if number else 0
        end = begin_of(rules[number + 1]) if number + 1 < len(rules) else _SECONDS
        first = (one.since - _EPOCH).days if number else _NO_DAY[0]
        last = (rules[number + 1].since - _EPOCH).days - 1 if number + 1 < len(rules) else _NO_DAY[1]
        starts, offsets = offset_spans(one.timezone, first_year, last_year)
        seconds = starts // MICROSECONDS
        at = int(np.searchsorted(seconds, start, side="right")) - 1
        found.append(_Span(start, int(offsets[max(at, 0)]), one.cutoff_min * MINUTE, (first, last)))
        found += [
            _Span(int(second), int(offset), one.cutoff_min * MINUTE, (first, last))
            for second, offset in zip(seconds, offsets, strict=True)
            if start < second < end
        ]
    return found


def begin_of(rules: LocalRules) -> int:
    """Tell the instant from which rules hold: when their first business day begins by them, seconds since 1970."""
    midnight = datetime(rules.since.year, rules.since.month, rules.since.day, tzinfo=ZoneInfo(rules.timezone))
    return int((midnight + timedelta(minutes=rules.cutoff_min)).astimezone(UTC).timestamp())


def _year(instant: int) -> int:
    return datetime.fromtimestamp(instant / MICROSECONDS, tz=UTC).year
