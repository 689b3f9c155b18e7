"""The dated numbers of settling, and the reconciliations: as shipped, or as the workspace states them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.quality.domain import Parameters, Reconciliation, Side
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.definitions import place_of, read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

FOLDER = Path(__file__).resolve().parents[1]
WHOLE = ("window_days", "settled_after_days", "watched_days", "catch_up_days", "history_days", "looked_at_days")
SHARES = ("objective", "complete_share")
_SIDE = {"table", "aggregate", "of", "where", "known_in"}


def read_parameters(workspace: Workspace, day: date) -> Parameters:
    """Read the parameters that hold on a day; the workspace's ``parameters/quality.yaml`` adds to the shipped ones.

    Raises
    ------
    InvalidDefinition
        An entry lacks its name, value, date or source, or a name is unknown.
    """
    entries = _entries(FOLDER / "parameters.yaml")
    own = workspace.overlay("parameters") / "quality.yaml"
    if own.is_file():
        entries += _entries(own)
    chosen: dict[str, tuple[date, float]] = {}
    for name, since, value in entries:
        if since <= day and since >= chosen.get(name, (date.min, 0.0))[0]:
            chosen[name] = (since, value)
    missing = [name for name in (*WHOLE, *SHARES) if name not in chosen]
    if missing:
        raise InvalidDefinition(f"No value of {', '.join(missing)} holds on {day}. Give one an earlier date in {own}.")
    whole = {name: int(chosen[name][1]) for name in WHOLE}
    return Parameters(objective=chosen["objective"][1], complete_share=chosen["complete_share"][1], **whole)


def read_reconciliations(workspace: Workspace) -> tuple[Reconciliation, ...]:
    """Read the reconciliations; those of the workspace's ``quality/reconciliations.yaml`` replace their namesakes.

    Raises
    ------
    InvalidDefinition
        One names an unknown table or column, or lacks a part.
    """
    found = _reconciliations(FOLDER / "reconciliations.yaml")
    own = workspace.overlay("quality") / "reconciliations.yaml"
    if own.is_file():
        found |= _reconciliations(own)
    return tuple(found.values())


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
    if name not in (*WHOLE, *SHARES):
        known = ", ".join((*WHOLE, *SHARES))
        raise InvalidDefinition(f"{place}: {name!r} is no parameter of quality. There are: {known}.")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(since, date) or not is_number or value < 0 or (name in SHARES and value >= 1):
        raise InvalidDefinition(
            f"{place}: {name} needs a date under `from`, and under `value` a number of at least 0, a share below 1."
        )
    return name, since, float(value)


def _reconciliations(path: Path) -> dict[str, Reconciliation]:
    found = read_yaml(path)
    listed = found.get("reconciliations") if isinstance(found, dict) else None
    if not isinstance(listed, dict):
        raise InvalidDefinition(f"{path} must hold names with their two sides under `reconciliations`.")
    plain = without_lines(listed)
    return {name: _reconciliation(f"{place_of(path, listed, name)}: {name}", name, plain[name]) for name in plain}


def _reconciliation(place: str, name: str, raw: Any) -> Reconciliation:
    if not isinstance(raw, dict) or set(raw) != {"label", "covers", "one", "other"}:
        raise InvalidDefinition(f"{place}: a reconciliation has label, covers, one and other; found {raw!r}.")
    label, covers = raw["label"], raw["covers"]
    if not isinstance(label, dict) or set(LOCALES) - set(label):
        raise InvalidDefinition(f"{place}: `label` needs a text in each of {', '.join(LOCALES)}.")
    if not isinstance(covers, list) or not covers:
        raise InvalidDefinition(f"{place}: `covers` names at least one metric.")
    return Reconciliation(name, label, tuple(covers), side_of(place, raw["one"]), side_of(place, raw["other"]))


def side_of(place: str, raw: Mapping[str, Any]) -> Side:
    """Read one side of a reconciliation.

    Raises
    ------
    InvalidDefinition
        It names an unknown table or column, or lacks a part.
    """
    if not isinstance(raw, dict) or not {"table", "aggregate"} <= set(raw) <= _SIDE:
        raise InvalidDefinition(f"{place}: a side has {', '.join(sorted(_SIDE))}; found {raw!r}.")
    contract = TABLES.get(raw["table"])
    columns = {column.name for column in contract.columns} if contract else set()
    if not {"city_id", "business_date"} <= columns:
        raise InvalidDefinition(f"{place}: {raw['table']!r} is no fact table with a city and a business day.")
    of = raw.get("of")
    if (raw["aggregate"], of is None) not in (("count", True), ("sum", False)) or (of and of not in columns):
        raise InvalidDefinition(f"{place}: `aggregate` is count, or sum `of` a column of {raw['table']}.")
    return Side(raw["table"], of, raw.get("where"), raw.get("known_in"))
