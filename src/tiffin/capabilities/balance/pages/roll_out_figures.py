"""Numbers and words of roll-outs as people read them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.capabilities.balance.domain.roll_out import Basis, CityState, Holdout
from tiffin.capabilities.balance.service.roll_outs.register import Kind, Result
from tiffin.capabilities.metrics.service import find_metric
from tiffin.engines.metrics.definitions import Direction
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.web.measures import MetricWriter, typed_scale

_POINTS = str.maketrans({",": ".", "\N{ARABIC DECIMAL SEPARATOR}": "."})

HOLDOUTS: Mapping[Holdout, str] = {
    Holdout.ZONE: mark("Zones, drawn anew for each window"),
    Holdout.MERCHANT: mark("Merchants, drawn once"),
    Holdout.RIDER: mark("Riders, drawn once"),
}
BASES: Mapping[Basis, str] = {
    Basis.PREDICTED: mark(
        "The order of the waves follows from what is foretold: much gain and much to learn for little risk first."
    ),
    Basis.BY_SIZE: mark("Too few cities were tried to foretell anything, so the smallest city goes first."),
    Basis.BY_HAND: mark("A person chose the order of the waves."),
}
RESULTS: Mapping[Result, str] = {
    Result.BETTER: mark("better"),
    Result.WORSE: mark("worse"),
    Result.UNCLEAR: mark("no clear difference"),
    Result.UNKNOWN: mark("could not be read out"),
}
SIGNS: Mapping[Result, str] = {Result.BETTER: "▲", Result.WORSE: "▼", Result.UNCLEAR: "=", Result.UNKNOWN: "?"}
TONES: Mapping[str, str] = {
    Result.BETTER: "good",
    Result.WORSE: "bad",
    CityState.ON: "good",
    CityState.HELD: "warn",
    CityState.BACK: "bad",
    "roll_out_submitted": "warn",
    "wave_running": "good",
    "gate_overdue": "warn",
    "roll_out_halted": "bad",
    "roll_out_done": "good",
    "go_on": "good",
    "stop": "bad",
}
KINDS: Mapping[Kind, str] = {Kind.TRIAL: mark("Trial"), Kind.ROLL_OUT: mark("Roll-out")}
VERDICTS: Mapping[str, str] = {"go_on": mark("Go on"), "wait": mark("Wait"), "stop": mark("Stop")}
BECAUSE: Mapping[str, str] = {"effect": mark("the effect against its cost"), "days": mark("too few days")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures(MetricWriter):
    """Writes the values of one metric, and reads them as people type them."""

    direction: Direction

    @property
    def scale(self) -> float:
        """Give how much of the metric's own unit is one of what people type."""
        return typed_scale(self.unit, self.currency)


@dataclass(frozen=True, slots=True)
class Span:
    """An effect with its interval, as it is kept."""

    effect: float | None
    low: float | None
    high: float | None


def figures(context: Context, metric: str, currencies: frozenset[str] = frozenset()) -> Figures:
    """Give the writer of one metric's values in the reader's language."""
    found = find_metric(context, metric)
    currency = next(iter(currencies)) if len(currencies) == 1 else None
    return Figures(
        metric, found.label.text(context.locale), found.unit.value, currency, context.locale, direction=found.direction
    )


def typed_number(said: Mapping[str, str], name: str, otherwise: float = 0.0) -> float:
    """Read a number as people of all languages type it.

    Raises
    ------
    WrongUse
        It is none.
    """
    text = said.get(name, "").strip()
    try:
        return float(text.removesuffix("%").translate(_POINTS)) if text else otherwise
    except ValueError:
        raise WrongUse(Message("'{text}' is no number. Write it like 2.5.", text=text)) from None
