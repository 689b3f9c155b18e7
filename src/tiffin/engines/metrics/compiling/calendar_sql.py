"""Dates as each dialect writes them: days in a row, days before a day, the days that stand for a period."""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

from collections.abc import Sequence
from datetime import date

from tiffin.engines.metrics.compiling.spans import Frame, Span, Stretch, TimeUnit
from tiffin.engines.metrics.definitions import Grain
from tiffin.engines.metrics.vocabulary import grain_sql
from tiffin.kernel.time import Days


def date_sql(day: date) -> str:
    """Write a date."""
    return f"CAST('{day.isoformat()}' AS DATE)"


def days_sql(days: Days, dialect: str) -> str:
    """Write days in a row as a relation with the column ``p``."""
    first, last = date_sql(days.first), date_sql(days.last)
    if dialect == "duckdb":
        return f"SELECT CAST(UNNEST(GENERATE_SERIES({first}, {last}, INTERVAL 1 DAY)) AS DATE) AS p"
    return f"SELECT EXPLODE(SEQUENCE({first}, {last}, INTERVAL 1 DAY)) AS p"


def before_sql(sql: str, span: Span, dialect: str) -> str:
    """Write the day some time before a day; to the last of the month where that month is shorter."""
    found = sql
    if span.months:
        found = f"CAST({sql} - INTERVAL {span.months} MONTH AS DATE)"
        if dialect == "spark":
            found = f"ADD_MONTHS({sql}, -{span.months})"
    if span.days:
        found = f"({found} - {span.days})" if dialect == "duckdb" else f"DATE_SUB({found}, {span.days})"
    return found


def stretches_by_day(days: Days, frame: Frame, dialect: str) -> str:
    """Write, for each day ``p`` of some in a row, the first and last day ``lo``, ``hi`` whose rows count for it."""
    last = "p"
    for offset in frame.offsets:
        last = before_sql(last, offset, dialect)
    first = last
    if frame.window and frame.window.to_date:
        unit = frame.window.to_date
        first = last if unit is TimeUnit.DAY else grain_sql(last, Grain(unit), dialect)
    elif frame.window and frame.window.length:
        day = "+ 1" if dialect == "duckdb" else ""
        first = before_sql(last, frame.window.length, dialect)
        first = f"({first} {day})" if day else f"DATE_ADD({first}, 1)"
    elif frame.window:
        first = date_sql(date.min)
    return f"SELECT p, {first} AS lo, {last} AS hi FROM ({days_sql(days, dialect)}) AS days"


def stretches_sql(stretches: Sequence[Stretch]) -> str:
    """Write stretches of days as a relation ``p``, ``lo``, ``hi``."""
    rows = (
        f"({date_sql(item.period or item.last)}, {date_sql(item.first or date.min)}, {date_sql(item.last)})"
        for item in stretches
    )
    return f"SELECT * FROM (VALUES {', '.join(rows)}) AS stretches(p, lo, hi)"


def periods_sql(periods: Sequence[date]) -> str:
    """Write periods as a relation with the column ``p``."""
    return f"SELECT * FROM (VALUES {', '.join(f'({date_sql(period)})' for period in periods)}) AS periods(p)"
