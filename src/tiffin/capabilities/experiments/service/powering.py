"""What a design would find, told from how its metric went before."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from tiffin.capabilities.experiments.domain.trial import Design, Trial, Unit, trial_from
from tiffin.capabilities.experiments.service.laying_out import laid_out
from tiffin.capabilities.experiments.service.places import Place, places_of
from tiffin.capabilities.experiments.service.summing import DIMENSIONS, where_of
from tiffin.capabilities.metrics.service.parts import GroupParts, parts_by, parts_by_person
from tiffin.engines.experiments.assigning.windows import DAY_MIN
from tiffin.engines.experiments.power.curve import PowerCurve, power_of
from tiffin.engines.experiments.power.designs import Asked, GeoSplit, Switchback, UnitSplit
from tiffin.engines.experiments.power.history import History
from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

HISTORY_DAYS = 28
STAGED_HISTORY_DAYS = 84
HOUR_MIN = 60
LENGTHS = (7, 14, 21, 28)


def power_curve(
    context: Context, plain: Mapping[str, Any], *, history: Days | None = None, lengths: Sequence[int] = LENGTHS
) -> PowerCurve:
    """Tell for some lengths the smallest effect that a design would find as often as it promises.

    Parameters
    ----------
    plain : Mapping
        The design, as `Trial.plain` gives it; it need not have been proposed.
    history : Days or None
        From which the metric is known; None for the four weeks before the trial.

    Raises
    ------
    WrongUse, NotFound, Forbidden
        As proposing it.
    Conflict
        Nothing is known of the metric in these days.
    DesignRefused
        The history is too short, or the design has too few units.
    """
    trial = trial_from(plain)
    places = places_of(context, trial.cities)
    back = STAGED_HISTORY_DAYS if trial.design.is_of_areas_for_good else HISTORY_DAYS
    days = history or Days(trial.first - timedelta(days=back), trial.first - timedelta(days=1))
    known = _history(context, trial, places, days)
    asked = Asked(durations_days=tuple(sorted({*lengths, trial.days})), power=trial.power, level=trial.level)
    if trial.design is Design.SWITCHBACK:
        return power_of(Switchback(trial.window_min, trial.washout_min, is_paired=True), known, asked)
    if trial.design.is_of_areas_for_good:
        treated = len(laid_out(context, trial).starts)
        return power_of(GeoSplit(treated_areas=treated, before_days=HISTORY_DAYS), known, asked)
    return power_of(UnitSplit(share=trial.arms[1].share_bp / (trial.arms[0].share_bp + trial.arms[1].share_bp)),
                    known, asked)  # fmt: skip


def _history(context: Context, trial: Trial, places: Sequence[Place], days: Days) -> History:
    named = DIMENSIONS[trial.unit]
    timed = trial.design is Design.SWITCHBACK
    by = ("business_date", *(("local_hour",) if timed else ()))
    if trial.unit is Unit.CUSTOMER:
        parts = parts_by_person(context, trial.metric, named[0], by, where=where_of(trial), days=days).groups
    else:
        parts = parts_by(context, trial.metric, (*named, *by), where=where_of(trial), days=days, is_whole=True)
    found = [one for one in parts if None not in one.key]
    if not found:
        raise Conflict(
            Message(
                "Nothing is known of '{metric}' there from {first} to {last}. Choose other days.",
                metric=trial.metric,
                first=days.first,
                last=days.last,
            )
        )
    cutoffs = {place.city_id: place.cutoff_min for place in places} if timed else {}
    return _as_history(found, len(named), cutoffs, days.first)


def _as_history(found: Sequence[GroupParts], width: int, cutoffs: Mapping[str, int], first: date) -> History:
    """Lay sums out as a history; minutes are told where the cut-offs of the cities' clocks are given."""
    units = np.unique(["/".join(one.key[:width]) for one in found], return_inverse=True)[1].astype(np.int64)
    day = np.array([(one.key[width] - first).days for one in found], dtype=np.int64)
    minute = np.zeros(len(found), dtype=np.int64)
    if cutoffs:
        minute = np.array([(one.key[-1] * HOUR_MIN - cutoffs[one.key[0]]) % DAY_MIN for one in found], dtype=np.int64)
    above = np.array([one.above for one in found])
    below = np.array([1.0 if one.below is None else one.below for one in found])
    return History(units, units, day, minute, above, below)
