"""Times of a request: limits, moves into the past, periods of somebody's own calendar."""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tiffin.engines.metrics.semantic.manifest import GRAINS, Manifest, Spine
from tiffin.engines.metrics.semantic.scope import quoted, table_sql, trunc
from tiffin.kernel.errors import WrongUse

_LENGTH = re.compile(r"(\d+)\s+(\w+?)s?")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Between:
    """Times that a request is limited to, both ends included: whole days where dates are given."""

    first: date | datetime
    last: date | datetime

    def widened(self, grain: str | None) -> "Between":
        """Widen the limits to whole periods of a grain that is coarser than a day."""
        if isinstance(self.first, datetime) or isinstance(self.last, datetime):
            return self
        if grain == "week":
            first, last = (day - timedelta(days=day.weekday()) for day in (self.first, self.last))
            return Between(first, last + timedelta(days=6))
        if grain not in _MONTHS:
            return self
        length = _MONTHS[grain]
        return Between(_began(self.first, length), _began(self.last, length, later=1) - timedelta(days=1))

    def written(self, sql: str) -> str:
        """Write the limit for a time."""
        beyond = self.last if isinstance(self.last, datetime) else self.last + timedelta(days=1)
        sign = "<=" if isinstance(self.last, datetime) else "<"
        first, last = (str(value) for value in (self.first, beyond))
        return f"{sql} >= TIMESTAMP '{first}' AND {sql} {sign} TIMESTAMP '{last}'"


@dataclass(frozen=True, slots=True)
class Offset:
    """A move back in time: by a length, or to where a grain began."""

    length: str | None
    to_grain: str | None

    def moved(self, sql: str) -> str:
        """Write the moment to which a moment is moved."""
        return trunc(self.to_grain, sql) if self.to_grain else f"{sql} - {interval(str(self.length))}"


def interval(text: str) -> str:
    """Write a length of time such as ``2 months``.

    Raises
    ------
    WrongUse
        It is no number of standard periods.
    """
    found = _LENGTH.fullmatch(text.strip().lower())
    if not found or found[2] not in GRAINS:
        raise WrongUse(f"A length of time such as '7 days' was expected, and {text!r} was found.")
    return f"INTERVAL '{found[1]}' {found[2].upper()}"


def _began(day: date, months: int, later: int = 0) -> date:
    """Give the first day of the period of so many months in which a day lies, or of a later period."""
    number = (day.year * 12 + day.month - 1) // months * months + later * months
    return date(number // 12, number % 12 + 1, 1)


def custom_length(text: str | None, manifest: Manifest) -> tuple[int, Spine, str] | None:
    """Read a length in periods of an own calendar: how many, and the spine and column that tell them."""
    found = _LENGTH.fullmatch(text.strip().lower()) if text else None
    if not found or found[2] not in manifest.custom_grains:
        return None
    return (int(found[1]), *manifest.custom_grains[found[2]])


def shifted_by(count: int, spine: Spine, column: str) -> str:
    """Write the days ``s`` that lie some periods of an own calendar after each day ``t``.

    The third day of a period answers to the third day of the later one, or to its last where it is shorter.
    """
    day, period, table = quoted(spine.column), quoted(column), table_sql(spine.table)
    place = f"ROW_NUMBER() OVER (PARTITION BY {period} ORDER BY {day}) AS place"
    days = f"SELECT {day} AS t, {period} AS p, {place} FROM {table}"
    ends = f"SELECT {period} AS p, MIN({day}) AS first_day, MAX({day}) AS last_day FROM {table} GROUP BY {period}"
    later = ", ".join(f"LEAD({name}, {count}) OVER (ORDER BY p) AS {name}" for name in ("first_day", "last_day"))
    found = "LEAST(n.first_day + TO_DAYS(CAST(d.place - 1 AS INT)), n.last_day)"
    after = f"SELECT p, {later} FROM ({ends}) AS e"
    return f"(SELECT d.t AS t, {found} AS s FROM ({days}) AS d JOIN ({after}) AS n ON d.p = n.p)"
