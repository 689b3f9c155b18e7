"""Power where no formula is right: trials that are drawn over the history again and again, on sums of their cells.

An effect on each order moves the estimate by itself and leaves all residuals as they are. So trials are drawn once,
without an effect, and tell the power for every size of one.
"""

import numpy as np
from scipy import special

from tiffin.engines.experiments.estimate import Caution, DesignRefused
from tiffin.engines.experiments.power.designs import DAY_MIN, Asked, GeoSplit, Switchback
from tiffin.engines.experiments.power.history import Flags, Floats, History, sums_by
from tiffin.engines.experiments.power.rejection import SimulatedTest

LEAST_CELLS = 8
"""Windows with orders below which a simulated test tells nothing."""
LEAST_PER_ARM = 2


def windows_test(design: Switchback, history: History, days: int, asked: Asked) -> tuple[SimulatedTest, int]:
    """Give the test that a switchback of so many days ends with, and its windows.

    A trial longer than the history goes through its days again.

    Raises
    ------
    DesignRefused
        Where too few windows have orders.
    """
    rest, denominator = _windows(design, history)
    # (areas, days, windows of the day) with the days of the trial
    on = np.arange(days) % rest.shape[1]
    rest, denominator = rest[:, on], denominator[:, on]
    if design.is_paired:
        return _pairs_test(rest, denominator, days, asked)
    rest, denominator = rest.reshape(-1), denominator.reshape(-1)
    seen = denominator > 0
    cells = int(seen.sum())
    if cells < LEAST_CELLS:
        raise DesignRefused(Caution("too_few_units", {"units": cells, "least": LEAST_CELLS}))
    draws = np.random.default_rng([asked.seed, days])
    estimates, errors, arms = compared(rest[seen], denominator[seen], _coins(draws, asked.simulations, cells))
    critical = float(special.stdtrit(cells - 1, 0.5 + asked.level / 2))
    both = arms >= LEAST_PER_ARM
    return SimulatedTest(estimates[both], errors[both], critical), cells


