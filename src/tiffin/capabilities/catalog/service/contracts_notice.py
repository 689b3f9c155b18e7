"""How much notice a breaking version gives: as shipped, or as the workspace states it."""

from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.catalog.domain.contracts import Notice, Silence
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

FILE = Path(__file__).resolve().parents[1] / "contract_notice.yaml"


def read_notice(workspace: Workspace, day: date) -> Notice:
    """Read the notice that holds on a day; the workspace's ``catalog/contract_notice.yaml`` adds to the shipped one.

    Raises
    ------
    InvalidDefinition
        An entry lacks its date, days, source, or what silence means.
    """
    dated = _read(FILE)
    own = workspace.overlay("catalog") / "contract_notice.yaml"
    if own.is_file():
        dated |= _read(own)
    begun = [since for since in dated if since <= day]
    if not begun:
        raise InvalidDefinition(f"No notice of contracts holds on {day}. Give an entry of {own} an earlier date.")
    return dated[max(begun)]


def _read(path: Path) -> dict[date, Notice]:
    found = without_lines(read_yaml(path))
    listed = found.get("notice") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise InvalidDefinition(f"{path} must hold a list of dated entries under `notice`.")
    return dict(_entry(path, entry) for entry in listed)


def _entry(path: Path, raw: Any) -> tuple[date, Notice]:
    if not isinstance(raw, dict) or set(raw) != {"from", "days", "silence", "source"}:
        raise InvalidDefinition(f"{path}: an entry has from, days, silence and source; found {raw!r}.")
    days, since = raw["days"], raw["from"]
    if not isinstance(since, date) or not isinstance(days, int) or days < 1 or raw["silence"] not in set(Silence):
        raise InvalidDefinition(
            f"{path}: `from` is a date, `days` a whole number of at least 1, `silence` one of {', '.join(Silence)}."
        )
    return since, Notice(days, Silence(raw["silence"]))
