"""Time line: what took from when to when, one row each, against how long it was expected to take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tiffin.runtime.i18n import NOTHING, translate
from tiffin.web.charts.figure import (
    WIDTH,
    Caption,
    Figures,
    Key,
    Show,
    at_both_widths,
    drawing,
    figure,
    nothing_to_draw,
    numbers_in,
)
from tiffin.web.charts.scales import known, nice_step
from tiffin.web.charts.svg import Frame, label, shortened, tag, text_width

ROW = 30.0
"""Height of a row whose name stands beside its bar."""

ROW_NARROW = 44.0
"""Height of a row whose name stands above its bar."""

BAR = 12.0
NAMES_SHARE = 0.27
"""Part of a wide drawing that names may take."""

Clock = Callable[[float], str]
"""Writes a minute of the axis as people read it, such as a time of day."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something that took from one minute to another, counted from the start of the axis.

    Parameters
    ----------
    begin_min : float or None
        None where it never began: its row stays empty and says so.
    end_min : float or None
        None where it never ended.
    expected_min : float or None
        How long it was expected to take; None where nobody knows.
    limit_min : float or None
        How long it may take before somebody is asked why; None where nobody knows.
    """

    name: str
    begin_min: float | None
    end_min: float | None
    expected_min: float | None = None
    limit_min: float | None = None

    @property
    def length_min(self) -> float | None:
        """Tell how long it took; None where it is not known."""
        if self.begin_min is None or self.end_min is None:
            return None
        return self.end_min - self.begin_min

    @property
    def allowed_min(self) -> float | None:
        """Tell how long it may take without being drawn as too long."""
        return self.expected_min if self.limit_min is None else self.limit_min


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant across all rows, such as a promise."""

    name: str
    at_min: float


def timeline(
    spans: Sequence[Span],
    moments: Sequence[Moment] = (),
    *,
    caption: Caption,
    clock: Clock,
    locale: str = "en",
    show: Show | None = None,
) -> Markup:
    """Draw spans below one another; the part of one beyond what it may take has a colour of its own."""
    show = show or numbers_in(locale)
    if not known(span.length_min for span in spans):
        return nothing_to_draw(caption, locale=locale)
    axis = _axis_of(spans, moments)

    def draw(width: float) -> Markup:
        frame = _frame(spans, moments, width=width, locale=locale)
        rows = [part for at, span in enumerate(spans) for part in _row(frame, axis, span, at, show)]
        parts = [*_grid(frame, axis, clock), *rows, *_moments(frame, axis, moments)]
        return drawing(parts, width=width, height=frame.height, caption=caption, locale=locale)

    keys = (
        Key(translate(locale, "as long as it may take"), "s1"),
        Key(translate(locale, "longer than that"), "s2"),
        Key(translate(locale, "expected"), "s6"),
    )
    figures = _figures(spans, moments, clock, show, locale)
    return figure(caption, at_both_widths(draw), locale=locale, figures=figures, keys=keys, css="timeline")


