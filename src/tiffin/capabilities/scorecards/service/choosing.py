"""What a reader chose on a dashboard, read from its address: places, parts of the day, teams, days."""

from collections.abc import Mapping
from datetime import date, timedelta

from tiffin.capabilities.metrics.service.answering import footprint_for
from tiffin.capabilities.metrics.service.cities import unseen_city
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.scorecards.domain.asking import Chosen
from tiffin.capabilities.scorecards.domain.dashboards import CITY, COUNTRY, HOUR, Dashboard
from tiffin.capabilities.scorecards.service.places import PARTS, Places
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days, asked_days, read_day
from tiffin.runtime.context import Context

HOURS = 24
PLACED = frozenset({CITY, COUNTRY, "zone_id", "fleet_id"})
"""Filters whose values are listed; one that no longer fits the others is let go, so that a city can be changed."""


def chosen_on(context: Context, dashboard: Dashboard, places: Places, raw: Mapping[str, str]) -> Chosen:
    """Read the choices of an address; what is not chosen takes the dashboard's own way.

    Parameters
    ----------
    raw : mapping of str to str
        Filters by dimension, and ``first`` and ``last`` as ISO dates; other names are ignored.

    Raises
    ------
    NotFound
        The place does not exist, or the actor may not see it; or he may see no place at all.
    WrongUse
        A day or an hour cannot be read.
    """
    values = {name: raw[name] for name in dashboard.filters if raw.get(name)}
    _check_places(places, values)
    if dashboard.needs and dashboard.needs not in values:
        values = {dashboard.needs: _first(places, dashboard.needs, values.get(COUNTRY)), **values}
    for name in ("zone_id", "fleet_id"):
        if name in values and values[name] not in dict(places.options(name, values, context.locale)):
            del values[name]
    if HOUR in values and not (values[HOUR].isdecimal() and int(values[HOUR]) < HOURS):
        raise WrongUse(
            Message(
                "A local hour from 0 to 23 was expected, '{text}' was found. Choose one of the list.", text=values[HOUR]
            )
        )
    if "day_part" in values and values["day_part"] not in PARTS:
        raise WrongUse(
            Message(
                "A part of the day was expected, '{text}' was found. Choose one of the list.", text=values["day_part"]
            )
        )
    return Chosen(values, _days(context, dashboard, places, values, raw))


def last_day(
    context: Context, metrics: tuple[str, ...], places: Places, *, city_id: str | None, country: str | None
) -> date | None:
    """Give the last business day that holds facts of some metrics in the chosen places."""
    library = library_of(context.workspace)
    footprint = footprint_for(context, library, metrics, context.warehouse.versions())
    if footprint is None:
        return None
    sources = {source for name in metrics for source in library.model.resolved[name].sources}
    within = frozenset(one.city_id for one in places.cities_within(country=country, city_id=city_id))
    span = footprint.days(sources, within)
    return span.last if span else None


def _check_places(places: Places, values: dict[str, str]) -> None:
    city = values.get(CITY)
    if city is not None and city not in places.cities:
        raise unseen_city(city)
    country = values.get(COUNTRY)
    if country is not None and country not in {one.country for one in places.cities.values()}:
        raise NotFound(
            Message("There is no country '{country}' that you may see. Choose one of the list.", country=country)
        )
    if city is not None and country not in (None, places.cities[city].country):
        del values[CITY]


def _first(places: Places, needed: str, country: str | None) -> str:
    """Give the place that is shown where none was chosen: the first by name of those whose country is known."""
    if not places.cities:
        raise Forbidden(Message("You may see no city. Ask a steward for a grant on a country or a city."))
    first = min(places.cities_within(country=country, city_id=None), key=lambda one: (one.country == "ZZ", one.name))
    return first.country if needed == COUNTRY else first.city_id


def _days(
    context: Context, dashboard: Dashboard, places: Places, values: Mapping[str, str], raw: Mapping[str, str]
) -> Days:
    first, last = _date(raw.get("first")), _date(raw.get("last"))
    if last is None:
        known = last_day(context, dashboard.metrics[:1], places, city_id=values.get(CITY), country=values.get(COUNTRY))
        last = known or context.now.date() - timedelta(days=1)
    if first is None:
        first = last - timedelta(days=dashboard.days - 1)
    days = asked_days(first, last)
    if len(days) > MOST_DAYS:
        raise WrongUse(
            Message(
                "At most {most} days are shown; found {first} to {last}. Choose fewer.",
                most=MOST_DAYS,
                first=first,
                last=last,
            )
        )
    return days


MOST_DAYS = 400


def _date(text: str | None) -> date | None:
    return read_day(text) if text else None
