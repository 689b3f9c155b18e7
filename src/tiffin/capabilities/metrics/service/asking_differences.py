"""Comparisons of numbers as people type them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tiffin.capabilities.metrics.domain.naming import read_mapping
from tiffin.capabilities.metrics.service.differences import Comparison, Question, compare
from tiffin.capabilities.metrics.service.exported import ExportComparison, compare_export
from tiffin.engines.metrics.comparing.calibers import Aspect
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days, asked_days, read_day
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.runtime.terminal import moment

ASPECTS: Mapping[str, str] = {
    Aspect.DATA: mark("Data version"),
    Aspect.TABLES: mark("Tables"),
    Aspect.JOINS: mark("Joins"),
    Aspect.TIME: mark("Time"),
    Aspect.FILTERS: mark("Filters"),
    Aspect.GRAIN: mark("Grain"),
    Aspect.AGGREGATION: mark("Aggregation"),
}
"""How the parts of a difference are called."""


@dataclass(frozen=True, slots=True)
class AskedDifference:
    """A comparison in words.

    Parameters
    ----------
    mapping : str
        What outside names are called here, one line each.
    export : str
        CSV with dimensions and the number, instead of a query.
    """

    metric: str
    sql: str = ""
    dialect: str = "duckdb"
    mapping: str = ""
    other: str = ""
    claimed: str = ""
    as_of: str = ""
    first: str = ""
    last: str = ""
    export: str = ""


def difference_asked(context: Context, asked: AskedDifference) -> Comparison | ExportComparison:
    """Compare a metric with what was typed.

    Raises
    ------
    WrongUse
        A number, date or mapping cannot be read, or what to compare with cannot be taken apart.
    """
    days = _days(asked)
    if asked.export.strip():
        return compare_export(context, asked.metric, asked.export, days)
    question = Question(
        metric=asked.metric,
        sql=asked.sql,
        dialect=asked.dialect,
        naming=read_mapping(asked.mapping),
        other=asked.other.strip(),
        claimed=_number(asked.claimed),
        as_of=_moment(asked.as_of),
        days=days,
    )
    return compare(context, question)


def difference_as_plain(found: Comparison | ExportComparison) -> dict[str, Any]:
    """Give a comparison as plain values: whole numbers as such, others as doubles."""
    plain: dict[str, Any] = _plain(asdict(found))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _days(asked: AskedDifference) -> Days | None:
    if not asked.first and not asked.last:
        return None
    if not asked.first or not asked.last:
        raise WrongUse(Message("Give both the first and the last business date, such as 2026-02-01."))
    return asked_days(read_day(asked.first), read_day(asked.last))


def _number(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        raise WrongUse(Message("A number was expected, '{text}' was found.", text=text)) from None


def _moment(text: str) -> int | datetime | None:
    found = moment(text.strip() or None)
    return found if isinstance(found, (int, datetime)) else None
