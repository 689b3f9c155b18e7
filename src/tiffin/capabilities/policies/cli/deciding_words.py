"""Decisions as a person reads them in a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.engines.decisions.explaining.accounts import Standing
from tiffin.runtime.i18n import NOTHING, direction, isolate, mark, translate
from tiffin.runtime.terminal import table_of

_VERSION = mark("Decided by version {version}, in force on {on}.")
_IF = mark("If {changes}: {outputs}")
_COLUMNS = (mark("Row of the table"), mark("Standing"), mark("Input"), mark("Found"), mark("Expected"))
_STANDINGS: Mapping[str, str] = {
    Standing.DECIDES: mark("decides"),
    Standing.FAILS: mark("does not hold"),
    Standing.OVERRIDDEN: mark("is overridden"),
    Standing.BEHIND: mark("comes after"),
}


def told(payload: Mapping[str, Any], locale: str) -> str:
    """Tell a decision: why, what, and by which version."""
    outputs = [f"{name}: {_value(value)}" for name, value in payload["outputs"].items()]
    row = payload["row"] or ", ".join(payload["rows"])
    row = isolate(row) if direction(locale) == "rtl" else row
    reason = f"{row}: {payload['reason']}" if row else payload["reason"]
    version = translate(locale, _VERSION, version=payload["version"][:12], on=payload["on"])
    return "\n".join((reason, *outputs, version))


def explained(payload: Mapping[str, Any], locale: str) -> RenderableType:
    """Tell a decision with every row, and what would have led elsewhere."""
    rows = (
        [
            one["row"],
            translate(locale, standing),
            one["failed_by"],
            _value(one["value"]) if one["failed_by"] else "",
            one["asked"],
        ]
        for one, standing in ((row, _STANDINGS[row["standing"]]) for row in payload["table"])
    )
    table = table_of([translate(locale, one) for one in _COLUMNS], rows)
    changes = [*_changes(payload, locale), *([payload["untold"]] if payload["untold"] else [])]
    return Group(Text(told(payload, locale)), Text(""), table, Text(""), *map(Text, changes))


def _changes(payload: Mapping[str, Any], locale: str) -> Iterator[str]:
    for other in payload["otherwise"]:
        outputs = ", ".join(f"{name} {_value(value)}" for name, value in other["outputs"].items())
        for way in other["ways"]:
            changed = (f"{name} = {_value(value)}" for name, value in way["changed"].items())
            yield translate(locale, _IF, changes=", ".join(changed), outputs=outputs)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return NOTHING if value is None else str(value)
