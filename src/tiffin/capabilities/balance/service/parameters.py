"""The dated numbers of the diagnosis, as shipped or as the workspace states them."""

from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.balance.domain.parameters import Parameters
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definitions import place_of, read_yaml
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "parameters.yaml"
NAMES = (
    *("lost_order_min", "coverage_floor", "alone", "together", "whole"),
    *("least_miss_min", "least_miss_share", "most_episodes"),
)


def read_parameters(workspace: Workspace, day: date) -> Parameters:
    """Read the parameters that hold on a day; the workspace's ``parameters/balance.yaml`` adds to the shipped ones.

    Raises
    ------
    InvalidDefinition
        An entry lacks its name, value, date or source, or a name is unknown.
    """
    entries = _entries(SHIPPED)
    own = workspace.overlay("parameters") / "balance.yaml"
    if own.is_file():
        entries += _entries(own)
    chosen: dict[str, tuple[date, float]] = {}
    for name, since, value in entries:
        if since <= day and since >= chosen.get(name, (date.min, 0.0))[0]:
            chosen[name] = (since, value)
    missing = [name for name in NAMES if name not in chosen]
    if missing:
        raise InvalidDefinition(f"No value of {', '.join(missing)} holds on {day}. Give one an earlier date in {own}.")
    values = {name: value for name, (_, value) in chosen.items()}
    return Parameters(most_episodes=int(values.pop("most_episodes")), **values)


def _entries(path: Path) -> list[tuple[str, date, float]]:
    found = read_yaml(path)
    listed = found.get("parameters") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise InvalidDefinition(
            f"{path} must hold a list under `parameters`, each with name, value, unit, from, source."
        )
    return [_entry(path, entry) for entry in listed]


def _entry(path: Path, entry: Any) -> tuple[str, date, float]:
    if not isinstance(entry, dict) or not {"name", "value", "from", "source"} <= set(entry):
        raise InvalidDefinition(f"{path}: every parameter needs name, value, unit, from and source; found {entry!r}.")
    name, since, value = entry["name"], entry["from"], entry["value"]
    place = place_of(path, entry, "name")
    if name not in NAMES:
        raise InvalidDefinition(f"{place}: {name!r} is no parameter of the balance. There are: {', '.join(NAMES)}.")
    if not isinstance(since, date) or isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise InvalidDefinition(f"{place}: {name} needs a date under `from` and a number of at least 0 under `value`.")
    return name, since, float(value)
