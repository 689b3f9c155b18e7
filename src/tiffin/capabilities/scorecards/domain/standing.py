"""How a number stands against another one: the one rule of colours and words for every tile, message and sheet."""

from dataclasses import dataclass

from tiffin.capabilities.scorecards.domain import Standing
from tiffin.engines.metrics.definitions import Direction

SAME = 0.005
"""Relative change below which a number is the same: half a percent moves from day to day without a reason."""


@dataclass(frozen=True, slots=True)
class Stood:
    """A number beside what it is compared with."""

    value: float | None
    other: float | None
    direction: Direction

    @property
    def change(self) -> float | None:
        """How far it is off, in the metric's unit."""
        return None if self.value is None or self.other is None else self.value - self.other

    @property
    def relative(self) -> float | None:
        """How far it is off as a share of the other; None where that is nought."""
        return None if self.change is None or not self.other else self.change / abs(self.other)

    @property
    def standing(self) -> Standing:
        """Whether it is better or worse; merely higher or lower where neither is better."""
        if self.change is None:
            return Standing.UNKNOWN
        if self.change == 0 or (self.relative is not None and abs(self.relative) < SAME):
            return Standing.USUAL
        if self.direction is Direction.NEITHER:
            return Standing.HIGHER if self.change > 0 else Standing.LOWER
        return Standing.BETTER if (self.change > 0) == (self.direction is Direction.UP) else Standing.WORSE
