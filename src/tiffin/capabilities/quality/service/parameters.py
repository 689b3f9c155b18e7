"""The dated numbers of settling, and the reconciliations: as shipped, or as the workspace states them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.quality.domain import Parameters, Reconciliation, Side
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.dated import Number, numbers_in_force
from tiffin.runtime.definitions import place_of, read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

FOLDER = Path(__file__).resolve().parents[1]
WHOLE = ("window_days", "settled_after_days", "watched_days", "catch_up_days", "history_days", "looked_at_days")
SHARES = ("objective", "complete_share")
NUMBERS = {
    **dict.fromkeys(WHOLE, Number(is_whole=True)),
    **dict.fromkeys(SHARES, Number(below=1.0)),
}
_SIDE = {"table", "aggregate", "of", "where", "known_in"}


def read_parameters(workspace: Workspace, day: date) -> Parameters:
    """Read the parameters that hold on a day; the workspace's ``parameters/quality.yaml`` adds to the shipped ones.

    Raises
    ------
    InvalidDefinition
        An entry lacks its name, value, date or source, or a name is unknown.
    """
    own = workspace.overlay("parameters") / "quality.yaml"
    found = numbers_in_force(FOLDER / "parameters.yaml", own, day, NUMBERS, "quality")
    whole = {name: int(found[name]) for name in WHOLE}
    return Parameters(objective=found["objective"], complete_share=found["complete_share"], **whole)


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
