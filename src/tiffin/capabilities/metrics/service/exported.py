"""A dashboard's export beside a metric: group by group, and which governed metric it rather is."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tiffin.capabilities.metrics.service.answering import answer
from tiffin.capabilities.metrics.service.differences import exact
from tiffin.capabilities.metrics.service.library import Library, library_of
from tiffin.capabilities.metrics.service.outside_rights import limited_to_whole_cities
from tiffin.engines.metrics.refusals import no_metric
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import TiffinError, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

MOST_ROWS = 20_000
MOST_TRIED = 40
CLOSE = Decimal("0.000001")
_CALLED = {"date": "business_date", "day": "business_date", "order_date": "business_date", "city": "city_id"}


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One group: the metric's value and the export's; None where the other side alone has the group."""

    key: tuple[str, ...]
    mine: Decimal | None
    theirs: Decimal | None

    @property
    def amount(self) -> Decimal:
        """By how much the export is more."""
        return (self.theirs or Decimal(0)) - (self.mine or Decimal(0))


@dataclass(frozen=True, slots=True)
class ExportComparison:
    """A metric beside an export, largest difference first.

    Parameters
    ----------
    same_as : tuple of str
        Other governed metrics that give exactly the export's numbers.
    """

    metric: str
    by: tuple[str, ...]
    column: str
    rows: tuple[ExportRow, ...]
    same_as: tuple[str, ...]
    certified: bool

    @property
    def total(self) -> Decimal:
        """All differences together."""
        return sum((row.amount for row in self.rows), Decimal(0))


@dataclass(frozen=True, slots=True)
class _Export:
    by: tuple[str, ...]
    column: str
    values: dict[tuple[str, ...], Decimal]


def compare_export(context: Context, metric: str, text: str, days: Days | None = None) -> ExportComparison:
    """Compare a metric with the numbers of an export.

    Raises
    ------
    NotFound
        The metric does not exist.
    WrongUse
        The text is no CSV with a number, or names no dimension that the metric has.
    """
    own = limited_to_whole_cities(context)
    library = library_of(own.workspace)
    if metric not in library.model.metrics:
        raise no_metric(metric, library.model.metrics)
    export = _read(text, library)
    mine = _values(own, library, metric, export.by, days)
    if days is None:
        mine = {key: value for key, value in mine.items() if _in_span(key, export)}
    keys = sorted({*mine, *export.values})
    rows = [ExportRow(key, mine.get(key), export.values.get(key)) for key in keys]
    rows.sort(key=lambda row: -abs(row.amount))
    same = () if all(row.amount == 0 for row in rows) else _same(own, library, metric, export, days)
    tier = library.model.metrics[metric].tier
    return ExportComparison(metric, export.by, export.column, tuple(rows), same, tier == "certified")


def _read(text: str, library: Library) -> _Export:
    try:
        listed = list(csv.reader(io.StringIO(text.strip()), csv.Sniffer().sniff(text[:4000], ",;\t|")))
    except csv.Error:
        listed = list(csv.reader(io.StringIO(text.strip())))
    if len(listed) < 2 or len(listed) > MOST_ROWS:  # noqa: PLR2004 - a header and a row
        raise WrongUse(
            f"A CSV of a header and 1 to {MOST_ROWS} rows was expected; found {max(len(listed) - 1, 0)} rows."
        )
    head = [name.strip().lower().replace(" ", "_") for name in listed[0]]
    dimensions = {index: _CALLED.get(name, name) for index, name in enumerate(head)}
    by = {index: name for index, name in dimensions.items() if name in library.model.dimensions}
    number = next((index for index in range(len(head)) if index not in by and _is_number(listed[1], index)), None)
    if number is None:
        raise WrongUse(f"No column of {', '.join(head)} holds a number beside the dimensions.")
    values = {
        tuple(_key(row[index]) for index in by): _number(row[number]) for row in listed[1:] if len(row) == len(head)
    }
    return _Export(tuple(by.values()), listed[0][number], values)


def _is_number(row: Sequence[str], index: int) -> bool:
    try:
        _number(row[index])
    except (WrongUse, IndexError):
        return False
    return True


def _number(text: str) -> Decimal:
    plain = text.strip().replace(",", "")
    is_percent = plain.endswith("%")
    try:
        found = Decimal(plain.removesuffix("%") or "0")
    except InvalidOperation:
        raise WrongUse(f"A number was expected, {text!r} was found.") from None
    return found / 100 if is_percent else found


def _key(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    return text[:10] if len(text) > len("2026-01-01T") and text[4:5] == "-" and text[10:11] in "T " else text


def _values(
    context: Context, library: Library, metric: str, by: tuple[str, ...], days: Days | None
) -> dict[tuple[str, ...], Decimal]:
    rows = answer(context, MetricRequest((metric,), by, days=days), library=library).rows
    return {tuple(_key(value) for value in row[:-1]): exact(row[-1]) for row in rows if row[-1] is not None}


def _in_span(key: tuple[str, ...], export: _Export) -> bool:
    """Leave out days before and after those that an export covers: it was taken of these."""
    if "business_date" not in export.by:
        return True
    at = export.by.index("business_date")
    days = [one[at] for one in export.values]
    return min(days) <= key[at] <= max(days)


def _same(context: Context, library: Library, metric: str, export: _Export, days: Days | None) -> tuple[str, ...]:
    model = library.model
    own = model.resolved[metric]
    near_by = [
        name
        for name, other in model.resolved.items()
        if name != metric and set(other.sources) & set(own.sources) and set(export.by) <= set(other.dimensions)
    ]
    found = []
    for name in near_by[:MOST_TRIED]:
        try:
            values = _values(context, library, name, export.by, days)
        except TiffinError:  # several moneys, or a metric that cannot be asked so
            continue
        if all(abs(values.get(key, Decimal(0)) - value) <= CLOSE for key, value in export.values.items()):
            found.append(name)
    return tuple(found)
