"""The gate between two waves of a roll-out: go on, wait, or stop, at any look and as often as one likes.

Estimates have to hold at all looks together (those of `sequential.watching`): then a remedy that does no harm is
stopped for harm in no more roll-outs than their level says, however often somebody looks. Where there are several
guardrails, what the level leaves to chance is shared out among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tiffin.engines.experiments.estimate import Estimate


class Verdict(StrEnum):
    """What a gate says."""

    GO_ON = "go_on"
    WAIT = "wait"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A metric that the remedy must not harm.

    Parameters
    ----------
    metric : str
    margin : float
        Harm that is put up with, in the metric's unit, nought or more.
    is_better_high : bool
        Whether more of the metric is better.
    """

    metric: str
    margin: float
    is_better_high: bool

    def __post_init__(self) -> None:
        """Refuse a margin below nought."""
        if not self.margin >= 0:
            raise ValueError(f"The harm of {self.metric} that is put up with is nought or more, not {self.margin}.")

    def harm(self, estimate: Estimate) -> tuple[float, float]:
        """Give the least and the most harm that the interval leaves possible."""
        return (-estimate.high, -estimate.low) if self.is_better_high else (estimate.low, estimate.high)


@dataclass(frozen=True, slots=True)
class Gate:
    """What has to be seen before the next wave begins.

    Parameters
    ----------
    least_days : int
        Days of the wave before it is let go on; it may be stopped at once.
    cost : float
        That the effect has to be above, in its unit.
    guardrails : tuple of Guardrail
    """

    least_days: int
    cost: float
    guardrails: tuple[Guardrail, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What a gate says, and which metric made it say so.

    Parameters
    ----------
    verdict : Verdict
    because : tuple of str
        Guardrails by their metric, `effect` for the remedy's own, `days` where it is only early.
    """

    verdict: Verdict
    because: tuple[str, ...]


def passage(gate: Gate, *, days: int, effect: Estimate, guarded: Sequence[Estimate]) -> Passage:
    """Judge a wave at one look.

    Parameters
    ----------
    effect : Estimate
        More is better.
    guarded : sequence of Estimate
        One for each guardrail, in its order.

    Notes
    -----
    Stop where a guardrail is surely harmed beyond its margin, or the effect surely below its cost. Go on where no
    guardrail can be harmed beyond its margin any more and the effect is more likely than not above its cost. Else wait:
    not having seen harm is no sign that there is none.
    """
    if len(guarded) != len(gate.guardrails):
        raise ValueError(f"A gate of {len(gate.guardrails)} guardrails is judged by as many estimates in its order.")
    harms = [(g.metric, g.margin, *g.harm(e)) for g, e in zip(gate.guardrails, guarded, strict=True)]
    stopping = [metric for metric, margin, least, _ in harms if least > margin]
    if effect.high < gate.cost:
        stopping.append("effect")
    if stopping:
        return Passage(Verdict.STOP, tuple(stopping))
    # A comparison with what is not a number yet is false, and so nothing is let go on.
    waiting = [metric for metric, margin, _, most in harms if not most <= margin]
    if not effect.effect > gate.cost:
        waiting.append("effect")
    if days < gate.least_days:
        waiting.append("days")
    return Passage(Verdict.WAIT, tuple(waiting)) if waiting else Passage(Verdict.GO_ON, ())


def followed(gate: Gate, looks: Sequence[tuple[int, Estimate, Sequence[Estimate]]]) -> tuple[int, Passage]:
    """Follow a wave from look to look until it goes on or stops: the look's place, -1 where it waits at the last."""
    found = Passage(Verdict.WAIT, ("days",))
    for place, (days, effect, guarded) in enumerate(looks):
        found = passage(gate, days=days, effect=effect, guarded=guarded)
        if found.verdict is not Verdict.WAIT:
            return place, found
    return -1, found
