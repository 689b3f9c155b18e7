"""Picture of a proposal: what each option avoids against what it costs, with both intervals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from markupsafe import Markup

from tiffin.capabilities.balance.domain.strategy_ranking import Span, span_from
from tiffin.capabilities.balance.service.strategies.proposals import Proposal
from tiffin.capabilities.balance.service.strategies.telling import minutes_span, money_span
from tiffin.capabilities.balance.service.strategies.words import option_told
from tiffin.kernel.money import MINOR_DIGITS
from tiffin.runtime.i18n import format_decimal_unit, format_money, format_number, mark, translate
from tiffin.web.charts.figure import Caption, Figures, at_both_widths, drawing, figure
from tiffin.web.charts.scales import Scale, scale_for
from tiffin.web.charts.svg import Frame, label, tag

HEIGHT = 340.0
TITLE = mark("Lateness avoided against cost")
COLUMNS = (mark("Option"), mark("Lateness avoided"), mark("Cost"))


@dataclass(frozen=True, slots=True)
class _Point:
    rank: int
    name: str
    cost: Span
    avoided: Span
    is_dominated: bool


@dataclass(frozen=True, slots=True)
class _Axes:
    frame: Frame
    cost: Scale
    avoided: Scale

    def x(self, cost: float) -> float:
        """Place an amount of money."""
        return self.frame.x(min(max(self.cost.share(cost), 0.0), 1.0))

    def y(self, minutes: float) -> float:
        """Place minutes."""
        return self.frame.y(min(max(self.avoided.share(minutes), 0.0), 1.0))


def options_chart(proposal: Proposal, locale: str) -> Markup:
    """Draw the options; each dot carries its rank, and what another dominates is drawn hollow."""
    currency = str(proposal.answer["currency"])
    unit = 10.0 ** MINOR_DIGITS.get(currency, 2)
    points = [_point(one, unit, locale) for one in proposal.options]
    caption = Caption(translate(locale, TITLE), proposal_said(points, currency, unit, locale))
    cost = scale_for(_ends(one.cost for one in points))
    avoided = scale_for(_ends(one.avoided for one in points))

    def draw(width: float) -> Markup:
        axes = _Axes(Frame(width, HEIGHT, 62, 18, top=26, bottom=46, locale=locale), cost, avoided)
        parts = [*_grid(axes, currency, unit, width, locale)]
        for one in sorted(points, key=lambda point: -point.rank):
            parts += _drawn(axes, one, currency, unit, locale)
        return drawing(parts, width=width, height=HEIGHT, caption=caption, locale=locale)

    columns = tuple(translate(locale, text) for text in COLUMNS)
    table = tuple(
        (f"{format_number(one.rank, locale)}. {one.name}", minutes_span(one.avoided, locale),
         money_span(_scaled(one.cost, unit), currency, locale))
        for one in points
    )  # fmt: skip
    return figure(caption, at_both_widths(draw), locale=locale, figures=Figures(columns, table), css="options")


def proposal_said(points: Sequence[_Point], currency: str, unit: float, locale: str) -> str:
    """Say in one sentence what there is to see."""
    return "; ".join(
        f"{one.name}: {minutes_span(one.avoided, locale)}, {money_span(_scaled(one.cost, unit), currency, locale)}"
        for one in points[:3]
    )


def _point(said: Mapping[str, Any], unit: float, locale: str) -> _Point:
    none = Span(0.0, 0.0, 0.0)
    cost, avoided = span_from(said["outlay_minor"]) or none, span_from(said["avoided_min"]) or none
    return _Point(said["rank"], option_told(said, locale), _scaled(cost, 1 / unit), avoided, said["is_dominated"])


def _scaled(span: Span, factor: float) -> Span:
    return Span(span.mean * factor, span.low * factor, span.high * factor)


def _ends(spans: Iterable[Span]) -> list[float]:
    return [end for one in spans for end in (one.low, one.mean, one.high) if isfinite(end)]


def _grid(axes: _Axes, currency: str, unit: float, width: float, locale: str) -> list[Markup]:
    frame, parts = axes.frame, []
    every = 2 if width < 400 and len(axes.cost.ticks) > 4 else 1  # noqa: PLR2004 - a phone has room for every other
    for number, tick in enumerate(axes.cost.ticks):
        x = frame.x(axes.cost.share(tick))
        css = "axis" if tick == 0 else "grid"
        parts.append(tag("line", x1=x, x2=x, y1=frame.top, y2=frame.height - frame.bottom, class_=css))
        if number % every == 0:
            parts.append(label(x, frame.height - 28, frame.isolated(format_number(tick, locale))))
    for tick in axes.avoided.ticks:
        y = frame.y(axes.avoided.share(tick))
        css = "axis" if tick == 0 else "grid"
        parts.append(tag("line", x1=frame.x(0), x2=frame.x(1), y1=y, y2=y, class_=css))
        text = format_decimal_unit(tick, "duration-minute", locale)
        parts.append(label(frame.along(frame.start - 6), y + 4, frame.isolated(text), anchor="end"))
    said = translate(locale, mark("Cost, in units of {unit}"), unit=format_money(unit, currency, locale))
    parts.append(label(frame.x(0.5), frame.height - 8, said))
    parts.append(label(frame.along(6), 14, translate(locale, COLUMNS[1]), anchor="start"))
    return parts


def _drawn(axes: _Axes, one: _Point, currency: str, unit: float, locale: str) -> list[Markup]:
    x, y = axes.x(one.cost.mean), axes.y(one.avoided.mean)
    css = "dominated" if one.is_dominated else "frontier"
    cost = money_span(_scaled(one.cost, unit), currency, locale)
    said = f"{one.name}: {minutes_span(one.avoided, locale)}, {cost}"
    ends = (one.cost.low, one.cost.high, one.avoided.low, one.avoided.high)
    parts = []
    if all(isfinite(end) for end in ends):
        parts = [
            tag("line", x1=axes.x(ends[0]), x2=axes.x(ends[1]), y1=y, y2=y, class_=f"reach {css}"),
            tag("line", x1=x, x2=x, y1=axes.y(ends[2]), y2=axes.y(ends[3]), class_=f"reach {css}"),
        ]
    parts.append(tag("circle", tag("title", said), cx=x, cy=y, r=9.0, class_=f"option {css}"))
    parts.append(label(x, y + 4, format_number(one.rank, locale), css=f"rank {css}"))
    return parts
