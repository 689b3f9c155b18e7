"""Which areas begin when: waves of a staged roll-out dealt out by chance, and areas matched for a geographic trial."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tiffin.capabilities.experiments.domain.trial import Design, Start, Trial, Unit
from tiffin.capabilities.experiments.service.panels import AreaDays, area_days
from tiffin.capabilities.experiments.service.places import places_of, zones_of
from tiffin.engines.experiments.assigning.chance import fraction
from tiffin.engines.experiments.observational.geo_markets import MarketChoice, rank_markets, rehearse_market
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

HISTORY_DAYS = 84
LOOKBACK = 8
EFFECTS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
"""Shares of the metric whose finding is rehearsed, up and down."""
MOST_CHOICES = 8
LEAST_AREAS = 4
"""Areas in all with which a mixture of the others can be matched and judged."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of matched areas.

    Parameters
    ----------
    sizes : tuple of int
        How many areas would be treated.
    days : int
        How long the trial would run.
    until : date
        The history ends on the day before.
    """

    metric: str
    unit: Unit
    cities: tuple[str, ...]
    sizes: tuple[int, ...]
    days: int
    until: date
    zones: tuple[str, ...] = ()
    level: float = 0.95


def matched_areas(context: Context, wanted: Wanted) -> tuple[MarketChoice, ...]:
    """Rehearse a geographic trial on each promising set of areas, from the metric's own history, the best first.

    Raises
    ------
    NotFound, Forbidden
        As reading the metric there.
    WrongUse
        There are too few areas, the trial is over single people, or it is longer than the history can rehearse.
    InvalidData
        The history is too short.
    """
    if not wanted.unit.is_area:
        raise WrongUse(Message("A geographic trial or a staged roll-out is over zones or cities."))
    found = _history(context, wanted)
    sizes = tuple(size for size in wanted.sizes if 0 < size <= len(found.areas) - LEAST_AREAS // 2)
    if len(found.areas) < LEAST_AREAS or not sizes:
        raise WrongUse(
            Message("There are {count} areas with a number on every day; a geographic trial needs at least {least} "
                    "in all, two of them untreated.", count=len(found.areas), least=LEAST_AREAS)
        )  # fmt: skip
    choices = rank_markets(
        found.values, found.areas, sizes=sizes, duration=wanted.days, effects=_both_ways(), lookback=LOOKBACK,
        level=wanted.level,
    )  # fmt: skip
    return choices[:MOST_CHOICES]


def power_of_areas(context: Context, trial: Trial) -> MarketChoice:
    """Rehearse a geographic trial on the areas that it has chosen.

    Raises
    ------
    WrongUse, NotFound, Forbidden, InvalidData
        As `matched_areas`.
    """
    wanted = Wanted(trial.metric, trial.unit, trial.cities, (), trial.days, trial.first, trial.zones, trial.level)
    found = _history(context, wanted)
    chosen = [found.areas.index(one.area) for one in trial.starts if one.area in found.areas]
    if len(chosen) < len(trial.starts) or not chosen:
        raise WrongUse(Message("Name areas of the trial's cities that have a number on every day."))
    return rehearse_market(
        found.values, found.areas, chosen, duration=trial.days, effects=_both_ways(), lookback=LOOKBACK,
        level=trial.level,
    )  # fmt: skip


def laid_out(context: Context, trial: Trial) -> Trial:
    """Settle which area begins when.

    A staged roll-out deals all of its areas out over its waves by chance; one part more than there are waves, as far as
    there are areas, stays as it is until the end, so that the last wave has something to be compared with.

    Raises
    ------
    WrongUse
        There are fewer areas than waves and two to compare with, or one is none of the trial's.
    """
    if not trial.design.is_of_areas_for_good:
        return trial
    areas = areas_of(context, trial)
    if trial.design is Design.STAGED:
        return replace(trial, starts=_dealt_out(trial, areas))
    strange = sorted({one.area for one in trial.starts} - set(areas))
    if strange or not trial.starts:
        raise WrongUse(
            Message("Choose the treated areas among the trial's, zones as city/zone; these are none: {names}.",
                    names=", ".join(strange) or "-")
        )  # fmt: skip
    if len(areas) - len(trial.starts) < LEAST_AREAS // 2:
        raise WrongUse(Message("At least two areas have to stay as they are, to compare with."))
    return trial


def areas_of(context: Context, trial: Trial) -> tuple[str, ...]:
    """Name all areas of a trial: its cities, or their zones as city/zone."""
    places = places_of(context, trial.cities)
    if trial.unit is Unit.CITY:
        return tuple(one.city_id for one in places)
    zones = zones_of(context, trial.cities)
    return tuple(sorted(f"{city}/{zone}" for zone, city in zones.items() if not trial.zones or zone in trial.zones))


def _dealt_out(trial: Trial, areas: Sequence[str]) -> tuple[Start, ...]:
    staying = max(LEAST_AREAS // 2, len(areas) // (trial.stages + 1))
    beginning = len(areas) - staying
    if beginning < trial.stages:
        raise WrongUse(
            Message("{count} areas are too few for {stages} waves and two areas that stay as they are.",
                    count=len(areas), stages=trial.stages)
        )  # fmt: skip
    shuffled = sorted(areas, key=lambda area: fraction(trial.seed or trial.name, area))[:beginning]
    return tuple(
        Start(area, trial.first + timedelta(days=place * trial.stages // beginning * trial.stage_days))
        for place, area in enumerate(shuffled)
    )


def _history(context: Context, wanted: Wanted) -> AreaDays:
    days = Days(wanted.until - timedelta(days=HISTORY_DAYS), wanted.until - timedelta(days=1))
    return area_days(context, wanted.metric, wanted.unit, cities=wanted.cities, days=days, zones=wanted.zones)


def _both_ways() -> tuple[float, ...]:
    return tuple(sign * effect for effect in EFFECTS for sign in (1, -1))
