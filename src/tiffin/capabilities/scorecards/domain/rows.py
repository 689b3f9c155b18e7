"""Rows behind a number: which part of the metric, which columns, how many."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ROWS_A_PAGE = 50
MOST_EXPORTED = 200_000

SHOWN: Mapping[str, tuple[str, ...]] = {
    "orders": (
        "order_id",
        "city_id",
        "zone_id",
        "status",
        "category",
        "placed_at",
        "promised_at",
        "delivered_at",
        "cancel_reason",
        "cancelled_by",
        "merchant_id",
        "rider_id",
        "customer_id",
        "distance_m",
        "currency",
        "basket_minor",
        "delivery_fee_minor",
        "discount_minor",
        "business_date",
        "local_hour",
    )
}
"""Columns of a table as the page shows them; of a table that is not here, all. A file holds all columns."""


@dataclass(frozen=True, slots=True)
class RowPart:
    """One aggregate of a metric, whose rows can be listed: the whole of it, the numerator or the denominator.

    Parameters
    ----------
    number : int
        Number of the aggregate in the definitions.
    """

    number: int
    table: str
    told: str


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows that a number is made of, as the actor may see them.

    Parameters
    ----------
    total : int
        All of them; for a count the same as its value.
    value : float or None
        The part's own value over exactly these rows.
    masked : tuple of str
        Columns of which some values are hidden, since no grant of the actor opens them there.
    veiled : tuple of str
        Those of them of which some values are told masked instead.
    """

    metric: str
    parts: tuple[RowPart, ...]
    part: RowPart
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int
    value: float | None
    masked: tuple[str, ...]
    veiled: tuple[str, ...] = ()
