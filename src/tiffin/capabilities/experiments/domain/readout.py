"""The read-out of a trial: which estimator answers for which design, and whether a guardrail is broken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import norm

from tiffin.capabilities.experiments.domain.dissecting import corrected
from tiffin.capabilities.experiments.domain.findings import Findings
from tiffin.capabilities.experiments.domain.sums import Floats, Integers, Sums
from tiffin.capabilities.experiments.domain.trial import Design, Trial
from tiffin.capabilities.experiments.domain.watching import watched
from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.readout.adjusting import cuped_ratios
from tiffin.engines.experiments.readout.assigned import Reading, read_assigned
from tiffin.engines.experiments.readout.cells import Cells
from tiffin.engines.experiments.readout.contrasts import difference_of_ratios
from tiffin.engines.experiments.readout.moments import Moments
from tiffin.engines.experiments.readout.randomisation import Randomisation
from tiffin.engines.experiments.sequential.daily import level_of_looks

MANY = 400
"""Units from which the sums of a split are read out as those of independent units."""


@dataclass(frozen=True, slots=True)
class ArmReading:
    """One metric of one arm against what is done today.

    Parameters
    ----------
    today, tried : float
        The metric of the first arm and of this one.
    estimate : Estimate or None
        None where the design cannot hold what it promises; then `refused` says why.
    corrected_p : float or None
        The chance, raised for all that is asked at once: arms of the deciding metric, or arms and metrics read besides.
        None where a reading has no chance, as one look of many.
    findings : Findings or None
        Of the deciding metric alone.
    """

    metric: str
    arm: str
    today: float
    tried: float
    estimate: Estimate | None
    refused: Caution | None = None
    corrected_p: float | None = None
    findings: Findings | None = None


def corrected_for_many(trial: Trial, arms: Sequence[ArmReading]) -> list[ArmReading]:
    """Raise chances for being many: the arms of the deciding metric among themselves, and all other readings."""
    families = [[one.metric == trial.metric for one in arms], [one.metric != trial.metric for one in arms]]
    found = list(arms)
    for family in families:
        places = [place for place, is_in in enumerate(family) if is_in]
        chances = [_chance(arms[place]) for place in places]
        for place, p in zip(places, corrected(chances), strict=True):
            found[place] = replace(arms[place], corrected_p=p)
    return found


def _chance(one: ArmReading) -> float | None:
    return one.estimate.p if one.estimate is not None and np.isfinite(one.estimate.p) else None


def read_arm(trial: Trial, metric: str, arm: int, sums: Sums, *, is_final: bool = True) -> ArmReading:
    """Compare one arm, by its number in the trial, with the first.

    Parameters
    ----------
    is_final : bool
        The trial is over. Before that its interval holds at all looks together: a switchback's by a confidence sequence
        over its windows, a split's by the boundary of looks once a day until its end.
    """
    rows = np.flatnonzero((sums.arm == arm) | (sums.arm == 0))
    treated = (sums.arm[rows] == arm).astype(np.int64)
    cells = Cells(sums.numerator[rows], sums.denominator[rows], treated)
    name = trial.arms[arm].name
    try:
        if sums.window is not None and not is_final:
            found = watched(trial, sums)
        else:
            level = trial.level if is_final else level_of_looks(trial.days, trial.level)
            found = _fixed(trial, cells, sums, rows, level)
    except DesignRefused as refusal:
        return ArmReading(metric, name, cells.ratio(0), cells.ratio(1), None, refusal.caution)
    return ArmReading(metric, name, cells.ratio(0), cells.ratio(1), found)


def _fixed(trial: Trial, cells: Cells, sums: Sums, rows: Integers, level: float) -> Estimate:
    if trial.design is Design.SPLIT and len(rows) >= MANY:
        return _of_units(cells, None if sums.before is None else sums.before[rows], level)
    return _of_cells(cells, sums.stratum[rows], level)


def _of_units(cells: Cells, before: Floats | None, level: float) -> Estimate:
    columns = [cells.numerator, cells.denominator]
    if before is not None and (before[:, 1] > 0).any():
        columns += [before[:, 0], before[:, 1]]
    rows = np.column_stack(columns)
    treated, control = (Moments.of(rows[cells.arm == arm]) for arm in (1, 0))
    if len(columns) > 2:  # noqa: PLR2004 - both parts, before and now
        return cuped_ratios(treated, control, now=(0, 1), before=(2, 3), level=level)
    return difference_of_ratios(treated, control, level=level)


def _of_cells(cells: Cells, stratum: Integers, level: float) -> Estimate:
    """Read out units that were dealt out within strata; a stratum of which one day is missing tells nothing."""
    treated = np.bincount(stratum, weights=cells.arm)
    whole = np.bincount(stratum)
    both = ((treated > 0) & (treated < whole))[stratum]
    if not both.any():
        raise DesignRefused(Caution("one_arm", {"units": len(stratum)}))
    _, numbers = np.unique(stratum[both], return_inverse=True)
    kept = Cells(cells.numerator[both], cells.denominator[both], cells.arm[both])
    unit = np.arange(int(both.sum()), dtype=np.int64)
    groups = numbers.astype(np.int64)
    # What both days of a pair have in common says nothing about the arms.
    out = (groups,) if groups.max() > 0 else ()
    found = read_assigned(kept, Randomisation(unit, groups), out=out, reading=Reading(level=level))
    return replace(found, se=_implied_error(found)) if out else found


def _implied_error(found: Estimate) -> float:
    """Give the standard error that an interval stands for.

    Units of which their pair's ratio was taken out move against each other, so that their own spread tells too little;
    the test, and the interval that inverts it, do not lean on it.
    """
    half = (found.high - found.low) / 2
    return float(half / norm.ppf((1 + found.level) / 2)) if np.isfinite(half) else found.se
