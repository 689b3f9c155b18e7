"""The same remedy tried in several cities: what each trial found, how sure it is, and what the city is like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.experiments.estimate import Caution, DesignRefused

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SPARE_CITIES = 3
"""Cities more than numbers that are fitted to them, below which nothing is left to tell how much cities differ."""


@dataclass(frozen=True, slots=True)
class Trials:
    """What trials of one remedy found, one city each.

    Parameters
    ----------
    effects : (n_cities,)
        In the metric's unit, all alike.
    errors : (n_cities,)
        Standard errors of the effects, above nought.
    features : (n_cities, n_features)
        What may explain why cities differ (density, weather, riders an order), any unit; no column where nothing may.

    Raises
    ------
    ValueError
        Where a number cannot be.
    DesignRefused
        Where there are too few cities for so many features, or a feature tells nothing that others do not.
    """

    effects: Floats
    errors: Floats
    features: Floats

    def __post_init__(self) -> None:
        """Refuse what cannot be trials, or too few."""
        n = len(self.effects)
        if self.errors.shape != (n,) or self.features.shape[:1] != (n,) or self.features.ndim != 2:  # noqa: PLR2004 -- the axes of a table
            raise ValueError(
                f"Each city has an effect, a standard error and a row of features: {n} effects, errors of shape "
                f"{self.errors.shape} and features of shape {self.features.shape} are given. Without features give "
                f"a table of no columns."
            )
        if not all(np.isfinite(a).all() for a in (self.effects, self.errors, self.features)):
            raise ValueError("Effects, errors and features are finite; leave out a city whose trial tells nothing.")
        if n and self.errors.min() <= 0:
            raise ValueError(
                "Standard errors are above nought: a trial that is sure of its effect was read out wrongly."
            )
        least = self.features.shape[1] + 1 + SPARE_CITIES
        if n < least:
            raise DesignRefused(Caution("too_few_cities", {"cities": n, "least": least}))
        if np.linalg.matrix_rank(self.design) < self.features.shape[1] + 1:
            raise DesignRefused(Caution("features_tell_the_same", {"features": self.features.shape[1]}))

    @property
    def design(self) -> Floats:
        """Give the columns that effects are explained by: ones, then features brought to a common scale."""
        return self.explained(self.features)

    def explained(self, features: Floats) -> Floats:
        """Bring features of any cities to the scale of the tried ones, ones before them: (n, 1 + n_features)."""
        spread = self.features.std(axis=0)
        spread = np.where(spread > 0, spread, 1.0)
        return np.column_stack([np.ones(len(features)), (features - self.features.mean(axis=0)) / spread])
