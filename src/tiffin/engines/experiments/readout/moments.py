"""Sufficient statistics of one arm: how many units, their sums, and their sums of products."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tiffin.engines.experiments.estimate import Caution, DesignRefused

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEAST_UNITS = 2
"""Units of an arm below which nothing can be said of how they vary."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """What is to be known of the units of an arm to compare means, ratios and adjusted means.

    Parameters
    ----------
    n : int
        Units that were randomised, not their orders.
    sums : (p,)
        Of each variable over the units.
    products : (p, p)
        Sums of products of each two variables over the units.

    Notes
    -----
    Sums of squares far from zero lose digits: a variable whose mean is 10,000 times its spread leaves eight of sixteen.
    Where that matters, subtract one rough mean from all arms before adding up.
    """

    n: int
    sums: Floats
    products: Floats

    @classmethod
    def of(cls, units: ArrayLike) -> Self:
        """Add up units one by one.

        Parameters
        ----------
        units : (n, p)
            A row a unit.
        """
        rows = np.atleast_2d(np.asarray(units, dtype=np.float64))
        return cls(len(rows), rows.sum(axis=0), rows.T @ rows)

    def __add__(self, other: Self) -> Self:
        return type(self)(self.n + other.n, self.sums + other.sums, self.products + other.products)

    @property
    def means(self) -> Floats:
        """Of each variable, (p,)."""
        return self.sums / self.n

    @property
    def covariance(self) -> Floats:
        """Between the variables of one unit, (p, p), with n - 1 below."""
        return (self.products - np.outer(self.sums, self.means)) / (self.n - 1)

    def linear(self, rows: ArrayLike) -> Self:
        """Give the moments of linear combinations of the variables.

        Parameters
        ----------
        rows : (q, p)
            A row for each new variable.
        """
        weights = np.atleast_2d(np.asarray(rows, dtype=np.float64))
        return type(self)(self.n, weights @ self.sums, weights @ self.products @ weights.T)


def refuse_small(*arms: Moments) -> None:
    """Refuse arms of which nobody can tell how they vary.

    Raises
    ------
    DesignRefused
    """
    least = min(arm.n for arm in arms)
    if least < LEAST_UNITS:
        raise DesignRefused(Caution("too_few_units", {"units": least, "least": LEAST_UNITS}))
