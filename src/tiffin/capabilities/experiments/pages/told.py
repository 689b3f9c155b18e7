"""Numbers of a trial as people read them: each metric in its unit, and whether a change is for the better."""

from dataclasses import dataclass
from enum import StrEnum

from tiffin.capabilities.experiments.domain.readout import ArmReading
from tiffin.capabilities.experiments.service.places import Place
from tiffin.capabilities.metrics.service import find_metric
from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.metrics.definitions import Direction
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.web.measures import MetricWriter


class Verdict(StrEnum):
    """What an interval says of a change."""

    BETTER = "better"
    WORSE = "worse"
    MOVED = "moved"
    UNCLEAR = "unclear"


VERDICTS = {
    Verdict.BETTER: mark("better"),
    Verdict.WORSE: mark("worse"),
    Verdict.MOVED: mark("moved"),
    Verdict.UNCLEAR: mark("no clear difference"),
}
TONES = {Verdict.BETTER: "good", Verdict.WORSE: "bad", Verdict.MOVED: "warn", Verdict.UNCLEAR: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller(MetricWriter):
    """Writes the values of one metric, and what an interval of it says."""

    direction: Direction

    def verdict(self, found: Estimate) -> Verdict:
        """Tell what the interval says: clearly better or worse, moved where neither is better, or nothing clear."""
        if not (found.low > 0 or found.high < 0):
            return Verdict.UNCLEAR
        if self.direction is Direction.NEITHER:
            return Verdict.MOVED
        return Verdict.BETTER if (found.effect > 0) == (self.direction is Direction.UP) else Verdict.WORSE


def teller(context: Context, metric: str, places: tuple[Place, ...]) -> Teller:
    """Give the writer of one metric's values in the reader's language."""
    found = find_metric(context, metric)
    currencies = {one.currency for one in places}
    currency = next(iter(currencies)) if len(currencies) == 1 else None
    return Teller(
        metric, found.label.text(context.locale), found.unit.value, currency, context.locale, direction=found.direction
    )


def reading_told(one: ArmReading, told: Teller) -> tuple[str, Verdict]:
    """Write what was read of one arm, with what it says; nothing where it was refused."""
    if one.estimate is None:
        return "", Verdict.UNCLEAR
    return told.span(one.estimate), told.verdict(one.estimate)
