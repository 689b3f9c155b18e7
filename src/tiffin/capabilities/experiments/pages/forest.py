"""Forest plot of one metric: the effect of each arm with its interval, against nought and what a guardrail allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from markupsafe import Markup

from tiffin.capabilities.experiments.pages.told import VERDICTS, Teller, Verdict
from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.metrics.definitions import Direction
from tiffin.runtime.i18n import mark, translate
from tiffin.web.charts.figure import Caption, Figures, at_both_widths, drawing, figure
from tiffin.web.charts.scales import Scale, scale_for
from tiffin.web.charts.svg import Frame, label, shortened, tag, text_width

ROW = 40.0
NAMES_UP_TO = 0.3
"""Share of the drawing that names of arms may take."""
COLUMNS = (mark("Arm"), mark("Measured effect"), mark("From"), mark("To"))
GUARDRAIL = mark("Guardrail")
CSS = {Verdict.BETTER: "better", Verdict.WORSE: "worse", Verdict.MOVED: "moved", Verdict.UNCLEAR: "unclear"}


@dataclass(frozen=True, slots=True)
class Effect:
    """One arm's effect on the metric."""

    arm: str
    found: Estimate


def forest_plot(effects: Sequence[Effect], told: Teller, *, most_worse: float | None = None) -> Markup:
    """Draw the effects on one metric.

    Parameters
    ----------
    most_worse : float or None
        By how much its guardrail lets the metric get worse; None without one.
    """
    locale = told.locale
    limits = _limits(told, most_worse)
    reached = [end for one in effects for end in (one.found.low, one.found.effect, one.found.high) if isfinite(end)]
    scale = scale_for([*reached, *limits], from_zero=True)
    caption = Caption(told.label, "; ".join(_said(one, told) for one in effects))

    def draw(width: float) -> Markup:
        names = min(max(text_width(one.arm) for one in effects), width * NAMES_UP_TO)
        frame = Frame(width, 64 + ROW * len(effects), names + 16, 24, top=32, bottom=28, locale=locale)
        parts = [*_axis(frame, scale, told), *_sides(frame, told), *_guardrails(frame, scale, limits, told)]
        parts += [part for at, one in enumerate(effects) for part in _row(frame, scale, one, at, told)]
        return drawing(parts, width=width, height=frame.height, caption=caption, locale=locale)

    columns = tuple(translate(locale, text) for text in COLUMNS)
    rows = tuple((one.arm, *(told.change(end) for end in (one.found.effect, one.found.low, one.found.high)))
                 for one in effects)  # fmt: skip
    return figure(caption, at_both_widths(draw), locale=locale, figures=Figures(columns, rows), css="forest")


def _said(one: Effect, told: Teller) -> str:
    word = translate(told.locale, VERDICTS[told.verdict(one.found)])
    return f"{one.arm}: {told.span(one.found)}, {word}"


def _limits(told: Teller, most_worse: float | None) -> list[float]:
    if most_worse is None:
        return []
    ways = {Direction.DOWN: [most_worse], Direction.UP: [-most_worse]}
    return ways.get(told.direction, [-most_worse, most_worse])


def _axis(frame: Frame, scale: Scale, told: Teller) -> list[Markup]:
    parts = []
    room = frame.inner_width / max(1, len(scale.ticks) - 1)
    every = 2 if max(text_width(told.change(tick)) for tick in scale.ticks) + 6 > room else 1
    zero = scale.ticks.index(0.0) if 0.0 in scale.ticks else 0
    for number, tick in enumerate(scale.ticks):
        x = frame.x(scale.share(tick))
        bounds = {"x1": x, "x2": x, "y1": frame.top, "y2": frame.height - frame.bottom}
        parts.append(tag("line", **bounds, class_="axis" if tick == 0 else "grid"))
        if (number - zero) % every == 0:
            parts.append(label(x, frame.height - 10, frame.isolated(told.change(tick))))
    return parts


def _sides(frame: Frame, told: Teller) -> list[Markup]:
    """Write which side is better and which worse."""
    if told.direction is Direction.NEITHER:
        return []
    better, worse = (translate(told.locale, VERDICTS[one]) for one in (Verdict.BETTER, Verdict.WORSE))
    ends = (better, worse) if told.direction is Direction.DOWN else (worse, better)
    css = ("good", "bad") if told.direction is Direction.DOWN else ("bad", "good")
    return [
        label(frame.x(0), 12, ends[0], css=f"label side {css[0]}", anchor="start"),
        label(frame.x(1), 12, ends[1], css=f"label side {css[1]}", anchor="end"),
    ]


def _guardrails(frame: Frame, scale: Scale, limits: Sequence[float], told: Teller) -> list[Markup]:
    parts = []
    for limit in limits:
        x = frame.x(scale.share(limit))
        said = f"{translate(told.locale, GUARDRAIL)}: {told.change(limit)}"
        line = tag("line", tag("title", said), x1=x, x2=x, y1=frame.top, y2=frame.height - frame.bottom, class_="limit")
        parts += [line, label(x, frame.top - 4, translate(told.locale, GUARDRAIL), css="label side bad")]
    return parts


def _row(frame: Frame, scale: Scale, one: Effect, at: int, told: Teller) -> list[Markup]:
    y = frame.top + (at + 0.6) * ROW
    verdict = told.verdict(one.found)
    css = CSS[verdict]
    name = shortened(one.arm, width=frame.start - 12)
    parts = [label(frame.along(frame.start - 10), y + 4, frame.isolated(name), anchor="end")]
    low = scale.share(one.found.low) if isfinite(one.found.low) else 0.0
    high = scale.share(one.found.high) if isfinite(one.found.high) else 1.0
    parts.append(tag("line", x1=frame.x(low), x2=frame.x(high), y1=y, y2=y, class_=f"line {css}"))
    if isfinite(one.found.effect):
        middle = frame.x(scale.share(one.found.effect))
        parts.append(tag("circle", tag("title", _said(one, told)), cx=middle, cy=y, r=5.0, class_=f"dot {css}"))
        parts.append(label(middle, y - 9, translate(told.locale, VERDICTS[verdict]), css="value"))
    return parts
