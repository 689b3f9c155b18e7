"""The cities of trials, and what an actor may do there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.experiments.queries import places as ask
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.kernel.time import business_date
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class Place:
    """A city in which a trial runs.

    Parameters
    ----------
    cutoff_min : int
        Minutes after local midnight at which a business day begins.
    is_simulated : bool
        Whom its facts name is nobody real, and has no pseudonym.
    """

    city_id: str
    name: str
    country: str
    timezone: str
    cutoff_min: int
    currency: str
    is_simulated: bool

    def moment(self, at: datetime) -> tuple[date, int]:
        """Give the business day of an instant, and the minutes of the clock since it began."""
        day = business_date(at, timezone=self.timezone, cutoff_min=self.cutoff_min)
        local = at.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)
        return day, int((local - datetime(day.year, day.month, day.day)).total_seconds() // 60) - self.cutoff_min  # noqa: DTZ001 - minutes of the clock


def places_of(context: Context, city_ids: Sequence[str]) -> tuple[Place, ...]:
    """Find cities.

    Raises
    ------
    NotFound
        One of them is not known, or the actor may not see it.
    """
    rows = context.warehouse.query(ask.cities(tuple(city_ids))).to_pylist()
    known = {row["city_id"]: Place(**row) for row in rows}
    for city_id in city_ids:
        place = known.get(city_id)
        if place is None or not context.actor.may_see_city(country=place.country, city_id=city_id):
            raise NotFound(Message("There is no city '{city}' that you may see. Choose one of the list.", city=city_id))
    return tuple(known[city_id] for city_id in city_ids)


def zones_of(context: Context, city_ids: Sequence[str]) -> dict[str, str]:
    """Map each zone of some cities to its city."""
    rows = context.warehouse.query(ask.zones(tuple(city_ids))).to_pylist()
    return {row["zone_id"]: row["city_id"] for row in rows}


def roles_in(context: Context, places: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Give the roles that the actor holds over every one of some places, each a country and a city in it."""
    held = [roles_over(context.actor, country=country, city_id=city_id) for country, city_id in places]
    return frozenset.intersection(*held) if held else frozenset()
