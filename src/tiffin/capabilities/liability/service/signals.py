"""Claims that ask for proof: what to ask about an order, or about all orders of a city's day, and why, for staff alone.

Whatever comes of it is `Ask`: a photo, a PIN, or nothing. No service here refuses, charges or judges anybody.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tiffin.capabilities.liability.domain.signals import (
    Ask,
    Because,
    ClaimedOrders,
    Graph,
    Ground,
    Patterns,
    Signal,
    SignalRules,
)
from tiffin.capabilities.liability.queries import signals as ask
from tiffin.capabilities.liability.service.signal_rules import rules_on
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_number, mark, translate
from tiffin.runtime.warehouse.opening import open_store

READERS = (
    Role.CITY_MANAGER,
    Role.SUPPORT,
    Role.ADJUDICATOR,
    Role.REVIEWER,
    Role.EXPERIENCE_MANAGER,
    Role.STEWARD,
)
"""Roles that are told what asks; riders, merchants and customers never are."""

KEPT = 8
"""Cities' days that a process keeps looked at."""


@dataclass(frozen=True, slots=True)
class SignalCity:
    """A city whose signals the actor may see."""

    city_id: str
    name: str
    country: str
    last: date


@dataclass(frozen=True, slots=True)
class DaySignals:
    """What is asked about the orders of a city's day.

    Parameters
    ----------
    orders : int
        All that were looked at on the day.
    asked : tuple of Signal
        Those about which something is asked.
    """

    city_id: str
    day: date
    orders: int
    asked: tuple[Signal, ...]
    graph: Graph


def signal_for(context: Context, city_id: str, order_id: str) -> Ask:
    """Say what to ask about an order by the claims of others: a photo, a PIN, or nothing.

    Raises
    ------
    NotFound
        There is no such order that the actor may see.
    Forbidden
        The actor is not told what asks.
    """
    return explained_signal(context, city_id, order_id).ask


def explained_signal(context: Context, city_id: str, order_id: str) -> Signal:
    """Say what to ask about an order, and why; who looked is audited.

    Raises
    ------
    NotFound
        There is no such order that the actor may see.
    Forbidden
        The actor is not told what asks.
    """
    _require_reader(context, city_id)
    rows = context.warehouse.query(ask.order_day(city_id, order_id)).to_pylist()
    if not rows:
        raise NotFound(Message("There is no order {order} that you may see.", order=order_id))
    patterns, day_of = _patterns(context, city_id, rows[0]["business_date"])
    found = patterns.signal(order_id) if order_id in day_of else Signal(order_id, Ask.NOTHING)
    audit.record_read(context, action="signal_read", subject=f"{city_id}/{order_id}", details={"ask": found.ask.value})
    return found


def signals_of_day(context: Context, city_id: str, day: date) -> DaySignals:
    """Say what to ask about every order of a city's day, and who hangs together; who looked is audited.

    Raises
    ------
    NotFound
        There is no such city that the actor may see.
    Forbidden
        The actor is not told what asks.
    """
    _require_reader(context, city_id)
    patterns, day_of = _patterns(context, city_id, day)
    is_asked = dict(zip(patterns.orders.order_ids, patterns.asked().tolist(), strict=True))
    own = [name for name, on in day_of.items() if on == day]
    asked = tuple(patterns.signal(name) for name in own if is_asked[name])
    told = {kind.value: sum(one.ask is kind for one in asked) for kind in (Ask.PHOTO, Ask.PIN)}
    audit.record_read(context, action="signals_read", subject=f"{city_id}/{day}", details={"orders": len(own), **told})
    return DaySignals(city_id, day, len(own), asked, patterns.graph())


def signal_cities(context: Context) -> tuple[SignalCity, ...]:
    """List the cities of which the actor is told what asks, each with its last day."""
    found = []
    for row in context.warehouse.query(ask.cities()).to_pylist():
        if _may_read(context, row["country"], row["city_id"]):
            last = context.warehouse.query(ask.last_day(row["city_id"])).to_pylist()[0]["last"]
            if last is not None:
                found.append(SignalCity(row["city_id"], row["name"], row["country"], last))
    return tuple(found)


