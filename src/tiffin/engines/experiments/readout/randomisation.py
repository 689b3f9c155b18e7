"""How a trial was randomised, and every way in which it might as well have come out."""

import math
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from tiffin.engines.experiments.readout.moments import Floats, Integers

ALL_UP_TO = 5_000
"""Assignments that are all gone through; of more, a part is drawn."""

MANY = 10**9
"""So many ways leave no gap between the sizes that a test can have."""


PAIR = 2


@dataclass(frozen=True, slots=True, eq=False)
class Randomisation:
    """Which cells were given their arm together, and among which units the arms were shuffled.

    Parameters
    ----------
    unit : (n_cells,)
        Number of the unit that each cell belongs to: a zone that keeps its arm, a window of all zones.
    stratum : (n_units,)
        Number of the stratum of each unit. Within a stratum every way to treat so many units was as likely.

    Notes
    -----
    Coins that were thrown for each unit are covered too: given how many came up, every way was as likely.
    """

    unit: Integers
    stratum: Integers

    @property
    def units(self) -> int:
        """How many units were randomised."""
        return len(self.stratum)

    def arms(self, arm: Integers) -> Integers:
        """Give each unit's arm.

        Raises
        ------
        ValueError
            Cells of one unit have different arms.
        """
        found = np.zeros(self.units, dtype=np.int64)
        found[self.unit] = arm
        if (found[self.unit] != arm).any():
            raise ValueError("the cells of a unit have one arm")
        return found

    def ways(self, arms: Integers) -> int:
        """Count the assignments that were as likely as the one that came."""
        sizes = np.bincount(self.stratum)
        treated = np.bincount(self.stratum, weights=arms, minlength=len(sizes)).astype(int)
        return math.prod(math.comb(int(size), int(count)) for size, count in zip(sizes, treated, strict=True))

    def is_mirrored(self, arms: Integers) -> bool:
        """Tell whether each assignment has an opposite that was as likely, so that ways come in pairs of one size."""
        sizes = np.bincount(self.stratum)
        treated = np.bincount(self.stratum, weights=arms, minlength=len(sizes))
        return bool((2 * treated == sizes).all())

    def attainable(self, arms: Integers, alpha: float) -> float:
        """Give the largest share of ways, up to `alpha`, that a test can call extreme."""
        step = 2 if self.is_mirrored(arms) else 1
        ways = min(self.ways(arms), MANY)
        return math.floor(alpha * ways / step + 1e-9) * step / ways

    def redraw(self, arms: Integers, *, draws: int, seed: int) -> Floats:
        """Give the assignments to compare with: all of them where they are few, else so many drawn ones.

        Returns
        -------
        (n_assignments, n_units)
            Arms as 0 and 1; the first is the one that came.
        """
        if self.ways(arms) <= ALL_UP_TO:
            return self._all(arms)
        generator = np.random.default_rng(seed)
        found = np.empty((draws + 1, self.units))
        found[0] = arms
        order = np.argsort(self.stratum, kind="stable")
        if (np.bincount(self.stratum) == PAIR).all():
            coins = generator.random((draws, self.units // PAIR)) < 1 / PAIR
            pairs = arms[order].reshape(-1, PAIR)
            found[1:, order[::2]] = np.where(coins, pairs[:, 0], pairs[:, 1])
            found[1:, order[1::2]] = np.where(coins, pairs[:, 1], pairs[:, 0])
            return found
        strata = self.stratum[order]
        for row in found[1:]:
            row[order] = arms[order[np.argsort(strata + generator.random(self.units))]]
        return found

    def _all(self, arms: Integers) -> Floats:
        members = [np.flatnonzero(self.stratum == number) for number in range(int(self.stratum.max()) + 1)]
        choices = [list(combinations(group, int(arms[group].sum()))) for group in members]
        found = [np.array(arms, dtype=np.float64)]
        for chosen in product(*choices):
            row = np.zeros(self.units)
            row[[unit for group in chosen for unit in group]] = 1.0
            if (row != arms).any():
                found.append(row)
        return np.array(found)
