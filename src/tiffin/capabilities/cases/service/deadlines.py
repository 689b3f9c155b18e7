"""How long a case of a sort may wait, by how bad it is: as shipped, or as the workspace states it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.cases.domain.registry import CASE_TYPES
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.engines.cases.clocks import Level
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.dated import Entry, entries_of, in_force
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "deadlines.yaml"
DEFAULT = "*"
_PARTS = ("source", "case_type")
_NO_CLOCKS = ("severity", "round_the_clock")
_LONGEST_DAYS = 366
_SEVERITIES = tuple(one.value for one in Severity)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a sort of case may wait in a country, or everywhere else, the worst first."""

    case_type: str
    country: str
    levels: tuple[Level, ...]


def levels_of(workspace: Workspace, case_type: str, opened: date, country: str | None = None) -> tuple[Level, ...]:
    """Give the levels that hold for a case of a sort opened on a day, the worst first; none where none are stated.

    Those of its country hold before those of every country.

    Raises
    ------
    InvalidDefinition
        ``parameters/cases.yaml`` of the workspace is not what it should be.
    """
    own = workspace.overlay("parameters") / "cases.yaml"
    entries = entries_of(SHIPPED, own, "deadlines", _PARTS, _deadlines)
    held = in_force(entries, opened, lambda one: (one.case_type, one.country))
    found = held.get((case_type, country or DEFAULT)) or held.get((case_type, DEFAULT))
    return found.levels if found else ()


def _deadlines(entry: Entry) -> Deadlines:
    case_type = CASE_TYPES.get(entry.stated["case_type"])
    if case_type is None:
        raise InvalidDefinition(
            Message(
                "{place}: there is no sort of case {name}. There are: {known}.",
                place=entry.place,
                name=entry.stated["case_type"],
                known=_named(CASE_TYPES),
            )
        )
    country = str(entry.stated.get("country", DEFAULT))
    return Deadlines(case_type.name, country, _levels(entry, {clock.name for clock in case_type.clocks}))


def _levels(entry: Entry, clocks: set[str]) -> tuple[Level, ...]:
    """Read times by severity under ``levels``, or the same for all severities under ``clocks``."""
    same, levels = entry.stated.get("clocks"), entry.stated.get("levels")
    if isinstance(same, dict) and levels is None:
        return tuple(_level(str(entry.place), {"severity": one, **same}, clocks) for one in _SEVERITIES)
    named = [one.get("severity") for one in levels if isinstance(one, dict)] if isinstance(levels, list) else []
    if not isinstance(levels, list) or tuple(named) != _SEVERITIES:
        raise InvalidDefinition(
            Message(
                "{place}: `levels` tells {needed}, in this order; found {found}.",
                place=entry.place,
                needed=", ".join(_SEVERITIES),
                found=repr(levels),
            )
        )
    return tuple(_level(str(entry.place), one, clocks) for one in levels)


def _level(place: str, raw: Mapping[str, Any], clocks: set[str]) -> Level:
    times = {name: value for name, value in raw.items() if name not in _NO_CLOCKS}
    hours = {name: value for name, value in times.items() if _is_hours(value)}
    days = {name: value["days"] for name, value in times.items() if _is_days(value)}
    is_sound = set(times) <= clocks and len(hours) + len(days) == len(times)
    if not is_sound or not isinstance(raw.get("round_the_clock", False), bool):
        raise InvalidDefinition(
            Message(
                "{place}: a level gives hours above nought, or days such as `days: 10`, to {clocks}, and may say "
                "`round_the_clock: true`; found {found}.",
                place=place,
                clocks=_named(clocks),
                found=repr(raw),
            )
        )
    return Level(str(raw["severity"]), hours, bool(raw.get("round_the_clock", False)), days)


def _is_days(value: Any) -> bool:
    days = value.get("days") if isinstance(value, Mapping) and len(value) == 1 else None
    return isinstance(days, int) and not isinstance(days, bool) and 0 < days <= _LONGEST_DAYS


def _is_hours(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 24 * _LONGEST_DAYS


def _named(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
