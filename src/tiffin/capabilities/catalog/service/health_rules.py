"""The dated numbers of the health score: as shipped, or as the workspace states them."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tiffin.capabilities.catalog.domain.health import HealthRules, Part
from tiffin.kernel.assets import AssetKind
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

FILE = Path(__file__).resolve().parents[1] / "health.yaml"
_NUMBERS = ("fresh_days", "stale_days", "users", "good", "fair")


def read_health_rules(workspace: Workspace, day: date) -> HealthRules:
    """Read the numbers that hold on a day.

    Raises
    ------
    InvalidDefinition
        An entry lacks a number, its date or its source, or weighs a part or kind that does not exist.
    """
    dated = dict(_read_file(FILE, _stamp(FILE)))
    own = workspace.overlay("catalog") / "health.yaml"
    if own.is_file():
        dated |= _read_file(own, _stamp(own))
    begun = [since for since in dated if since <= day]
    if not begun:
        raise InvalidDefinition(f"No numbers of health hold on {day}. Give an entry of {own} an earlier date.")
    return dated[max(begun)]


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=16)
def _read_file(path: Path, _stamp: tuple[int, int]) -> Mapping[date, HealthRules]:
    found = without_lines(read_yaml(path))
    listed = found.get("health") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise InvalidDefinition(f"{path} must hold a list of dated entries under `health`.")
    return dict(_entry(path, entry) for entry in listed)


def _entry(path: Path, raw: Any) -> tuple[date, HealthRules]:
    wanted = {"from", "source", "weights", *_NUMBERS}
    if not isinstance(raw, dict) or set(raw) != wanted or not isinstance(raw["from"], date):
        raise InvalidDefinition(f"{path}: an entry has {', '.join(sorted(wanted))}; found {raw!r}.")
    numbers = {name: raw[name] for name in _NUMBERS}
    if not all(isinstance(value, int | float) and value >= 0 for value in numbers.values()):
        raise InvalidDefinition(f"{path}: {', '.join(_NUMBERS)} are numbers of at least 0; found {numbers!r}.")
    if raw["stale_days"] <= raw["fresh_days"] or not raw["users"] or raw["fair"] > raw["good"]:
        raise InvalidDefinition(
            f"{path}: stale_days lies above fresh_days, users is at least 1, and good is at least fair."
        )
    try:
        weights = {
            AssetKind(kind): {Part(part): float(weight) for part, weight in parts.items()}
            for kind, parts in raw["weights"].items()
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise InvalidDefinition(f"{path}: `weights` maps kinds of assets to parts with weights: {error}.") from error
    return raw["from"], HealthRules(weights, **{name: float(value) for name, value in numbers.items()})
