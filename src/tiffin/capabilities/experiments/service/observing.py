"""What something did that nobody drew lots for: areas that began it against areas that did not, by governed metrics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tiffin.capabilities.experiments.domain.panel_reading import Method, PanelReading, read_panel
from tiffin.capabilities.experiments.domain.trial import Start, Unit
from tiffin.capabilities.experiments.service.caution_words import caution_text
from tiffin.capabilities.experiments.service.panels import area_days, panel_from
from tiffin.capabilities.experiments.service.places import Place, places_of
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

BEFORE_DAYS = 56
USUAL_AFTER_DAYS = 28


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Parameters
    ----------
    treated : tuple of Start
        Areas that began something, a city or a zone as city/zone, all of one sort.
    through : date
        Last day that is read.
    cities : tuple of str
        Among whose areas the others are; none for all that the actor sees whole (cities), or the treated zones' own.
    before_days : int
        So many days before the first start are matched.
    """

    metric: str
    method: Method
    treated: tuple[Start, ...]
    through: date
    cities: tuple[str, ...] = ()
    before_days: int = BEFORE_DAYS
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Observed:
    """What was found.

    Parameters
    ----------
    left_out : tuple of str
        Areas that had no number on some day.
    donors : int
        Areas that began nothing.
    """

    question: Question
    reading: PanelReading
    places: tuple[Place, ...]
    donors: int
    left_out: tuple[str, ...]


def observe(context: Context, question: Question) -> Observed:
    """Set areas that began something against those that did not.

    Raises
    ------
    NotFound
        There is no such metric or city that the actor may see, or nothing is known of it there.
    WrongUse
        The areas are of two sorts, the days make no sense, or the method cannot read such a panel.
    InvalidData
        Nobody is left to compare with, or there is too little before.
    Forbidden
        The metric is not for the actor.
    """
    unit = _unit(question)
    cities = question.cities or _cities(context, question, unit)
    places = places_of(context, cities)
    first = min(one.day for one in question.treated)
    days = Days(first - timedelta(days=question.before_days), question.through)
    found = area_days(context, question.metric, unit, cities=cities, days=days)
    panel = panel_from(found, {one.area: one.day for one in question.treated})
    try:
        reading = read_panel(question.method, panel, level=question.level)
    except DesignRefused as refusal:
        raise WrongUse(caution_text(refusal.caution, context.locale)) from None
    return Observed(question, reading, places, len(found.areas) - len(question.treated), found.left_out)


def starts_from(areas: Sequence[str], days: Sequence[date]) -> tuple[Start, ...]:
    """Pair areas with the days on which they began; one day alone holds for all.

    Raises
    ------
    WrongUse
        There are neither as many days as areas nor one.
    """
    if not areas or len(days) not in (1, len(areas)):
        raise WrongUse(Message("Name the areas that began, and one day for all of them or one for each."))
    dated = days if len(days) == len(areas) else [days[0]] * len(areas)
    return tuple(Start(area.replace(":", "/"), day) for area, day in zip(areas, dated, strict=True))


def _unit(question: Question) -> Unit:
    sorts = {"/" in one.area for one in question.treated}
    if len(sorts) != 1:
        raise WrongUse(Message("Areas are cities or zones, not both at once."))
    if min(one.day for one in question.treated) > question.through:
        raise WrongUse(Message("The first start lies after the last day that is read."))
    return Unit.ZONE if sorts.pop() else Unit.CITY


def _cities(context: Context, question: Question, unit: Unit) -> tuple[str, ...]:
    """Look among the treated zones' own cities; cities are compared with all of the sort, simulated or not, he sees."""
    own = tuple(dict.fromkeys(one.area.partition("/")[0] for one in question.treated))
    if unit is Unit.ZONE:
        return own
    sort = places_of(context, own)[0].is_simulated
    seen = [
        one.city_id
        for one in visible_cities(context)
        if context.actor.may_see_city(country=one.country, city_id=one.city_id)
    ]
    return tuple(one.city_id for one in places_of(context, seen) if one.is_simulated == sort)
