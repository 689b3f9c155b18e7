"""The morning sheet of a city: made of its dashboard, its trees, its cases and promises, and the days like today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import CaseFilter, CaseSummary
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.domain.comparing import Against as TreeAgainst
from tiffin.capabilities.metrics.domain.comparing import Comparison as TreeComparison
from tiffin.capabilities.metrics.service.cities import unseen_city
from tiffin.capabilities.metrics.service.decomposing import DecompositionRequest, decompose
from tiffin.capabilities.metrics.service.footprints import CityRecord
from tiffin.capabilities.scorecards.domain import CalendarDay, Standing, choose_baseline
from tiffin.capabilities.scorecards.domain.answers import TileNumbers
from tiffin.capabilities.scorecards.domain.asking import Chosen
from tiffin.capabilities.scorecards.domain.sheets import Expectation, Reason, expected, largest
from tiffin.capabilities.scorecards.domain.standing import Stood
from tiffin.capabilities.scorecards.service.answering import answer_dashboard
from tiffin.capabilities.scorecards.service.choosing import chosen_on
from tiffin.capabilities.scorecards.service.drawing import TileView
from tiffin.capabilities.scorecards.service.library import find_dashboard
from tiffin.capabilities.scorecards.service.places import hour_name, places_of
from tiffin.capabilities.scorecards.service.snapshots import tile_styles
from tiffin.capabilities.scorecards.service.viewing import drawer_for, trees_of
from tiffin.capabilities.scorecards.service.words import PROMISES
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import TiffinError
from tiffin.kernel.places import City
from tiffin.kernel.time import Days
from tiffin.runtime.calendar import city_days
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import isolate, translate
from tiffin.web.measures import show_change
from tiffin.web.templating import render

DASHBOARD = "city_morning"
_CITY = "SELECT city_id, name, country, timezone, cutoff_min, weekend, currency FROM cities WHERE city_id = ?"


@dataclass(frozen=True, slots=True)
class Missed:
    """A figure that stands worse, with the parts that carry the change and where to read on."""

    tile: TileView
    reasons: tuple[str, ...]
    tree: str


@dataclass(frozen=True, slots=True)
class MorningSheet:
    """Everything of the sheet, in the reader's language.

    Parameters
    ----------
    promises : mapping of str to int
        How many of its numbers keep their targets, miss them, or are not settled yet.
    """

    city: CityRecord
    city_name: str
    day: date
    today: date
    tiles: tuple[TileView, ...]
    missed: tuple[Missed, ...]
    incidents: tuple[CaseSummary, ...]
    promises: Mapping[str, int]
    expects: Expectation | None
    hours: tuple[str, ...]
    daybook: str
    simulated: bool


def morning_sheet(context: Context, city_id: str, *, day: date | None = None) -> MorningSheet:
    """Make the sheet of a city for the morning after a business day; the last day with facts where none is said.

    Raises
    ------
    NotFound
        There is no such city that the actor may see.
    """
    places = places_of(context)
    if city_id not in places.cities:
        raise unseen_city(city_id)
    dashboard = find_dashboard(context, DASHBOARD)
    raw = {"city_id": city_id} | ({"first": day.isoformat(), "last": day.isoformat()} if day else {})
    chosen = chosen_on(context, dashboard, places, raw)
    told = answer_dashboard(context, dashboard, chosen, places)
    drawer = drawer_for(context, places, city_id)
    tiles = tuple(drawer.draw(number, one) for number, one in enumerate(told.tiles, start=1))
    last, city = chosen.days.last, places.cities[city_id]
    expects = _expectation(context, city_id, last + timedelta(days=1))
    return MorningSheet(
        city=city,
        city_name=translate(context.locale, city.name),
        day=last,
        today=last + timedelta(days=1),
        tiles=tiles,
        missed=_missed(context, told.tiles, tiles, chosen),
        incidents=_incidents(context, city),
        promises=_promises(told.tiles),
        expects=expects,
        hours=tuple(isolate(hour_name(hour, context.locale)) for hour in (expects.busiest if expects else ())),
        daybook=f"/daybooks/{city_id}/{last}",
        simulated=city.is_simulated,
    )


def sheet_file(context: Context, sheet: MorningSheet) -> str:
    """Write the sheet as a self-contained file that prints on one page."""
    words = {key: translate(context.locale, said) for key, said in PROMISES.items()}
    return render(
        "scorecards/morning_file.html",
        context.locale,
        sheet=sheet,
        words=words,
        simulated=sheet.simulated,
        styles=tile_styles(),
        made_at=context.now,
    )


def write_sheet(context: Context, sheet: MorningSheet, out: Path | None = None) -> Path:
    """Write the sheet into a file, by default into the workspace's ``.tiffin/morning``."""
    folder = context.workspace.state / "morning" / sheet.city.city_id
    path = out or folder / f"{sheet.day}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sheet_file(context, sheet), encoding="utf-8")
    return path


