# ruff: noqa: S608 - column names are this file's own; values come in as parameters
"""Looking for orders: conditions of what was asked, within what somebody is allowed to see."""

from collections.abc import Sequence
from datetime import date

from tiffin.capabilities.orders.queries.order_rows import Question
from tiffin.engines.metrics.protection.allowances import Allowance

COLUMNS = (
    *("city_id", "country", "order_id", "business_date", "status", "cancelled_by", "placed_at", "promised_at"),
    *("delivered_at", "cancelled_at", "zone_id", "merchant_id", "rider_id", "customer_id", "vehicle", "category"),
)
"""Columns of a found order."""

_NARROWED = {
    "zone_id": "zone_id",
    "merchant_id": "merchant_id",
    "rider_id": "rider_id",
    "vehicle": "vehicle",
    "category": "category",
}

_LATE = "(delivered_at > promised_at OR status IN ('cancelled', 'returned'))"
_BY_FLEET = "rider_id IN (SELECT rider_id FROM riders WHERE riders.city_id = orders.city_id AND fleet_id IN ({places}))"


class Conditions:
    """Conditions that hold together, each with its values."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.values: list[object] = []

    def add(self, part: str, *values: object) -> None:
        """Add a condition."""
        self.parts.append(part)
        self.values.extend(values)

    def among(self, column: str, values: Sequence[str]) -> None:
        """Ask that a column is one of some values."""
        self.add(f"{column} IN ({_places(values)})", *values)

    def days(self, first: date | None, last: date | None) -> None:
        """Ask for business days, the last one included."""
        if first is not None:
            self.add("business_date >= CAST(? AS DATE)", first.isoformat())
        if last is not None:
            self.add("business_date <= CAST(? AS DATE)", last.isoformat())

    def late(self) -> None:
        """Ask for orders that came after their promise, or not at all."""
        self.add(_LATE)

    def found(self, *, limit: int) -> Question:
        """Write the question, the newest orders first."""
        where = " AND ".join(self.parts) or "TRUE"
        sql = f"SELECT {', '.join(COLUMNS)} FROM orders WHERE {where} ORDER BY placed_at DESC, order_id LIMIT {limit:d}"
        return Question(sql, tuple(self.values))


def within(conditions: Conditions, policy: Sequence[Allowance]) -> None:
    """Ask for orders that at least one grant opens."""
    parts, values = [], []
    for one in policy:
        part, own = _opened(one)
        parts.append(part)
        values += own
    conditions.add(f"({' OR '.join(parts)})" if parts else "FALSE", *values)


def _opened(allowance: Allowance) -> tuple[str, list[str]]:
    parts, values = [], []
    if not allowance.is_everywhere:
        pairs = (("country", allowance.countries or ()), ("city_id", allowance.cities or ()))
        told = [f"{column} IN ({_places(names)})" for column, names in pairs if names]
        parts.append(f"({' OR '.join(told)})" if told else "FALSE")
        values += [name for _, names in pairs for name in names]
    for name, names in allowance.within:
        column = _NARROWED.get(name)
        parts.append(f"{column} IN ({_places(names)})" if column else _BY_FLEET.format(places=_places(names)))
        values += names
    return f"({' AND '.join(parts)})" if parts else "TRUE", values


def _places(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