def _pairs_test(rest: Floats, denominator: Floats, days: int, asked: Asked) -> tuple[SimulatedTest, int]:
    """Draw which day of each pair comes first, window by window; an odd day at the end is left away."""
    last = days // 2 * 2
    first, second = ((rest[:, start:last:2].reshape(-1), denominator[:, start:last:2].reshape(-1)) for start in (0, 1))
    both = (first[1] > 0) & (second[1] > 0)
    pairs = int(both.sum())
    if pairs < LEAST_CELLS // 2:
        raise DesignRefused(Caution("too_few_units", {"units": pairs, "least": LEAST_CELLS // 2}))
    weight = first[1][both] * second[1][both] / (first[1] + second[1])[both]
    apart = weight * (first[0][both] / first[1][both] - second[0][both] / second[1][both])
    draws = np.random.default_rng([asked.seed, days])
    signs = 2 * _coins(draws, asked.simulations, pairs) - 1
    estimates = signs @ apart / weight.sum()
    squares = (apart**2).sum() - 2 * estimates * (signs @ (apart * weight)) + estimates**2 * (weight**2).sum()
    errors = np.sqrt(np.maximum(squares, 0) * pairs / (pairs - 1)) / weight.sum()
    return SimulatedTest(estimates, errors, float(special.stdtrit(pairs - 1, 0.5 + asked.level / 2))), 2 * pairs


def _windows(design: Switchback, history: History) -> tuple[Floats, Floats]:
    """Add up by area, day and window of the day; what is washed out is left away."""
    per_day = max(DAY_MIN, int(history.minute.max()) + 1)
    shape = (int(history.area.max()) + 1, history.days, -(-per_day // design.window_min))
    window, within = np.divmod(history.minute, design.window_min)
    key = (history.area * shape[1] + history.day) * shape[2] + window
    rest, denominator = sums_by(key, int(np.prod(shape)), history, within >= design.washout_min)
    return rest.reshape(shape), denominator.reshape(shape)


def _coins(draws: np.random.Generator, trials: int, cells: int) -> Floats:
    """Throw a coin for each cell of each trial: (trials, cells), 0 or 1."""
    thrown = np.frombuffer(draws.bytes(trials * -(-cells // 8)), dtype=np.uint8).reshape(trials, -1)
    return np.unpackbits(thrown, axis=1, count=cells).astype(np.float64)


def compared(rest: Floats, denominator: Floats, treated: Floats) -> tuple[Floats, Floats, Floats]:
    """Compare ratios of two arms in many trials: effects, clustered standard errors, and the cells of the smaller arm.

    Parameters
    ----------
    rest, denominator : (n_cells,)
        Sums; the numerator less the metric's own level.
    treated : (n_trials, n_cells), 0 or 1
    """
    sums = np.column_stack([rest, denominator, rest**2, rest * denominator, denominator**2, np.ones_like(rest)])
    on = treated @ sums
    off = sums.sum(axis=0) - on
    (mean_on, variance_on), (mean_off, variance_off) = _ratio(on), _ratio(off)
    smaller = np.minimum(on[:, 5], off[:, 5])
    return mean_on - mean_off, np.sqrt(variance_on + variance_off), smaller


def _ratio(sums: Floats) -> tuple[Floats, Floats]:
    """Give ratio and clustered variance of an arm, from sums of its cells and of their squares and products."""
    rest, denominator, rest2, cross, denominator2, cells = sums.T
    tiny = np.finfo(float).tiny
    ratio = rest / np.maximum(denominator, tiny)
    squares = np.maximum(rest2 - 2 * ratio * cross + ratio**2 * denominator2, 0)
    return ratio, squares / np.maximum(denominator, tiny) ** 2 * cells / np.maximum(cells - 1, 1)


def areas_test(design: GeoSplit, history: History, days: int, asked: Asked) -> tuple[SimulatedTest, int]:
    """Give the test that a geographic trial of so many days ends with, and its areas.

    Areas and the day of the beginning are drawn; each area is compared with its own days before.

    Raises
    ------
    DesignRefused
        Where the history is shorter than the trial with the days before it, or an arm has fewer than two areas.
    """
    span, areas = design.before_days + days, int(history.area.max()) + 1
    if span > history.days:
        raise DesignRefused(Caution("history_too_short", {"days": history.days, "least": span}))
    if min(design.treated_areas, areas - design.treated_areas) < LEAST_PER_ARM:
        raise DesignRefused(Caution("too_few_units", {"units": areas, "least": design.treated_areas + LEAST_PER_ARM}))
    draws = np.random.default_rng([asked.seed, days])
    changes = _changes(design, history, days)
    begins = draws.integers(0, len(changes), asked.simulations)
    ranks = draws.random((asked.simulations, areas)).argsort(axis=1).argsort(axis=1)
    estimates, errors = _pooled(changes[begins], ranks < design.treated_areas)
    return SimulatedTest(estimates, errors, float(special.stdtrit(areas - 2, 0.5 + asked.level / 2))), areas


def _changes(design: GeoSplit, history: History, days: int) -> Floats:
    """Give how each area changed from before to during, for each day a trial may begin: (n_begins, n_areas)."""
    areas = int(history.area.max()) + 1
    rest, denominator = sums_by(history.area * history.days + history.day, areas * history.days, history)
    cumulated = [
        np.concatenate([np.zeros((areas, 1)), np.cumsum(sums.reshape(areas, -1), axis=1)], axis=1)
        for sums in (rest, denominator)
    ]
    begins = np.arange(design.before_days, history.days - days + 1)
    parts = []
    for first, last in ((begins, begins + days), (begins - design.before_days, begins)):
        of_rest, of_denominator = (sums[:, last] - sums[:, first] for sums in cumulated)
        if (of_denominator <= 0).any():
            raise DesignRefused(Caution("empty_denominator", {"units": int((of_denominator <= 0).any(axis=1).sum())}))
        parts.append(of_rest / of_denominator)
    found: Floats = (parts[0] - parts[1]).T
    return found


def _pooled(values: Floats, treated: Flags) -> tuple[Floats, Floats]:
    """Compare two arms of areas in many trials with one variance for both: effects and standard errors."""
    on = treated.astype(np.float64)
    n_on = on.sum(axis=1)
    n_off = on.shape[1] - n_on
    mean_on = (values * on).sum(axis=1) / n_on
    mean_off = (values * (1 - on)).sum(axis=1) / n_off
    left = values - np.where(treated, mean_on[:, None], mean_off[:, None])
    variance = (left**2).sum(axis=1) / (n_on + n_off - 2)
    return mean_on - mean_off, np.sqrt(variance * (1 / n_on + 1 / n_off))
