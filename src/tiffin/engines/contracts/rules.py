"""How the quality rules of two versions differ."""

import math
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from tiffin.engines.contracts.changes import Change, Kind
from tiffin.engines.contracts.domains import enum_of
from tiffin.engines.contracts.pairing import Where, pair, rest, rest_of_customs
from tiffin.engines.contracts.standard import Element, Quality

_ASKING = ("type", "metric", "rule", "arguments", "query", "engine", "implementation", "unit", "method")
_SEVERITIES = ("info", "warning", "error")
_BOUNDS = tuple(one.name for one in fields(Quality) if one.name.startswith("must_"))

Span = tuple[float, bool, float, bool]
"""Least value, whether it is allowed itself, most value, whether it is allowed itself."""


def compare_rules(old: Element, new: Element, where: Where) -> Iterator[Change]:
    """Tell how the rules of a table or column changed."""
    pairs = pair(old.quality, new.quality, _itself, _identifier, _name, _enum, _asked, _measure)
    for rule in pairs.removed:
        yield where.at(_label(rule)).tell(Kind.ENUM_WIDENED if _closes(rule) else Kind.RULE_REMOVED, _label(rule))
    for rule in pairs.added:
        kind = Kind.ENUM_NARROWED if _closes(rule) else Kind.RULE_ADDED
        yield where.at(_label(rule)).tell(kind, None, _label(rule))
    for before, after in pairs.both:
        yield from _compare(before, after, where.at(_label(before)))


def _compare(old: Quality, new: Quality, where: Where) -> Iterator[Change]:
    asking: tuple[str, ...] = ("description", *_ASKING) if (old.type, new.type) == ("text", "text") else _ASKING
    sets = enum_of(old.arguments), enum_of(new.arguments)
    if sets[0] is not None and sets[1] is not None:
        yield from _sets(sets[0], sets[1], where)
        asking = tuple(name for name in asking if name != "arguments" or _others(old) != _others(new))
    if any(getattr(old, name) != getattr(new, name) for name in asking):
        yield where.tell(Kind.RULE_CHANGED, _label(old), _label(new))
    yield from _compare_bounds(old, new, where)
    yield from _compare_severity(old, new, where)
    yield from rest(old, new, where, {*_ASKING, *asking, *_BOUNDS, "severity"})
    yield from rest_of_customs(old, new, where)


def _sets(before: frozenset[str], after: frozenset[str], where: Where) -> Iterator[Change]:
    if before - after:
        yield where.tell(Kind.ENUM_NARROWED, ", ".join(sorted(before - after)))
    if after - before:
        yield where.tell(Kind.ENUM_WIDENED, None, ", ".join(sorted(after - before)))


def _others(rule: Quality) -> dict[str, Any]:
    return {name: value for name, value in (rule.arguments or {}).items() if name != "validValues"}


def _compare_bounds(old: Quality, new: Quality, where: Where) -> Iterator[Change]:
    before, after = _stated(old), _stated(new)
    if before != after:
        one, other = _span(before), _span(after)
        kind = Kind.RULE_CHANGED
        if one is not None and other is not None:
            kind = Kind.RULE_TIGHTENED if _within(other, one) else Kind.RULE_LOOSENED if _within(one, other) else kind
        yield where.tell(kind, before, after)


def _compare_severity(old: Quality, new: Quality, where: Where) -> Iterator[Change]:
    before, after = old.severity, new.severity
    if before != after:
        ranks = [_SEVERITIES.index(one) if one in _SEVERITIES else None for one in (before, after)]
        kind = Kind.RULE_CHANGED
        if ranks[0] is not None and ranks[1] is not None:
            kind = Kind.RULE_TIGHTENED if ranks[1] > ranks[0] else Kind.RULE_LOOSENED
        yield where.at("severity").tell(kind, before, after)


def _stated(rule: Quality) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in _BOUNDS if getattr(rule, name) is not None}


def _span(stated: dict[str, Any]) -> Span | None:
    """Give the values that a rule lets through, where they are one stretch of numbers."""
    if len(stated) != 1:
        return (-math.inf, True, math.inf, True) if not stated else None
    ((name, value),) = stated.items()
    if name == "must_be_between" and len(value) == 2:  # noqa: PLR2004 - a least and a most
        return (value[0], True, value[1], True)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    spans: dict[str, Span] = {
        "must_be": (value, True, value, True),
        "must_be_greater_than": (value, False, math.inf, True),
        "must_be_greater_or_equal_to": (value, True, math.inf, True),
        "must_be_less_than": (-math.inf, True, value, False),
        "must_be_less_or_equal_to": (-math.inf, True, value, True),
    }
    return spans.get(name)


def _within(inner: Span, outer: Span) -> bool:
    is_low = inner[0] > outer[0] or (inner[0] == outer[0] and (outer[1] or not inner[1]))
    is_high = inner[2] < outer[2] or (inner[2] == outer[2] and (outer[3] or not inner[3]))
    return is_low and is_high


def _closes(rule: Quality) -> bool:
    return enum_of(rule.arguments) is not None and rule.must_be == 0 and rule.unit is None


def _itself(rule: Quality) -> Quality:
    return rule


def _identifier(rule: Quality) -> str | None:
    return rule.id


def _name(rule: Quality) -> str | None:
    return rule.name


def _enum(rule: Quality) -> str | None:
    return "enum" if enum_of(rule.arguments) is not None else None


def _asked(rule: Quality) -> tuple[str, ...]:
    return tuple(repr(getattr(rule, name)) for name in _ASKING)


def _measure(rule: Quality) -> tuple[str | None, ...] | None:
    return (rule.type, rule.metric, rule.engine) if rule.metric or rule.type else None


def _label(rule: Quality) -> str:
    return rule.name or rule.id or rule.metric or rule.description or rule.type or "rule"
