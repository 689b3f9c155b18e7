"""Published numbers and their bridges as plain values for JSON."""

from collections.abc import Iterable
from typing import Any

from tiffin.capabilities.metrics.domain.bridge import Bridge, decimal_text
from tiffin.capabilities.metrics.domain.published import Published


def published_as_plain(entry: Published) -> dict[str, Any]:
    """Describe an entry of the ledger shortly."""
    return {
        "reference": entry.reference,
        "title": entry.title,
        "note": entry.note,
        "published_at": entry.published_at,
        "published_by": entry.published_by,
        "columns": list(entry.columns),
        "rows": entry.rows,
        "units": dict(entry.units),
        "currencies": list(entry.currencies),
        "entry_hash": entry.entry_hash,
        "previous_hash": entry.previous_hash,
    }


def published_in_full(entry: Published) -> dict[str, Any]:
    """Describe an entry with all that it stood on."""
    kept = ("request", "definitions", "versions", "scope", "exchange", "cities", "receipt")
    return {**published_as_plain(entry), **{name: entry.body[name] for name in kept}}


def bridges_as_plain(bridges: Iterable[Bridge]) -> list[dict[str, Any]]:
    """Write bridges; amounts are exact decimal numbers as text."""
    return [
        {
            "group": list(bridge.group),
            "metric": bridge.metric,
            "published": bridge.published,
            "now": bridge.now,
            "change": decimal_text(bridge.change),
            "steps": [
                {"cause": step.cause, "value": step.value, "amount": decimal_text(step.amount)} for step in bridge.steps
            ],
        }
        for bridge in bridges
    ]


def changed(bridges: Iterable[Bridge]) -> tuple[Bridge, ...]:
    """Keep the bridges along which anything moved."""
    return tuple(bridge for bridge in bridges if any(step.amount for step in bridge.steps))
