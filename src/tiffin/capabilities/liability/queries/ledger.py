"""What the ledger asks of the facts: cities, what a merchant sold, what riders delivered in time."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """A statement with ``?`` and its values."""

    sql: str
    values: tuple[Any, ...]


def city(city_id: str) -> Question:
    """Ask for a city's name, country and zone."""
    return Question("SELECT name, country, timezone FROM cities WHERE city_id = ?", (city_id,))


def cities() -> Question:
    """Ask for all cities."""
    return Question("SELECT city_id, name, country, timezone FROM cities ORDER BY country, city_id", ())


def sales(city_id: str, merchant_id: str, first: date, last: date) -> Question:
    """Ask what a merchant sold each day, in minor units: baskets of orders that were handed over."""
    return Question(
        "SELECT business_date, currency, SUM(basket_minor) AS sold_minor FROM orders WHERE city_id = ? "
        "AND merchant_id = ? AND business_date BETWEEN CAST(? AS DATE) AND CAST(? AS DATE) AND status = 'delivered' "
        "GROUP BY business_date, currency",
        (city_id, merchant_id, first.isoformat(), last.isoformat()),
    )


def good_deliveries(city_id: str, first: date) -> Question:
    """Ask how many orders each rider handed over by the promised time, day by day from a day on."""
    return Question(
        "SELECT rider_id, business_date, COUNT(*) AS delivered FROM orders WHERE city_id = ? "
        "AND business_date >= CAST(? AS DATE) AND status = 'delivered' AND rider_id IS NOT NULL "
        "AND delivered_at <= promised_at GROUP BY rider_id, business_date ORDER BY rider_id, business_date",
        (city_id, first.isoformat()),
    )
