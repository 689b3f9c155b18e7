"""Find orders: by identifier or part of it, by whom they concern, by city, day and how they ended."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tiffin.capabilities.orders.domain.order_file import ENDS, late_min_of
from tiffin.capabilities.orders.domain.sight import Told
from tiffin.capabilities.orders.queries import order_rows
from tiffin.capabilities.orders.queries.searching import Conditions, within
from tiffin.capabilities.orders.service.asking import rows_of
from tiffin.capabilities.orders.service.sight import reading_policy, sight_of
from tiffin.engines.metrics.protection.allowances import Policy
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Party
from tiffin.runtime.classes import class_in_force, confirmed_classes
from tiffin.runtime.context import Context

LIMIT = 50
MOST = 500
"""Orders that one list holds at most."""

PASTED = 200
"""Identifiers that are looked up at once."""

PEOPLE = {"rider": "rider_id", "merchant": "merchant_id", "customer": "customer_id"}

CSV_COLUMNS = (
    *("city_id", "order_id", "business_date", "status", "placed_at", "promised_at", "delivered_at", "late_min"),
    *("zone_id", "merchant_id", "rider_id", "customer_id"),
)


@dataclass(frozen=True, slots=True)
class OrderSearch:
    """Which orders somebody looks for; empty parts are open.

    Parameters
    ----------
    text : str
        An identifier or a part of one; several, apart from each other by blanks, commas or lines, are looked up each.
    whom : str
        ``rider``, ``merchant`` or ``customer``: whose pseudonym or identifier `who` is.
    is_late : bool
        Only orders that came after their promise, or not at all.
    """

    text: str = ""
    whom: str = ""
    who: str = ""
    city_id: str = ""
    first: date | None = None
    last: date | None = None
    status: str = ""
    is_late: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was asked for."""
        return self == OrderSearch()


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """One order of a list, as the reader is told it."""

    told: Told
    late_min: float | None

    @property
    def city_id(self) -> str:
        """City in which it happened."""
        return str(self.told["city_id"])

    @property
    def order_id(self) -> str:
        """Identifier within its city."""
        return str(self.told["order_id"])


def find_orders(context: Context, wanted: OrderSearch, *, limit: int = LIMIT) -> tuple[FoundOrder, ...]:
    """Find the orders that the actor may see and looks for, the newest first.

    Raises
    ------
    Forbidden
        The actor works with no orders; or he looks for somebody by a pseudonym that he is not told.
    """
    policy = _policy(context)
    conditions = Conditions()
    _asked(conditions, wanted)
    party = context.actor.party
    if party is not None:
        _own(conditions, party)
    else:
        _check_person(context, policy, wanted)
        within(conditions, policy)
    rows = rows_of(context, conditions.found(limit=min(limit, MOST)))
    found = tuple(_found(context, row) for row in rows)
    if found:
        details = {"orders": len(found), "asked": sorted(_words(wanted))}
        audit.record_shown(context, action="orders_listed", subject=wanted.city_id or "orders", details=details)
    return found


def orders_csv(context: Context, wanted: OrderSearch) -> str:
    """Write the orders that were looked for as a table; what the reader is not told stays empty.

    Raises
    ------
    Forbidden
        As `find_orders`.
    """
    found = find_orders(context, wanted, limit=MOST)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for one in found:
        values = {**one.told.values, "late_min": None if one.late_min is None else round(one.late_min, 1)}
        writer.writerow([_cell(values.get(name)) for name in CSV_COLUMNS])
    details = {"orders": len(found), "asked": sorted(_words(wanted))}
    audit.record_read(context, action="orders_exported", subject=wanted.city_id or "orders", details=details)
    return out.getvalue()


def timezones(context: Context) -> Mapping[str, str]:
    """Give the time zone of each city, for clocks beside its orders."""
    return {str(row["city_id"]): str(row["timezone"] or "UTC") for row in rows_of(context, order_rows.cities())}


def works_with_orders(context: Context) -> bool:
    """Tell whether the actor may see any order at all."""
    return context.actor.party is not None or bool(reading_policy(context.actor))


def _policy(context: Context) -> Policy:
    policy = tuple(one for one in reading_policy(context.actor) if one.minimum_size <= 1 and one.only is None)
    if not policy and context.actor.party is None:
        raise Forbidden(
            Message(
                "{name} works with no orders: that takes a grant of customer service, adjudication, review, customer "
                "experience, a city's management or stewardship. Ask a steward for one.",
                name=context.actor.name,
            )
        )
    return policy


def _asked(conditions: Conditions, wanted: OrderSearch) -> None:
    texts = tuple(dict.fromkeys(one for one in re.split(r"[\s,;]+", wanted.text) if one))[:PASTED]
    if len(texts) == 1:
        conditions.add("contains(order_id, ?)", texts[0])
    elif texts:
        conditions.among("order_id", texts)
    for column, value in (("city_id", wanted.city_id), ("status", wanted.status)):
        if value:
            conditions.among(column, (value,))
    if wanted.who.strip() and wanted.whom in PEOPLE:
        conditions.among(PEOPLE[wanted.whom], (wanted.who.strip(),))
    conditions.days(wanted.first, wanted.last)
    if wanted.is_late:
        conditions.late()


def _own(conditions: Conditions, party: Party) -> None:
    conditions.among("city_id", (party.city_id,))
    column = PEOPLE.get(party.kind)
    if column is None:
        conditions.add("FALSE")
    else:
        conditions.among(column, (party.party_id,))


def _check_person(context: Context, policy: Policy, wanted: OrderSearch) -> None:
    """Refuse to look for somebody by what the reader is not told: finding his orders would tell who he is."""
    if not wanted.who.strip() or wanted.whom not in PEOPLE:
        return
    kind = class_in_force(confirmed_classes(context), "orders", PEOPLE[wanted.whom])
    if kind in (Classification.PUBLIC, Classification.INTERNAL) or all(kind in one.opens for one in policy):
        return
    raise Forbidden(
        Message(
            "You are not told who that is, so orders cannot be looked for by it. Look by identifier, city and day, or "
            "ask a steward for a grant that opens personal columns."
        )
    )


def _found(context: Context, row: Mapping[str, Any]) -> FoundOrder:
    told = sight_of(context, row).tell("orders", row) or Told({})
    at = {one: row[f"{one.value}_at"] for one in ENDS if row.get(f"{one.value}_at") is not None}
    return FoundOrder(told, late_min_of(told, at))


def _cell(value: object) -> str:
    """Write a value; a text that a spreadsheet would run as a formula gets an apostrophe."""
    if value is None:
        return ""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") and not isinstance(value, int | float) else text


def _words(wanted: OrderSearch) -> set[str]:
    """Name what was asked by, and never the value: a pseudonym stands in no trail."""
    asked = {
        "identifier": bool(wanted.text),
        wanted.whom or "person": bool(wanted.who),
        "status": bool(wanted.status),
        "days": bool(wanted.first or wanted.last),
        "late": wanted.is_late,
        "city": bool(wanted.city_id),
    }
    return {name for name, is_asked in asked.items() if is_asked}
