"""Fraud rings: customers who claim refunds for goods that they received; the day itself is as it was.

A ring's members are drawn from those who had orders in its zones and hours, the busiest first. Each order that a member
received there is claimed with the ring's share, and for certain where a rider or merchant of the ring had a hand in it.
Who got a refund already claims no other. A false claim looks like an honest one: a contact about the items, a refund.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.aftermath_facts import CONTACT_REASONS, REFUND_AFTER_S, REFUND_REASONS
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.capabilities.rehearsals.domain.planted_rows import Facts, Notes, Rows, inside, joined, taken
from tiffin.capabilities.rehearsals.domain.scenario import FraudRing, Scenario
from tiffin.engines.simulation.aftermath import Reason
from tiffin.engines.simulation.streams import Stream

DELIVERED = "delivered"
CONTACT_AFTER_S = 600
CHANNELS = ("app", "chat")


def with_false_claims(facts: Facts, scenario: Scenario, notes: Notes, stream: Stream) -> Facts:
    """Plant the claims of a ring, and note its members and which claims are false."""
    ring = notes.planted.detail
    assert isinstance(ring, FraudRing)  # noqa: S101 - the caller chose by kind
    orders = facts["orders"]
    rows = inside(scenario, notes.planted, orders, "placed_at")
    rows = rows[orders["status"][rows] == DELIVERED]
    mine = rows[np.isin(orders["customer_id"][rows], _busiest(orders, rows, "customer_id", ring.customers, stream))]
    riders = _busiest(orders, mine, "rider_id", ring.riders, stream)
    merchants = _busiest(orders, mine, "merchant_id", ring.merchants, stream)
    _note_members(
        notes,
        [("customer_id", np.unique(orders["customer_id"][mine])), ("rider_id", riders), ("merchant_id", merchants)],
    )
    helped = np.isin(orders["rider_id"][mine], riders) | np.isin(orders["merchant_id"][mine], merchants)
    chance = stream.child("claim").uniform(mine)
    claimed = mine[(chance < notes.planted.strength) | helped]
    claimed = claimed[~np.isin(orders["order_id"][claimed], facts["refunds"]["order_id"])]
    return _claimed(facts, taken(orders, claimed), notes)


def _busiest(orders: Columns, rows: Rows, column: str, count: int, stream: Stream) -> NDArray[np.object_]:
    """Choose those with most orders; chance decides among equals."""
    names, orders_of = np.unique(orders[column][rows].astype(str), return_counts=True)
    drawn = stream.child("member", column).uniform(np.arange(len(names)))
    return names[np.lexsort((drawn, -orders_of))][:count].astype(object)


def _note_members(notes: Notes, members: Sequence[tuple[str, NDArray[np.object_]]]) -> None:
    for column, names in members:
        for name in names:
            notes.note("member", **{column: name})


def _claimed(facts: Facts, orders: dict[str, Any], notes: Notes) -> Facts:
    names = orders["order_id"]
    parties = {name: orders[name] for name in ("zone_id", "merchant_id", "rider_id", "business_date")}
    refunds = {
        "refund_id": np.array([f"{name}-refund" for name in names], dtype=object),
        "order_id": names,
        "refunded_at": orders["delivered_at"] + np.timedelta64(REFUND_AFTER_S, "s"),
        "amount_minor": orders["basket_minor"] - orders["discount_minor"],
        "reason": np.full(len(names), REFUND_REASONS[Reason.ISSUE], dtype=object),
        **parties,
    }
    contacts = {
        "contact_id": np.array([f"{name}-contact" for name in names], dtype=object),
        "order_id": names,
        "contacted_at": orders["delivered_at"] + np.timedelta64(CONTACT_AFTER_S, "s"),
        "channel": np.array(CHANNELS, dtype=object)[np.arange(len(names)) % len(CHANNELS)],
        "reason": np.full(len(names), CONTACT_REASONS[Reason.ISSUE], dtype=object),
        **parties,
    }
    # Who wrote in already about this order does not write again.
    asks = np.flatnonzero(~np.isin(names, facts["contacts"]["order_id"]))
    planted = {"refunds": ("refund_id", refunds), "contacts": ("contact_id", taken(contacts, asks))}
    changed = dict(facts)
    for table, (key, rows) in planted.items():
        for order, name in zip(rows["order_id"], rows[key], strict=True):
            notes.note("false_claim", table_name=table, row_key=name, order_id=order)
        both = joined(facts[table], rows)
        changed[table] = taken(both, np.argsort(both["order_id"].astype(str), kind="stable"))
    return changed
