"""The read-out of a trial by the way in which it was assigned: windows switched back and forth, or whole clusters."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.readout.cells import Cells, absorb, refuse_one_armed, sums_by
from tiffin.engines.experiments.readout.clusters import cr2, effective_df
from tiffin.engines.experiments.readout.contrasts import LEVEL
from tiffin.engines.experiments.readout.moments import Floats, Integers
from tiffin.engines.experiments.readout.randomisation import Randomisation
from tiffin.engines.experiments.readout.rerandomising import Redrawn, redrawn

DRAWS = 1_999
SHOCKS_A_DRAW = 10
"""Shocks of a few clusters cost less than assignments of many windows, so that more of them are drawn."""

LEAST_DF = 2.5
"""Degrees of freedom below which one unit is nearly all that an arm knows: its own shock passes for the effect."""

ENOUGH_DF = 4.0
"""Degrees of freedom below which a test still holds its size, and its interval leans on all orders moving alike."""

FEW = 400
"""Units up to which degrees of freedom are counted exactly."""

DOMINANT = 0.25
"""Share of all orders from which one unit is named as the reason; with four units or fewer their number is."""

LEAST_UNITS = 4
LEAST_IN_ARM = 2
"""Units of an arm below which nobody can tell how they vary."""

CLOSE = 0.9
"""Share of the asked size that a test by re-randomising reaches at least; with fewer ways it would be too strict."""

VANISHED = 1e-9
MOVED = 3.0
"""Standard errors by which the arms' denominators differ before somebody has to know."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a read-out is done, chosen before anybody sees an outcome.

    Parameters
    ----------
    level : float
        Of the interval.
    draws : int
        Assignments drawn where all of them are too many.
    seed : int
        Of those draws: the same trial gives the same answer.
    """

    level: float = LEVEL
    draws: int = DRAWS
    seed: int = 20_261_123


def read_assigned(
    cells: Cells, design: Randomisation, *, out: Sequence[Integers] = (), reading: Reading | None = None
) -> Estimate:
    """Tell the effect of a trial whose units, however few or alike in time, were randomised within strata.

    Parameters
    ----------
    cells : Cells
        Windows that were washed out are left away before.
    design : Randomisation
        Of those cells.
    out : sequence of (n_cells,)
        Groups whose ratios are taken out first, as the days of each zone. Strata may be among them.

    Raises
    ------
    DesignRefused
        One arm has no units, what is taken out takes the arms along, or the units are too few or too unequal to hold
        the size of any test.

    References
    ----------
    Bojinov, Simchi-Levi & Zhao (2023), Design and analysis of switchback experiments, section 4.2 (exact inference).
    Zhao & Ding (2021), Covariate-adjusted Fisher randomization tests for the average treatment effect (why the
    statistic is divided by its own standard error).
    """
    reading = reading or Reading()
    totals = _totals(cells, cells.numerator, design, out)
    arms = design.arms(cells.arm)
    cautions = _few_effective(totals.denominator, design.stratum, arms)
    cautions += _moved_denominators(totals.denominator, design.stratum, arms)
    alpha = 1 - reading.level
    if design.attainable(arms, alpha) < CLOSE * alpha:
        return _by_clusters(totals, design, arms, reading, cautions)
    found = redrawn(
        totals.numerator,
        totals.effect,
        totals.denominator,
        design.redraw(arms, draws=reading.draws, seed=reading.seed),
    )
    return _by_redrawing(found, design.units, reading.level, cautions)


def read_together(
    cells: Cells, numerators: Floats, design: Randomisation, *, out: Sequence[Integers] = (), reading: Reading
) -> Redrawn:
    """Tell many metrics of one trial over the same denominator at once, where re-randomising holds the size.

    Parameters
    ----------
    numerators : (..., n_cells)
        Take the place of the cells' own.

    Returns
    -------
    Redrawn
        Effects, standard errors and chances of every metric.

    Raises
    ------
    DesignRefused
        As `read_assigned`; and where there are too few ways to assign.
    """
    totals = _totals(cells, numerators, design, out)
    arms = design.arms(cells.arm)
    _few_effective(totals.denominator, design.stratum, arms)
    if design.attainable(arms, 1 - reading.level) < CLOSE * (1 - reading.level):
        raise DesignRefused(Caution("few_assignments", {"ways": design.ways(arms)}))
    assignments = design.redraw(arms, draws=reading.draws, seed=reading.seed)
    return redrawn(totals.numerator, totals.effect, totals.denominator, assignments)


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """Sums of each randomised unit, and what an effect of one would add to its numerator."""

    numerator: Floats
    effect: Floats
    denominator: Floats


def _totals(cells: Cells, numerators: Floats, design: Randomisation, out: Sequence[Integers]) -> Totals:
    refuse_one_armed(design.arms(cells.arm))
    moved = absorb(cells.arm * cells.denominator, cells.denominator, out)
    if np.abs(moved).sum() <= VANISHED * cells.denominator.sum():
        raise DesignRefused(Caution("arms_taken_out", {"groups": len(out)}))
    left = absorb(numerators, cells.denominator, out)
    above, added, below = (sums_by(part, design.unit, design.units) for part in (left, moved, cells.denominator))
    return Totals(above, added, below)


def _by_redrawing(found: Redrawn, units: int, level: float, cautions: tuple[Caution, ...]) -> Estimate:
    low, high = found.interval(level)
    return Estimate(
        effect=float(found.effect()),
        se=float(found.standard_error()),
        low=low,
        high=high,
        p=float(found.p(0.0)),
        n=units,
        method="randomisation test of the studentised difference of ratios",
        level=level,
        cautions=cautions,
    )


def _by_clusters(
    totals: Totals, design: Randomisation, arms: Integers, reading: Reading, cautions: tuple[Caution, ...]
) -> Estimate:
    found = cr2(totals.numerator, totals.denominator, arms, design.stratum)
    draws = SHOCKS_A_DRAW * (reading.draws + 1) - 1
    reference = found.reference(draws=draws, seed=reading.seed)
    half = math.sqrt(float(np.quantile(reference, reading.level))) * found.se
    extreme = int((reference >= (found.effect / found.se) ** 2).sum())
    return Estimate(
        effect=found.effect,
        se=found.se,
        low=found.effect - half,
        high=found.effect + half,
        p=(1 + extreme) / (1 + draws),
        n=design.units,
        method="cluster-robust CR2 with the reference distribution of the clusters' own sizes",
        level=reading.level,
        cautions=(*cautions, Caution("few_assignments", {"ways": design.ways(arms)})),
    )


def _few_effective(sizes: Floats, stratum: Integers, arms: Integers) -> tuple[Caution, ...]:
    """Refuse units of which too few matter; warn where the others lean on all orders being affected alike."""
    df = effective_df(sizes, arms)
    if len(sizes) <= FEW:
        df = cr2(sizes, sizes, arms, stratum).df
    share = float(sizes.max() / sizes.sum())
    values = {
        "units": len(sizes),
        "treated": int(arms.sum()),
        "df": round(df, 2),
        "least_df": LEAST_DF,
        "largest_share": round(share, 3),
    }
    if df < LEAST_DF or min(int(arms.sum()), len(arms) - int(arms.sum())) < LEAST_IN_ARM:
        is_one = df < LEAST_DF and share > DOMINANT and len(sizes) > LEAST_UNITS
        raise DesignRefused(Caution("one_unit_dominates" if is_one else "too_few_units", values))
    return (Caution("few_effective_units", values),) if df < ENOUGH_DF else ()


def _moved_denominators(sizes: Floats, stratum: Integers, arms: Integers) -> tuple[Caution, ...]:
    """Warn where treated units have more or fewer orders than chance gives: a ratio hides what happened to orders."""
    groups = int(stratum.max()) + 1
    size = np.maximum(np.bincount(stratum, minlength=groups), 1)
    mean = (np.bincount(stratum, weights=sizes, minlength=groups) / size)[stratum]
    share = (np.bincount(stratum, weights=arms, minlength=groups) / size)[stratum]
    spread = np.bincount(stratum, weights=(sizes - mean) ** 2, minlength=groups) / np.maximum(size - 1, 1)
    variance = float((spread[stratum] * share * (1 - share)).sum())
    excess = float(((arms - share) * sizes).sum())
    if variance <= 0 or abs(excess) <= MOVED * math.sqrt(variance):
        return ()
    z = excess / math.sqrt(variance)
    return (Caution("denominator_moved", {"orders": round(excess, 1), "p": float(2 * norm.sf(abs(z)))}),)
