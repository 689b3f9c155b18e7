"""Two ways to the same number, compared day by day."""

from collections.abc import Mapping
from datetime import date

from tiffin.capabilities.quality import queries
from tiffin.capabilities.quality.domain import Reconciled, Reconciliation
from tiffin.capabilities.quality.service.days import Place
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

CityDay = tuple[str, date]


def reconcile(context: Context, one: Reconciliation, places: Mapping[str, Place], days: Days) -> tuple[Reconciled, ...]:
    """Compare the two sides on the city-days where both tables have rows; a lacking feed agrees with nothing."""
    loaded = context.warehouse.versions()
    if not {one.one.table, one.other.table} <= loaded.keys():
        return ()
    sides = [_by_city(context, queries.side_by_day(side, days.first, days.last)) for side in (one.one, one.other)]
    held = [
        _by_city(context, queries.rows_by_day(side.table, days.first, days.last)).keys()
        for side in (one.one, one.other)
    ]
    sums: dict[tuple[str, date], list[float]] = {}
    for city_id, day in held[0] & held[1]:
        if city_id in places:
            found = sums.setdefault((places[city_id].country, day), [0.0, 0.0])
            for number, side in enumerate(sides):
                found[number] += side.get((city_id, day), 0.0)
    return tuple(
        Reconciled(one.name, country, day, first, second) for (country, day), (first, second) in sorted(sums.items())
    )


def _by_city(context: Context, query: object) -> Mapping[CityDay, float]:
    rows = context.warehouse.query(query)  # type: ignore[arg-type] # a query of ours
    parts = (rows.column(name).to_pylist() for name in ("city_id", "business_date", "value"))
    return {(city, day): float(value or 0) for city, day, value in zip(*parts, strict=True) if day is not None}
