"""One order's file: its parts as one reader is told them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tiffin.capabilities.orders.domain.sight import Told

STAFF = "staff"
"""Reader who works here; the others are `rider`, `merchant` and `customer`."""


class Milestone(StrEnum):
    """An instant in an order's life, in the order in which they come; its column is its name and ``_at``."""

    PLACED = "placed"
    ACCEPTED = "accepted"
    READY = "ready"
    ASSIGNED = "assigned"
    ARRIVED_AT_MERCHANT = "arrived_at_merchant"
    PICKED_UP = "picked_up"
    ARRIVED_AT_CUSTOMER = "arrived_at_customer"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


ENDS = (Milestone.DELIVERED, Milestone.CANCELLED, Milestone.RETURNED)
"""Milestones after which the customer waits no more."""


class Leg(StrEnum):
    """What an order's time goes into, from one milestone to another; kitchen and rider go side by side."""

    ACCEPTANCE = "acceptance"
    PREPARATION = "preparation"
    RIDER_SEARCH = "rider_search"
    APPROACH = "approach"
    PICKUP = "pickup"
    RIDE = "ride"
    HANDOVER = "handover"


LEGS: Mapping[Leg, tuple[Milestone, Milestone]] = {
    Leg.ACCEPTANCE: (Milestone.PLACED, Milestone.ACCEPTED),
    Leg.PREPARATION: (Milestone.ACCEPTED, Milestone.READY),
    Leg.RIDER_SEARCH: (Milestone.ACCEPTED, Milestone.ASSIGNED),
    Leg.APPROACH: (Milestone.ASSIGNED, Milestone.ARRIVED_AT_MERCHANT),
    Leg.PICKUP: (Milestone.ARRIVED_AT_MERCHANT, Milestone.PICKED_UP),
    Leg.RIDE: (Milestone.PICKED_UP, Milestone.ARRIVED_AT_CUSTOMER),
    Leg.HANDOVER: (Milestone.ARRIVED_AT_CUSTOMER, Milestone.DELIVERED),
}
"""Between which milestones each leg lies."""


@dataclass(frozen=True, slots=True)
class Place:
    """The city of an order."""

    city_id: str
    name: str
    country: str
    timezone: str


@dataclass(frozen=True, slots=True)
class LegTime:
    """How long a leg took.

    Parameters
    ----------
    begin, end : datetime or None
        UTC; None where the milestone is not recorded.
    fair_s : int or None
        How long it takes under the same conditions; None where nobody has told.
    blame_s : int or None
        How long it may take before anybody is blamed.
    """

    name: str
    begin: datetime | None
    end: datetime | None
    fair_s: int | None = None
    blame_s: int | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of an order's money.

    Parameters
    ----------
    minor : int or None
        Minor units; None where the reader is not told, or it is not known (`is_hidden` says which).
    """

    name: str
    minor: int | None
    currency: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class OrderFile:
    """Everything that a reader is told of an order.

    Parameters
    ----------
    reader : str
        `STAFF`, or the kind of party.
    tables : mapping of str to tuple of Told
        Rows by table; a table that is not among them is not for this reader.
    late_min : float or None
        Minutes after the promise, below zero before it; None without promise or end, or cancelled before it.
    tells_staff : bool
        Whether the reader is told who of the staff did what.
    """

    city: Place
    order_id: str
    reader: str
    order: Told
    merchant_name: str | None
    tables: Mapping[str, tuple[Told, ...]]
    legs: tuple[LegTime, ...]
    late_min: float | None
    tells_staff: bool
    zones: Mapping[str, str] = field(default_factory=dict)

    def rows(self, table: str) -> tuple[Told, ...]:
        """Give the rows of a table; none where it is not for this reader."""
        return self.tables.get(table, ())

    def shows(self, table: str) -> bool:
        """Tell whether a table is for this reader at all."""
        return table in self.tables

    @property
    def is_staff(self) -> bool:
        """Tell whether the reader works here."""
        return self.reader == STAFF


def milestones_of(order: Told, stages: tuple[Told, ...]) -> Mapping[Milestone, datetime]:
    """Give the instants that are known: the order's own, and for those it lacks its stages'."""
    told = {str(row["stage"]): row["at"] for row in reversed(stages)}
    found = {one: order[f"{one.value}_at"] or told.get(one.value) for one in Milestone}
    return {one: at for one, at in found.items() if at is not None}


def legs_of(at: Mapping[Milestone, datetime]) -> tuple[LegTime, ...]:
    """Give the legs from milestones alone; one that neither began nor ended is left out."""
    every = (LegTime(leg.value, at.get(first), at.get(last)) for leg, (first, last) in LEGS.items())
    return tuple(one for one in every if one.begin is not None or one.end is not None)


def late_min_of(order: Told, at: Mapping[Milestone, datetime]) -> float | None:
    """Tell by how many minutes the order came after its promise; one that never came was late if it ended after it."""
    promised = order["promised_at"]
    end = next((at[one] for one in ENDS if one in at), None)
    if promised is None or end is None:
        return None
    late: float = (end - promised).total_seconds() / 60
    return late if Milestone.DELIVERED in at or late > 0 else None


def money_of(order: Told, tables: Mapping[str, tuple[Told, ...]]) -> tuple[Amount, ...]:
    """List an order's money: what the customer paid, what came back, what it cost."""
    currency = str(order["currency"] or "")
    own = [
        Amount(name, order[column], currency, column in order.hidden)
        for name, column in _OWN_AMOUNTS.items()
        if order[column] is not None or column in order.hidden
    ]
    back = [_amount("refund", row, currency) for row in tables.get("refunds", ())]
    costs = [_amount(str(row["kind"]), row, currency) for row in tables.get("costs", ())]
    return (*own, *back, *costs)


_OWN_AMOUNTS = {
    "basket": "basket_minor",
    "delivery_fee": "delivery_fee_minor",
    "discount": "discount_minor",
    "tip": "tip_minor",
}


def _amount(name: str, row: Told, currency: str) -> Amount:
    return Amount(name, row["amount_minor"], str(row["currency"] or currency), "amount_minor" in row.hidden)
