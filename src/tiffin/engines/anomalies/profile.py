"""Whether a day's orders lie at the usual times: a shifted clock, and hours in which everything is missing.

Both are told from the shape of the day and not from its size, so that neither a holiday nor a campaign looks like one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class ShapeFault(StrEnum):
    """What is wrong with the shape of a day."""

    SHIFT = "shift"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Shape:
    """Something wrong with one day's shape.

    Parameters
    ----------
    bins : float
        How far the clock is off, or how long the gap is, in bins; a positive shift is a clock that runs fast.
    score : float
        For a shift, its size in usual deviations of a day's clock; for a gap, the orders missing in it.
    """

    day: int
    fault: ShapeFault
    bins: float
    score: float


@dataclass(frozen=True, slots=True)
class ProfileSettings:
    """When a shape is out of the ordinary.

    Parameters
    ----------
    memory : float
        Share of the usual shape that one more day of its sort replaces.
    least_days : int
        Days of a sort that must have been seen before its shape is known.
    least_orders : float
        Orders of a day below which its shape says nothing.
    least_shift : float
        Bins by which a clock must be off; people's habits wander by less.
    deviations : float
        Usual deviations of a day's clock by which it must be off.
    gap_orders : float
        Orders that should have been in an empty stretch.
    """

    memory: float = 0.12
    least_days: int = 3
    least_orders: float = 150.0
    least_shift: float = 0.6
    deviations: float = 4.0
    gap_orders: float = 20.0


_STEPS = np.arange(-25, 26) / 10
"""Shifts that are tried, in bins."""

_LEAST_DEVIATION = 0.08
_FIRST_DEVIATION = 0.15


def shape_faults(counts: Floats, sorts: Sequence[int], settings: ProfileSettings = ProfileSettings()) -> list[Shape]:
    """Find the days whose shape is wrong.

    Parameters
    ----------
    counts : (n_days, n_bins), orders a bin, in the order of the business day
    sorts : (n_days,)
        Which days are alike: working days, weekends, Ramadan, festivals.
    """
    usual: dict[int, _Usual] = {}
    found = []
    for day, (row, sort) in enumerate(zip(counts, sorts, strict=True)):
        known = usual.setdefault(sort, _Usual(np.zeros(counts.shape[1])))
        total = float(row.sum())
        if total < settings.least_orders:
            continue
        fault, shift = None, 0.0
        if known.days >= settings.least_days:
            shift = _best_shift(row / total, known.shape)
            fault = _gap(day, row, known.shape, settings) or _shift(day, shift, known, settings)
        if fault is None:
            known.learn(row / total, shift, settings)
        else:
            found.append(fault)
    return found


@dataclass(slots=True)
class _Usual:
    """The usual shape of one sort of day, and how far its clock usually wanders."""

    shape: Floats
    days: int = 0
    deviation: float = _FIRST_DEVIATION

    def learn(self, shares: Floats, shift: float, settings: ProfileSettings) -> None:
        if self.days >= settings.least_days:
            variance = self.deviation**2
            seen = min(shift**2, 9 * variance)
            self.deviation = max((variance + 0.5 * settings.memory * (seen - variance)) ** 0.5, _LEAST_DEVIATION)
        rate = max(settings.memory, 1 / (self.days + 1))
        self.shape = self.shape + rate * (shares - self.shape)
        self.days += 1


def _gap(day: int, row: Floats, shape: Floats, settings: ProfileSettings) -> Shape | None:
    """Find the longest empty stretch that should have held orders, by what the rest of the day lets expect."""
    best, start = (0.0, 0), None
    for place, count in enumerate([*row, 1.0]):
        if count == 0:
            start = place if start is None else start
        elif start is not None:
            share = float(shape[start:place].sum())
            best = max(best, (float(row.sum()) * share / max(1 - share, 0.05), place - start))
            start = None
    missing, length = best
    return Shape(day, ShapeFault.GAP, length, missing) if missing >= settings.gap_orders else None


def _shift(day: int, shift: float, known: _Usual, settings: ProfileSettings) -> Shape | None:
    deviations = abs(shift) / known.deviation
    if abs(shift) < settings.least_shift or deviations < settings.deviations:
        return None
    return Shape(day, ShapeFault.SHIFT, shift, deviations)


def _best_shift(shares: Floats, usual: Floats) -> float:
    """Tell by how many bins the usual shape must be moved to come nearest to a day's, by squared Hellinger distance."""
    whole = np.floor(_STEPS).astype(int)
    part = (_STEPS - whole)[:, None]
    places = np.arange(len(usual))
    moved = (1 - part) * usual[(places - whole[:, None]) % len(usual)]
    moved += part * usual[(places - whole[:, None] - 1) % len(usual)]
    near = np.sqrt(moved) @ np.sqrt(shares)
    return float(_STEPS[int(np.argmax(near))])
