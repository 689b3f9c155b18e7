"""A governed metric by area and day, as a panel of areas of which some begin something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tiffin.capabilities.experiments.domain.trial import Unit
from tiffin.capabilities.experiments.service.summing import DIMENSIONS
from tiffin.capabilities.metrics.service.parts import parts_by
from tiffin.engines.experiments.observational.panels import Floats, Panel, panel_of
from tiffin.engines.metrics.request import Condition, Operator
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

LEAST_DAYS = 4


@dataclass(frozen=True, slots=True)
class AreaDays:
    """A metric by area and day.

    Parameters
    ----------
    values : (n_areas, n_days)
    left_out : tuple of str
        Areas in which there was nothing to divide by on some day, so that they cannot be followed.
    """

    areas: tuple[str, ...]
    days: tuple[date, ...]
    values: Floats
    left_out: tuple[str, ...]


def area_days(
    context: Context,
    metric: str,
    unit: Unit,
    *,
    cities: Sequence[str],
    days: Days,
    zones: Sequence[str] = (),
) -> AreaDays:
    """Give a metric by area and day, over the rows that the actor may see.

    Raises
    ------
    NotFound
        There is no such metric, or nothing is known of it there.
    WrongUse
        It is no sum, mean or ratio of sums, or not kept by such areas.
    Forbidden
        The actor may not see it.
    """
    by = (*DIMENSIONS[unit], "business_date")
    where = [Condition("city_id", Operator.IN, tuple(cities))]
    if zones:
        where.append(Condition("zone_id", Operator.IN, tuple(zones)))
    found: dict[str, dict[date, float]] = {}
    for part in parts_by(context, metric, by, where=tuple(where), days=days, is_whole=True):
        if None not in part.key and part.below != 0:
            area = "/".join(str(one) for one in part.key[:-1])
            found.setdefault(area, {})[part.key[-1]] = part.above / (1.0 if part.below is None else part.below)
    known = sorted({day for one in found.values() for day in one})
    if len(known) < LEAST_DAYS:
        raise NotFound(
            Message("Of '{metric}' {count} days are known there from {first} to {last}; at least {least} are needed.",
                    metric=metric, count=len(known), first=days.first, last=days.last, least=LEAST_DAYS)
        )  # fmt: skip
    whole = tuple(sorted(area for area, one in found.items() if len(one) == len(known)))
    values = np.array([[found[area][day] for day in known] for area in whole]).reshape(len(whole), len(known))
    return AreaDays(whole, tuple(known), values, tuple(sorted(set(found) - set(whole))))


def panel_from(found: AreaDays, starts: Mapping[str, date]) -> Panel:
    """Make a panel of areas, with the first treated day of those that begin.

    Raises
    ------
    WrongUse
        An area that begins is not there, or not on all days.
    InvalidData
        Nothing lies before a start, or nobody is left to compare with.
    """
    missing = sorted(set(starts) - set(found.areas))
    if missing:
        raise WrongUse(
            Message("These areas have no number on some of the days, so they cannot be followed: {names}. "
                    "Name cities by their code and zones as city/zone, or choose other days.",
                    names=", ".join(missing))
        )  # fmt: skip
    last = found.days[-1] + timedelta(days=1)
    treated = np.array([[day >= starts.get(area, last) for day in found.days] for area in found.areas], dtype=bool)
    times = [day.isoformat() for day in found.days]
    return panel_of(found.values, treated, units=found.areas, times=times)
