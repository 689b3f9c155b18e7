"""Checks that look at days: whether they came, are as large as usual, agree with a second source, hold usual values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tiffin.capabilities.quality.domain import Parameters, Reconciliation
from tiffin.capabilities.quality.domain.checks import Result, Status, TableCheck
from tiffin.capabilities.quality.queries import checking
from tiffin.capabilities.quality.service.days import Place, countries_of, deadline, last_day, places
from tiffin.capabilities.quality.service.parameters import read_parameters
from tiffin.capabilities.quality.service.reconciling import reconcile
from tiffin.capabilities.quality.service.watching import Calendar, calendar_of
from tiffin.engines.anomalies.checks import CheckSettings, Watched, unexpected
from tiffin.engines.anomalies.drift import DriftSettings, drifts
from tiffin.engines.anomalies.festivals import weights_of
from tiffin.engines.anomalies.forecast import Nature, Series
from tiffin.kernel.contract import LogicalType, TableContract
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store

LEAST_ROWS = 20
"""A place with fewer rows on its middle day is too small to tell a fault from chance."""

FRESH_WITHIN = timedelta(days=3)
"""A table whose newest day was no older than this when it was loaded last is fed day by day."""

VOLUME = CheckSettings(rate=3e-5, least_effect=0.3)
"""A day of a city is smaller than a country's, and a quarter more or less of it is everyday business."""

DRIFT_DAYS = 84
_SIMULATED = "SELECT city_id FROM cities WHERE is_simulated"
CityDay = tuple[str, date]


@dataclass(slots=True)
class Ground:
    """What the checks of days stand on; calendars are made once for all tables."""

    context: Context
    parameters: Parameters
    places: Mapping[str, Place]
    simulated: frozenset[str]
    last: date | None
    calendars: dict[tuple[str, Days], Calendar]

    def calendar(self, country: str, span: Days) -> Calendar:
        """Give the calendar of a country."""
        if (country, span) not in self.calendars:
            cities = [one for one in self.places.values() if one.country == country]
            self.calendars[country, span] = calendar_of(self.context, country, cities, span)
        return self.calendars[country, span]

    @property
    def looked_at(self) -> Days | None:
        """Give the days on which results are told."""
        if self.last is None:
            return None
        return Days(self.last - timedelta(days=self.parameters.looked_at_days - 1), self.last)


def ground_of(context: Context) -> Ground:
    """Gather what the checks of days stand on."""
    simulated = frozenset(context.warehouse.query_text(_SIMULATED).column("city_id").to_pylist())
    by_id = {one.city_id: one for one in places(context)}
    parameters = read_parameters(context.workspace, context.now.date())
    return Ground(context, parameters, by_id, simulated, last_day(context), {})


def rows_by_day(context: Context, table: str) -> Mapping[CityDay, int]:
    """Count a table's rows by city and business day."""
    found = context.warehouse.query(checking.rows_of_days(table))
    parts = (found.column(name).to_pylist() for name in ("city_id", "business_date", "value"))
    return {(city, day): int(rows) for city, day, rows in zip(*parts, strict=True) if city and day}


def look_at_freshness(
    ground: Ground, checks: Sequence[TableCheck], rows: Mapping[CityDay, int], known: frozenset[tuple[str, str]]
) -> Iterator[Result]:
    """Look whether the days that should be there have come, in countries whose days come as they pass.

    Parameters
    ----------
    known : frozenset of (str, str)
        Check and country of earlier judgements: what was once watched stays watched.
    """
    context = ground.context
    real = [one for one in ground.places.values() if one.city_id not in ground.simulated]
    for check in checks:
        commits = open_store(context.workspace).history(check.table)
        loaded = max((one.at for one in commits), default=None)
        for country, cities in countries_of(real).items():
            ids = {one.city_id for one in cities}
            newest = max((day for city, day in rows if city in ids), default=None)
            if newest is None or loaded is None:
                continue
            is_fed = newest >= loaded.date() - FRESH_WITHIN or (check.name, country) in known
            due = _due(context, cities, check.ready_by)
            status = Status.UNMEASURED if not is_fed else Status.PASSED if newest >= due else Status.FAILED
            late = max((due - newest).days, 0)
            first, until = (newest + timedelta(days=1), due) if status is Status.FAILED else (due, due)
            yield Result(
                check.name, check.table, check.kind, status, country=country, day=first, until=until,
                value=float(late), threshold=0.0, rows_checked=sum(rows.get((city, newest), 0) for city in ids),
            )  # fmt: skip


def _due(context: Context, cities: Sequence[Place], ready_by: str) -> date:
    day = context.now.date()
    while deadline(cities, day, ready_by) > context.now:
        day -= timedelta(days=1)
    return day


