"""The parts of a reading as pictures and words: by segment, by day, what carried over, and the arms' sizes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from markupsafe import Markup

from tiffin.capabilities.experiments.domain.findings import BySegment, CarryOver, Findings, OnDay, SampleRatio
from tiffin.capabilities.experiments.pages.forest import Effect, forest_plot
from tiffin.capabilities.experiments.pages.told import Teller
from tiffin.capabilities.experiments.service.caution_words import caution_text
from tiffin.engines.experiments.readout.sample_ratio import SUSPICIOUS
from tiffin.runtime.i18n import NOTHING, format_number, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Band, Series, line_chart

MOST = 16
"""How many segments a picture shows, those with the most units first."""
LEAST_DAYS = 2
WITHIN = 2.0
"""Standard errors that are drawn round what carried over."""
DIFFERS = 0.05

DAYS = mark("Effect by days since the arm was given")
LEFT = mark("What the arm before took from the difference, by minutes since the switch")
EFFECT, INTERVAL = mark("Measured effect"), mark("Interval")
MISSING, ERRORS = mark("Taken from the difference"), mark("Two standard errors")
SAME = mark("No segment clearly differs from the others (p = {p}).")
DIFFERENT = mark("The segments differ more than chance explains (p = {p}; their effects vary by {spread}).")
DRAWN = mark("Each segment is drawn towards the mean of all by as much as it is unsure itself.")
MORE = mark("{count} smaller segments are not drawn.")
NOT_SEEN = mark("Nothing was seen to carry over from one window into the next.")
SEEN = mark("What an arm leaves behind was seen for {minutes} minutes after a switch.")
EVERYWHERE = mark("With what carries over allowed for, having it everywhere and always brings {effect}.")
SIZES = mark("Read out were {counts}; meant were {shares} (p = {p}).")
SIZES_FIT = mark("The arms are as large as they were meant to be.")
SIZES_DIFFER = mark("The arms are not as large as they were meant to be: believe nothing here until that is mended.")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a reading: its heading's dimension (or none), a picture where there is one, and sentences."""

    heading: str
    plot: Markup | None
    said: tuple[str, ...]


def segment_parts(found: Findings, told: Teller, labels: Mapping[str, str]) -> list[Part]:
    """Draw the effect in each segment of every dimension.

    Parameters
    ----------
    labels : mapping of str to str
        Of dimensions, in the reader's language.
    """
    return [_segments(one, told, labels.get(one.dimension, one.dimension)) for one in found.segments]


def _segments(found: BySegment, told: Teller, label: str) -> Part:
    largest = sorted(found.segments.items(), key=lambda one: -one[1].n)[:MOST]
    effects = [Effect(_plain(name), one) for name, one in sorted(largest)]
    spread, p = told.change(found.spread).lstrip("+"), _chance(found.p, told.locale)
    said = [translate(told.locale, DIFFERENT if found.p < DIFFERS else SAME, p=p, spread=spread)]
    said.append(translate(told.locale, DRAWN))
    if len(found.segments) > MOST:
        said.append(translate(told.locale, MORE, count=format_number(len(found.segments) - MOST, told.locale)))
    said += [caution_text(one, told.locale) for one in found.cautions]
    return Part(label, forest_plot(effects, told), tuple(said))


def _plain(name: str) -> str:
    """Write a segment's name: a zone without its city's code, the rest as facts have it."""
    return name.rpartition("/")[2]


def day_chart(days: Sequence[OnDay], told: Teller) -> Markup | None:
    """Draw the effect of each day since the arm was given; None with a single one."""
    if len(days) < LEAST_DAYS:
        return None
    locale = told.locale
    low, high = (tuple(getattr(one.estimate, end) for one in days) for end in ("low", "high"))
    return line_chart(
        [format_number(one.after, locale) for one in days],
        [Series(translate(locale, EFFECT), tuple(one.estimate.effect for one in days))],
        caption=Caption(translate(locale, DAYS), told.label),
        locale=locale,
        band=Band(translate(locale, INTERVAL), low, high),
        show=told.change,
    )


def carry_over_part(found: CarryOver | None, told: Teller) -> Part | None:
    """Draw what carries over step by step, and say what the effect is without it; None for what is no switchback."""
    if found is None:
        return None
    locale = told.locale
    said = []
    if found.left:
        minutes = format_number(found.seen_steps * found.step_min, locale)
        said.append(translate(locale, SEEN, minutes=minutes) if found.seen_steps else translate(locale, NOT_SEEN))
    if found.effect is not None:
        said.append(translate(locale, EVERYWHERE, effect=told.span(found.effect)))
        said += [caution_text(one, locale) for one in found.effect.cautions]
    if found.refused is not None:
        said.append(caution_text(found.refused, locale))
    return Part("", _left(found, told) if len(found.left) > 1 else None, tuple(said))


def _left(found: CarryOver, told: Teller) -> Markup:
    locale = told.locale
    ends = [
        tuple(value + sign * WITHIN * error for value, error in zip(found.left, found.errors, strict=True))
        for sign in (-1, 1)
    ]
    return line_chart(
        [format_number(step * found.step_min, locale) for step in range(len(found.left))],
        [Series(translate(locale, MISSING), found.left)],
        caption=Caption(translate(locale, LEFT), told.label),
        locale=locale,
        band=Band(translate(locale, ERRORS), ends[0], ends[1]),
        show=told.change,
    )


def sizes_told(found: SampleRatio | None, arms: Sequence[str], locale: str) -> tuple[str, ...]:
    """Say how large the arms were meant to be and how large they are."""
    if found is None:
        return ()
    counts = ", ".join(f"{name}: {format_number(one, locale)}" for name, one in zip(arms, found.counts, strict=True))
    shares = " : ".join(format_number(100 * one, locale) for one in found.shares)
    verdict = translate(locale, SIZES_DIFFER if found.p < SUSPICIOUS else SIZES_FIT)
    return verdict, translate(locale, SIZES, counts=counts, shares=shares, p=_chance(found.p, locale))


def _chance(p: float, locale: str) -> str:
    return format_number(round(p, 4), locale, decimals=4) if isfinite(p) else NOTHING
