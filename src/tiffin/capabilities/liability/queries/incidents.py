"""What judging asks of the facts: orders that went wrong, and what is known about each of them."""
# ruff: noqa: S608 - table and column names are this file's own; values come in as parameters

from dataclasses import dataclass
from datetime import date
from typing import Any

CLAIM_DAYS = 90
"""How far back the claims of a customer count."""

NO_CLAIMS = "('cancelled', 'returned')"
"""Refunds that followed from the order's end, and that nobody had to claim."""


@dataclass(frozen=True, slots=True)
class Question:
    """A statement with ``?`` and its values."""

    sql: str
    values: tuple[Any, ...]


_DAYS = "city_id = ? AND business_date BETWEEN CAST(? AS DATE) AND CAST(? AS DATE)"

LATER_DAYS = 60
"""Contacts, refunds and evidence come in for so long after an order."""

_LATER = f"city_id = ? AND business_date BETWEEN CAST(? AS DATE) AND CAST(? AS DATE) + INTERVAL {LATER_DAYS} DAY"

_COLUMNS = """
    o.order_id, o.country, o.business_date, o.status, o.cancelled_by, o.cancel_reason, o.placed_at, o.promised_at,
    o.assigned_at, o.arrived_at_customer_at, o.delivered_at, o.cancelled_at, o.returned_at, o.rider_id, o.merchant_id,
    o.customer_id, o.currency, o.basket_minor, o.discount_minor, o.delivery_fee_minor, o.is_first_order
"""

_WITH = """
    WITH asked AS (SELECT {columns} FROM orders AS o WHERE {orders}),
    paid AS (
        SELECT order_id, SUM(amount_minor) AS refunded_minor,
            SUM(CASE WHEN reason = 'item_issue' THEN 1 ELSE 0 END) AS item_refunds,
            SUM(CASE WHEN reason = 'item_issue' THEN amount_minor END) AS items_refunded_minor
        FROM refunds WHERE {rows} GROUP BY order_id
    ),
    wrote AS (
        SELECT order_id, SUM(CASE WHEN reason = 'item_issue' THEN 1 ELSE 0 END) AS item_contacts
        FROM contacts WHERE {rows} GROUP BY order_id
    ),
    shown AS (
        SELECT order_id,
            SUM(CASE WHEN kind = 'photo' AND provided_by = 'rider' THEN 1 ELSE 0 END) AS rider_photos,
            SUM(CASE WHEN kind = 'photo' AND provided_by = 'customer' THEN 1 ELSE 0 END) AS customer_photos,
            SUM(CASE WHEN kind = 'signature' THEN 1 ELSE 0 END) AS signatures,
            SUM(CASE WHEN LOWER(states) IN ('pin', 'code') THEN 1 ELSE 0 END) AS codes,
            SUM(CASE WHEN kind = 'call' AND provided_by IN ('rider', 'platform') THEN 1 ELSE 0 END) AS calls,
            SUM(CASE WHEN kind IN ('call', 'message') AND grade IN ('A', 'B') THEN 1 ELSE 0 END) AS records,
            SUM(CASE WHEN LOWER(states) = 'sealed' THEN 1 ELSE 0 END) AS seals,
            SUM(CASE WHEN LOWER(states) = 'open bag' THEN 1 ELSE 0 END) AS open_bags,
            SUM(CASE WHEN LOWER(states) = 'accident' THEN 1 ELSE 0 END) AS accidents
        FROM evidence WHERE {rows} GROUP BY order_id
    ),
    lines AS (
        SELECT order_id,
            SUM(CASE WHEN outcome IN ('missing', 'wrong', 'damaged') THEN total_minor END) AS concerned_minor,
            SUM(CASE WHEN outcome = 'missing' THEN 1 ELSE 0 END) AS missing_items,
            SUM(CASE WHEN outcome = 'wrong' THEN 1 ELSE 0 END) AS wrong_items,
            SUM(CASE WHEN outcome = 'damaged' THEN 1 ELSE 0 END) AS damaged_items
        FROM order_items WHERE {items} GROUP BY order_id
    )
    SELECT asked.*, paid.refunded_minor, paid.item_refunds, paid.items_refunded_minor, wrote.item_contacts,
        shown.rider_photos, shown.customer_photos, shown.signatures, shown.codes, shown.calls,
        shown.records, shown.seals, shown.open_bags,
        shown.accidents, lines.concerned_minor, lines.missing_items, lines.wrong_items, lines.damaged_items
    FROM asked LEFT JOIN paid ON paid.order_id = asked.order_id LEFT JOIN wrote ON wrote.order_id = asked.order_id
        LEFT JOIN shown ON shown.order_id = asked.order_id LEFT JOIN lines ON lines.order_id = asked.order_id
"""


def failed_orders(city_id: str, first: date, last: date) -> Question:
    """Ask for the orders of a city's days, both included, that came late, ended early, or had an issue."""
    items = f"city_id = ? AND order_id IN (SELECT order_id FROM orders WHERE {_DAYS})"
    whole = _WITH.format(columns=_COLUMNS, orders=_DAYS, rows=_LATER, items=items)
    wrong = (
        " WHERE asked.status IN ('cancelled', 'returned') OR asked.delivered_at > asked.promised_at"
        " OR paid.item_refunds > 0 OR wrote.item_contacts > 0 OR lines.missing_items > 0 OR lines.wrong_items > 0"
        " OR lines.damaged_items > 0 ORDER BY asked.order_id"
    )
    span = (city_id, first.isoformat(), last.isoformat())
    return Question(whole + wrong, (*span, *span, *span, *span, city_id, *span))


def one_order(city_id: str, order_id: str) -> Question:
    """Ask what is known about one order."""
    key = "city_id = ? AND order_id = ?"
    return Question(_WITH.format(columns=_COLUMNS, orders=key, rows=key, items=key), (city_id, order_id) * 5)


def claims(city_id: str, first: date, last: date) -> Question:
    """Ask when customers got money back that they claimed, from 90 days before some days until the last of them."""
    sql = (
        "SELECT o.customer_id, r.refunded_at FROM refunds AS r JOIN orders AS o ON o.city_id = r.city_id "
        f"AND o.order_id = r.order_id WHERE r.city_id = ? AND r.reason NOT IN {NO_CLAIMS} "
        f"AND r.business_date BETWEEN CAST(? AS DATE) - INTERVAL {CLAIM_DAYS} DAY AND CAST(? AS DATE) "
        "AND o.customer_id IS NOT NULL"
    )
    return Question(sql, (city_id, first.isoformat(), last.isoformat()))


def merchant_states(city_id: str, first: date, last: date) -> Question:
    """Ask what merchants said of themselves on some days, the oldest first."""
    sql = (
        "SELECT merchant_id, merchant_states.at AS at, state FROM merchant_states "
        f"WHERE {_DAYS} AND state IN ('open', 'busy', 'paused', 'closed') ORDER BY merchant_states.at"
    )
    return Question(sql, (city_id, first.isoformat(), last.isoformat()))
