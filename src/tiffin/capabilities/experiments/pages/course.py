"""The course of a trial: what its deciding metric's readings said from day to day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from tiffin.capabilities.experiments.pages.told import Teller
from tiffin.runtime.i18n import format_date, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Band, Series, line_chart

LEAST = 2
"""Readings from which there is a course to draw."""
TITLE = mark("Readings of the deciding metric over time")
BAND = mark("Interval")


@dataclass(frozen=True, slots=True)
class Point:
    """One reading of one arm; None for what could not be read."""

    arm: str
    read_at: datetime
    through: date
    effect: float | None
    low: float | None
    high: float | None


def course_chart(readings: Sequence[Point], told: Teller) -> Markup | None:
    """Draw the readings of each arm, with the interval where there is one arm; None with fewer than two moments."""
    moments = list(dict.fromkeys(one.read_at for one in readings))
    if len(moments) < LEAST:
        return None
    locale = told.locale
    of = {(one.arm, one.read_at): one for one in readings}
    days = {one.read_at: one.through for one in readings}
    arms = list(dict.fromkeys(one.arm for one in readings))
    found = {arm: [of.get((arm, at)) for at in moments] for arm in arms}
    series = [Series(arm, tuple(one.effect if one else None for one in found[arm])) for arm in arms]
    band = None
    if len(arms) == 1:
        ends = [[getattr(one, end) if one else None for one in found[arms[0]]] for end in ("low", "high")]
        band = Band(translate(locale, BAND), tuple(ends[0]), tuple(ends[1]))
    return line_chart(
        [format_date(days[at], locale, skeleton="MMMd") for at in moments],
        series,
        caption=Caption(translate(locale, TITLE), told.label),
        locale=locale,
        band=band,
        show=told.change,
    )