_SAID: Mapping[Ground, str] = {
    Ground.CUSTOMER: mark(
        "Of {orders} other orders of this customer {claims} were claimed; {expected} would be usual."
    ),
    Ground.RIDER: mark("Of {orders} other orders of this rider {claims} were claimed; {expected} would be usual."),
    Ground.MERCHANT: mark(
        "Of {orders} other orders of this merchant {claims} were claimed; {expected} would be usual."
    ),
    Ground.WITH_RIDER: mark(
        "Of {orders} other orders of this customer with this rider {claims} were claimed; {expected} would be usual."
    ),
    Ground.WITH_MERCHANT: mark(
        "Of {orders} other orders of this customer with this merchant {claims} were claimed; {expected} would be usual."
    ),
}


def told(context: Context, one: Because) -> str:
    """Tell staff in words why something is asked; names nobody."""
    return translate(
        context.locale,
        _SAID[one.ground],
        orders=format_number(one.orders, context.locale),
        claims=format_number(one.claims, context.locale),
        expected=format_number(one.expected, context.locale, decimals=2),
    )


_Found = tuple[Patterns, Mapping[str, date]]
_kept: OrderedDict[tuple[object, ...], _Found] = OrderedDict()
_keeping = threading.Lock()


def _patterns(context: Context, city_id: str, day: date) -> _Found:
    """Look at the claims of a city's days, once for all orders that one request or job asks about."""
    store = open_store(context.workspace)
    rules = rules_on(context.workspace, day)
    facts = tuple(store.version(name) for name in ("orders", "contacts", "refunds"))
    key = (str(context.workspace.root), city_id, day, context.now, facts, str(rules))
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = _looked_at(context, city_id, day, rules)
    with _keeping:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _looked_at(context: Context, city_id: str, day: date, rules: SignalRules) -> _Found:
    first = day - timedelta(days=rules.window_days - 1)
    rows = context.warehouse.query(ask.orders(city_id, first, day)).to_pylist()
    rows = [row for row in rows if row["placed_at"] <= context.now]
    claims = _claims(context, city_id, first, day, set(rules.asks))
    orders = ClaimedOrders(
        order_ids=[row["order_id"] for row in rows],
        customers=[row["customer_id"] for row in rows],
        riders=[row["rider_id"] for row in rows],
        merchants=[row["merchant_id"] for row in rows],
        categories=[row["category"] for row in rows],
        basket_minor=[row["basket_minor"] for row in rows],
        claims=claims,
    )
    return Patterns(orders, rules), {row["order_id"]: row["business_date"] for row in rows}


def _claims(context: Context, city_id: str, first: date, last: date, reasons: set[str]) -> dict[str, str]:
    """Give what was claimed and is known by now, by order."""
    found: dict[str, tuple[datetime, str]] = {}
    for question in (ask.contacts(city_id, first, last), ask.refunds(city_id, first, last)):
        for row in context.warehouse.query(question).to_pylist():
            if row["reason"] in reasons and row["order_id"] and row["at"] <= context.now:
                said = row["at"], row["reason"]
                found[row["order_id"]] = min(found.get(row["order_id"], said), said)
    return {order: reason for order, (_, reason) in found.items()}


def _require_reader(context: Context, city_id: str) -> None:
    if context.actor.party is not None or not context.actor.has_role(*READERS):
        raise Forbidden(
            Message("What asks for a photo or a PIN is told only to those who work on incidents and are granted that.")
        )
    rows = context.warehouse.query(ask.cities()).to_pylist()
    if not any(row["city_id"] == city_id and _may_read(context, row["country"], city_id) for row in rows):
        raise NotFound(Message("There is no city {city} that you may see.", city=city_id))


def _may_read(context: Context, country: str, city_id: str) -> bool:
    grants = (one for one in context.actor.grants if one.role in (*READERS, Role.ADMIN) and not one.is_narrow)
    return any(one.covers(country=country, city_id=city_id) for one in grants)
