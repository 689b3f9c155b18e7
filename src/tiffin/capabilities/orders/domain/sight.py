"""What one reader is told of one order: which rows, which columns, and how a guarded value is told.

Whoever works here is told what his grants open of this order; rows that a narrow grant leaves out he is not told. A
party is told of his own part by a table, and of nobody else: a rider no customer, a merchant no rider.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import floor
from typing import Any

from tiffin.engines.metrics.protection.allowances import Allowance
from tiffin.engines.metrics.protection.masking import DIGITS, LEAST, LEFT, VEILED
from tiffin.kernel.contract import Classification
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.masks import Mask, MaskKind, shape_of_column

Row = Mapping[str, Any]
KeyOfMasks = Callable[[], str]

FACTS_OF = {"earlier": "orders"}
"""Parts of a file that hold rows of a table of another name."""

AFTER_PICKUP_CELLS = 200
"""A rider's own way is told to him in cells of a two-hundredth of a degree, half a kilometre, once he has the order: it
ends at a customer's door."""


@dataclass(frozen=True, slots=True)
class Told:
    """One row as it is told.

    Parameters
    ----------
    hidden : frozenset of str
        Columns that hold a value which the reader is not told.
    masked : frozenset of str
        Columns that are told masked.
    """

    values: Row
    hidden: frozenset[str] = frozenset()
    masked: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> Any:
        """Give a value; None where there is none, and where it is hidden."""
        return self.values.get(column)

    def get(self, column: str) -> Any:
        """Give a value; None where there is none, and where it is hidden."""
        return self.values.get(column)


@dataclass(frozen=True, slots=True)
class StaffSight:
    """What somebody who works here is told of one order.

    Parameters
    ----------
    allowances : tuple of Allowance
        Those of his that reach the order; without any he is told nothing.
    guarded : mapping of table to (column to Classification)
        Classes in force of the columns that are not open to everybody.
    tells_staff : bool
        Whether he is told who of the staff did what.
    """

    allowances: tuple[Allowance, ...]
    guarded: Mapping[str, Mapping[str, Classification]]
    key: KeyOfMasks
    tells_staff: bool = True

    def tell(self, table: str, row: Row) -> Told | None:
        """Tell a row of the order's file; None where no grant of his reaches it."""
        reaching = [one for one in self.allowances if reaches(one, row)]
        if not reaching:
            return None
        facts = FACTS_OF.get(table, table)
        classes = self.guarded.get(facts, {})
        values, hidden, masked = dict(row), set[str](), set[str]()
        for column in (name for name in row if name in classes and row[name] is not None):
            if any(classes[column] in one.opens for one in reaching):
                continue
            mask = _mask_of(facts, column, classes[column], reaching)
            values[column] = None if mask is None else masked_value(row[column], mask, self.key)
            (hidden if mask is None else masked).add(column)
        return Told(values, frozenset(hidden), frozenset(masked))


@dataclass(frozen=True, slots=True)
class PartySight:
    """What a rider, merchant or customer is told of an order of his own.

    Parameters
    ----------
    kind : str
        ``rider``, ``merchant`` or ``customer``.
    order : Row
        The order itself, for what depends on it.
    """

    kind: str
    party_id: str
    order: Row = field(default_factory=dict)
    tells_staff: bool = False

    def tell(self, table: str, row: Row) -> Told | None:
        """Tell a row of the order's file; None where it is not his affair."""
        part = OWN.get(self.kind, {}).get(table)
        if part is None or not self._is_his(part, row):
            return None
        told = {name: value for name, value in row.items() if name in part.columns}
        if table == "rider_positions" and self._has_order(row):
            told |= {
                name: coarse(told[name], AFTER_PICKUP_CELLS) for name in ("latitude", "longitude") if told.get(name)
            }
        if table == "evidence" and row.get("provided_by") == self.kind:
            told["states"] = row.get("states")
        hidden = frozenset(name for name, value in row.items() if value is not None and name not in told)
        return Told(told, hidden)

    def _is_his(self, part: "Part", row: Row) -> bool:
        return part.by is None or row.get(part.by) == self.party_id

    def _has_order(self, row: Row) -> bool:
        picked = self.order.get("picked_up_at")
        return picked is not None and row["at"] >= picked


Sight = StaffSight | PartySight


@dataclass(frozen=True, slots=True)
class Part:
    """What a party is told of a table.

    Parameters
    ----------
    by : str or None
        Column that must name him; None for every row of the order.
    """

    columns: frozenset[str]
    by: str | None = None


def _part(text: str, by: str | None = None) -> Part:
    return Part(frozenset(text.split()), by)


