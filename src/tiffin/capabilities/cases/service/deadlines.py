"""How long a case of a sort may wait, by how bad it is: as shipped, or as the workspace states it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tiffin.capabilities.cases.domain import CASE_TYPES, Severity
from tiffin.engines.cases.clocks import Level
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.definitions import place_of, read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "deadlines.yaml"
_PARTS = {"from", "source", "case_type", "levels"}
_SEVERITIES = tuple(one.value for one in Severity)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The levels of a sort of case, for cases that were opened from a day on."""

    case_type: str
    since: date
    levels: tuple[Level, ...]


def levels_of(workspace: Workspace, case_type: str, opened: date) -> tuple[Level, ...]:
    """Give the levels that hold for a case of a sort opened on a day, the worst first; none where none are stated.

    Raises
    ------
    InvalidDefinition
        ``parameters/cases.yaml`` of the workspace is not what it should be.
    """
    chosen: Deadlines | None = None
    for one in (*_shipped(), *_own(workspace.overlay("parameters") / "cases.yaml")):
        is_held = one.case_type == case_type and one.since <= opened
        if is_held and (chosen is None or one.since >= chosen.since):
            chosen = one
    return chosen.levels if chosen else ()


@cache
def _shipped() -> tuple[Deadlines, ...]:
    return tuple(_read(SHIPPED))


def _own(path: Path) -> tuple[Deadlines, ...]:
    if not path.is_file():
        return ()
    stat = path.stat()
    return _read_own(path, stat.st_mtime_ns, stat.st_size)


@cache
def _read_own(path: Path, _changed: int, _size: int) -> tuple[Deadlines, ...]:
    return tuple(_read(path))


def _read(path: Path) -> Iterator[Deadlines]:
    found = read_yaml(path)
    listed = found.get("deadlines") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise InvalidDefinition(
            Message("{path} must hold a list under `deadlines`, each with {needed}.", path=path, needed=_named(_PARTS))
        )
    for raw in listed:
        place = place_of(path, raw, "from") if isinstance(raw, dict) else path
        yield _one(str(place), without_lines(raw))


def _one(place: str, raw: Any) -> Deadlines:
    if not isinstance(raw, dict) or set(raw) != _PARTS or not isinstance(raw["from"], date):
        raise InvalidDefinition(
            Message(
                "{place}: a deadline has {needed}, `from` being a day like 2026-03-31; found {found}.",
                place=place,
                needed=_named(_PARTS),
                found=repr(raw),
            )
        )
    case_type = CASE_TYPES.get(raw["case_type"])
    if case_type is None:
        raise InvalidDefinition(
            Message(
                "{place}: there is no sort of case {name}. There are: {known}.",
                place=place,
                name=raw["case_type"],
                known=_named(CASE_TYPES),
            )
        )
    clocks = {clock.name for clock in case_type.clocks}
    levels = raw["levels"] if isinstance(raw["levels"], list) else []
    named = [one.get("severity") for one in levels if isinstance(one, dict)]
    if tuple(named) != _SEVERITIES:
        raise InvalidDefinition(
            Message(
                "{place}: `levels` tells {needed}, in this order; found {found}.",
                place=place,
                needed=", ".join(_SEVERITIES),
                found=repr(raw["levels"]),
            )
        )
    return Deadlines(case_type.name, raw["from"], tuple(_level(place, one, clocks) for one in levels))


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
