"""What outside tables, columns and values are called here: what was stated, else a guess that can be mended."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tiffin.engines.metrics.definitions import ColumnType, Tables

_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "created_at": ("placed_at",), "order_time": ("placed_at",), "ordered_at": ("placed_at",),
    "order_created_at": ("placed_at",), "created": ("placed_at",), "placed_time": ("placed_at",),
    "order_date": ("business_date",), "date": ("business_date",), "ds": ("business_date",), "dt": ("business_date",),
    "order_status": ("status",), "state": ("status",), "completed_at": ("delivered_at",),
    "store_id": ("merchant_id",), "restaurant_id": ("merchant_id",), "shop_id": ("merchant_id",),
    "courier_id": ("rider_id",), "driver_id": ("rider_id",), "user_id": ("customer_id",), "city": ("city_id",),
    "country_code": ("country",), "eta_at": ("promised_at",), "subtotal": ("basket_minor",),
    "tip": ("tip_minor",), "fee": ("delivery_fee_minor",), "rating": ("stars",),
}  # fmt: skip
_SAME_TABLE: Mapping[str, str] = {
    "order": "orders", "deliveries": "orders", "rating": "ratings", "reviews": "ratings", "refund": "refunds",
    "tickets": "contacts", "couriers": "riders", "drivers": "riders", "stores": "merchants",
    "restaurants": "merchants", "items": "order_items", "shifts": "rider_sessions",
}  # fmt: skip
_SAME_VALUE: Mapping[str, str] = {
    "completed": "delivered", "complete": "delivered", "done": "delivered", "canceled": "cancelled",
    "cancel": "cancelled", "open": "placed", "new": "placed", "bike": "bicycle", "motorbike": "motorcycle",
}  # fmt: skip
_PREFIX = re.compile(r"^(fct|fact|dim|stg|raw|ods|dwd|dws|ads|tbl|v|vw|src|mart)_")


@dataclass(frozen=True, slots=True)
class Naming:
    """How outside names are called here; what it does not say is guessed.

    Parameters
    ----------
    tables : mapping of str to str
        Our table by theirs.
    columns : mapping of str to str
        Our column by ``their_table.their_column``.
    values : mapping of str to str
        Our value by ``our_table.our_column=their value``.
    """

    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


def guess_table(theirs: str, tables: Tables) -> str:
    """Guess which of our tables an outside one is; empty where none is like it."""
    plain = theirs
    while (shorter := _PREFIX.sub("", plain)) != plain:
        plain = shorter
    for name in (theirs, plain, f"{plain}s", _SAME_TABLE.get(plain, "")):
        if name in tables:
            return name
    return ""


def guess_column(theirs: str, columns: Mapping[str, ColumnType]) -> str:
    """Guess which of a table's columns an outside one is; empty where none is like it."""
    for name in (theirs, *_SYNONYMS.get(theirs, ()), f"{theirs}_minor", theirs.removesuffix("_id"), f"{theirs}_id"):
        if name in columns:
            return name
    return ""


def guess_value(theirs: str, known: Sequence[str]) -> str:
    """Guess which of a closed set of values an outside one is; empty where none is like it."""
    plain = theirs.strip().lower().replace(" ", "_").replace("-", "_")
    return next((name for name in (plain, _SAME_VALUE.get(plain, "")) if name in known), "")
