"""What a day-book asks of the warehouse beside the governed metrics, for whoever traces its numbers."""

from datetime import date

from sqlglot import exp

from tiffin.capabilities.balance.queries import city, window

_CITY, _DAY, _DIALECT = "a", date(2000, 1, 1), "duckdb"


def daybook_statements() -> tuple[exp.Query, ...]:
    """List every statement by which a day-book reads facts, over a city and a day that stand for any."""
    days = (_DAY,)
    asked = (window.orders_by_cell, window.slots_by_cell, window.refunds_by_cell, window.rain_by_hour, window.sessions)
    return (
        *(one(city_id=_CITY, days=days, dialect=_DIALECT) for one in asked),
        window.pickups(city_id=_CITY, days=days, zones=(_CITY,), hours=(0,), dialect=_DIALECT),
        city.city(city_id=_CITY, dialect=_DIALECT),
        city.zones(city_id=_CITY, dialect=_DIALECT),
        city.days_with_facts(city_id=_CITY, dialect=_DIALECT),
    )
