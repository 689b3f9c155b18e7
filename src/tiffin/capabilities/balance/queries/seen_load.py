"""The load that each order met when it was placed, and how long it took."""

from collections.abc import Sequence
from datetime import date

from sqlglot import exp

from tiffin.capabilities.balance.queries.building import statement

_SEEN = """
  SELECT outstanding_orders / riders_on_shift AS load, 60.0 * minutes_between(placed_at, delivered_at) AS seconds
  FROM orders
  WHERE city_id = :city AND business_date IN (:days) AND riders_on_shift > 0 AND outstanding_orders >= 0
    AND delivered_at IS NOT NULL AND local_hour IN (:hours)
"""


def seen_load(*, city_id: str, days: Sequence[date], hours: Sequence[int], dialect: str) -> exp.Query:
    """Ask for open orders a rider and seconds to the door, order by order."""
    return statement(_SEEN, dialect=dialect, values={"city": city_id, "days": days, "hours": hours})
