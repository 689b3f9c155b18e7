"""Worked examples: their tiny rows as rows of fact tables, and whether an answer is the expected one.

All examples lie in the same tables, each in a city of its own, so that one set of tables serves all of them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tiffin.engines.metrics.definitions import ColumnType, Example, Table, Tables
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import InvalidDefinition

DAY = date(2026, 1, 5)
"""Business day of rows that state none; a Monday."""

TOLERANCE = 1e-9
"""Largest relative difference between the expected value and the found one."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlacedExample:
    """An example in a city of its own."""

    metric: str
    example: Example
    city_id: str


def example_rows(placed: Sequence[PlacedExample], tables: Tables) -> Mapping[str, list[Row]]:
    """Give the rows of all examples by table, with the columns completed that an example leaves out.

    Raises
    ------
    InvalidDefinition
        An example names a table or column that does not exist, or its value is not of the column's type.
    """
    found: dict[str, list[Row]] = {"cities": []}
    for item in placed:
        found["cities"].append(_city(item))
        for table, rows in item.example.rows.items():
            if table not in tables:
                raise InvalidDefinition(
                    f"{item.metric}: its example has rows of {table}, which is no table.{near(table, tables)}"
                )
            known = tables[table]
            found.setdefault(table, []).extend(_row(raw, index, item, known) for index, raw in enumerate(rows))
    return found


def is_expected(example: Example, found: Sequence[Sequence[Any]]) -> bool:
    """Tell whether an answer has exactly the expected groups and values, in whatever order."""
    if len(example.gives) != len(found):
        return False
    left = list(found)
    for wanted in example.gives:
        match = next((row for row in left if _same_row(wanted, row)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _same_row(wanted: Sequence[Any], found: Sequence[Any]) -> bool:
    return len(wanted) == len(found) and all(same(one, other) for one, other in zip(wanted, found, strict=True))


def same(one: Any, other: Any) -> bool:
    """Tell whether two values agree; numbers to a billionth of their size."""
    numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
    if numbers and not isinstance(one, bool) and not isinstance(other, bool):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(one == other)


def _city(item: PlacedExample) -> Row:
    currencies = {str(row["currency"]) for rows in item.example.rows.values() for row in rows if row.get("currency")}
    return {
        "city_id": item.city_id,
        "name": item.city_id,
        "country": "ZZ",
        "timezone": "UTC",
        "timezone_known": True,
        "cutoff_min": 0,
        "weekend": "6,7",
        "currency": min(currencies, default="XXX"),
        "is_simulated": True,
        "source": _source(item),
    }


def _row(raw: Mapping[str, Any], index: int, item: PlacedExample, table: Table) -> Row:
    unknown = [name for name in raw if name not in table.columns]
    if unknown or "city_id" in raw:
        name = unknown[0] if unknown else "city_id"
        hint = near(name, table.columns) if unknown else " An example is one city, whose name is given to it."
        raise InvalidDefinition(f"{item.metric}: its example sets the column {name}, which it cannot.{hint}")
    row: Row = {"city_id": item.city_id, "business_date": DAY, "source": _source(item), "country": "ZZ"}
    for name in table.key:
        if name not in row:
            row[name] = _key_value(table.columns[name], index)
    row |= {name: _value(raw[name], table.columns[name], item, name) for name in raw}
    return {name: value for name, value in row.items() if name in table.columns}


def _source(item: PlacedExample) -> str:
    return f"example:{item.city_id}"


def _key_value(kind: ColumnType, index: int) -> Any:
    if kind is ColumnType.INSTANT:
        return datetime.combine(DAY, time(), UTC) + timedelta(minutes=30 * index)
    return DAY if kind is ColumnType.DATE else f"row{index}"


def _value(value: Any, kind: ColumnType, item: PlacedExample, name: str) -> Any:
    if value is None or kind not in (ColumnType.INSTANT, ColumnType.DATE):
        return value
    if kind is ColumnType.DATE:
        return value
    try:
        return _instant(str(value))
    except ValueError:
        raise InvalidDefinition(
            f"{item.metric}: its example gives {name} as {value!r}; a clock time such as '10:30', or an instant, "
            "was expected."
        ) from None


def _instant(text: str) -> datetime:
    if len(text) <= len("10:30:00.000000") and ":" in text[:3]:
        return datetime.combine(DAY, time.fromisoformat(text), UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
