"""What a gate between two waves reads, and what it says: intervals against the wave's own held-out parts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from tiffin.capabilities.balance.domain.roll_out import Holdout, Plan
from tiffin.capabilities.balance.domain.roll_out_holdouts import HELD_OUT, REMEDY
from tiffin.capabilities.experiments.domain.readout import read_arm
from tiffin.capabilities.experiments.domain.sums import Sums
from tiffin.capabilities.experiments.domain.trial import Arm, Design, Trial, Unit
from tiffin.capabilities.experiments.domain.watching import grid_of
from tiffin.engines.experiments.assigning.allocation import WHOLE
from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.pooling.gates import Gate, Guardrail, Passage, passage
from tiffin.engines.experiments.sequential import watching
from tiffin.engines.experiments.sequential.grids import Grid
from tiffin.engines.metrics.definitions import Direction

EFFECT = "effect"


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric of a wave at one look.

    Parameters
    ----------
    estimate : Estimate or None
        With the remedy less without it, in the metric's own unit; None where nothing can be told yet.
    """

    metric: str
    estimate: Estimate | None
    refused: Caution | None = None


def read_wave(plan: Plan, metric: str, sums: Sums, *, first: date, days_over: int) -> Reading:
    """Compare what has the remedy with what is held out, by an interval that holds at all looks of the wave together.

    Parameters
    ----------
    sums : Sums
        Arm 1 has the remedy, arm 0 is held out.
    days_over : int
        Whole business days of the wave that are in them.
    """
    try:
        if plan.holdout is Holdout.ZONE:
            return Reading(metric, _of_zones(plan, sums, days_over))
        found = read_arm(_as_trial(plan, metric, first), metric, 1, sums, is_final=False)
    except DesignRefused as refusal:
        return Reading(metric, None, refusal.caution)
    return Reading(metric, found.estimate, found.refused)


def spoken(
    plan: Plan, directions: Mapping[str, Direction], readings: Mapping[str, Reading], *, days_over: int
) -> Passage:
    """Say whether the wave goes on, waits or stops."""
    gate = Gate(
        least_days=plan.least_days,
        cost=plan.cost,
        guardrails=tuple(
            Guardrail(one.metric, one.most_worse, directions[one.metric] is Direction.UP) for one in plan.limits
        ),
    )
    effect = _known(readings[plan.metric])
    return passage(
        gate,
        days=days_over,
        effect=effect if directions[plan.metric] is Direction.UP else bettered(effect),
        guarded=[_known(readings[one.metric]) for one in plan.limits],
    )


def bettered(estimate: Estimate) -> Estimate:
    """Turn the effect on a metric of which less is better into how much better it got."""
    return replace(estimate, effect=-estimate.effect, low=-estimate.high, high=-estimate.low)


def _of_zones(plan: Plan, sums: Sums, days_over: int) -> Estimate:
    grid = grid_of(sums)
    # What a day brings is counted in windows in which something was ordered: the night has none.
    a_day = _compared(grid) / grid.arm.shape[1] / max(days_over, 1)
    whole = round(plan.most_days * a_day)
    if whole <= watching.LEAST_WINDOWS:
        raise DesignRefused(Caution("trial_too_short", {"windows": whole, "least": watching.LEAST_WINDOWS + 1}))
    until = watching.Plan(windows=whole, earliest=watching.LEAST_WINDOWS, level=plan.level)
    found = watching.estimate_after(watching.watch(grid, until), grid.arm.shape[0] - 1, grid=grid, plan=until)
    # That it was sure enough to stop is the gate's to say.
    return replace(found, cautions=())


def _compared(grid: Grid) -> int:
    """Count the cells of windows in which something has the remedy and something goes without."""
    size = np.bincount(grid.stratum.ravel())
    treated = np.bincount(grid.stratum.ravel(), weights=grid.arm.ravel())
    return int(size[(treated > 0) & (treated < size)].sum())


def _as_trial(plan: Plan, metric: str, first: date) -> Trial:
    """Give the comparison with units that are held out for good as the trial that it is."""
    return Trial(
        name=plan.name,
        question=plan.remedy,
        design=Design.SPLIT,
        unit=Unit(plan.holdout.value),
        arms=(Arm(HELD_OUT, plan.holdout_bp), Arm(REMEDY, WHOLE - plan.holdout_bp)),
        cities=plan.cities,
        first=first,
        last=first + timedelta(days=plan.most_days - 1),
        metric=metric,
        smallest_effect=math.inf,
        level=plan.level,
        seed=plan.seed,
    )


def _known(reading: Reading) -> Estimate:
    """Give what was read; where nothing could be, numbers that let nothing go on and stop nothing."""
    return reading.estimate or Estimate(math.nan, math.nan, -math.inf, math.inf, math.nan, 0, "")
