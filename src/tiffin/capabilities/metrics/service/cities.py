"""The cities that an actor may see."""

from tiffin.capabilities.metrics.service.footprints import CityRecord, cities_in
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context


def visible_cities(context: Context, *, asset: str = "") -> tuple[CityRecord, ...]:
    """List the cities into which any grant of the actor reaches, by name; also those for one asset alone."""
    seen = (
        city
        for city in cities_in(context.workspace, context.warehouse, context.warehouse.versions()).values()
        if context.actor.may_ask_about_city(country=city.country, city_id=city.city_id, asset=asset)
    )
    return tuple(sorted(seen, key=lambda city: city.name))


def unseen_city(city_id: str) -> NotFound:
    """Say that there is no such city among those that the reader may see."""
    return NotFound(Message("There is no city '{city}' that you may see. Choose one of the list.", city=city_id))


def shows_simulated_facts(context: Context) -> bool:
    """Tell whether any city that the actor may see is a simulated one."""
    return any(city.is_simulated for city in visible_cities(context))
