"""Difference in differences: how much more the treated changed than the others."""

from dataclasses import dataclass, replace

import numpy as np

from tiffin.engines.experiments.estimate import Caution, Estimate
from tiffin.engines.experiments.observational.cautions import caution, together
from tiffin.engines.experiments.observational.panels import Block, Floats, Panel, block_of
from tiffin.engines.experiments.observational.placebos import FEW_TREATED, SEEN, Placebo, compare

LEAST_BEFORE = 2
"""Times before the start from which a drift can be told from a level."""


@dataclass(frozen=True, slots=True, eq=False)
class DifferencesReading:
    """What a difference in differences says.

    Parameters
    ----------
    estimate : Estimate
        Average effect on the treated per unit and time.
    gaps : (n_times,)
        Treated less controls, less that same gap on average before: zero before, the effect after, if all is well.
    placebos : tuple of Placebo
        `pre_trend` (did the two drift apart before?) and `in_time` (the same reading, begun in the middle of the time
        before).
    """

    estimate: Estimate
    gaps: Floats
    placebos: tuple[Placebo, ...]


def difference_in_differences(panel: Panel, *, level: float = 0.95) -> DifferencesReading:
    """Compare how much the treated changed with how much the others did.

    Each unit is boiled down to one number, its average after less its average before, so that neither the length of the
    panel nor days that resemble each other make the error look smaller than it is.

    Raises
    ------
    DesignRefused
        Where units start at different times.
    InvalidData
        Where nobody stays untreated.

    Notes
    -----
    Assumes that without the treatment both groups would have changed alike (parallel trends), that nobody acted before
    it began, and that the untreated were left alone by it. It breaks where the treated were chosen because they were
    falling or rising, where another measure began in the same place at the same time, and where orders, riders or
    customers moved over from the untreated.

    References
    ----------
    Bertrand, Duflo and Mullainathan (2004), Quarterly Journal of Economics 119(1), section IV.C (one number a unit).
    Roth (2022), American Economic Review: Insights 4(3) (what a test before the start cannot see).
    """
    block = block_of(panel)
    found = compare(*_changes(block), level=level, method="difference_in_differences")
    placebos = _placebos(block, level)
    gaps = block.mean - block.controls.mean(axis=0)
    return DifferencesReading(
        replace(found, cautions=_cautions(block, found, placebos)), gaps - gaps[: block.before].mean(), placebos
    )


def _changes(block: Block) -> tuple[Floats, Floats]:
    before, after = slice(None, block.before), slice(block.before, None)
    treated, controls = (
        group[:, after].mean(axis=1) - group[:, before].mean(axis=1) for group in (block.treated, block.controls)
    )
    return treated, controls


def _placebos(block: Block, level: float) -> tuple[Placebo, ...]:
    if block.before < LEAST_BEFORE:
        return ()
    days = np.arange(block.before) - (block.before - 1) / 2
    treated, controls = (group[:, : block.before] @ days / (days @ days) for group in (block.treated, block.controls))
    drift = compare(treated, controls, level=level, method="pre_trend")
    apart = block.treated.shape[1] / 2
    earlier = block.untreated_part(block.before // 2)
    moved = compare(*_changes(earlier), level=level, method="in_time")
    return (
        Placebo("pre_trend", drift.effect, drift.p, drift.n, unseen=SEEN * drift.se * apart),
        Placebo("in_time", moved.effect, moved.p, moved.n, unseen=SEEN * moved.se),
    )


def _cautions(block: Block, found: Estimate, placebos: tuple[Placebo, ...]) -> tuple[Caution, ...]:
    drift, moved = placebos or (None, None)
    treated, controls = len(block.treated), len(block.controls)
    return together(
        [
            caution("few_treated", treated=treated) if treated < FEW_TREATED else None,
            caution("few_controls", controls=controls) if controls < FEW_TREATED else None,
            caution("no_error", treated=treated, controls=controls) if controls < LEAST_BEFORE else None,
            caution("no_placebo", periods=block.before) if drift is None else None,
            caution("pre_trend", p=drift.p) if drift and not drift.passed else None,
            caution("placebo_in_time", effect=moved.effect, p=moved.p) if moved and not moved.passed else None,
            caution("pre_trend_unseen", hidden=drift.unseen, effect=found.effect)
            if drift and drift.unseen > abs(found.effect)
            else None,
        ]
    )
