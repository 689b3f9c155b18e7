"""A city as its facts name it, for whoever may see it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tiffin.capabilities.rehearsals import queries
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store


@dataclass(frozen=True, slots=True)
class FactCity:
    """A city that facts tell of."""

    city_id: str
    country: str
    timezone: str
    cutoff_min: int
    is_simulated: bool

    def begins(self, day: date) -> datetime:
        """Give the instant at which a business day begins."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.timezone))
        return (midnight + timedelta(minutes=self.cutoff_min)).astimezone(UTC)


def find_fact_city(context: Context, city_id: str) -> FactCity:
    """Find a city.

    Raises
    ------
    NotFound
        No facts name such a city.
    Forbidden
        The actor's grants do not cover it.
    """
    known = open_store(context.workspace).has("cities")
    rows = context.warehouse.query(queries.city(city_id)).to_pylist() if known else []
    if not rows:
        raise NotFound(Message("There is no city {city} that you may see.", city=city_id))
    city = FactCity(**rows[0])
    if not context.actor.may_see_city(country=city.country, city_id=city_id):
        raise Forbidden(
            Message(
                "{name} has no grant for {city} in {country}. An administrator can give one.",
                name=context.actor.name,
                city=city_id,
                country=city.country,
            )
        )
    return city
