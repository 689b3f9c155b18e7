"""An order's file as plain values, for programs: the same as the page tells, under stable keys."""

from typing import Any

from tiffin.capabilities.orders.domain.order_file import OrderFile, money_of
from tiffin.capabilities.orders.domain.sight import Told
from tiffin.capabilities.orders.service.finding import FoundOrder
from tiffin.capabilities.orders.service.story import story_of


def payload_of(file: OrderFile, locale: str) -> dict[str, Any]:
    """Write a file with these keys.

    ``city_id``, ``order_id``, ``reader`` (``staff`` or the kind of party), ``late_min``, ``order``, ``legs``,
    ``money``, ``story``, and ``parts``: by name lists of rows. A row has ``values``, ``hidden`` and ``masked``.
    """
    return {
        "city_id": file.city.city_id,
        "order_id": file.order_id,
        "reader": file.reader,
        "late_min": file.late_min,
        "order": _row(file.order),
        "legs": file.legs,
        "money": money_of(file.order, file.tables),
        "story": story_of(file, locale),
        "parts": {name: [_row(one) for one in rows] for name, rows in file.tables.items()},
    }


def found_payload(found: tuple[FoundOrder, ...]) -> list[dict[str, Any]]:
    """Write found orders: their values, what is hidden of them, and how late each was."""
    return [{**_row(one.told), "late_min": one.late_min} for one in found]


def _row(told: Told) -> dict[str, Any]:
    return {
        "values": {name: value for name, value in told.values.items() if name not in told.hidden},
        "hidden": sorted(told.hidden),
        "masked": sorted(told.masked),
    }
