"""Where supply falls short of demand over many days of a city, and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tiffin.capabilities.balance.domain.daybook import CityFacts
from tiffin.capabilities.balance.domain.shortfall import (
    LoadStep,
    Shortfalls,
    every_hour,
    load_steps,
    served_in,
    short_hours,
    standing_shortages,
    week_of,
)
from tiffin.capabilities.balance.queries.seen_load import seen_load
from tiffin.capabilities.balance.service import days_of, find_city
from tiffin.capabilities.balance.service.parameters import read_parameters
from tiffin.capabilities.balance.service.reading import read_window
from tiffin.engines.attribution.shapley import FloatArray
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

MOST_DAYS = 400
"""More than a year at once is a question for the metrics, not for a diagnosis."""

Met = tuple[FloatArray, FloatArray]


def shortfalls(
    context: Context,
    city_ids: Sequence[str],
    *,
    first: date | None,
    last: date | None,
    hours: tuple[int, int] | None,
) -> tuple[tuple[Shortfalls, ...], tuple[LoadStep, ...]]:
    """Tell where supply falls short in some cities over their days, and how time grows with load in all of them.

    Parameters
    ----------
    first, last : date or None
        Business days; without one, as far as facts reach, and at most the last 400 days of them.
    hours : (int, int) or None
        First and last local hour, both included; None for all.

    Raises
    ------
    NotFound
        There is no such city, or it has no facts on these days.
    Forbidden
        The actor's grants do not cover a city.
    """
    asked = every_hour(hours)
    found, met = [], []
    for city_id in city_ids:
        city = find_city(context, city_id)
        days = _days(context, city_id, first, last)
        context.unit.reading.add(("report:daybook",), first=days[0], last=days[-1], places=(city_id,))
        met.append(_met(context, city_id, days, asked))
        found.append(replace(_one_city(context, city, days, asked), load=load_steps(*met[-1])))
    together = load_steps(*(np.concatenate(side) for side in zip(*met, strict=True)))
    return tuple(found), together


def _days(context: Context, city_id: str, first: date | None, last: date | None) -> tuple[date, ...]:
    known = [d.day for d in days_of(context, city_id)]
    days = [day for day in known if (first is None or day >= first) and (last is None or day <= last)]
    if not days:
        raise NotFound(Message("Facts of {city} on these days were expected, and there are none.", city=city_id))
    return tuple(days[-MOST_DAYS:])


def _one_city(context: Context, city: CityFacts, days: Sequence[date], hours: Sequence[int]) -> Shortfalls:
    floor = read_parameters(context.workspace, days[-1]).coverage_floor
    window = read_window(context, city_id=city.city_id, days=days, cutoff_min=city.cutoff_min, timezone=city.timezone)
    served = served_in(window.grid, hours=hours, floor=floor)
    return Shortfalls(
        city=city,
        first=days[0],
        last=days[-1],
        coverage_floor=floor,
        hours=int((served.wanted > 0).sum()),
        short=short_hours(served),
        standing=standing_shortages(served),
        week=week_of(served),
        load=(),
    )


def _met(context: Context, city_id: str, days: Sequence[date], hours: Sequence[int]) -> Met:
    query = seen_load(city_id=city_id, days=days, hours=hours, dialect=context.warehouse.dialect)
    rows = context.warehouse.query(query)
    load, seconds = (np.array(rows[name].to_pylist(), dtype=float) for name in ("load", "seconds"))
    return load, seconds
