"""Use cases of scorecards: the headline figures of a city's day, each a governed metric against its own history."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.service import MetricResult
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.metrics.service.footprints import CityRecord
from tiffin.capabilities.scorecards.domain import (
    Baseline,
    CityOverview,
    FigureRule,
    HeadlineFigure,
    OverviewFigure,
    last_day,
    supported,
    usual_of,
)
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import place_of, read_yaml
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "dashboards"
MONEY = "money"
OVERVIEW_DAYS = 15
"""The day itself and two weeks before it."""
OVERVIEW_FIGURES = 4


def headline(
    context: Context, *, city_id: str, day: date, baseline: Baseline, currency: str
) -> tuple[HeadlineFigure, ...]:
    """Give a city's headline figures of a day against the days it is compared with: those that its facts support."""
    rules = read_dashboard(context.workspace, "daybook")
    names = sorted({name for rule in rules for name in (rule.metric, rule.needs) if name})
    days = (day, *baseline.days)
    request = MetricRequest(
        metrics=tuple(names),
        by=("business_date",),
        where=(Condition("city_id", Operator.EQ, (city_id,)), Condition("business_date", Operator.IN, days)),
        days=Days(min(days), max(days)),
    )
    values = _by_day(metrics.query(context, request), names, days)
    return tuple(_figure(context, rule, values[rule.metric], currency) for rule in rules if supported(rule, values))


def overview(context: Context) -> tuple[CityOverview, ...]:
    """Give the last business day of each city that the actor may see, with the figures that its facts support."""
    cities = {city.city_id: city for city in visible_cities(context)}
    if not cities:
        return ()
    rules = read_dashboard(context.workspace, "home")
    names = sorted({name for rule in rules for name in (rule.metric, rule.needs) if name})
    result = metrics.query(context, MetricRequest(metrics=tuple(names), by=("city_id", "business_date")))
    columns = [column.name for column in result.columns]
    rows: dict[str, dict[date, Mapping[str, Any]]] = {city_id: {} for city_id in cities}
    for row in (dict(zip(columns, values, strict=True)) for values in result.rows):
        if row["city_id"] in rows and row["business_date"] is not None:
            rows[row["city_id"]][row["business_date"]] = row
    found = (_overview_of(context, cities[city_id], rules, by_day) for city_id, by_day in rows.items())
    return tuple(one for one in found if one is not None)


def _overview_of(
    context: Context, city: CityRecord, rules: Sequence[FigureRule], rows: Mapping[date, Mapping[str, Any]]
) -> CityOverview | None:
    last = last_day(rows, [rule.metric for rule in rules])
    if last is None:
        return None
    days = [day for day in sorted(rows) if day <= last][-OVERVIEW_DAYS:]
    names = {name for rule in rules for name in (rule.metric, rule.needs) if name}
    newest_first = {name: [_plain(rows[day][name]) for day in reversed(days)] for name in names}
    shown = [rule for rule in rules if supported(rule, newest_first)][:OVERVIEW_FIGURES]
    figures = tuple(
        OverviewFigure(
            _figure(context, rule, newest_first[rule.metric], city.currency), tuple(reversed(newest_first[rule.metric]))
        )
        for rule in shown
    )
    return CityOverview(city.city_id, city.name, city.country, city.is_simulated, tuple(days), figures)


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)


def _by_day(result: MetricResult, names: Sequence[str], days: Sequence[date]) -> Mapping[str, list[float | None]]:
    at = {column.name: index for index, column in enumerate(result.columns)}
    rows = {row[at["business_date"]]: row for row in result.rows}
    return {name: [_number(rows.get(day), at[name]) for day in days] for name in names}


def _number(row: Sequence[Any] | None, column: int) -> float | None:
    return None if row is None or row[column] is None else float(row[column])


def _figure(context: Context, rule: FigureRule, values: Sequence[float | None], currency: str) -> HeadlineFigure:
    metric = metrics.find_metric(context, rule.metric)
    return HeadlineFigure(
        metric=metric.name,
        version=str(metric.version.number),
        label=dict(metric.label.texts),
        unit=str(metric.unit),
        direction=str(metric.direction),
        value=values[0],
        usual=usual_of(values[1:]),
        currency=currency if metric.unit == MONEY else None,
    )


def read_dashboard(workspace: Workspace, name: str) -> tuple[FigureRule, ...]:
    """Read a dashboard: the workspace's ``dashboards/<name>.yaml``, else the shipped one.

    Raises
    ------
    InvalidDefinition
        The file does not list figures with a metric each.
    """
    own = workspace.overlay("dashboards") / f"{name}.yaml"
    path = own if own.is_file() else SHIPPED / f"{name}.yaml"
    found = read_yaml(path)
    listed = found.get("figures") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not listed:
        raise InvalidDefinition(f"{path} must list its `figures`, each with a `metric`. Add at least one.")
    return tuple(_rule(path, found, entry) for entry in listed)


def _rule(path: Path, found: Mapping[str, Any], entry: Any) -> FigureRule:
    if not isinstance(entry, dict) or not isinstance(entry.get("metric"), str):
        raise InvalidDefinition(f"{place_of(path, found, 'figures')}: a figure needs a `metric`; found {entry!r}.")
    needs = entry.get("needs")
    return FigureRule(entry["metric"], str(needs) if needs else None)