def _missed(
    context: Context, told: tuple[TileNumbers, ...], tiles: tuple[TileView, ...], chosen: Chosen
) -> tuple[Missed, ...]:
    names = tuple(one.tile.metrics[0] for one in told)
    trees = trees_of(context, names)
    found = []
    for numbers, view in zip(told, tiles, strict=True):
        metric = metrics.find_metric(context, view.metric)
        stood = Stood(numbers.value, numbers.other, metric.direction)
        if stood.standing is not Standing.WORSE or stood.change is None:
            continue
        days = {"first": chosen.days.first.isoformat(), "last": chosen.days.last.isoformat()}
        tree = trees.get(view.metric, "")
        asked = urlencode({"at": view.metric, "city": chosen.city_id, "against": "week", **days})
        link = f"/metrics/trees/{tree}?{asked}" if tree else ""
        found.append((abs(stood.relative or 0.0), Missed(view, _reasons(context, view.metric, tree, chosen), link)))
    return tuple(one for _, one in sorted(found, key=lambda pair: -pair[0]))


def _reasons(context: Context, metric: str, tree: str, chosen: Chosen) -> tuple[str, ...]:
    """Name the parts that carry a number's change since the week before, with how much each carries."""
    if not tree:
        return ()
    against = TreeAgainst(TreeComparison.WEEK)
    try:
        found = decompose(context, DecompositionRequest(tree, chosen.where, chosen.days, against, at=metric))
    except TiffinError:
        return ()
    root = found.parts[0]
    parts = [Reason(one.metric, float(one.to_parent)) for one in found.parts if one.parent == metric and one.to_parent]
    unit = metrics.find_metric(context, metric).unit
    return tuple(
        f"{metrics.find_metric(context, one.metric).label.text(context.locale)} "
        f"({show_change(one.contribution, unit, context.locale, currency=found.currency)})"
        for one in largest(parts, change=float(root.change or 0))
    )


def _incidents(context: Context, city: CityRecord) -> tuple[CaseSummary, ...]:
    """List the open cases of the city, and those of its whole country."""
    own = cases.list_cases(context, CaseFilter(city_id=city.city_id))
    whole = cases.list_cases(context, CaseFilter(country=city.country))
    return tuple({one.case_id: one for one in (*own, *(one for one in whole if one.city_id is None))}.values())


def _promises(told: tuple[TileNumbers, ...]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for one in told:
        # A metric that is masked for the reader stands in no receipt.
        known = one.receipt.metrics.get(one.tile.metrics[0]) if one.receipt is not None else None
        if known is not None:
            status = str(known["promise"])
            found[status] = found.get(status, 0) + 1
    return found


def _expectation(context: Context, city_id: str, today: date) -> Expectation | None:
    row = context.warehouse.query_text(_CITY, [city_id]).to_pylist()[0]
    weekend = tuple(int(one) for one in str(row["weekend"] or "6,7").split(","))
    city = City(city_id, row["name"], row["country"], row["timezone"], row["cutoff_min"] or 0, weekend, row["currency"])
    is_city = Condition("city_id", Operator.EQ, (city_id,))
    span = Days(today - timedelta(days=56), today - timedelta(days=1))
    answer = metrics.query(context, MetricRequest(("orders",), by=("business_date",), where=(is_city,), days=span))
    orders = {day: float(value) for day, value in answer.rows if day is not None and value}
    calendar = {day.day: day for day in _calendar(city, Days(span.first, today))}
    alike = choose_baseline(calendar[today], [calendar[day] for day in orders]).days
    if not alike:
        return None
    on_days = Condition("business_date", Operator.IN, alike)
    hours = metrics.query(context, MetricRequest(("orders",), by=("local_hour",), where=(is_city, on_days)))
    by_hour = {int(hour): float(value) for hour, value in hours.rows if hour is not None and value}
    known = calendar[today]
    return expected({day: orders[day] for day in alike}, by_hour, holiday=known.holiday, is_ramadan=known.is_ramadan)


def _calendar(city: City, days: Days) -> list[CalendarDay]:
    rows = city_days(city, days).to_pylist()
    return [
        CalendarDay(row["business_date"], bool(row["is_weekend"]), bool(row["is_ramadan"]), row["holiday"])
        for row in rows
    ]
