"""A calibration report as people read it: quantities in words, figures with their units, pictures side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from tiffin.capabilities.rehearsals.domain.calibration import Kind
from tiffin.capabilities.rehearsals.domain.calibration_report import VARIANTS, Entry
from tiffin.capabilities.rehearsals.service.calibration_files import CUTOFF_H
from tiffin.capabilities.rehearsals.service.calibration_words import (
    CAVEATS,
    FIFTHS,
    HOW,
    MEASURED,
    MEASURES,
    READ,
    REASONS,
    SAME,
)
from tiffin.runtime.i18n import format_date, format_number, format_percent, mark, translate
from tiffin.web.charts.bar import bar_chart
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Series, line_chart

A_MONDAY = date(2026, 11, 23)
GIVEN, CALIBRATED = VARIANTS
REAL = mark("Real")
CALIBRATED_NAME = mark("Simulated, fitted to the source")
GIVEN_NAME = mark("Simulated, values of all cities")
SERIES: Mapping[str, str] = {"real": REAL, CALIBRATED: CALIBRATED_NAME, GIVEN: GIVEN_NAME}
CHART_HEIGHT = 190.0
DECIMALS = {"min": 1, "m": 0, "orders": 2, "items": 1, "factor": 2, "log": 2}
UNITS = {"min": mark("{value} min"), "m": mark("{value} m")}
FEWEST = 30
"""A profile of fewer events says nothing and is not drawn."""
NEAR = 0.1
"""A distance below this share of the median, or of all, is called near."""


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity in the table of all.

    Parameters
    ----------
    moved, given : str
        Distances in the quantity's unit: fitted to the source, and under the values of all cities.
    difference : str
        Simulated less real where both are one number, else the distance; `within` is its interval.
    reason : str
        Why there is no distance.
    """

    key: str
    source: str
    name: str
    real_n: str
    simulated_n: str
    real: str
    simulated: str
    moved: str
    difference: str
    within: tuple[str, str]
    given: str
    of_spread: str
    gap: str
    by_chance: str
    reason: str
    is_near: bool
    was_fitted: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """One quantity with its picture and how it was read and measured.

    Parameters
    ----------
    figures : tuple of (name, value, low, high)
        What stands in place of a picture where there is one number on each side.
    """

    line: Line
    chart: Markup | None
    figures: tuple[tuple[str, str, str, str], ...]
    read: str
    measured: str
    caveat: str
    parameters: tuple[str, ...]


def lines_of(report: Entry, locale: str) -> tuple[Line, ...]:
    """Write every quantity of a report as a line."""
    return tuple(_line(entry, locale) for entry in report["quantities"])


def pictures_of(report: Entry, source: str, locale: str) -> tuple[Picture, ...]:
    """Draw the quantities of one source that can be compared."""
    return tuple(
        Picture(
            line=_line(entry, locale),
            chart=_chart(entry, locale),
            figures=_figures(entry, locale),
            read=READ[entry["key"]],
            measured=MEASURED.get(entry["measure"], SAME),
            caveat=CAVEATS.get(entry["key"], ""),
            parameters=tuple(entry["parameters"]),
        )
        for entry in report["quantities"]
        if entry["source"] == source and CALIBRATED in entry
    )


def settled_of(report: Entry, locale: str) -> list[dict[str, str]]:
    """Write the parameters that files settle."""
    write = partial(_figure, locale)
    return [
        {
            "parameter": one["parameter"],
            "source": one["source"],
            "how": HOW[one["how"]],
            "at_bound": "yes" if one["at_bound"] else "",
            **{name: write(one[name]) for name in ("value", "low", "high", "given")},
        }
        for one in report["parameters"]
    ]


def assumed_of(report: Entry, locale: str) -> list[dict[str, str]]:
    """Write the parameters for which no file was found."""
    return [{**one, "value": _figure(locale, one["value"])} for one in report["assumptions"]]


def amount(unit: str, value: float | None, locale: str) -> str:
    """Write a value with its unit."""
    if unit == "share":
        return format_percent(value, locale)
    said = format_number(value, locale, decimals=DECIMALS[unit])
    return translate(locale, UNITS[unit], value=said) if unit in UNITS and value is not None else said


