# ruff: noqa: S608 - table and column names are this file's own; values come in as parameters
"""Rows about one order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """A statement with ``?`` and its values."""

    sql: str
    values: tuple[Any, ...]


_FIRST, _LAST = "CAST(? AS DATE)", "CAST(? AS DATE)"
_WITHIN = f" AND business_date BETWEEN {_FIRST} AND {_LAST}"

LATER_DAYS = 60
"""Contacts, refunds and evidence come in for so long after an order."""

NEXT_DAYS = 2
"""What happens on the way of an order lies on its own day or the next ones."""

_TABLES: Mapping[str, tuple[str, int | None]] = {
    "promises": ("made_at", NEXT_DAYS),
    "order_stages": ("order_stages.at", NEXT_DAYS),
    "dispatch_offers": ("offered_at, rider_id", NEXT_DAYS),
    "rider_positions": ("rider_positions.at", NEXT_DAYS),
    "evidence": ("recorded_at, evidence_id", LATER_DAYS),
    "contacts": ("contacted_at, contact_id", LATER_DAYS),
    "refunds": ("refunded_at, refund_id", LATER_DAYS),
    "costs": ("incurred_at, cost_id", LATER_DAYS),
    "ratings": ("rated_at", LATER_DAYS),
    "order_items": ("line", None),
}
"""Tables with rows by order: how they are put in order, and for how many days after it rows come."""


def order(city_id: str, order_id: str) -> Question:
    """Ask for the order itself, of which no day is known yet."""
    return Question("SELECT * FROM orders WHERE city_id = ? AND order_id = ?", (city_id, order_id))


def about(city_id: str, order_id: str, day: date | None) -> Mapping[str, Question]:
    """Ask each table for its rows about an order; without the order's day all days are looked through."""
    return {table: _about(table, city_id, order_id, day) for table in _TABLES}


def _about(table: str, city_id: str, order_id: str, day: date | None) -> Question:
    order_by, days = _TABLES[table]
    whole = f"SELECT * FROM {table} WHERE city_id = ? AND order_id = ?"
    if day is None or days is None:
        return Question(f"{whole} ORDER BY {order_by}", (city_id, order_id))
    span = (day.isoformat(), (day + timedelta(days=days)).isoformat())
    return Question(f"{whole}{_WITHIN} ORDER BY {order_by}", (city_id, order_id, *span))


def earlier(city_id: str, rider_id: str, day: date, before: datetime) -> Question:
    """Ask for the orders that a rider had taken that day before this one was his, newest first."""
    sql = (
        "SELECT * FROM orders WHERE city_id = ? AND rider_id = ? AND business_date = CAST(? AS DATE) "
        "AND assigned_at < CAST(? AS TIMESTAMP) ORDER BY assigned_at DESC LIMIT 3"
    )
    return Question(sql, (city_id, rider_id, day.isoformat(), _instant(before)))


def conditions(city_id: str, zone_id: str | None, at: datetime, day: date) -> Mapping[str, Question]:
    """Ask for weather and load around an instant: the last observation before it, and the zone's slots."""
    weather = (
        "SELECT * FROM weather WHERE city_id = ? AND business_date = CAST(? AS DATE) "
        "AND observed_at <= CAST(? AS TIMESTAMP) ORDER BY observed_at DESC LIMIT 1"
    )
    slots = (
        "SELECT * FROM marketplace_slots WHERE city_id = ? AND business_date = CAST(? AS DATE) AND zone_id = ? "
        "AND slot_at <= CAST(? AS TIMESTAMP) ORDER BY slot_at DESC LIMIT 1"
    )
    found = {"weather": Question(weather, (city_id, day.isoformat(), _instant(at)))}
    if zone_id is not None:
        found["marketplace_slots"] = Question(slots, (city_id, day.isoformat(), zone_id, _instant(at)))
    return found


def merchant_states(city_id: str, merchant_id: str, day: date, until: datetime) -> Question:
    """Ask what a merchant said of itself on a day until an instant, newest first."""
    sql = (
        "SELECT * FROM merchant_states WHERE city_id = ? AND merchant_id = ? AND business_date = CAST(? AS DATE) "
        "AND merchant_states.at <= CAST(? AS TIMESTAMP) ORDER BY merchant_states.at DESC LIMIT 5"
    )
    return Question(sql, (city_id, merchant_id, day.isoformat(), _instant(until)))


def city(city_id: str) -> Question:
    """Ask for a city."""
    return Question("SELECT city_id, name, country, timezone, currency FROM cities WHERE city_id = ?", (city_id,))


def cities() -> Question:
    """Ask for the time zones of all cities."""
    return Question("SELECT city_id, timezone FROM cities", ())


def zones(city_id: str) -> Question:
    """Ask for a city's zones."""
    sql = "SELECT zone_id, name, h3_cell, polygon FROM zones WHERE city_id = ? ORDER BY zone_id"
    return Question(sql, (city_id,))


def merchant(city_id: str, merchant_id: str) -> Question:
    """Ask for a merchant's name."""
    sql = "SELECT city_id, merchant_id, name FROM merchants WHERE city_id = ? AND merchant_id = ?"
    return Question(sql, (city_id, merchant_id))


def fleet_of_rider(city_id: str, rider_id: str) -> Question:
    """Ask to which fleet a rider belongs."""
    return Question("SELECT fleet_id FROM riders WHERE city_id = ? AND rider_id = ?", (city_id, rider_id))


def _instant(at: datetime) -> str:
    """Write an instant as both engines read it: sessions of theirs are in UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f+00:00")
