"""Dated parameters as FEEL: what each says on a day, where it says something else in a market or city too."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tiffin.capabilities.policies.domain.exchange.files import PolicyFile
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.writing import literal_of

ASKS_PLACE = "if "
"""How the expression of a parameter begins that differs by place."""


def values_on(file: PolicyFile | None, on: date) -> Mapping[str, str]:
    """Give each parameter's value on a day as an expression; one that differs by place asks for market and city."""
    entries = [one for one in (file.content.get("parameters") or () if file else ()) if _begun(one, on)]
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in entries:
        found.setdefault(str(one["name"]), []).append(one)
    return {name: _expression(several) for name, several in found.items()}


def _begun(one: Mapping[str, Any], on: date) -> bool:
    since = one.get("from")
    return since is None or date.fromisoformat(str(since)) <= on


def _expression(entries: Iterable[Mapping[str, Any]]) -> str:
    """Write the newest of each place, cities before markets before everywhere."""
    newest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for one in sorted(entries, key=lambda one: str(one.get("from") or "")):
        newest[(str(one.get("city") or ""), str(one.get("market") or ""))] = one
    text = _literal(newest.pop(("", ""), {}).get("value"))
    for (city, market), one in sorted(newest.items()):
        asked = f'city = "{city}"' if city else f'market = "{market}"'
        text = f"if {asked} then {_literal(one.get('value'))} else {text}"
    return text


def _literal(value: object) -> str:
    return f'@"{value.isoformat()}"' if isinstance(value, date) else literal_of(feel_value(value))
