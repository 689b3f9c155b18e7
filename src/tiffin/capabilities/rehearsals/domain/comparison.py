"""What replications of a rehearsal come to: means with their intervals, and the difference between two, paired."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tiffin.capabilities.rehearsals.domain.outcomes import MEASURES, Outcome
from tiffin.engines.simulation.instances.replications import FEWEST, interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, and between what the true one lies with 95 % confidence; None where one replication tells nothing."""

    mean: float
    low: float | None
    high: float | None

    @property
    def is_told(self) -> bool:
        """Tell whether it surely differs from nought."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rehearsal came to.

    Parameters
    ----------
    arms : key → measure → estimate
    differences : measure → the second less the first, paired by replication; empty for one alone
    by_hour, by_zone : key → name → means over replications, see `Outcome`
    """

    arms: Mapping[str, Mapping[str, Estimate]]
    differences: Mapping[str, Estimate]
    by_hour: Mapping[str, Mapping[str, tuple[float, ...]]]
    by_zone: Mapping[str, Mapping[str, tuple[float, ...]]]


def figures_of(keys: Sequence[str], days: Sequence[Sequence[Outcome]]) -> Figures:
    """Compare what replications came to.

    Parameters
    ----------
    keys : sequence
        How what is compared is called.
    days : (n_replications, n_keys)
    """
    values = {
        name: np.array([[measure(one) for one in of_day] for of_day in days]) for name, measure in MEASURES.items()
    }
    compares = len(keys) > 1
    return Figures(
        arms={key: {name: _estimate(rows[:, at]) for name, rows in values.items()} for at, key in enumerate(keys)},
        differences={name: _estimate(rows[:, 1] - rows[:, 0]) for name, rows in values.items()} if compares else {},
        by_hour={key: _means(of_day[at].by_hour for of_day in days) for at, key in enumerate(keys)},
        by_zone={key: _means(of_day[at].by_zone for of_day in days) for at, key in enumerate(keys)},
    )


def read_figures(kept: Mapping[str, Any]) -> Figures:
    """Read figures as they are kept: the plain form of `Figures`."""
    return Figures(
        arms={key: {name: Estimate(**one) for name, one in told.items()} for key, told in kept["arms"].items()},
        differences={name: Estimate(**one) for name, one in kept["differences"].items()},
        by_hour=kept["by_hour"],
        by_zone=kept["by_zone"],
    )


def _estimate(values: np.ndarray[Any, np.dtype[np.float64]]) -> Estimate:
    if len(values) < FEWEST:
        return Estimate(float(values.mean()), None, None)
    found = interval(values)
    return Estimate(found.mean, found.low, found.high)


def _means(rows: Iterable[Mapping[str, tuple[float, ...]]]) -> dict[str, tuple[float, ...]]:
    listed = list(rows)
    return {name: tuple(np.mean([row[name] for row in listed], axis=0).tolist()) for name in listed[0]}
