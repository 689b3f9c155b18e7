"""Numbers of a trial as people read them: each metric in its unit, and whether a change is for the better."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from tiffin.capabilities.experiments.domain.readout import ArmReading
from tiffin.capabilities.experiments.service.places import Place
from tiffin.capabilities.metrics.service import find_metric
from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.metrics.definitions import Direction
from tiffin.kernel.money import MINOR_DIGITS
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.web.measures import show_change, show_measure


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


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes the values of one metric.

    Parameters
    ----------
    currency : str or None
        None where the cities have several.
    """

    name: str
    label: str
    unit: str
    direction: Direction
    currency: str | None
    locale: str

    def value(self, value: float | None) -> str:
        """Write a value; what is no number is a dash."""
        return show_measure(_known(value), self.unit, self.locale, currency=self.currency)

    def change(self, value: float | None) -> str:
        """Write a change, with its sign."""
        return show_change(_known(value), self.unit, self.locale, currency=self.currency)

    def span(self, found: Estimate) -> str:
        """Write an effect with its interval."""
        return f"{self.change(found.effect)} ({self.change(found.low)} … {self.change(found.high)})"

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
    return Teller(metric, found.label.text(context.locale), found.unit.value, found.direction, currency, context.locale)


def scale_of(unit: str, currency: str | None) -> float:
    """Give how much of a metric's own unit is one of what people type: percent of shares, whole money of minor."""
    if unit == "share":
        return 0.01
    return float(10 ** MINOR_DIGITS.get(currency or "", 2)) if unit == "money" else 1.0


def reading_told(one: ArmReading, told: Teller) -> tuple[str, Verdict]:
    """Write what was read of one arm, with what it says; nothing where it was refused."""
    if one.estimate is None:
        return "", Verdict.UNCLEAR
    return told.span(one.estimate), told.verdict(one.estimate)


def _known(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
