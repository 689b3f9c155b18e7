"""The areas of the business, and who keeps which kind of asset running, as ``domains.yaml`` says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiffin.kernel.assets import AssetKind
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definitions import place_of, read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

FILE = Path(__file__).resolve().parents[1] / "domains.yaml"


@dataclass(frozen=True, slots=True)
class Domain:
    """One area of the business."""

    name: str
    label: Mapping[str, str]
    owner: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Domains:
    """All areas, and the teams that keep kinds of assets running."""

    areas: Mapping[str, Domain]
    technical: Mapping[str, str]

    def of(self, tables: Iterable[str]) -> str:
        """Name the area of the first table that lies in any; empty for none."""
        placed = {table: area.name for area in self.areas.values() for table in area.tables}
        return next((placed[table] for table in tables if table in placed), "")

    def of_owner(self, owner: str) -> str:
        """Name the area for which somebody answers; empty where there is none."""
        return next((area.name for area in self.areas.values() if owner and area.owner == owner), "")

    def owner(self, area: str) -> str:
        """Name who answers for an area."""
        return self.areas[area].owner if area in self.areas else ""

    def technical_owner(self, kind: AssetKind) -> str:
        """Name who keeps assets of a kind running."""
        return self.technical.get(kind.value, "")

    def label(self, area: str, language: str) -> str:
        """Name an area in a language."""
        found = self.areas.get(area)
        return (found.label.get(language) or found.label["en"]) if found else area


def read_domains(workspace: Workspace) -> Domains:
    """Read the areas that ship, under those of the workspace's ``catalog/domains.yaml``.

    Raises
    ------
    InvalidDefinition
        An area lacks a label in some language, an owner or its tables.
    """
    areas, technical = _read(FILE)
    own = workspace.overlay("catalog") / "domains.yaml"
    if own.is_file():
        more, kept_by = _read(own)
        areas, technical = areas | more, technical | kept_by
    return Domains(areas, technical)


def _read(path: Path) -> tuple[dict[str, Domain], dict[str, str]]:
    found = read_yaml(path)
    listed = found.get("domains") if isinstance(found, dict) else None
    if not isinstance(listed, dict):
        raise InvalidDefinition(f"{path} must list areas under `domains`, each with label, owner and tables.")
    plain = without_lines(listed)
    areas = {name: _area(f"{place_of(path, listed, name)}: {name}", name, plain[name]) for name in plain}
    technical = without_lines(found.get("technical_owners") or {})
    if not isinstance(technical, dict) or set(technical) - {kind.value for kind in AssetKind}:
        raise InvalidDefinition(f"{path}: `technical_owners` maps kinds of assets to teams; found {technical!r}.")
    return areas, {kind: str(team) for kind, team in technical.items()}


def _area(place: str, name: str, raw: Any) -> Domain:
    if not isinstance(raw, dict) or set(raw) != {"label", "owner", "tables"} or not isinstance(raw["tables"], list):
        raise InvalidDefinition(f"{place}: an area has label, owner and a list of tables; found {raw!r}.")
    if not isinstance(raw["label"], dict) or set(LOCALES) - set(raw["label"]):
        raise InvalidDefinition(f"{place}: `label` needs a text in each of {', '.join(LOCALES)}.")
    return Domain(name, raw["label"], str(raw["owner"]), tuple(map(str, raw["tables"])))
