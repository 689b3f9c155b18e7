"""The sums of a trial: one metric's two parts for each unit or window, with the arm that it had."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from tiffin.capabilities.experiments.domain.sums import Sums
from tiffin.capabilities.experiments.domain.trial import Design, Trial, Unit
from tiffin.capabilities.experiments.models import TrialExposure, TrialRecord
from tiffin.capabilities.experiments.service.places import Place
from tiffin.capabilities.experiments.service.records import places_in, trial_in
from tiffin.capabilities.metrics.service.parts import parts_by
from tiffin.engines.experiments.assigning.allocation import arms_of
from tiffin.engines.experiments.assigning.windows import DAY_MIN, is_treated
from tiffin.engines.metrics.request import Condition, Operator
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

HOUR_MIN = 60
HISTORY_DAYS = 28


def sums_of(context: Context, record: TrialRecord, metric: str, through: date, *, cities: tuple[str, ...] = ()) -> Sums:
    """Add up one metric of a trial from its first day through another.

    Parameters
    ----------
    cities : tuple of str
        Only in these; none for all of the trial's.

    Raises
    ------
    WrongUse
        The metric is no sum, mean or ratio of sums, or not kept by the trial's unit.
    Forbidden
        The actor may not see what it is made of.
    """
    trial, places = trial_in(record), places_in(record)
    trial = replace(trial, cities=cities) if cities else trial
    days = Days(trial.first, through)
    if trial.design is Design.SWITCHBACK:
        return _windows(context, trial, places, metric, days)
    return _units(context, record, trial, metric, days)


def where_of(trial: Trial) -> tuple[Condition, ...]:
    """Give the rows that a trial is about."""
    cities = (Condition("city_id", Operator.IN, trial.cities),)
    return (*cities, Condition("zone_id", Operator.IN, trial.zones)) if trial.zones else cities


def _windows(context: Context, trial: Trial, places: Sequence[Place], metric: str, days: Days) -> Sums:
    by = ("city_id", *(("zone_id",) if trial.unit is Unit.ZONE else ()), "business_date", "local_hour")
    hours = {place.city_id: place.cutoff_min for place in places}
    added: dict[tuple[str, int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for part in parts_by(context, metric, by, where=where_of(trial), days=days):
        area = "/".join(str(one) for one in part.key[:-2])
        day = (part.key[-2] - trial.first).days
        minute = (part.key[-1] * HOUR_MIN - hours[part.key[0]]) % DAY_MIN
        window, since = divmod(minute, trial.window_min)
        if since >= trial.washout_min:
            cell = added[area, day, window]
            cell[0] += part.above
            cell[1] = 1.0 if part.below is None else cell[1] + part.below
    return _as_sums(trial, added)


def _as_sums(trial: Trial, added: Mapping[tuple[str, int, int], Sequence[float]]) -> Sums:
    schedule = trial.schedule()
    cells = sorted(added)
    strata: dict[tuple[str, int, int], int] = {}
    stratum = [strata.setdefault((area, day // 2, window), len(strata)) for area, day, window in cells]
    values = np.array([added[cell] for cell in cells], dtype=np.float64).reshape(-1, 2)
    arms = [int(is_treated(schedule, *cell)) for cell in cells]
    names = tuple(area for area, _, _ in cells)
    return Sums(
        names=names,
        arm=np.array(arms, dtype=np.int64),
        numerator=values[:, 0],
        denominator=values[:, 1],
        stratum=np.array(stratum, dtype=np.int64),
        window=np.array([day * schedule.per_day + window for _, day, window in cells], dtype=np.int64),
    )


def _units(context: Context, record: TrialRecord, trial: Trial, metric: str, days: Days) -> Sums:
    if trial.unit not in DIMENSIONS:
        raise WrongUse(
            Message(
                "Metrics are not kept by customer, so a trial over customers is read out of a file: "
                "`tiffin experiments read`."
            )
        )
    names, now = _parts_by_unit(context, trial, metric, days)
    arms = _arms(context, record, trial, names)
    taking = [number for number, arm in enumerate(arms) if arm is not None]
    order = {arm.name: number for number, arm in enumerate(trial.arms)}
    earlier = Days(trial.first - timedelta(days=HISTORY_DAYS), trial.first - timedelta(days=1))
    past = dict(zip(*_parts_by_unit(context, trial, metric, earlier), strict=True))
    before = np.array([past.get(names[number], (0.0, 0.0)) for number in taking], dtype=np.float64).reshape(-1, 2)
    values = np.array([now[number] for number in taking], dtype=np.float64).reshape(-1, 2)
    return Sums(
        names=tuple(names[number] for number in taking),
        arm=np.array([order[arms[number] or ""] for number in taking], dtype=np.int64),
        numerator=values[:, 0],
        denominator=values[:, 1],
        stratum=np.zeros(len(taking), dtype=np.int64),
        before=before if past else None,
    )


def _parts_by_unit(
    context: Context, trial: Trial, metric: str, days: Days
) -> tuple[list[str], list[tuple[float, float]]]:
    parts = parts_by(context, metric, DIMENSIONS[trial.unit], where=where_of(trial), days=days)
    known = [part for part in parts if all(part.key)]
    names = ["/".join(part.key) for part in known]
    return names, [(part.above, 1.0 if part.below is None else part.below) for part in known]


def _arms(context: Context, record: TrialRecord, trial: Trial, names: Sequence[str]) -> list[str | None]:
    """Give the arms of units that facts name: those that were given, else those that would be."""
    given = {
        row.unit: row.arm
        for row in context.session.query(TrialExposure).filter(TrialExposure.trial_id == record.trial_id)
    }
    drawn = arms_of(trial.allocation(), names)
    return [given.get(name, arm) for name, arm in zip(names, drawn, strict=True)]


DIMENSIONS: Mapping[Unit, tuple[str, ...]] = {
    Unit.RIDER: ("rider_id",),
    Unit.MERCHANT: ("merchant_id",),
    Unit.ZONE: ("city_id", "zone_id"),
    Unit.CITY: ("city_id",),
}
