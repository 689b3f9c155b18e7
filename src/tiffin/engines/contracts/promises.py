"""How promises of service, servers, roles, price and people of two versions differ."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tiffin.engines.contracts.changes import Change, Kind
from tiffin.engines.contracts.pairing import Where, pair, rest, rest_of_customs
from tiffin.engines.contracts.standard import Contract, Role, Server, SlaProperty, Team

_DAY_S = 86_400.0
_MONTH_S = 365.2425 / 12 * _DAY_S
_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("min", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), _DAY_S),
    **dict.fromkeys(("w", "week", "weeks"), 7 * _DAY_S),
    **dict.fromkeys(("m", "month", "months"), _MONTH_S),
    **dict.fromkeys(("y", "yr", "year", "years"), 12 * _MONTH_S),
}
_LESS_IS_MORE = frozenset(
    [
        "latency",
        "ly",
        "freshness",
        "frequency",
        "fy",
        "timeofavailability",
        "generalavailability",
        "ga",
        "timetodetect",
        "td",
        "timetonotify",
        "tn",
        "timetorepair",
        "tr",
        "errorrate",
        "er",
    ]
)
_MORE_IS_MORE = frozenset(
    ["retention", "re", "availability", "av", "throughput", "th", "endofsupport", "es", "endoflife", "el"]
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?(?:([+-])(\d{2}):?(\d{2})|Z)?")
_NOT_ADDRESS = {"id", "server", "description", "environment", "roles"}


def compare_promises(old: Contract, new: Contract) -> Iterator[Change]:
    """Tell which promises of service were added, dropped, loosened or tightened."""
    pairs = pair(old.sla_properties, new.sla_properties, _itself, _identifier, _whole, _named)
    for promise in pairs.removed:
        yield _place(promise).tell(Kind.PROMISE_REMOVED, _value(promise))
    for promise in pairs.added:
        yield _place(promise).tell(Kind.PROMISE_ADDED, None, _value(promise))
    for before, after in pairs.both:
        yield from _compare_promise(before, after, _place(before))


def _compare_promise(old: SlaProperty, new: SlaProperty, where: Where) -> Iterator[Change]:
    if (old.value, old.unit) != (new.value, new.unit):
        yield where.tell(_direction(old, new), _value(old), _value(new))
    if (old.property, old.element, old.value_ext) != (new.property, new.element, new.value_ext):
        yield where.tell(Kind.PROMISE_CHANGED, _value(old), _value(new))
    yield from rest(old, new, where, {"property", "element", "value", "unit", "value_ext"})


def _direction(old: SlaProperty, new: SlaProperty) -> Kind:
    before, after = _quantity(old), _quantity(new)
    name = str(old.property).casefold()
    if before is None or after is None or name not in _LESS_IS_MORE | _MORE_IS_MORE:
        return Kind.PROMISE_CHANGED
    if before == after:
        return Kind.NOTE
    return Kind.PROMISE_TIGHTENED if (after > before) == (name in _MORE_IS_MORE) else Kind.PROMISE_LOOSENED


def _quantity(promise: SlaProperty) -> float | None:
    """Give a promise's value as a number that can be compared: seconds, minutes of the day, or as it stands."""
    value, unit = promise.value, promise.unit
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return value * _UNITS.get(unit.casefold(), 1.0) if unit else float(value)
    return _moment(str(value))


def _moment(text: str) -> float | None:
    clock = _CLOCK.fullmatch(text)
    if clock:
        hours, minutes, sign, off_hours, off_minutes = clock.groups()
        offset = (int(off_hours) * 60 + int(off_minutes)) * (1 if sign == "+" else -1) if sign else 0
        return float(int(hours) * 60 + int(minutes) - offset)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def compare_servers(old: Contract, new: Contract) -> Iterator[Change]:
    """Tell which places to read from were added, dropped or moved."""
    pairs = pair(old.servers, new.servers, _identifier, lambda one: one.server)
    for server in pairs.removed:
        yield Where("servers").at(server.server).tell(Kind.SERVER_REMOVED, server.type)
    for server in pairs.added:
        yield Where("servers").at(server.server).tell(Kind.SERVER_ADDED, None, server.type)
    for before, after in pairs.both:
        where = Where("servers").at(before.server)
        moved = [name for name in _ADDRESS if getattr(before, name) != getattr(after, name)]
        if moved:
            kept = ([str(getattr(side, name)) for name in moved] for side in (before, after))
            yield where.tell(Kind.SERVER_MOVED, *(", ".join(values) for values in kept))
        if before.environment != after.environment:
            yield where.at("environment").tell(Kind.UNJUDGED, before.environment, after.environment)
        yield from compare_roles(before.roles, after.roles, where.at("roles"))
        yield from rest(before, after, where, {*_ADDRESS, "environment", "roles"})
        yield from rest_of_customs(before, after, where)


