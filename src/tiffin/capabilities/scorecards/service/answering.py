"""The numbers of a dashboard, asked in one question for each distinct grouping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.service import MetricResult, Receipt
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.scorecards.domain.answers import TileNumbers
from tiffin.capabilities.scorecards.domain.asking import (
    HISTORY_DAYS,
    WEEK,
    Ask,
    Chosen,
    Reads,
    questions,
    reads_of,
    untold_by,
)
from tiffin.capabilities.scorecards.domain.dashboards import DAY, Against, Dashboard, Form, Tile, aim_for
from tiffin.capabilities.scorecards.service.places import Places
from tiffin.engines.metrics.additivity import is_additive
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import Forbidden, WrongUse
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class DashboardNumbers:
    """All tiles of a dashboard with their numbers; ``requests`` counts the questions that it took."""

    dashboard: Dashboard
    chosen: Chosen
    tiles: tuple[TileNumbers, ...]
    requests: int


@dataclass(frozen=True, slots=True)
class _Told:
    """The answers to one question: rows and receipt by metric, and why a metric is not told."""

    rows: Mapping[str, Mapping[tuple[Any, ...], float | None]]
    currencies: Mapping[tuple[Any, ...], str | None]
    receipts: Mapping[str, Receipt]
    refused: Mapping[str, str]


def answer_dashboard(context: Context, dashboard: Dashboard, chosen: Chosen, places: Places) -> DashboardNumbers:
    """Answer every tile of a dashboard over the rows that the actor may see.

    What the actor is not told, or what cannot be told under the chosen filters, stays in its own tile.
    """
    model = library_of(context.workspace).model
    known = {name: model.resolved[name].dimensions for name in dashboard.metrics}
    reads = reads_of(dashboard, chosen)
    asking = _Asking(context, model, chosen, _currency(dashboard, chosen, places, model))
    told = {ask: asking.ask(ask, names) for ask, names in questions(dashboard, reads, chosen, known).items()}
    cities = len(places.cities_within(country=chosen.country, city_id=chosen.city_id))
    tiles = []
    for tile, read in zip(dashboard.tiles, reads, strict=True):
        untold = tuple(dict.fromkeys(name for metric in tile.metrics for name in untold_by(metric, chosen, known)))
        if untold:
            tiles.append(TileNumbers(tile, untold=untold))
        else:
            tiles.append(_numbers(tile, read, told, chosen, model, cities))
    return DashboardNumbers(dashboard, chosen, tuple(tiles), asking.requests)


class _Asking:
    """Asks the metrics, and counts how often."""

    def __init__(self, context: Context, model: Model, chosen: Chosen, currency: str | None) -> None:
        self._context, self._model, self._chosen, self._currency = context, model, chosen, currency
        self.requests = 0

    def ask(self, ask: Ask, names: tuple[str, ...]) -> _Told:
        """Ask for all metrics together, and one by one only where some of them are refused."""
        try:
            return _told(self._query(ask, names), ask, names)
        except (Forbidden, WrongUse) as error:
            if len(names) == 1:
                return _Told({}, {}, {}, {names[0]: error.said})
        apart = [self.ask(ask, (name,)) for name in names]
        return _Told(
            {name: rows for one in apart for name, rows in one.rows.items()},
            {key: code for one in apart for key, code in one.currencies.items()},
            {name: receipt for one in apart for name, receipt in one.receipts.items()},
            {name: why for one in apart for name, why in one.refused.items()},
        )

    def _query(self, ask: Ask, names: tuple[str, ...]) -> MetricResult:
        self.requests += 1
        has_money = any(self._model.resolved[name].is_money for name in names)
        request = MetricRequest(
            metrics=names,
            by=ask.by,
            where=self._chosen.where,
            days=ask.days,
            currency=self._currency if has_money else None,
        )
        return metrics.query(self._context, request)


def _told(result: MetricResult, ask: Ask, names: Sequence[str]) -> _Told:
    keys = len(ask.by)
    at = {column.name: index for index, column in enumerate(result.columns)}
    rows: dict[str, dict[tuple[Any, ...], float | None]] = {name: {} for name in names}
    for row in result.rows:
        for name in names:
            value = row[at[name]]
            rows[name][row[:keys]] = None if value is None else float(value)
    codes = {row[:keys]: code for row, code in zip(result.rows, result.currencies, strict=False)}
    masked = dict.fromkeys(result.receipt.masked, "masked")
    return _Told(rows, codes, dict.fromkeys(names, result.receipt), masked)


def _currency(dashboard: Dashboard, chosen: Chosen, places: Places, model: Model) -> str | None:
    """Give the currency into which money is converted: none while the chosen places count in one of their own."""
    if not any(model.resolved[name].is_money for name in dashboard.metrics):
        return None
    within = places.cities_within(country=chosen.country, city_id=chosen.city_id)
    return dashboard.currency if len({one.currency for one in within}) > 1 else None


def _numbers(
    tile: Tile, read: Reads, told: Mapping[Ask, _Told], chosen: Chosen, model: Model, cities: int
) -> TileNumbers:
    main = told[read.main]
    refused = next((main.refused[name] for name in tile.metrics if name in main.refused), "")
    receipt = main.receipts.get(tile.metrics[0])
    if refused:
        return TileNumbers(tile, refused=refused, receipt=receipt)
    if tile.form is Form.VALUE:
        return _value(tile, read, told, chosen, model, cities)
    split = _split(tile, main, chosen)
    before = _split(tile, told[read.before], chosen) if read.before else None
    currencies = {key: code for key, code in main.currencies.items() if key in split}
    return TileNumbers(
        tile,
        split=split,
        before=before,
        currency=_only(currencies.values()),
        currencies=currencies,
        receipt=receipt,
    )


def _value(
    tile: Tile, read: Reads, told: Mapping[Ask, _Told], chosen: Chosen, model: Model, cities: int
) -> TileNumbers:
    name, last = tile.metrics[0], chosen.days.last
    main = told[read.main]
    days = told[read.history].rows[name] if read.history and name in told[read.history].rows else {}
    back = max(tile.days or HISTORY_DAYS, 1)
    span = [last - timedelta(days=back - 1 - number) for number in range(back)]
    key = (last,) if read.main.by == (DAY,) else ()
    return TileNumbers(
        tile,
        value=main.rows[name].get(key),
        other=_other(tile, read, told, chosen, model, cities),
        history=tuple((day, days.get((day,))) for day in span),
        currency=_only(main.currencies.values()),
        receipt=main.receipts[name],
    )


def _other(
    tile: Tile, read: Reads, told: Mapping[Ask, _Told], chosen: Chosen, model: Model, cities: int
) -> float | None:
    name = tile.metrics[0]
    if tile.against is Against.WEEK and read.before:
        key = (chosen.days.last - timedelta(days=WEEK),) if read.before.by == (DAY,) else ()
        return told[read.before].rows.get(name, {}).get(key)
    if tile.against in (Against.TARGET, Against.PLAN):
        aim = aim_for(tile, day=chosen.days.last, city_id=chosen.city_id, country=chosen.country)
        if aim is None:
            return None
        # An additive aim is one city's day: over several days or cities it adds up.
        times = len(chosen.days) * (1 if aim.city_id else cities) if is_additive(name, model) else 1
        return aim.value * times
    return None


def _split(tile: Tile, told: _Told, chosen: Chosen) -> Mapping[tuple[Any, ...], tuple[float | None, ...]]:
    keys = dict.fromkeys(key for name in tile.metrics for key in told.rows.get(name, {}))
    found = {key: tuple(told.rows.get(name, {}).get(key) for name in tile.metrics) for key in keys}
    if tile.by == (DAY,):
        first = chosen.days.last - timedelta(days=(tile.days or len(chosen.days)) - 1)
        found = {key: values for key, values in found.items() if key[0] is not None and key[0] >= first}
    return {key: values for key, values in found.items() if any(value is not None for value in values)}


def _only(found: Any) -> str | None:
    codes = {code for code in found if code}
    return codes.pop() if len(codes) == 1 else None
