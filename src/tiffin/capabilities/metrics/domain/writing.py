"""Answers, metrics and explanations as plain values, for JSON and CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tiffin.engines.metrics.definitions import Dimension, Metric

if TYPE_CHECKING:
    from tiffin.engines.metrics.lineage import Lineage

WITHHELD = "*"
"""What stands in tables of text for a value that is withheld, where an unknown one is empty."""

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def metric_as_plain(metric: Metric, locale: str) -> dict[str, Any]:
    """Describe a metric in one language."""
    return {
        "name": metric.name,
        "label": metric.label.text(locale),
        "meaning": metric.meaning.text(locale),
        "kind": metric.kind,
        "unit": metric.unit,
        "direction": metric.direction,
        "level": metric.level,
        "owner": metric.owner,
        "tier": metric.tier,
        "version": metric.version.number,
        "since": metric.version.since,
        "parents": {parent.metric: parent.combination for parent in metric.parents},
        "targets": asdict(metric.targets) if metric.targets else None,
    }


def metric_in_full(
    metric: Metric, locale: str, *, lineage: "Lineage", dimensions: Sequence[Dimension], children: Mapping[str, str]
) -> dict[str, Any]:
    """Describe a metric with what it is made of and by what it can be split."""
    return {
        **metric_as_plain(metric, locale),
        "formula": lineage.formula,
        "columns": [f"{table}.{column}" for table, column in lineage.columns],
        "made_of": list(lineage.metrics),
        "children": dict(children),
        "dimensions": [{"name": item.name, "label": item.label.text(locale)} for item in dimensions],
        "examples": [{"rows": item.rows, "by": item.by, "gives": item.gives} for item in metric.examples],
        "defined_at": str(metric.place),
    }


def dimension_as_plain(dimension: Dimension, locale: str) -> dict[str, Any]:
    """Describe a dimension in one language."""
    return {
        "name": dimension.name,
        "label": dimension.label.text(locale),
        "type": dimension.type,
        "of": dimension.grain_of,
        "grain": dimension.grain,
    }


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Write an answer as CSV (RFC 4180): UTF-8, dates and instants in ISO 8601, empty where there is no value.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    return csv_lines([columns, *rows])


def csv_lines(rows: Iterable[Sequence[Any]]) -> str:
    """Write rows as `as_csv` does, without a heading: a part of a longer file."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def with_marks(
    rows: Iterable[Sequence[Any]], withheld: Iterable[tuple[int, int]], *, masked: Iterable[int] = ()
) -> Iterator[tuple[Any, ...]]:
    """Put the mark of withheld values into rows, in the places that a receipt names, and into masked columns."""
    places, columns = frozenset(withheld), frozenset(masked)
    for number, row in enumerate(rows):
        yield tuple(
            WITHHELD if index in columns or (number, index) in places else value for index, value in enumerate(row)
        )


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_FORMULA_SIGNS):
        return f"'{value}"
    return value
