"""Axes: round ticks and the way from values to shares of an axis.

References
----------
Heckbert, P. (1990), "Nice numbers for graph labels", Graphics Gems, 61-63.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, isfinite, log10


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear axis between round ends.

    Examples
    --------
    >>> scale = scale_for([3.0, 97.0])
    >>> scale.ticks
    (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
    >>> scale.share(50.0)
    0.5
    """

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Tell where a value lies between the ends, 0 to 1."""
        return (value - self.low) / (self.high - self.low)

    @property
    def decimals(self) -> int:
        """Decimals that the ticks need to be told apart."""
        step = self.ticks[1] - self.ticks[0]
        return max(0, -floor(log10(step) + 1e-9))


def known(values: Iterable[float | None]) -> tuple[float, ...]:
    """Keep the values that are numbers."""
    return tuple(float(value) for value in values if value is not None and isfinite(value))


def scale_for(values: Iterable[float | None], *, from_zero: bool = True, count: int = 5) -> Scale:
    """Choose an axis for values: round ends, about ``count`` steps, from zero unless told otherwise."""
    numbers = known(values) or (0.0, 1.0)
    low, high = min(numbers), max(numbers)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (low, low + 1) if from_zero else (low - 0.5, high + 0.5)
    step = nice_step((high - low) / count)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = tuple(round(index * step, 12) for index in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def nice_step(rough: float) -> float:
    """Round a step up to 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(rough))
    return next(multiple for factor in (1, 2, 2.5, 5, 10) if (multiple := factor * power) >= rough * (1 - 1e-9))


def thinned(labels: Sequence[str], *, widths: Sequence[float], room: float) -> tuple[int, ...]:
    """Choose which labels of an evenly spaced axis are written, so that no two touch.

    Parameters
    ----------
    widths : sequence of float
        Estimated width of each label.
    room : float
        Length of the whole axis in the same unit.
    """
    if not labels:
        return ()
    pitch = room / len(labels)
    every = max(1, ceil((max(widths) + 8) / pitch)) if pitch else 1
    return tuple(range(0, len(labels), every))


def bins(values: Iterable[float | None], *, count: int = 7) -> tuple[float, ...]:
    """Cut the span of values into bins of one width; gives the inner edges, none where all values are equal."""
    numbers = known(values)
    if not numbers or min(numbers) == max(numbers):
        return ()
    low, high = min(numbers), max(numbers)
    edges = tuple(low + (high - low) * index / count for index in range(1, count))
    return edges if all(b > a for a, b in pairwise(edges)) else ()


def bin_of(value: float, edges: Sequence[float]) -> int:
    """Tell in which bin a value falls, counted from zero."""
    return sum(value >= edge for edge in edges)
