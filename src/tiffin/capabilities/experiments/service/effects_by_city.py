"""What a trial that is over did in each of its cities by itself."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from tiffin.capabilities.experiments.domain.readout import read_arm
from tiffin.capabilities.experiments.domain.sums import Sums
from tiffin.capabilities.experiments.domain.trial import Trial
from tiffin.capabilities.experiments.models import TrialRecord
from tiffin.capabilities.experiments.service.places import Place
from tiffin.capabilities.experiments.service.reading import through_day
from tiffin.capabilities.experiments.service.records import ENDED, JUDGED, places_in, seen_record, trial_in
from tiffin.capabilities.experiments.service.summing import sums_of
from tiffin.engines.experiments.estimate import Caution, Estimate
from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class CityEffect:
    """The effect of one arm of a trial in one city.

    Parameters
    ----------
    place : Place
    estimate : Estimate or None
        None where the city by itself tells nothing; then `refused` says why.
    size : float
        What the metric's ratio stands over in both arms together, such as orders; units of a sum.
    """

    arm: str
    metric: str
    place: Place
    first: date
    through: date
    estimate: Estimate | None
    refused: Caution | None
    size: float


def effects_by_city(context: Context, name: str, metric: str = "") -> tuple[CityEffect, ...]:
    """Read a trial that is over out by city, in those cities that the actor sees whole.

    Parameters
    ----------
    name : str
        Of the trial, or the number of its case.
    metric : str
        Governed metric; the deciding one where none is named.

    Raises
    ------
    NotFound
        There is no such trial that the actor may see.
    Conflict
        It is not over, or no whole day of it is.
    WrongUse, Forbidden
        As `sums_of`.

    Notes
    -----
    The design decides the error, as in the read-out of the whole trial: a city is compared with itself alone, so one
    that has a single arm tells nothing.
    """
    record = seen_record(context, name)
    if record.state not in (ENDED, JUDGED):
        raise Conflict(Message("Trial '{name}' is not over: what it found by city is told then.", name=record.name))
    through, wanted = through_day(context, record), metric or trial_in(record).metric
    seen = [one for one in places_in(record) if context.actor.may_see_city(country=one.country, city_id=one.city_id)]
    return tuple(found for place in seen for found in _in_city(context, record, wanted, place, through))


def _in_city(context: Context, record: TrialRecord, metric: str, place: Place, through: date) -> tuple[CityEffect, ...]:
    trial = replace(trial_in(record), cities=(place.city_id,))
    sums = sums_of(context, record, metric, through, cities=trial.cities)
    size, said = float(sums.denominator.sum()), (trial.first, through)
    return tuple(
        CityEffect(arm.name, metric, place, *said, *_read(trial, metric, number, sums), size)
        for number, arm in enumerate(trial.arms[1:], 1)
    )


def _read(trial: Trial, metric: str, arm: int, sums: Sums) -> tuple[Estimate | None, Caution | None]:
    """Give the effect, or why there is none."""
    if not ((sums.arm == 0).any() and (sums.arm == arm).any()):
        return None, Caution("one_arm", {"units": len(sums.names)})
    found = read_arm(trial, metric, arm, sums)
    estimate = _usable(found.estimate)
    return estimate, found.refused if estimate else found.refused or Caution("no_error", {"units": len(sums.names)})


def _usable(estimate: Estimate | None) -> Estimate | None:
    """Leave out what has no error: nothing can be weighed by it."""
    if estimate is None or not (np.isfinite(estimate.se) and estimate.se > 0 and np.isfinite(estimate.effect)):
        return None
    return estimate
