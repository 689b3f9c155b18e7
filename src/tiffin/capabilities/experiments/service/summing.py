"""The sums of a trial: one metric's two parts for each unit or window, with the arm that it had.

Parts of a trial are added up alike: its sums in each zone, for each vehicle, on each day.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import select

from tiffin.capabilities.experiments.domain.sums import Floats, Sums
from tiffin.capabilities.experiments.domain.trial import Design, Trial, Unit
from tiffin.capabilities.experiments.models import TrialExposure, TrialRecord
from tiffin.capabilities.experiments.service.records import places_in, trial_in
from tiffin.capabilities.metrics.service.parts import GroupParts, parts_by, parts_by_person
from tiffin.engines.experiments.assigning.allocation import arms_of
from tiffin.engines.experiments.assigning.windows import DAY_MIN, is_treated
from tiffin.engines.metrics.request import Condition, Operator
from tiffin.kernel.errors import Forbidden
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
    asked = _asked(record, metric, through, cities)
    if asked.trial.design is Design.SWITCHBACK:
        return _windows(context, asked).get("") or _as_sums(asked.trial, {})
    found = _units(context, asked)
    return replace(found.get("") or _nobody(), before=_before(context, asked, found[""].names) if found else None)


def slices_of(
    context: Context, record: TrialRecord, metric: str, through: date, of: tuple[str, ...]
) -> Mapping[str, Sums]:
    """Add up one metric of a trial for each value of some dimensions, which are named together.

    Raises
    ------
    WrongUse, Forbidden
        As `sums_of`; and where the metric cannot be split so.
    """
    asked = _asked(record, metric, through, (), of)
    return _windows(context, asked) if asked.trial.design is Design.SWITCHBACK else _units(context, asked)


def days_of(context: Context, record: TrialRecord, metric: str, through: date) -> Mapping[int, Sums]:
    """Add up one metric of a split for each day since each unit was given its arm; since the first day where not noted.

    Raises
    ------
    WrongUse, Forbidden
        As `sums_of`.
    """
    asked = _asked(record, metric, through, (), ("business_date",))
    begun = _begun(context, asked)
    rows: dict[int, list[tuple[str, int, float, float]]] = defaultdict(list)
    for day, sums in _units(context, asked).items():
        for name, arm, above, below in zip(sums.names, sums.arm, sums.numerator, sums.denominator, strict=True):
            after = (date.fromisoformat(day) - begun.get(name, asked.trial.first)).days
            if after >= 0:
                rows[after].append((name, int(arm), float(above), float(below)))
    return {after: _of_rows(found) for after, found in rows.items()}


def where_of(trial: Trial) -> tuple[Condition, ...]:
    """Give the rows that a trial is about."""
    cities = (Condition("city_id", Operator.IN, trial.cities),)
    return (*cities, Condition("zone_id", Operator.IN, trial.zones)) if trial.zones else cities


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is added up.

    Parameters
    ----------
    of : tuple of str
        Dimensions by whose values the sums are split.
    """

    record: TrialRecord
    trial: Trial
    metric: str
    days: Days
    of: tuple[str, ...] = ()


def _asked(
    record: TrialRecord, metric: str, through: date, cities: tuple[str, ...], of: tuple[str, ...] = ()
) -> _Asked:
    trial = trial_in(record)
    trial = replace(trial, cities=cities) if cities else trial
    return _Asked(record, trial, metric, Days(trial.first, through), of)


