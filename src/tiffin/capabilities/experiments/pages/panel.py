"""A panel of areas as a picture and words: gaps before and since, tests that should find nothing, and weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite

from markupsafe import Markup

from tiffin.capabilities.experiments.domain.panel_reading import Gap, Method, PanelReading
from tiffin.capabilities.experiments.pages.told import Teller
from tiffin.capabilities.experiments.service.assumptions import ASSUMPTIONS, METHODS
from tiffin.engines.experiments.observational.placebos import Placebo
from tiffin.runtime.i18n import NOTHING, format_date, format_number, format_percent, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Band, Series, line_chart

MOST_WEIGHTS = 8
GAPS = mark("Gap between the areas that began and those they are compared with")
BEFORE, SINCE, BAND = mark("Before the start"), mark("Since the start"), mark("Interval")
PLACEBOS: Mapping[str, str] = {
    "pre_trend": mark("Did both sides drift apart before the start?"),
    "in_time": mark("Is an effect found at an earlier, invented start?"),
}


@dataclass(frozen=True, slots=True)
class TestTold:
    """One test that should find nothing: what was asked, what it found, its chance, and whether it passed."""

    asked: str
    found: str
    p: str
    passed: bool


@dataclass(frozen=True, slots=True)
class PanelTold:
    """What a page shows of a panel's reading."""

    method: str
    plot: Markup
    tests: tuple[TestTold, ...]
    assumptions: tuple[str, ...]
    weights: tuple[tuple[str, str], ...]


def panel_told(found: PanelReading, told: Teller) -> PanelTold:
    """Draw the gaps and say the rest in the reader's language."""
    locale = told.locale
    weights = sorted(found.weights.items(), key=lambda one: -one[1])[:MOST_WEIGHTS]
    return PanelTold(
        translate(locale, METHODS[found.method]),
        _gaps(found, told),
        tuple(_test(one, told) for one in found.placebos),
        tuple(translate(locale, text) for text in ASSUMPTIONS[found.method]),
        tuple((area, format_percent(weight, locale)) for area, weight in weights),
    )


def _gaps(found: PanelReading, told: Teller) -> Markup:
    locale = told.locale
    starts = next((place for place, one in enumerate(found.gaps) if one.at == found.starts_at), len(found.gaps))
    before = tuple(one.gap if place < starts else None for place, one in enumerate(found.gaps))
    since = tuple(one.gap if place >= starts else None for place, one in enumerate(found.gaps))
    band = None
    if any(one.low is not None for one in found.gaps):
        band = Band(
            translate(locale, BAND), tuple(one.low for one in found.gaps), tuple(one.high for one in found.gaps)
        )
    return line_chart(
        [_at(one, found.method, locale) for one in found.gaps],
        [Series(translate(locale, BEFORE), before), Series(translate(locale, SINCE), since)],
        caption=Caption(translate(locale, GAPS), told.label),
        locale=locale,
        band=band,
        show=told.change,
    )


def _at(one: Gap, method: Method, locale: str) -> str:
    if method is Method.STAGGERED:
        return format_number(int(one.at), locale)
    return format_date(date.fromisoformat(one.at), locale, skeleton="MMMd")


def _test(one: Placebo, told: Teller) -> TestTold:
    asked = PLACEBOS.get(one.name)
    found = told.change(one.effect) if isfinite(one.effect) else NOTHING
    p = format_number(round(one.p, 4), told.locale, decimals=4) if isfinite(one.p) else NOTHING
    return TestTold(translate(told.locale, asked) if asked else one.name, found, p, one.passed)
