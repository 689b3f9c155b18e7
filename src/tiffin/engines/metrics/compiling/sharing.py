"""Which earlier periods are read in one scan with the asked one: those whose days follow it or overlap it.

A period and the one seven days before share most of their rows. These are added up by their own day once; each day then
counts for the period in which it lies, and for the one that answers to it. Months have no such plain shift: the 28th,
30th and 31st of a month may answer to one day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tiffin.engines.metrics.compiling.calendar_sql import date_sql
from tiffin.engines.metrics.compiling.periods import AskedDays
from tiffin.engines.metrics.compiling.rows import Rows
from tiffin.engines.metrics.compiling.spans import Frame, Stretch
from tiffin.engines.metrics.vocabulary import grain_sql
from tiffin.kernel.time import Days


@dataclass(frozen=True, slots=True)
class Shifts:
    """Periods that are read together.

    Parameters
    ----------
    asked : Days
        The days of the asked period.
    days : tuple of int
        How many days each of the periods lies before the asked one, in rising order.
    """

    asked: Days
    days: tuple[int, ...]

    @property
    def read(self) -> Stretch:
        """All days whose rows count for any of the periods."""
        first, last = (timedelta(days=found) for found in (self.days[-1], self.days[0]))
        return Stretch(None, self.asked.first - first, self.asked.last - last)

    def relation(self) -> str:
        """Write each period's number ``f`` and its ``shift`` as a relation."""
        rows = ", ".join(f"({number}, {days})" for number, days in enumerate(self.days))
        return f"(VALUES {rows}) AS spans_(f, shift)"

    def limit(self, dialect: str) -> str:
        """Write which days ``d`` count for which period."""
        return f"{_answering(dialect)} BETWEEN {date_sql(self.asked.first)} AND {date_sql(self.asked.last)}"


def shift_of(frame: Frame | None) -> int | None:
    """Tell how many days a period lies before the asked one; None where that is not the same for each day."""
    if frame is None:
        return 0
    if frame.window or any(offset.months for offset in frame.offsets):
        return None
    return sum(offset.days for offset in frame.offsets)


def days_to_share(rows: Rows) -> Days | None:
    """Give the asked days of a scan; None where they do not alone decide which rows count for the asked period."""
    request, asked = rows.question.request, rows.question.asked
    is_alone = request.days is not None and not any(rows.is_period(item.dimension) for item in request.where)
    return _in_a_row(asked) if is_alone else None


def shared(found: Sequence[int], asked: Days) -> list[Shifts]:
    """Put periods together that leave no day between them.

    Examples
    --------
    >>> from datetime import date
    >>> week = Days(date(2026, 3, 2), date(2026, 3, 8))
    >>> [shifts.days for shifts in shared([0, 364, 7], week)]
    [(0, 7), (364,)]
    """
    together: list[list[int]] = []
    for days in sorted(found):
        if together and days - together[-1][-1] <= len(asked):
            together[-1].append(days)
        else:
            together.append([days])
    return [Shifts(asked, tuple(days)) for days in together]


def shifted_keys(rows: Rows) -> list[str]:
    """Write the keys of rows whose days ``d`` have met their periods."""
    question, model = rows.question, rows.fragments.model
    day, keys = _answering(rows.fragments.dialect), []
    for key, name in zip(question.keys, question.request.by, strict=True):
        grain = model.dimensions[name].grain if name != rows.prepared.source.time else None
        period = grain_sql(day, grain, rows.fragments.dialect) if grain else day
        keys.append(f"{period} AS {key}" if rows.is_period(name) else key)
    return keys


def _in_a_row(asked: AskedDays | None) -> Days | None:
    return asked.days if asked and asked.keep is None else None


def _answering(dialect: str) -> str:
    return "(d + shift)" if dialect == "duckdb" else "DATE_ADD(d, shift)"
