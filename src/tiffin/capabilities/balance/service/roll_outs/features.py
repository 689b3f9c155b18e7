"""What cities are like, by governed metrics: what may explain why a remedy does more in one than in another."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tiffin.capabilities.balance.service import day_index
from tiffin.capabilities.metrics.service.parts import GroupParts, parts_by
from tiffin.engines.metrics.request import Condition, Operator
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

SIZE = "orders"
FEATURES = ("late_share", "orders_per_rider_hour", "distance_mean")
"""After the orders a day, the most telling first; few cities bear few of them."""
DAYS = 28
Features = Mapping[str, Mapping[str, float]]


def orders_a_day(context: Context, cities: Sequence[str]) -> Mapping[str, float]:
    """Count the orders of a day with facts over the last four weeks of each city that has any."""
    index = {city: days for city, days in day_index(context).items() if city in cities and days}
    last = _last(index)
    if last is None:
        return {}
    first = last - timedelta(days=DAYS - 1)
    counted = {part.key[0]: part.above for part in _parts(context, SIZE, tuple(index), Days(first, last))}
    days = {city: sum(first <= day <= last for day in known) for city, known in index.items()}
    return {city: counted.get(city, 0.0) / days[city] for city in index if days[city]}


def features_of(context: Context, cities: Sequence[str], orders: Mapping[str, float]) -> Features:
    """Give the features of cities by metric; a metric that is not for the actor, or not known, is left out.

    Parameters
    ----------
    orders : mapping of str to float
        Orders a day, which count by how many times they double.
    """
    last = _last({city: days for city, days in day_index(context).items() if city in cities})
    found = {SIZE: {city: math.log2(count) for city, count in orders.items() if count > 0}}
    if last is None:
        return found
    days = Days(last - timedelta(days=DAYS - 1), last)
    for name in FEATURES:
        try:
            parts = _parts(context, name, tuple(cities), days)
        except (Forbidden, NotFound, WrongUse):
            continue
        found[name] = {part.key[0]: part.above / part.below for part in parts if part.below}
    return found


def _parts(context: Context, name: str, cities: tuple[str, ...], days: Days) -> tuple[GroupParts, ...]:
    return parts_by(context, name, ("city_id",), where=(Condition("city_id", Operator.IN, cities),), days=days)


def _last(index: Mapping[str, Sequence[date]]) -> date | None:
    return max((days[-1] for days in index.values() if days), default=None)
