"""What is known before a trial begins: the metric's numerator and denominator by unit, place, day and minute."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.experiments.estimate import Caution, DesignRefused

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEAST_DAYS = 7
"""A history without a whole week knows nothing of weekends."""
COLUMNS = ("unit", "area", "day", "minute", "numerator", "denominator")


@dataclass(frozen=True, slots=True)
class History:
    """Orders, or sums of orders, as they were before the trial: one row each.

    Parameters
    ----------
    unit : (n,)
        Who is drawn in a trial of users, riders, merchants or clusters of them, numbered from 0.
    area : (n,)
        City or zone, numbered from 0.
    day : (n,)
        From 0.
    minute : (n,)
        Since the beginning of the business day.
    numerator, denominator : (n,)
        The metric is the ratio of their sums; a mean of orders has ones below.

    Raises
    ------
    ValueError
        Where columns differ in length, or a value cannot be.
    """

    unit: Integers
    area: Integers
    day: Integers
    minute: Integers
    numerator: Floats
    denominator: Floats

    def __post_init__(self) -> None:
        """Refuse what cannot be a history."""
        lengths = {name: len(getattr(self, name)) for name in COLUMNS}
        if len(set(lengths.values())) != 1 or not lengths["day"]:
            raise ValueError(f"Each row of a history has all columns, and there is a row at least; found {lengths}.")
        if min(int(getattr(self, name).min()) for name in COLUMNS[:4]) < 0:
            raise ValueError("Units, areas and days are numbered from 0, and minutes count from the day's beginning.")
        if not (np.isfinite(self.numerator).all() and np.isfinite(self.denominator).all()):
            raise ValueError("Numerators and denominators are finite; leave rows out whose outcome is not known yet.")
        if (self.denominator < 0).any() or self.denominator.sum() <= 0:
            raise ValueError("Denominators are nought or more, and not all of them nought; a count of orders is one.")

    @property
    def days(self) -> int:
        """Count the days, whether or not something happened on the first of them."""
        return int(self.day.max()) + 1

    @property
    def metric(self) -> float:
        """Give the metric over the whole history."""
        return float(self.numerator.sum() / self.denominator.sum())


def require_week(history: History) -> None:
    """Refuse a history that does not hold a week.

    Raises
    ------
    DesignRefused
    """
    if history.days < LEAST_DAYS:
        raise DesignRefused(Caution("history_too_short", {"days": history.days, "least": LEAST_DAYS}))


def sums_by(key: Integers, size: int, history: History, kept: Flags | None = None) -> tuple[Floats, Floats]:
    """Add numerators, less what the metric as a whole expects, and denominators by a key: two times (size,).

    Without the metric's level, squares of sums keep their digits.
    """
    rest, denominator = history.numerator - history.metric * history.denominator, history.denominator
    if kept is not None:
        key, rest, denominator = key[kept], rest[kept], denominator[kept]
    return (
        np.bincount(key, rest, size).astype(np.float64),
        np.bincount(key, denominator, size).astype(np.float64),
    )
