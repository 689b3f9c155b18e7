"""The page of one rehearsal: figures side by side, what they mean, charts by hour, maps by zone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tiffin.capabilities.rehearsals.domain.comparison import Estimate, Figures
from tiffin.capabilities.rehearsals.domain.rehearsal import FIRST, SECOND
from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.capabilities.rehearsals.service.run_scenarios import stage_of
from tiffin.capabilities.rehearsals.service.run_views import RehearsalView
from tiffin.capabilities.rehearsals.service.run_words import (
    MEASURES,
    arm_told,
    difference_shown,
    differences_told,
    roster_told,
    shown,
    undecided,
)
from tiffin.kernel.errors import NotFound
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.charts.figure import Caption, numbers_in
from tiffin.web.charts.line import Series, line_chart
from tiffin.web.charts.zone_map import ZoneShape, rings_of_geojson, zone_map

HOURS = 24
MINUTES_AN_HOUR = 60

BY_HOUR = (
    (mark("Click to door by the hour of the order, minutes"), "click_to_door_min", "delivered"),
    (mark("Minutes behind the promise, by the hour of the order"), "lateness_min", "delivered"),
    (mark("Share of riders' time with an order, by hour"), "busy_min", "online_min"),
)
"""Charts: what they show, what is divided by what."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One measure of the table: each of what is compared with its interval, and the difference."""

    label: str
    cells: Sequence[tuple[str, str]]
    difference: tuple[str, str] | None


def page_of(context: Context, found: RehearsalView) -> dict[str, Any]:
    """Give what the page of a rehearsal shows besides itself."""
    locale, plan = context.locale, found.plan
    scenario = _scenario(context, found)
    told = heading_of(context, found, scenario) | {
        "planted": tuple(one for one in scenario.planted if one.day == plan.day) if scenario else ()
    }
    if not found.figures:
        return told
    names = told["names"]
    return told | {
        "rows": _rows(found.figures, locale),
        "sentences": list(differences_told(plan, found.figures, locale)),
        "undecided": undecided(found.figures, locale),
        "charts": _charts(found.figures, names, scenario.city.cutoff_min if scenario else 0, locale),
        "maps": _maps(found.figures, names, scenario, locale) if scenario else [],
    }


def heading_of(context: Context, found: RehearsalView, scenario: Scenario | None) -> dict[str, Any]:
    """Give what every page of a rehearsal says: the city, and what is compared."""
    locale, plan = context.locale, found.plan
    return {
        "one": found,
        "city": scenario.city.name if scenario else plan.city_id,
        "arms": [(arm.key, arm.policy, roster_told(arm.roster, locale)) for arm in plan.arms],
        "names": {arm.key: arm_told(plan, arm.key, locale) for arm in plan.arms},
    }


def _scenario(context: Context, found: RehearsalView) -> Scenario | None:
    """Find the rehearsed scenario; None where its file is no more, so that the figures can be read all the same."""
    try:
        return stage_of(found.plan, workspace=context.workspace.root).scenario
    except NotFound:
        return None


def _rows(figures: Figures, locale: str) -> list[FigureRow]:
    return [
        FigureRow(
            label=translate(locale, told.label),
            cells=[_cell(name, by_name[name], locale, shown) for by_name in figures.arms.values()],
            difference=_cell(name, figures.differences[name], locale, difference_shown)
            if figures.differences
            else None,
        )
        for name, told in MEASURES.items()
    ]


def _cell(name: str, found: Estimate, locale: str, write: Callable[..., str]) -> tuple[str, str]:
    if found.low is None or found.high is None:
        return write(name, found.mean, locale), ""
    ends = {"low": write(name, found.low, locale), "high": write(name, found.high, locale)}
    return write(name, found.mean, locale), translate(locale, mark("{low} to {high}"), **ends)


def _charts(figures: Figures, names: Mapping[str, str], cutoff_min: int, locale: str) -> list[Markup]:
    hours = [f"{(cutoff_min // MINUTES_AN_HOUR + number) % HOURS:02}" for number in range(HOURS)]
    return [
        line_chart(
            hours,
            [Series(names[key], _divided(by_name[above], by_name[below])) for key, by_name in figures.by_hour.items()],
            caption=Caption(translate(locale, title)),
            locale=locale,
            show=numbers_in(locale),
        )
        for title, above, below in BY_HOUR
    ]


def _maps(figures: Figures, names: Mapping[str, str], scenario: Scenario, locale: str) -> list[Markup]:
    """Draw the first's lateness by zone, and by how much the second's differs."""
    late = {key: _divided(by_name["lateness_min"], by_name["delivered"]) for key, by_name in figures.by_zone.items()}
    title = translate(locale, mark("Minutes behind the promise, by zone of pickup: {name}"), name=names[FIRST])
    maps = [_map(scenario, late[FIRST], title, locale)]
    if SECOND in late:
        less = [None if one is None or two is None else two - one for one, two in zip(*late.values(), strict=True)]
        title = translate(locale, mark("The same, by how much B differs from A: {name}"), name=names[SECOND])
        maps.append(_map(scenario, less, title, locale))
    return maps


def _map(scenario: Scenario, values: Sequence[float | None], title: str, locale: str) -> Markup:
    zones = scenario.zones
    return zone_map(
        [ZoneShape(zone.zone_id, translate(locale, zone.name), rings_of_geojson(zone.polygon)) for zone in zones],
        {zone.zone_id: value for zone, value in zip(zones, values, strict=True)},
        caption=Caption(title),
        locale=locale,
        show=numbers_in(locale),
    )


def _divided(above: Sequence[float], below: Sequence[float]) -> tuple[float | None, ...]:
    return tuple(one / other if other else None for one, other in zip(above, below, strict=True))
