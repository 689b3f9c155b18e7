"""Trials whose units keep their arm, without an effect, looked at once a day: what the looks of `experiment_looks` ask.

Units differ for good (`lasting`), have days that resemble each other (`rho`), unequal orders, and may come in day by
day. Many are read by the delta method, few by dealing the arms out anew, both as the platform reads them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from tiffin.capabilities.experiments.domain.readout import MANY
from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.readout.assigned import Reading, read_together
from tiffin.engines.experiments.readout.cells import Cells
from tiffin.engines.experiments.readout.randomisation import Randomisation
from tiffin.engines.experiments.sequential.daily import level_of_looks

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DAYS = 28
TOGETHER = 50
LEVEL = 0.95
DRAWS = 1_999
LEAST_IN_ARM = 2


@dataclass(frozen=True, slots=True)
class Split:
    """How units hang together; arriving ones come in day by day."""

    name: str
    units: int
    lasting: float
    rho: float = 0.0
    arriving: bool = False


SPLITS = (
    Split("split, 500 units alike", 500, 0.0),
    Split("split, 500 lasting units", 500, 1.0, rho=0.5),
    Split("split, 500 units come in", 500, 0.5, arriving=True),
    Split("split, 40 units alike", 40, 0.0),
    Split("split, 40 lasting units", 40, 1.0, rho=0.5),
)


def false_looks(split: Split, trials: int, rng: np.random.Generator) -> tuple[float, float]:
    """Give the shares of trials called an effect at any look: by the boundary, and by dividing the chance over days."""
    level, divided = level_of_looks(DAYS, LEVEL), 1 - (1 - LEVEL) / DAYS
    found = []
    for _ in range(-(-trials // TOGETHER)):
        above, orders, arm = drawn(split, rng)
        p = np.array([_chances(above[..., day], orders[:, day], arm) for day in range(DAYS)])
        found.append([(p.min(axis=0) <= 1 - one) for one in (level, divided)])
    shares = np.concatenate(found, axis=1)[:, :trials].mean(axis=1)
    return float(shares[0]), float(shares[1])


def drawn(split: Split, rng: np.random.Generator) -> tuple[Floats, Floats, Integers]:
    """Draw sums up to each day, (TOGETHER, units, DAYS) and (units, DAYS), with the units' arms."""
    sizes = np.exp(0.7 * rng.standard_normal(split.units))
    orders = rng.poisson(6 * sizes[:, None], (split.units, DAYS)).astype(float)
    if split.arriving:
        orders *= np.arange(DAYS) >= rng.integers(0, DAYS, split.units)[:, None]
    own = split.lasting * rng.standard_normal((TOGETHER, split.units, 1))
    days = rng.standard_normal((TOGETHER, split.units, DAYS))
    for day in range(1, DAYS):
        days[..., day] = split.rho * days[..., day - 1] + np.sqrt(1 - split.rho**2) * days[..., day]
    noise = 3 * rng.standard_normal(days.shape)
    above = orders * (own + days) + np.sqrt(orders) * noise
    arm = (rng.permutation(split.units) < split.units // 2).astype(np.int64)
    return np.cumsum(above, axis=-1), np.cumsum(orders, axis=-1), arm


def _chances(above: Floats, orders: Floats, arm: Integers) -> Floats:
    """Give the chance of each trial on one day, (TOGETHER,)."""
    seen = orders > 0
    above, orders, arm = above[:, seen], orders[seen], arm[seen]
    if len(arm) < MANY:
        design = Randomisation(np.arange(len(arm)), np.zeros(len(arm), dtype=np.int64))
        cells = Cells(np.zeros(len(arm)), orders, arm)
        try:
            return read_together(cells, above, design, reading=Reading(draws=DRAWS, level=LEVEL)).p(0.0)
        except DesignRefused:
            return np.ones(len(above))
    return _by_delta(above, orders, arm)


def _by_delta(above: Floats, orders: Floats, arm: Integers) -> Floats:
    """Compare ratios by the delta method with Welch's degrees of freedom, many trials at once."""
    if min(int(arm.sum()), len(arm) - int(arm.sum())) < LEAST_IN_ARM:
        return np.ones(len(above))
    effect, variances, dfs = np.zeros(len(above)), [], []
    for sign, chosen in ((1, arm == 1), (-1, arm == 0)):
        x, n, count = above[:, chosen], orders[chosen], int(chosen.sum())
        ratio = x.sum(axis=1) / n.sum()
        effect += sign * ratio
        residuals = (x - ratio[:, None] * n) / n.mean()
        variances.append((residuals**2).sum(axis=1) / (count - 1) / count)
        dfs.append(count - 1)
    whole = variances[0] + variances[1]
    df = whole**2 / (variances[0] ** 2 / dfs[0] + variances[1] ** 2 / dfs[1])
    return np.asarray(2 * student.sf(np.abs(effect) / np.sqrt(whole), df))
