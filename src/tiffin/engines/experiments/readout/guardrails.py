"""Whether a metric that must not suffer has suffered: harm shown, harm ruled out, or neither yet."""

from dataclasses import dataclass
from enum import StrEnum

from tiffin.engines.experiments.estimate import Estimate


class Guarded(StrEnum):
    """What is known of a guardrail."""

    HARMED = "harmed"
    SAFE = "safe"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A metric and how much worse it may become.

    Parameters
    ----------
    margin : float
        In the metric's unit, 0 or more: less harm than this is accepted.
    is_higher_better : bool
    """

    margin: float
    is_higher_better: bool


def judge(guardrail: Guardrail, estimate: Estimate) -> Guarded:
    """Tell by the interval whether harm beyond the margin is shown or ruled out.

    Notes
    -----
    Each end of the interval at level 1 - a is a one-sided statement at a / 2. From a confidence sequence the answer may
    be asked for at any time.
    """
    worst, best = (estimate.low, estimate.high) if guardrail.is_higher_better else (-estimate.high, -estimate.low)
    if best < -guardrail.margin:
        return Guarded.HARMED
    return Guarded.SAFE if worst > -guardrail.margin else Guarded.UNDECIDED
