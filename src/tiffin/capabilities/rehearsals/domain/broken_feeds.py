"""Broken feeds: rows that come late, twice, with a shifted clock or not at all; the day itself is unharmed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.capabilities.rehearsals.domain.planted_rows import Facts, Notes, inside, joined, size_of, taken
from tiffin.capabilities.rehearsals.domain.scenario import BrokenFeed, Fault, Scenario
from tiffin.engines.simulation.streams import Stream

EVENT_AT: Mapping[str, str] = {
    "orders": "placed_at",
    "order_stages": "at",
    "rider_sessions": "on_at",
    "refunds": "refunded_at",
    "contacts": "contacted_at",
    "ratings": "rated_at",
}
"""Instant at which a row of each table is told."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "orders": ("order_id",),
    "order_stages": ("order_id", "stage", "at"),
    "rider_sessions": ("rider_id", "on_at"),
    "refunds": ("refund_id",),
    "contacts": ("contact_id",),
    "ratings": ("order_id", "rated_at"),
}
"""Key of each table, without the city."""

AGAIN = "-again"
"""Behind the identifier of a row that is there twice; a row whose key is a time comes a second later."""


def told_wrongly(facts: Facts, scenario: Scenario, notes: Notes, stream: Stream) -> tuple[Facts, Facts]:
    """Break a feed, and note which rows it broke.

    Returns
    -------
    tuple
        The facts as they are told, and the rows that come late.
    """
    feed = notes.planted.detail
    assert isinstance(feed, BrokenFeed)  # noqa: S101 - the caller chose by kind
    table = facts[feed.table]
    rows = inside(scenario, notes.planted, table, EVENT_AT[feed.table])
    rows = rows[stream.uniform(rows) < notes.planted.strength]
    struck, kept = taken(table, rows), taken(table, np.setdiff1d(np.arange(size_of(table)), rows))
    told, late = _told(feed, struck)
    _note(notes, feed, struck, told if feed.fault in {Fault.DOUBLED, Fault.SHIFTED} else struck)
    rest = table if feed.fault is Fault.DOUBLED else kept
    return {**facts, feed.table: joined(rest, told)}, {feed.table: late} if size_of(late) else {}


def _told(feed: BrokenFeed, struck: Columns) -> tuple[Columns, Columns]:
    """Tell what comes of the rows struck in time, and what of them comes late."""
    nothing = taken(struck, np.zeros(0, dtype=np.int64))
    if feed.fault is Fault.LOST:
        return nothing, nothing
    if feed.fault is Fault.LATE:
        return nothing, struck
    return (_again(feed.table, struck) if feed.fault is Fault.DOUBLED else _shifted(struck, feed.minutes)), nothing


def _again(table: str, struck: Columns) -> dict[str, Any]:
    key = KEYS[table]
    if len(key) == 1:
        return {**struck, key[0]: np.array([f"{name}{AGAIN}" for name in struck[key[0]]], dtype=object)}
    return {**struck, EVENT_AT[table]: struck[EVENT_AT[table]] + np.timedelta64(1, "s")}


def _shifted(struck: Columns, minutes: int) -> dict[str, Any]:
    by = np.timedelta64(minutes, "m")
    return {name: values + by if _is_instant(values) else values for name, values in struck.items()}


def _is_instant(values: Any) -> bool:
    return isinstance(values, np.ndarray) and values.dtype == np.dtype("datetime64[us]")


def _note(notes: Notes, feed: BrokenFeed, true: Columns, told: Columns) -> None:
    keys, true_keys = (_keys(feed.table, rows) for rows in (told, true))
    orders = true.get("order_id", [None] * len(keys))
    for key, true_key, order in zip(keys, true_keys, orders, strict=True):
        known = {"true_key": true_key if key != true_key else None, "order_id": order, "shifted_min": feed.minutes}
        notes.note(feed.fault.value, table_name=feed.table, row_key=key, **known)


def _keys(table: str, rows: Columns) -> list[str]:
    return [" ".join(str(part) for part in parts) for parts in zip(*(rows[name] for name in KEYS[table]), strict=True)]