@dataclass(frozen=True, slots=True)
class _Axis:
    """Minutes between two ends, with round ticks."""

    first: float
    last: float
    step: float

    def share(self, minute: float) -> float:
        return (minute - self.first) / (self.last - self.first)

    @property
    def ticks(self) -> tuple[float, ...]:
        begin = -int(-self.first // self.step)
        return tuple(at * self.step for at in range(begin, int(self.last // self.step) + 1))


def _axis_of(spans: Sequence[Span], moments: Sequence[Moment]) -> _Axis:
    ends = [
        one.begin_min + one.expected_min for one in spans if one.begin_min is not None and one.expected_min is not None
    ]
    minutes = known(
        [
            *(one.begin_min for one in spans),
            *(one.end_min for one in spans),
            *ends,
            *(one.at_min for one in moments),
        ]
    )
    first, last = min(minutes), max(minutes)
    last = max(last, first + 1.0)
    return _Axis(first, last, max(1.0, nice_step((last - first) / 4)))


def _is_narrow(width: float) -> bool:
    return width < WIDTH


def _frame(spans: Sequence[Span], moments: Sequence[Moment], *, width: float, locale: str) -> Frame:
    longest = max(text_width(span.name, size=11) for span in spans) + 10
    start = 6.0 if _is_narrow(width) else min(longest, width * NAMES_SHARE)
    top = 12.0 + 15.0 * len(moments)
    height = top + len(spans) * (ROW_NARROW if _is_narrow(width) else ROW) + 24
    return Frame(width, height, start, 64, top=top, bottom=24, locale=locale)


def _grid(frame: Frame, axis: _Axis, clock: Clock) -> list[Markup]:
    bottom = frame.height - frame.bottom
    parts = []
    for tick in axis.ticks:
        x = frame.x(axis.share(tick))
        parts.append(tag("line", x1=x, x2=x, y1=frame.top, y2=bottom, class_="grid"))
        parts.append(label(x, bottom + 15, frame.isolated(clock(tick))))
    return parts


def _row(frame: Frame, axis: _Axis, span: Span, at: int, show: Show) -> list[Markup]:
    is_narrow = _is_narrow(frame.width)
    height = ROW_NARROW if is_narrow else ROW
    top = frame.top + at * height + (20.0 if is_narrow else (ROW - BAR) / 2)
    if is_narrow:
        name = label(frame.along(frame.start), top - 5, span.name, css="label strong", anchor="start")
    else:
        written = shortened(span.name, width=frame.start - 8)
        name = label(frame.along(frame.start - 6), top + BAR - 2, written, css="label strong", anchor="end")
    if span.begin_min is None:
        said = translate(frame.locale, "not recorded")
        return [name, label(frame.along(frame.start + 4), top + BAR - 2, said, anchor="start")]
    return [name, *_bars(frame, axis, span, top, show)]


def _bars(frame: Frame, axis: _Axis, span: Span, top: float, show: Show) -> list[Markup]:
    begin = span.begin_min or 0.0
    end = axis.last if span.end_min is None else span.end_min
    allowed = end if span.allowed_min is None else min(end, begin + span.allowed_min)
    title = f"{span.name}\n{show(span.length_min)}"
    box = {"y": top, "height": BAR, "rx": 2}
    parts = [frame.box(axis.share(begin), axis.share(max(allowed, begin)), class_="bar less", title=title, **box)]
    if end > allowed:
        parts.append(frame.box(axis.share(allowed), axis.share(end), class_="bar more", title=title, **box))
    if span.expected_min is not None:
        x = frame.x(axis.share(begin + span.expected_min))
        parts.append(tag("line", x1=x, x2=x, y1=top - 4, y2=top + BAR + 4, class_="expected"))
    text = frame.isolated(show(span.length_min)) if span.length_min is not None else translate(frame.locale, "open")
    farthest = max(end, begin + (span.expected_min or 0.0))  # so that no text stands on the mark of what was expected
    tip = frame.start + axis.share(farthest) * frame.inner_width + 6
    return [*parts, label(frame.along(tip), top + BAR - 2, text, css="value", anchor="start")]


def _moments(frame: Frame, axis: _Axis, moments: Sequence[Moment]) -> list[Markup]:
    parts = []
    for at, one in enumerate(moments):
        share = axis.share(one.at_min)
        x, y = frame.x(share), 12.0 + 15.0 * at
        parts.append(tag("line", x1=x, x2=x, y1=y + 4, y2=frame.height - frame.bottom, class_="moment"))
        room = text_width(one.name) / 2
        inside = min(max(frame.start + share * frame.inner_width, room), frame.width - room)
        parts.append(label(frame.along(inside), y, one.name, css="label strong"))
    return parts


def _figures(spans: Sequence[Span], moments: Sequence[Moment], clock: Clock, show: Show, locale: str) -> Figures:
    def told(minute: float | None) -> str:
        return NOTHING if minute is None else clock(minute)

    columns = (
        "",
        translate(locale, "from"),
        translate(locale, "until"),
        translate(locale, "took"),
        translate(locale, "expected"),
        translate(locale, "may take"),
    )
    rows = tuple(
        (
            one.name,
            told(one.begin_min),
            told(one.end_min),
            show(one.length_min),
            show(one.expected_min),
            show(one.limit_min),
        )
        for one in spans
    )
    instants = tuple((one.name, clock(one.at_min), "", "", "", "") for one in moments)
    return Figures(columns, (*rows, *instants))