def _windows(context: Context, asked: _Asked) -> dict[str, Sums]:
    trial = asked.trial
    area = DIMENSIONS[trial.unit]
    by = (*area, "business_date", "local_hour", *(one for one in asked.of if one not in area))
    hours = {place.city_id: place.cutoff_min for place in places_in(asked.record)}
    added: dict[str, dict[tuple[str, int, int], list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for part in parts_by(context, asked.metric, by, where=where_of(trial), days=asked.days, is_whole=True):
        key = dict(zip(by, part.key, strict=True))
        minute = (key["local_hour"] * HOUR_MIN - hours[key["city_id"]]) % DAY_MIN
        window, since = divmod(minute, trial.window_min)
        if since >= trial.washout_min and None not in part.key:
            name = "/".join(str(key[one]) for one in area)
            cell = added[_said(key, asked.of)][name, (key["business_date"] - trial.first).days, window]
            cell[0] += part.above
            cell[1] = 1.0 if part.below is None else cell[1] + part.below
    return {said: _as_sums(trial, cells) for said, cells in added.items()}


def _said(key: Mapping[str, Any], of: tuple[str, ...]) -> str:
    return "/".join(str(key[one]) for one in of)


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


def _units(context: Context, asked: _Asked) -> dict[str, Sums]:
    """Add up by unit; of people, nothing is told of a part in which an arm has too few.

    Raises
    ------
    Forbidden
        So it is with the whole.
    """
    parts, least = _parts(context, asked, asked.days)
    arms = _arms(context, asked, sorted({name for name, _, _ in parts}))
    rows: dict[str, list[tuple[str, int, float, float]]] = defaultdict(list)
    for name, said, part in parts:
        if name in arms:
            rows[said].append((name, arms[name], part.above, 1.0 if part.below is None else part.below))
    found = {said: _of_rows(one) for said, one in rows.items()}
    told = {said: one for said, one in found.items() if not _is_few(asked.trial, one, least)}
    if found and not told and not asked.of:
        raise Forbidden(Message("An arm has fewer than {least} people, of whom nothing is told you.", least=least))
    return told


def _is_few(trial: Trial, sums: Sums, least: int) -> bool:
    return least > 1 and int(np.bincount(sums.arm, minlength=len(trial.arms)).min()) < least


def _parts(context: Context, asked: _Asked, days: Days) -> tuple[list[tuple[str, str, GroupParts]], int]:
    """Give each unit's parts with the value by which they are split, and of how many people at least one may tell."""
    unit = DIMENSIONS[asked.trial.unit]
    of = tuple(one for one in asked.of if one not in unit)
    by, where = (*unit, *of), where_of(asked.trial)
    if asked.trial.unit is Unit.CUSTOMER:
        people = parts_by_person(context, asked.metric, unit[0], of, where=where, days=days)
        parts, least = people.groups, people.least_people
    else:
        parts, least = parts_by(context, asked.metric, by, where=where, days=days, is_whole=True), 1
    known = [(dict(zip(by, part.key, strict=True)), part) for part in parts if None not in part.key]
    return [("/".join(str(key[one]) for one in unit), _said(key, asked.of), part) for key, part in known], least


def _before(context: Context, asked: _Asked, names: Sequence[str]) -> Floats | None:
    """Give both parts of the same units in the weeks before; None where nothing is known of any."""
    first = asked.trial.first
    parts, _ = _parts(context, asked, Days(first - timedelta(days=HISTORY_DAYS), first - timedelta(days=1)))
    past = {name: (part.above, 1.0 if part.below is None else part.below) for name, _, part in parts}
    return np.array([past.get(name, (0.0, 0.0)) for name in names], dtype=np.float64).reshape(-1, 2) if past else None


def _of_rows(rows: Sequence[tuple[str, int, float, float]]) -> Sums:
    names, arm, above, below = zip(*rows, strict=True) if rows else ((), (), (), ())
    stratum = np.zeros(len(rows), dtype=np.int64)
    return Sums(
        names, np.array(arm, dtype=np.int64), np.array(above, dtype=float), np.array(below, dtype=float), stratum
    )


def _nobody() -> Sums:
    return _of_rows(())


def _arms(context: Context, asked: _Asked, names: Sequence[str]) -> dict[str, int]:
    """Give the arms of units that facts name: given, else those that would be; none who take no part."""
    trial = asked.trial
    order = {arm.name: number for number, arm in enumerate(trial.arms)}
    exposures = select(TrialExposure.unit, TrialExposure.arm).where(TrialExposure.trial_id == asked.record.trial_id)
    given = {row.unit: row.arm for row in context.session.execute(exposures)}
    drawn = arms_of(trial.allocation(), names)
    had = {name: given.get(name, arm) for name, arm in zip(names, drawn, strict=True)}
    return {name: order[arm] for name, arm in had.items() if arm is not None}


def _begun(context: Context, asked: _Asked) -> dict[str, date]:
    """Give the business day on which each unit was first given its arm, by the clock of the trial's first city."""
    place = places_in(asked.record)[0]
    noted = select(TrialExposure.unit, TrialExposure.first_at).where(TrialExposure.trial_id == asked.record.trial_id)
    return {row.unit: place.moment(row.first_at)[0] for row in context.session.execute(noted)}


DIMENSIONS: Mapping[Unit, tuple[str, ...]] = {
    Unit.CUSTOMER: ("customer_id",),
    Unit.RIDER: ("rider_id",),
    Unit.MERCHANT: ("merchant_id",),
    Unit.ZONE: ("city_id", "zone_id"),
    Unit.CITY: ("city_id",),
}
