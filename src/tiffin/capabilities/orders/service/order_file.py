"""Read one order's file, as the actor is told it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tiffin.capabilities.orders.domain.order_file import (
    STAFF,
    OrderFile,
    Place,
    late_min_of,
    legs_of,
    milestones_of,
)
from tiffin.capabilities.orders.domain.sight import OWN, PartySight, Sight, Told
from tiffin.capabilities.orders.queries import order_rows
from tiffin.capabilities.orders.queries.order_rows import Question
from tiffin.capabilities.orders.service.asking import rows_of
from tiffin.capabilities.orders.service.order_verdicts import told_verdicts
from tiffin.capabilities.orders.service.sight import sight_of, unseen_order
from tiffin.runtime import audit
from tiffin.runtime.context import Context

SEEN = "order_file_seen"

_CONDITIONS = ("weather", "marketplace_slots", "merchant_states", "earlier")
"""Parts that are about the circumstances of the order; not each of them has rows of its own for it."""


def order_file(context: Context, city_id: str, order_id: str) -> OrderFile:
    """Read an order's file; that it was read is on the trail.

    Raises
    ------
    NotFound
        There is no such order that the actor may see.
    """
    found = read_file(context, city_id, order_id)
    _account(context, found)
    return found


def read_file(context: Context, city_id: str, order_id: str) -> OrderFile:
    """Read an order's file for a part of a page that is on the trail already.

    Raises
    ------
    NotFound
        There is no such order that the actor may see.
    """
    row = find_order(context, city_id, order_id)
    sight = sight_of(context, row)
    order = sight.tell("orders", row)
    if order is None:
        raise unseen_order()
    tables = _tables(context, sight, row)
    at = milestones_of(order, tables.get("order_stages", ()))
    return OrderFile(
        city=_city(context, city_id, row),
        order_id=order_id,
        reader=sight.kind if isinstance(sight, PartySight) else STAFF,
        order=order,
        merchant_name=_merchant_name(context, sight, row),
        tables=tables,
        legs=legs_of(at),
        late_min=late_min_of(order, at),
        tells_staff=sight.tells_staff,
        zones={str(zone["zone_id"]): str(zone["name"] or zone["zone_id"]) for zone in _zones(context, city_id)},
    )


def find_order(context: Context, city_id: str, order_id: str) -> Mapping[str, Any]:
    """Find an order's row, whoever asks.

    Raises
    ------
    NotFound
        There is none.
    """
    rows = rows_of(context, order_rows.order(city_id, order_id))
    if not rows:
        raise unseen_order()
    return rows[0]


def zone_rows(context: Context, city_id: str) -> list[dict[str, Any]]:
    """Give the zones of a city with their outlines."""
    return _zones(context, city_id)


def _tables(context: Context, sight: Sight, order: Mapping[str, Any]) -> dict[str, tuple[Told, ...]]:
    """Read the tables that are for this reader, and tell their rows."""
    shown = OWN[sight.kind].keys() if isinstance(sight, PartySight) else None
    questions = {table: question for table, question in _questions(order).items() if shown is None or table in shown}
    found = {table: rows_of(context, question) for table, question in questions.items()}
    told = {
        table: tuple(t for row in rows if (t := sight.tell(table, row)) is not None) for table, rows in found.items()
    }
    if shown is None or "verdicts" in shown:
        told["verdicts"] = told_verdicts(context, sight, str(order["city_id"]), str(order["order_id"]))
    absent = [table for table in _CONDITIONS if table not in told and (shown is None or table in shown)]
    return told | dict.fromkeys(absent, ())


def _questions(order: Mapping[str, Any]) -> dict[str, Question]:
    city_id, day = str(order["city_id"]), order["business_date"]
    questions = dict(order_rows.about(city_id, str(order["order_id"]), day))
    placed = order["placed_at"]
    if day is None or placed is None:
        return questions
    questions |= order_rows.conditions(city_id, order["zone_id"], order["picked_up_at"] or placed, day)
    return questions | _neighbours(order, city_id, day, placed)


def _neighbours(order: Mapping[str, Any], city_id: str, day: date, placed: datetime) -> dict[str, Question]:
    """Ask for what stood beside the order: the merchant's own word, and what its rider had in hand before."""
    found = {}
    if order["merchant_id"] is not None:
        until = order["picked_up_at"] or order["cancelled_at"] or placed
        found["merchant_states"] = order_rows.merchant_states(city_id, str(order["merchant_id"]), day, until)
    if order["rider_id"] is not None and order["assigned_at"] is not None:
        found["earlier"] = order_rows.earlier(city_id, str(order["rider_id"]), day, order["assigned_at"])
    return found


def _city(context: Context, city_id: str, order: Mapping[str, Any]) -> Place:
    rows = rows_of(context, order_rows.city(city_id))
    if not rows:
        return Place(city_id, city_id, str(order["country"] or ""), "UTC")
    one = rows[0]
    return Place(city_id, str(one["name"] or city_id), str(one["country"] or ""), str(one["timezone"] or "UTC"))


def _merchant_name(context: Context, sight: Sight, order: Mapping[str, Any]) -> str | None:
    if order["merchant_id"] is None:
        return None
    rows = rows_of(context, order_rows.merchant(str(order["city_id"]), str(order["merchant_id"])))
    if not rows:
        return None
    told = rows[0] if isinstance(sight, PartySight) else sight.tell("merchants", rows[0])
    return str(told["name"]) if told is not None and told["name"] is not None else None


def _zones(context: Context, city_id: str) -> list[dict[str, Any]]:
    return rows_of(context, order_rows.zones(city_id))


def _account(context: Context, found: OrderFile) -> None:
    """Put on the trail whose file was read, in what capacity, and which columns stayed hidden; no value of it."""
    details = {
        "city": found.city.city_id,
        "as": found.reader,
        "hidden": sorted(found.order.hidden) if found.is_staff else [],
    }
    audit.record_shown(context, action=SEEN, subject=subject_of(found.city.city_id, found.order_id), details=details)


def subject_of(city_id: str, order_id: str) -> str:
    """Name an order on the trail."""
    return f"order:{city_id}/{order_id}"