_ADDRESS = tuple(
    name for name in Server.__dataclass_fields__ if name not in {*_NOT_ADDRESS, "more", "custom_properties"}
)


def compare_roles(old: tuple[Role, ...] | None, new: tuple[Role, ...] | None, where: Where) -> Iterator[Change]:
    """Tell which roles were added, dropped or open something else."""
    pairs = pair(old, new, _identifier, lambda one: one.role)
    yield from (where.at(role.role).tell(Kind.ROLE_REMOVED, role.access) for role in pairs.removed)
    yield from (where.at(role.role).tell(Kind.ROLE_ADDED, None, role.access) for role in pairs.added)
    for before, after in pairs.both:
        here = where.at(before.role)
        if before.access != after.access:
            yield here.tell(Kind.ROLE_ACCESS, before.access, after.access)
        yield from rest(before, after, here, {"access"})
        yield from rest_of_customs(before, after, here)


def compare_price(old: Contract, new: Contract) -> Iterator[Change]:
    """Tell how the price changed; what cost nothing and costs something now is dearer."""
    before, after, where = old.price, new.price, Where("price")
    if before == after:
        return
    amounts = [(one.price_amount or 0) if one else 0 for one in (before, after)]
    if before and after and (before.price_currency, before.price_unit) != (after.price_currency, after.price_unit):
        yield where.tell(Kind.PRICE_CHANGED, *(f"{one.price_currency} / {one.price_unit}" for one in (before, after)))
    elif amounts[0] == amounts[1]:
        yield where.tell(Kind.NOTE)
    else:
        kind = Kind.PRICE_RAISED if amounts[1] > amounts[0] else Kind.PRICE_LOWERED
        yield where.tell(kind, amounts[0], amounts[1])


def compare_people(old: Contract, new: Contract) -> Iterator[Change]:
    """Tell who answers for it now, and which channels of help are gone."""
    before, after = old.team or Team(), new.team or Team()
    if before.name != after.name:
        yield Where("team").tell(Kind.OWNER, before.name, after.name)
    yield from rest(before, after, Where("team"), {"name"})
    yield from rest_of_customs(before, after, Where("team"))
    pairs = pair(old.support, new.support, _identifier, lambda one: one.channel)
    yield from (Where("support").at(one.channel).tell(Kind.SUPPORT_REMOVED, one.channel) for one in pairs.removed)
    yield from (Where("support").at(one.channel).tell(Kind.NOTE, None, one.channel) for one in pairs.added)
    for one, other in pairs.both:
        yield from rest(one, other, Where("support").at(one.channel), ())
        yield from rest_of_customs(one, other, Where("support").at(one.channel))


def _place(promise: SlaProperty) -> Where:
    tables = str(promise.element or "").split(",")
    table, _, column = tables[0].strip().partition(".")
    return Where("slaProperties").at(promise.property) if not table else _element_place(promise, table, column)


def _element_place(promise: SlaProperty, table: str, column: str) -> Where:
    return Where(f"slaProperties.{promise.property} ({promise.element})", table, column or None)


def _value(promise: SlaProperty) -> str:
    return f"{promise.value} {promise.unit or ''}".strip()


def _itself(promise: Any) -> Any:
    return promise


def _identifier(part: Any) -> str | None:
    return getattr(part, "id", None)


def _whole(promise: SlaProperty) -> tuple[str | None, ...]:
    return promise.property, promise.element, promise.driver


def _named(promise: SlaProperty) -> str | None:
    return promise.property
