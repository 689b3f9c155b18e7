"""The sums of a wave: one metric's two parts, where the remedy is and where it is held out."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from tiffin.capabilities.balance.domain.roll_out import DAY_MIN, HOUR_MIN, Holdout, Plan
from tiffin.capabilities.balance.domain.roll_out_holdouts import is_unit_held_out, zones_held_out
from tiffin.capabilities.balance.models.roll_outs import RollOutCity, RollOutRecord
from tiffin.capabilities.balance.service.roll_outs.cities import days_on
from tiffin.capabilities.balance.service.roll_outs.records import city_rows, places_in, plan_in
from tiffin.capabilities.experiments.domain.sums import Sums
from tiffin.capabilities.metrics.service.parts import GroupParts, parts_by
from tiffin.engines.metrics.request import Condition, Operator
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

HISTORY_DAYS = 28
DIMENSION = {Holdout.MERCHANT: "merchant_id", Holdout.RIDER: "rider_id"}
On = Mapping[str, frozenset[date]]


def rows_of_wave(context: Context, record: RollOutRecord) -> dict[str, RollOutCity]:
    """Give the cities of the wave that runs or ran last."""
    return {city: row for city, row in city_rows(context, record).items() if row.wave == record.wave}


def days_of_wave(rows: Mapping[str, RollOutCity], through: date) -> On:
    """Give the whole business days on which the remedy was on in each city of a wave."""
    return {city: days_on(row, through) for city, row in rows.items()}


def sums_of_wave(context: Context, record: RollOutRecord, metric: str, on: On) -> Sums:
    """Add up one metric over the days on which the remedy was on.

    Raises
    ------
    WrongUse
        The metric is no sum, mean or ratio of sums, or not kept so.
    Forbidden
        The actor may not see what it is made of.
    """
    plan, days = plan_in(record), sorted(set().union(*on.values()))
    cities = tuple(city for city in on if on[city])
    if not days:
        return _empty()
    span = Days(days[0], days[-1])
    if plan.holdout is Holdout.ZONE:
        return _by_window(context, record, metric, on, cities, span)
    return _by_unit(context, plan, metric, on, cities, span)


def _by_window(
    context: Context, record: RollOutRecord, metric: str, on: On, cities: tuple[str, ...], span: Days
) -> Sums:
    plan, rows = plan_in(record), rows_of_wave(context, record)
    cutoff = {place.city_id: place.cutoff_min for place in places_in(record)}
    added: dict[tuple[str, str, date, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for part in _parts(context, metric, ("city_id", "zone_id", "business_date", "local_hour"), cities, span):
        city, zone, day, hour = part.key
        if day in on[city] and zone in rows[city].zones:
            window = (hour * HOUR_MIN - cutoff[city]) % DAY_MIN // plan.window_min
            cell = added[city, zone, day, window]
            cell[0] += part.above
            cell[1] = 1.0 if part.below is None else cell[1] + part.below
    return _laid_out(plan, {city: rows[city].zones for city in cities}, added, span.first)


def _laid_out(
    plan: Plan,
    zones: Mapping[str, list[str]],
    added: Mapping[tuple[str, str, date, int], list[float]],
    first: date,
) -> Sums:
    cells = sorted(added)
    if not cells:
        return _empty()
    per_day = DAY_MIN // plan.window_min
    strata: dict[tuple[str, date, int], int] = {}
    stratum = [strata.setdefault((city, day, window), len(strata)) for city, _, day, window in cells]
    out = {key: zones_held_out(plan, key[0], zones[key[0]], key[1], key[2]) for key in strata}
    values = np.array([added[cell] for cell in cells], dtype=np.float64)
    return Sums(
        names=tuple(f"{city}/{zone}" for city, zone, _, _ in cells),
        arm=np.array([zone not in out[city, day, window] for city, zone, day, window in cells], dtype=np.int64),
        numerator=values[:, 0],
        denominator=values[:, 1],
        stratum=np.array(stratum, dtype=np.int64),
        window=np.array([(day - first).days * per_day + window for _, _, day, window in cells], dtype=np.int64),
    )


def _by_unit(context: Context, plan: Plan, metric: str, on: On, cities: tuple[str, ...], span: Days) -> Sums:
    by = ("city_id", DIMENSION[plan.holdout])
    now: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for part in _parts(context, metric, (*by, "business_date"), cities, span):
        city, unit, day = part.key
        if unit and day in on[city]:
            cell = now[f"{city}/{unit}"]
            cell[0] += part.above
            cell[1] = 1.0 if part.below is None else cell[1] + part.below
    names = sorted(now)
    if not names:
        return _empty()
    earlier = Days(span.first - timedelta(days=HISTORY_DAYS), span.first - timedelta(days=1))
    past = {"/".join(map(str, part.key)): (part.above, 1.0 if part.below is None else part.below)
            for part in _parts(context, metric, by, cities, earlier)}  # fmt: skip
    values = np.array([now[name] for name in names], dtype=np.float64)
    before = np.array([past.get(name, (0.0, 0.0)) for name in names], dtype=np.float64)
    return Sums(
        names=tuple(names),
        arm=np.array([not is_unit_held_out(plan, name) for name in names], dtype=np.int64),
        numerator=values[:, 0],
        denominator=values[:, 1],
        stratum=np.zeros(len(names), dtype=np.int64),
        before=before if past else None,
    )


def _parts(
    context: Context, metric: str, by: tuple[str, ...], cities: tuple[str, ...], days: Days
) -> tuple[GroupParts, ...]:
    return parts_by(context, metric, by, where=(Condition("city_id", Operator.IN, cities),), days=days)


def _empty() -> Sums:
    nothing, none = np.zeros(0), np.zeros(0, dtype=np.int64)
    return Sums((), none, nothing, nothing, none, window=none)