def look_at_volume(ground: Ground, checks: Sequence[TableCheck], rows: Mapping[CityDay, int]) -> Iterator[Result]:
    """Hold the rows of each city's days against the forecast from the days before."""
    looked_at = ground.looked_at
    if not checks or looked_at is None or not rows:
        return
    first = max(min(day for _, day in rows), looked_at.last - timedelta(days=ground.parameters.history_days - 1))
    if first > looked_at.last:
        return
    span = Days(first, looked_at.last)
    watched = list(_watched(ground, checks[0].table, rows, span, VOLUME.model.warm_up))
    found = {(one.city_id, one.day): one for one in unexpected(watched, VOLUME)}
    for check in checks:
        for series in watched:
            for day, value in zip(series.series.days, series.series.values, strict=True):
                if day not in looked_at or not np.isfinite(value):
                    continue
                hit = found.get((series.city_id, day))
                yield Result(
                    check.name, check.table, check.kind, Status.FAILED if hit else Status.PASSED,
                    country=series.country, city_id=series.city_id or "", day=day, until=day, value=float(value),
                    threshold=hit.expected if hit else None, rows_checked=int(value),
                )  # fmt: skip


def _watched(ground: Ground, table: str, rows: Mapping[CityDay, int], span: Days, warm_up: int) -> Iterator[Watched]:
    by_city: dict[str, dict[date, int]] = {}
    for (city, day), count in rows.items():
        if city in ground.places and day in span:
            by_city.setdefault(city, {})[day] = count
    for city in sorted(by_city):
        counts = by_city[city]
        if len(counts) <= warm_up or float(np.median([*counts.values()])) < LEAST_ROWS:
            continue
        begins, ends = min(counts), max(counts)
        calendar = ground.calendar(ground.places[city].country, span)
        # A day without rows between days with rows is nought; before the first and after the last nobody knows.
        values = np.array([float(counts.get(day, 0)) if begins <= day <= ends else np.nan for day in calendar.days])
        series = Series(Nature.COUNT, calendar.days, values, weights_of(calendar.marks))
        yield Watched(table, ground.places[city].country, city, series)


def look_at_values(ground: Ground, contract: TableContract, checks: Sequence[TableCheck]) -> Iterator[Result]:
    """Hold the shares of each column's values in a city's days against those of the days before."""
    looked_at = ground.looked_at
    if looked_at is None:
        return
    span = Days(looked_at.first - timedelta(days=DRIFT_DAYS), looked_at.last)
    for check in checks:
        for city, counts in _values(ground.context, contract, check.columns[0], span).items():
            if city not in ground.places:
                continue
            country = ground.places[city].country
            calendar = ground.calendar(country, span)
            for one in drifts(counts, calendar.sorts, DriftSettings()):
                day = calendar.days[one.day]
                if day in looked_at:
                    rows = int(counts[one.day].sum())
                    yield Result(
                        check.name, check.table, check.kind, Status.FAILED if one.is_drifted else Status.PASSED,
                        country=country, city_id=city, day=day, until=day, value=one.distance,
                        threshold=DriftSettings().least_effect, rows_checked=rows,
                        rows_broken=round(one.distance * rows) if one.is_drifted else 0,
                    )  # fmt: skip


def _values(
    context: Context, contract: TableContract, column: str, span: Days
) -> Mapping[str, np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    is_number = contract.column(column).type in (LogicalType.INTEGER, LogicalType.NUMBER)
    query = checking.values_of_days(contract.name, column, is_number=is_number, first=span.first)
    found = context.warehouse.query(query)
    parts = (found.column(name).to_pylist() for name in ("city_id", "business_date", "held", "value"))
    rows = [one for one in zip(*parts, strict=True) if one[0] and one[1] is not None and one[1] in span]
    places_of = {value: number for number, value in enumerate(sorted({row[2] for row in rows}))}
    counts: dict[str, np.ndarray[tuple[int, int], np.dtype[np.float64]]] = {}
    for city, day, value, times in rows:
        table = counts.setdefault(city, np.zeros((len(span), len(places_of))))
        table[(day - span.first).days, places_of[value]] += times
    return counts


def look_at_sides(ground: Ground, checks: Sequence[TableCheck]) -> Iterator[Result]:
    """Compare two sources of the same number by country and day."""
    looked_at = ground.looked_at
    for check in checks:
        if looked_at is None or check.one is None or check.other is None:
            continue
        pair = Reconciliation(check.name, check.label, (), check.one, check.other)
        for one in reconcile(ground.context, pair, ground.places, looked_at):
            status = Status.FAILED if one.difference > check.allowed else Status.PASSED
            yield Result(
                check.name, check.table, check.kind, status, country=one.country, day=one.day, until=one.day,
                value=one.difference, threshold=check.allowed, rows_checked=int(max(one.one, one.other)),
                rows_broken=int(abs(one.one - one.other)) if status is Status.FAILED else 0,
            )  # fmt: skip
