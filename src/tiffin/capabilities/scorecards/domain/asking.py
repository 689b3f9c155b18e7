"""Which questions a dashboard asks: one for each distinct grouping and span of days, whatever the number of tiles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tiffin.capabilities.scorecards.domain.dashboards import CITY, COUNTRY, DAY, HOUR, Against, Dashboard, Form, Tile
from tiffin.engines.metrics.request import Condition, Operator
from tiffin.kernel.time import Days

HISTORY_DAYS = 15
"""The day itself and two weeks before it: what a small line beside a value shows."""
WEEK = 7

Dimensions = Mapping[str, frozenset[str]]
"""Dimensions of each metric."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a reader chose: a value of some filters, and the business days.

    Parameters
    ----------
    values : mapping of str to str
        By dimension; what is not there is not narrowed.
    """

    values: Mapping[str, str]
    days: Days

    @property
    def where(self) -> tuple[Condition, ...]:
        """The conditions that the choices stand for."""
        return tuple(
            Condition(name, Operator.EQ, (int(value) if name == HOUR else value,))
            for name, value in self.values.items()
        )

    @property
    def city_id(self) -> str | None:
        """The chosen city."""
        return self.values.get(CITY)

    @property
    def country(self) -> str | None:
        """The chosen country."""
        return self.values.get(COUNTRY)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: metrics by some dimensions over some days."""

    by: tuple[str, ...]
    days: Days


@dataclass(frozen=True, slots=True)
class Reads:
    """From which questions a tile takes its numbers.

    Parameters
    ----------
    main : Ask
        The value's, or that of the split.
    before : Ask or None
        The same days of the week before.
    history : Ask or None
        Day by day, for the small line beside a value.
    """

    main: Ask
    before: Ask | None = None
    history: Ask | None = None

    @property
    def asks(self) -> tuple[Ask, ...]:
        """All of them."""
        return tuple(ask for ask in (self.main, self.before, self.history) if ask)


def week_before(days: Days) -> Days:
    """Give the same weekdays as many whole weeks earlier as the days are long."""
    back = timedelta(days=WEEK * -(-len(days) // WEEK))
    return Days(days.first - back, days.last - back)


def reads_of(dashboard: Dashboard, chosen: Chosen) -> tuple[Reads, ...]:
    """Tell from which questions each tile takes its numbers, in the order of the tiles."""
    history = Ask((DAY,), history_days(dashboard, chosen))
    return tuple(_reads(tile, chosen, history) for tile in dashboard.tiles)


def history_days(dashboard: Dashboard, chosen: Chosen) -> Days:
    """Give the days of the one question by day that all tiles share."""
    last = chosen.days.last
    back = max(HISTORY_DAYS, *(tile.days or 0 for tile in dashboard.tiles if tile.by in ((DAY,), ())), 0)
    return Days(min(chosen.days.first, last - timedelta(days=back - 1)), last)


def questions(
    dashboard: Dashboard, reads: tuple[Reads, ...], chosen: Chosen, known: Dimensions
) -> Mapping[Ask, tuple[str, ...]]:
    """Put the tiles' metrics together, one question a grouping; what cannot be narrowed as chosen is not asked."""
    found: dict[Ask, dict[str, None]] = {}
    for tile, read in zip(dashboard.tiles, reads, strict=True):
        for ask in read.asks:
            told = [name for name in tile.metrics if not untold_by(name, chosen, known)]
            if told:
                found.setdefault(ask, {}).update(dict.fromkeys(told))
    return {ask: tuple(names) for ask, names in found.items()}


def untold_by(metric: str, chosen: Chosen, known: Dimensions) -> tuple[str, ...]:
    """Name the chosen filters by which a metric cannot be narrowed."""
    return tuple(name for name in chosen.values if name not in known[metric])


def _reads(tile: Tile, chosen: Chosen, history: Ask) -> Reads:
    if tile.form is Form.VALUE:
        return _value_reads(tile, chosen, history)
    if tile.by == (DAY,):
        return Reads(history)
    days = Days(chosen.days.last - timedelta(days=tile.days - 1), chosen.days.last) if tile.days else chosen.days
    before = Ask(tile.by, week_before(days)) if tile.against is Against.WEEK else None
    return Reads(Ask(tile.by, days), before)


def _value_reads(tile: Tile, chosen: Chosen, history: Ask) -> Reads:
    if len(chosen.days) == 1:
        return Reads(history, history if tile.against is Against.WEEK else None, history)
    before = Ask((), week_before(chosen.days)) if tile.against is Against.WEEK else None
    return Reads(Ask((), chosen.days), before, history)