_MILESTONES = (
    "placed_at accepted_at ready_at assigned_at arrived_at_merchant_at picked_up_at arrived_at_customer_at "
    "delivered_at cancelled_at returned_at promised_at"
)
_ORDER = (
    f"{_MILESTONES} city_id order_id country zone_id merchant_id category status cancelled_by cancel_reason item_count "
    "is_asap currency business_date source"
)
_PICKUP = "pickup_latitude pickup_longitude"
_PROMISE = _part("order_id made_at promised_from promised_at reason")
_STAGES = _part("order_id stage at")
_EVIDENCE = _part("evidence_id order_id recorded_at kind provided_by grade")
_WEATHER = _part("observed_at temperature_c wind_m_s precipitation_mm cloud_share")
_VERDICT = (
    "verdict_id case_id incident decided_at decided_by policy reason_text exemption currency supersedes is_in_force "
    "own_bp own_points own_recovery_minor appeal_case_id appeal_state appeal_lodged_at appeal_settled_at"
)
_ITEMS = _part("line name category quantity unit_price_minor total_minor currency outcome")
_REFUND = "refund_id refunded_at amount_minor currency reason"

OWN: Mapping[str, Mapping[str, Part]] = {
    "rider": {
        "orders": _part(f"{_ORDER} {_PICKUP} rider_id vehicle dropoff_zone_id distance_m tip_minor", "rider_id"),
        "promises": _PROMISE,
        "order_stages": _STAGES,
        "dispatch_offers": _part(
            "order_id offered_at answered_at outcome decline_reason distance_m pay_minor currency", "rider_id"
        ),
        "rider_positions": _part("at latitude longitude accuracy_m state", "rider_id"),
        "evidence": _EVIDENCE,
        "costs": _part("cost_id incurred_at kind basis amount_minor currency", "rider_id"),
        "weather": _WEATHER,
        "earlier": _part(f"{_MILESTONES} order_id", "rider_id"),
        "verdicts": _part(_VERDICT, "rider_id"),
    },
    "merchant": {
        "orders": _part(f"{_ORDER} {_PICKUP} basket_minor distinct_item_count", "merchant_id"),
        "promises": _PROMISE,
        "order_stages": _STAGES,
        "order_items": _ITEMS,
        "evidence": _EVIDENCE,
        "refunds": _part(_REFUND),
        "merchant_states": _part("at state changed_by reason extra_preparation_min", "merchant_id"),
        "verdicts": _part(_VERDICT, "merchant_id"),
        "weather": _WEATHER,
    },
    "customer": {
        "orders": _part(
            f"{_ORDER} {_PICKUP} customer_id dropoff_zone_id dropoff_latitude dropoff_longitude basket_minor "
            "delivery_fee_minor discount_minor tip_minor",
            "customer_id",
        ),
        "promises": _PROMISE,
        "order_stages": _STAGES,
        "order_items": _ITEMS,
        "evidence": _EVIDENCE,
        "contacts": _part("contact_id contacted_at channel reason"),
        "refunds": _part(_REFUND),
        "ratings": _part("rated_at stars"),
        "verdicts": _part(f"{_VERDICT} compensation_minor", "customer_id"),
        "weather": _WEATHER,
    },
}
"""What each party is told of his own orders: the columns, and of which rows. What is not named here he is not told."""


def reaches(allowance: Allowance, row: Row) -> bool:
    """Tell whether a narrow grant leaves a row in: no dimension of it that the row has says otherwise."""
    return all(row.get(name) is None or row[name] in values for name, values in allowance.within)


def covers_order(allowance: Allowance, order: Row) -> bool:
    """Tell whether a grant opens this order: its place, its rows, no group of a least size, no single asset."""
    is_there = (
        allowance.is_everywhere
        or order.get("country") in (allowance.countries or ())
        or order.get("city_id") in (allowance.cities or ())
    )
    is_whole = allowance.minimum_size <= 1 and allowance.only is None
    # A narrowed grant opens only what is known to lie within it: an order without rider is no rider's.
    return is_there and is_whole and all(order.get(name) in values for name, values in allowance.within)


def masked_value(value: Any, mask: Mask, key: KeyOfMasks) -> Any:
    """Mask a value as statements of the warehouse do, so that a digest is the same wherever it is told."""
    if mask.kind is MaskKind.HASH:
        return hashlib.sha256(f"{key()}{value}".encode()).hexdigest()[:DIGITS]
    if mask.kind is MaskKind.LAST_FOUR:
        return f"{VEILED}{str(value)[-LEFT:]}" if len(str(value)) >= LEAST else VEILED
    if mask.kind is MaskKind.COARSE:
        return coarse(float(value), mask.cells)
    return _month(value)


def coarse(value: float, cells: int) -> float:
    """Give the south-western corner of a grid's cell, in degrees."""
    return floor(value * cells) / cells


def _month(value: datetime | date) -> datetime | date:
    first = value.replace(day=1)
    return first.replace(hour=0, minute=0, second=0, microsecond=0) if isinstance(first, datetime) else first


def _mask_of(table: str, column: str, kind: Classification, reaching: Sequence[Allowance]) -> Mask | None:
    """Tell how grants that do not open a column mask it; None where none does, or two differ."""
    if table not in TABLES or not TABLES[table].has(column):
        return None
    shape = shape_of_column(TABLES[table].column(column))
    found = {mask for one in reaching for masked, fits, mask in one.masks if (masked, fits) == (kind, shape)}
    return found.pop() if len(found) == 1 else None
