"""Facts as metrics see them, in plain Python: rows with their joined rows and dimensions, and who may see which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from plain_days import period_of
from plain_expressions import over_rows

from tiffin.engines.metrics.definitions import Dimension, Source
from tiffin.engines.metrics.request import Condition, Operator

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """One row of a source.

    Parameters
    ----------
    rows : mapping of str to mapping or None
        The row itself as ``base``, and the row that each join meets.
    dims : mapping of str to object
        Its dimensions.
    """

    rows: Mapping[str, Any]
    dims: Mapping[str, Any]
    day: date
    city: str


def facts_of(source: Source, tables: Tables, dimensions: Mapping[str, Dimension]) -> list[Fact]:
    """Join the rows of a source and read their dimensions."""
    indexes = {join.name: _index(join, tables.get(join.table, ())) for join in source.joins}
    found = []
    for row in tables.get(source.table, ()):
        joined: dict[str, Any] = {"base": row}
        for join in source.joins:
            joined[join.name] = _met(join, joined, indexes[join.name])
        dims = {name: over_rows(text)(joined) for name, text in source.dimensions.items()}
        for dimension in dimensions.values():
            if dimension.grain_of in dims and dimension.name not in dims and dims[dimension.grain_of] is not None:
                dims[dimension.name] = period_of(dims[dimension.grain_of], str(dimension.grain))
        found.append(Fact(joined, dims, dims[source.time], dims["city_id"]))
    return found


def _index(join: Any, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], list[Mapping[str, Any]]]:
    index: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        index.setdefault(tuple(row.get(right) for _, right in join.on), []).append(row)
    return index


def _met(join: Any, joined: Mapping[str, Any], index: Mapping[tuple[Any, ...], Sequence[Mapping[str, Any]]]) -> Any:
    key = tuple(over_rows(left)(joined) for left, _ in join.on)
    rows = [] if None in key else index.get(key, ())
    if join.valid:
        at = over_rows(join.valid.at)(joined)
        rows = [row for row in rows if _is_valid(row.get(join.valid.start), row.get(join.valid.end), at)]
    if len(rows) > 1:
        raise ValueError(f"{join.name} meets several rows")
    return rows[0] if rows else None


def _is_valid(start: Any, end: Any, at: Any) -> bool:
    return at is not None and start is not None and start <= at and (end is None or at < end)


@dataclass(frozen=True, slots=True)
class Opening:
    """Rows that one grant opens; None for both places opens those of all."""

    countries: tuple[str, ...] | None
    cities: tuple[str, ...] | None
    within: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def has_place(self, city: Any, country: Any) -> bool:
        """Tell whether rows of a city are opened at all."""
        everywhere = self.countries is None and self.cities is None
        return everywhere or city in (self.cities or ()) or country in (self.countries or ())

    def shows(self, fact: Fact) -> bool:
        """Tell whether a row is opened."""
        places = self.has_place(fact.dims.get("city_id"), fact.dims.get("country"))
        return places and all(fact.dims.get(name) in values for name, values in self.within)


def meets(condition: Condition, value: Any) -> bool:
    """Tell whether a value is known to meet a condition."""
    wanted = condition.values
    if condition.operator is Operator.IS_NULL:
        return value is None
    if value is None:
        return False
    checks = {
        Operator.IS_NOT_NULL: lambda: True,
        Operator.EQ: lambda: value == wanted[0],
        Operator.NE: lambda: value != wanted[0],
        Operator.LT: lambda: value < wanted[0],
        Operator.LE: lambda: value <= wanted[0],
        Operator.GT: lambda: value > wanted[0],
        Operator.GE: lambda: value >= wanted[0],
        Operator.IN: lambda: value in wanted,
        Operator.NOT_IN: lambda: value not in wanted,
        Operator.BETWEEN: lambda: wanted[0] <= value <= wanted[1],
    }
    return bool(checks[condition.operator]())