def _line(entry: Entry, locale: str) -> Line:
    calibrated, given = entry.get(CALIBRATED, {}), entry.get(GIVEN, {})
    distance, before = calibrated.get("distance", {}), given.get("distance", {})
    unit = "share" if entry["kind"] == Kind.PROFILE else entry["unit"]
    write = partial(_written, unit, locale)
    return Line(
        key=entry["key"],
        source=entry["source"],
        name=MEASURES[entry["measure"]],
        real_n=_figure(locale, entry["real"].get("n")),
        simulated_n=_figure(locale, calibrated.get("n")),
        real=write(_middle(entry["real"])),
        simulated=write(_middle(calibrated)),
        moved=write(distance.get("moved")),
        difference=write(distance.get("difference", distance.get("moved"))),
        within=(write(distance.get("low")), write(distance.get("high"))),
        given=write(before.get("moved")),
        of_spread=format_percent(distance.get("of_spread"), locale),
        gap=format_number(distance.get("gap"), locale, decimals=2),
        by_chance=write(distance.get("by_chance")),
        reason=REASONS.get(entry["reason"], ""),
        is_near=is_near(entry),
        was_fitted=entry["fitted"],
    )


def is_near(entry: Entry) -> bool:
    """Tell whether a simulated quantity lies near the real one.

    Notes
    -----
    Near is: a distance below a tenth of the median or of the way between the quartiles, or below what chance alone
    would show; for a share or an effect an interval of the difference that holds zero; for a profile a tenth of it.
    """
    distance = entry.get(CALIBRATED, {}).get("distance", {})
    if not distance:
        return False
    if "difference" in distance:
        return bool(distance["low"] <= 0.0 <= distance["high"])
    names = ("relative", "of_spread") if entry["kind"] == Kind.DISTRIBUTION else ("moved",)
    measured = [distance[name] for name in names if distance[name] is not None]
    return bool(distance["moved"] <= distance["by_chance"] or min(measured, default=1.0) < NEAR)


def _middle(told: Mapping[str, Any]) -> float | None:
    quantiles = told.get("quantiles")
    return quantiles[len(quantiles) // 2] if quantiles else told.get("value")


def _written(unit: str, locale: str, value: float | None) -> str:
    return amount(unit, value, locale)


def _figure(locale: str, value: float | None) -> str:
    is_whole = value is not None and (float(value).is_integer() or abs(value) >= 1000)  # noqa: PLR2004 - as charts do
    decimals = 0 if is_whole else 3 if value is not None and abs(value) < 10 else 1  # noqa: PLR2004 - three digits
    return format_number(value, locale, decimals=decimals)


def _figures(entry: Entry, locale: str) -> tuple[tuple[str, str, str, str], ...]:
    if entry["kind"] not in {Kind.SHARE, Kind.EFFECT}:
        return ()
    write = partial(_written, entry["unit"], locale)
    return tuple(
        (name, write(entry[key]["value"]), write(entry[key]["low"]), write(entry[key]["high"]))
        for key, name in SERIES.items()
    )


def _chart(entry: Entry, locale: str) -> Markup | None:
    name = MEASURES[entry["measure"]]
    caption = Caption(translate(locale, mark("Share of the values")), translate(locale, name))
    if entry["kind"] == Kind.DISTRIBUTION:
        return _distribution(entry, caption, locale)
    if entry["kind"] != Kind.PROFILE:
        return None
    return bar_chart(
        _positions(entry, locale),
        _series({key: entry[key]["shares"] for key in SERIES if entry[key]["n"] >= FEWEST}, locale),
        caption=caption,
        locale=locale,
        show=partial(format_percent, locale=locale),
        height=CHART_HEIGHT,
    )


def _distribution(entry: Entry, caption: Caption, locale: str) -> Markup:
    histogram = entry["histogram"]
    edges = histogram["edges"]
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    decimals = 0 if max(map(abs, middles)) >= NEAR * 100 else 2
    return line_chart(
        [_edge(entry["unit"], one, decimals, locale) for one in middles],
        _series({key: histogram[key] for key in SERIES}, locale),
        caption=caption,
        locale=locale,
        show=partial(format_percent, locale=locale),
        height=CHART_HEIGHT,
    )


def _edge(unit: str, value: float, decimals: int, locale: str) -> str:
    if unit == "share":
        return format_percent(value, locale, decimals=0)
    return format_number(value, locale, decimals=decimals)


def _series(columns: Mapping[str, Sequence[float]], locale: str) -> list[Series]:
    return [Series(translate(locale, SERIES[key]), tuple(values)) for key, values in columns.items()]


def _positions(entry: Entry, locale: str) -> list[str]:
    count = len(entry["real"]["shares"])
    if entry["measure"] == "weekdays":
        return [format_date(A_MONDAY + timedelta(days=number), locale, skeleton="E") for number in range(count)]
    if entry["measure"] == "stars":
        return [format_number(number, locale) for number in range(1, count + 1)]
    if entry["measure"] == "refunds_by_fifth":
        return [translate(locale, word) for word in FIFTHS]
    return [f"{(CUTOFF_H + number) % count:02}" for number in range(count)]
