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
_PARTS = ("source", "case_type", "levels")
_SEVERITIES = tuple(one.value for one in Severity)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a sort of case may wait, the worst first."""

    case_type: str
    levels: tuple[Level, ...]


def levels_of(workspace: Workspace, case_type: str, opened: date) -> tuple[Level, ...]:
    """Give the levels that hold for a case of a sort opened on a day, the worst first; none where none are stated.

    Raises
    ------
    InvalidDefinition
        ``parameters/cases.yaml`` of the workspace is not what it should be.
    """
    own = workspace.overlay("parameters") / "cases.yaml"
    held = in_force(entries_of(SHIPPED, own, "deadlines", _PARTS, _deadlines), opened, lambda one: one.case_type)
    return held[case_type].levels if case_type in held else ()


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
    clocks = {clock.name for clock in case_type.clocks}
    levels = entry.stated["levels"] if isinstance(entry.stated["levels"], list) else []
    named = [one.get("severity") for one in levels if isinstance(one, dict)]
    if tuple(named) != _SEVERITIES:
        raise InvalidDefinition(
            Message(
                "{place}: `levels` tells {needed}, in this order; found {found}.",
                place=entry.place,
                needed=", ".join(_SEVERITIES),
                found=repr(entry.stated["levels"]),
            )
        )
    return Deadlines(case_type.name, tuple(_level(str(entry.place), one, clocks) for one in levels))


def _level(place: str, raw: Mapping[str, Any], clocks: set[str]) -> Level:
    hours = {name: value for name, value in raw.items() if name not in ("severity", "round_the_clock")}
    is_sound = set(hours) <= clocks and all(_is_hours(value) for value in hours.values())
    if not is_sound or not isinstance(raw.get("round_the_clock", False), bool):
        raise InvalidDefinition(
            Message(
                "{place}: a level gives hours above nought to {clocks}, and may say `round_the_clock: true`; found "
                "{found}.",
                place=place,
                clocks=_named(clocks),
                found=repr(raw),
            )
        )
    return Level(str(raw["severity"]), hours, bool(raw.get("round_the_clock", False)))


def _is_hours(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 24 * 366


def _named(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
