"""The parts of a reading: the effect by segment and by day, what carries over, and the arms' sizes."""

from collections.abc import Mapping, Sequence

import numpy as np

from tiffin.capabilities.experiments.domain.findings import BySegment, CarryOver, OnDay, SampleRatio
from tiffin.capabilities.experiments.domain.sums import Sums
from tiffin.capabilities.experiments.domain.trial import Design, Trial
from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.readout.cautions import turned_round, wearing_off
from tiffin.engines.experiments.readout.cells import Cells
from tiffin.engines.experiments.readout.many_metrics import holm
from tiffin.engines.experiments.readout.sample_ratio import sample_ratio, sample_ratio_cautions
from tiffin.engines.experiments.readout.segments import shrunken
from tiffin.engines.experiments.readout.within_strata import difference_within
from tiffin.engines.experiments.switchback.burn_in import MOST_BUCKETS, SEEN, effect_after_burn_in
from tiffin.engines.experiments.switchback.carry_over import profile_of, seen_until
from tiffin.engines.experiments.switchback.stays import effect_of_stays
from tiffin.engines.experiments.switchback.windows import KINDS, Windows, bucketed, kinds

LEAST_SEGMENTS = 2


def by_segment(
    dimension: str, parts: Mapping[str, Sums], arm: int, *, whole: Estimate | None, level: float
) -> BySegment | None:
    """Tell how one arm's effect differs between segments; None where fewer than two can be compared.

    Parameters
    ----------
    parts : mapping of str to Sums
        The trial's sums in each segment.
    whole : Estimate or None
        Of the whole trial.
    """
    found = {name: one for name, sums in parts.items() if (one := effect_in(sums, arm, level)) is not None}
    if len(found) < LEAST_SEGMENTS:
        return None
    differing = shrunken(found, level=level)
    warned = () if whole is None else turned_round(whole, found)
    return BySegment(dimension, differing.segments, differing.mean, differing.spread, differing.p, warned)


def effect_in(sums: Sums, arm: int, level: float) -> Estimate | None:
    """Give one arm's effect in a part of a trial; None where that part is too small to say how it varies."""
    rows = np.flatnonzero((sums.arm == arm) | (sums.arm == 0))
    treated = (sums.arm[rows] == arm).astype(np.int64)
    cells = Cells(sums.numerator[rows], sums.denominator[rows], treated)
    try:
        found = difference_within(cells, sums.stratum[rows], level=level)
    except DesignRefused:
        return None
    return found if found.se > 0 else None


def by_day(parts: Mapping[int, Sums], arm: int, *, level: float) -> tuple[tuple[OnDay, ...], tuple[Caution, ...]]:
    """Tell one arm's effect on each day by itself, and whether it wears off or grows."""
    found = [(after, effect_in(sums, arm, level)) for after, sums in sorted(parts.items())]
    days = tuple(OnDay(after, one) for after, one in found if one is not None)
    return days, wearing_off([one.estimate for one in days])


def pairs_of_days(trial: Trial, sums: Sums) -> dict[int, Sums]:
    """Split the windows of a switchback by the pairs of days within which arms are compared."""
    if sums.window is None:
        return {}
    first = sums.window // trial.schedule().per_day // 2 * 2
    return {int(day): taken(sums, first == day) for day in np.unique(first)}


def taken(sums: Sums, rows: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Sums:
    """Give some rows of sums."""
    names = tuple(name for name, is_taken in zip(sums.names, rows, strict=True) if is_taken)
    window = None if sums.window is None else sums.window[rows]
    before = None if sums.before is None else sums.before[rows]
    return Sums(names, sums.arm[rows], sums.numerator[rows], sums.denominator[rows], sums.stratum[rows], window, before)


def arm_sizes(trial: Trial, sums: Sums) -> tuple[SampleRatio, tuple[Caution, ...]]:
    """Set the arms' units, or windows, against what was meant."""
    counts = np.bincount(sums.arm, minlength=len(trial.arms)).tolist()
    shares = tuple(arm.share_bp / sum(one.share_bp for one in trial.arms) for arm in trial.arms)
    p = sample_ratio(counts, shares)
    # Windows are dealt out in equal numbers by design; those without orders are missing where they will.
    warned = () if trial.design is Design.SWITCHBACK else sample_ratio_cautions(counts, shares)
    return SampleRatio(tuple(counts), shares, p), warned


def carried_over(windows: Windows, *, step_min: int, washout_min: int, level: float) -> CarryOver:
    """Tell what the window before leaves behind, and the effect without it.

    Where windows have too few steps for the data to choose a burn-in, the windows that kept their arm are read alone.

    Raises
    ------
    DesignRefused
        Some kind of window came too seldom to tell what carries over.
    """
    windows, together = _with_orders(windows)
    length = step_min * together
    buckets = bucketed(windows, MOST_BUCKETS)
    profile = profile_of(buckets)
    effect, refused = _without(windows, washout_steps=-(-washout_min // length), level=level)
    return CarryOver(
        length * buckets.steps,
        tuple(map(float, profile.left)),
        tuple(map(float, profile.se)),
        seen_until(profile, chance=SEEN),
        effect,
        refused,
    )


def _with_orders(windows: Windows) -> tuple[Windows, int]:
    """Bring neighbouring steps together until each kind of window has orders in each of them; tell how many.

    Raises
    ------
    DesignRefused
        Some kind of window has none at all.
    """
    kind = kinds(windows.treated)
    for together in (one for one in range(1, windows.n_steps + 1) if windows.n_steps % one == 0):
        totals, counts = (
            part.reshape(*part.shape[:2], -1, together).sum(axis=-1) for part in (windows.totals, windows.counts)
        )
        if all((counts[kind == number].sum(axis=0) > 0).all() for number in range(len(KINDS))):
            return Windows(totals, counts, windows.treated), together
    raise DesignRefused(Caution("empty_denominator", {"units": int(windows.treated.size)}))


def _without(windows: Windows, *, washout_steps: int, level: float) -> tuple[Estimate | None, Caution | None]:
    try:
        return effect_after_burn_in(windows, washout_steps=washout_steps, level=level), None
    except DesignRefused as refusal:
        why = refusal.caution
    try:
        return effect_of_stays(windows, level=level), why
    except DesignRefused:
        return None, why


def corrected(chances: Sequence[float | None]) -> list[float | None]:
    """Raise the chances of one family for being many (Holm); what has no chance is left out."""
    known = [p for p in chances if p is not None]
    adjusted = iter(holm(known).tolist()) if known else iter(())
    return [None if p is None else next(adjusted) for p in chances]
