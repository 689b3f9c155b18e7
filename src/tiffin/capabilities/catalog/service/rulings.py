"""Policies and models as assets: what decides by dated rules, or computes by a model, as ``rulings.yaml`` says."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.engines.lineage.links import How, Link
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES, Classification
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

PACKAGE = Path(__file__).resolve().parents[3]
FILE = Path(__file__).resolve().parents[1] / "rulings.yaml"
KINDS: Mapping[str, AssetKind] = {"policies": AssetKind.POLICY, "models": AssetKind.MODEL}
EVERY = "*"
_BEGINS = ("from", "since", "valid_from")
_NEEDED = {"label", "meaning", "owner", "address", "files"}
_MORE = {"own", "decides", "reads"}


@dataclass(frozen=True, slots=True)
class Ruling:
    """A policy or a model.

    Parameters
    ----------
    files, own : tuple of str
        Where it is stated: in the package, and over that in a workspace.
    decides, reads : tuple of AssetId
        What is made or judged by it, and what goes into it; the name ``*`` stands for all of a kind.
    """

    id: AssetId
    label: Mapping[str, str]
    meaning: Mapping[str, str]
    owner: str
    address: str
    files: tuple[str, ...]
    own: tuple[str, ...] = ()
    decides: tuple[AssetId, ...] = ()
    reads: tuple[AssetId, ...] = ()


@lru_cache(maxsize=1)
def rulings() -> tuple[Ruling, ...]:
    """Read the policies and models that ship.

    Raises
    ------
    InvalidDefinition
        One lacks a part, or a text in some language.
    """
    listed = without_lines(read_yaml(FILE))
    return tuple(_ruling(KINDS[group], name, raw) for group, own in listed.items() for name, raw in own.items())


def ruling_assets(workspace: Workspace) -> Iterator[Asset]:
    """Give policies and models as assets; the newest day that their files state is their version."""
    for ruling in rulings():
        newest = max(_days(ruling_files(ruling, workspace)), default=None)
        yield Asset(
            id=ruling.id,
            label=ruling.label,
            meaning=ruling.meaning,
            owner=ruling.owner,
            classification=Classification.INTERNAL,
            contract=newest.isoformat() if newest else "",
            address=ruling.address,
            file=ruling.files[0],
            tables=tuple(one.name for one in ruling.reads if one.kind is AssetKind.TABLE),
            metrics=tuple(one.name for one in ruling.reads if one.kind is AssetKind.METRIC),
            domain="platform",
        )


def ruling_links(known: Collection[AssetId]) -> Iterator[Link]:
    """Link policies and models to what they decide, and what goes into them to them; of what is there."""
    for ruling in rulings():
        for wanted in ruling.decides:
            yield from (Link(ruling.id, one, How.DECIDED_BY) for one in _meant(wanted, known))
        for wanted in ruling.reads:
            yield from (Link(one, ruling.id, How.COMPUTED_FROM) for one in _meant(wanted, known))


def own_files(workspace: Workspace) -> tuple[Path, ...]:
    """List the files with which a workspace restates policies."""
    named = (workspace.root / name for ruling in rulings() for name in ruling.own)
    return tuple(dict.fromkeys(path for one in named for path in _yaml_of(one)))


def ruling_files(ruling: Ruling, workspace: Workspace) -> tuple[Path, ...]:
    """List the definition files of a policy or model, the workspace's own last."""
    named = (*(PACKAGE / name for name in ruling.files), *(workspace.root / name for name in ruling.own))
    return tuple(path for one in named for path in _yaml_of(one))


def _meant(wanted: AssetId, known: Collection[AssetId]) -> Iterable[AssetId]:
    if wanted.name == EVERY:
        return sorted(one for one in known if one.kind is wanted.kind)
    return (wanted,) if wanted in known else ()


def _yaml_of(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return sorted(path.glob("*.yaml"))
    return (path,) if path.is_file() and path.suffix == ".yaml" else ()


def _days(paths: Iterable[Path]) -> Iterator[date]:
    for path in paths:
        yield from _days_in(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=128)
def _days_in(path: Path, _changed_at: int) -> tuple[date, ...]:
    return tuple(_dated(without_lines(read_yaml(path))))


def _dated(found: Any) -> Iterator[date]:
    if isinstance(found, Mapping):
        yield from (found[key] for key in _BEGINS if isinstance(found.get(key), date))
        for one in found.values():
            yield from _dated(one)
    elif isinstance(found, list):
        for one in found:
            yield from _dated(one)


def _ruling(kind: AssetKind, name: str, raw: Any) -> Ruling:
    if not isinstance(raw, dict) or not _NEEDED <= set(raw) <= _NEEDED | _MORE:
        raise InvalidDefinition(f"{FILE}: {name} needs {', '.join(sorted(_NEEDED))} and may say {', '.join(_MORE)}.")
    for part in ("label", "meaning"):
        if set(raw[part]) != set(LOCALES):
            raise InvalidDefinition(f"{FILE}: {name}: `{part}` needs a text in each of {', '.join(LOCALES)}.")
    return Ruling(
        id=AssetId(kind, name),
        label=raw["label"],
        meaning=raw["meaning"],
        owner=str(raw["owner"]),
        address=str(raw["address"]),
        files=tuple(raw["files"]),
        own=tuple(raw.get("own", ())),
        decides=tuple(map(AssetId.parse, raw.get("decides", ()))),
        reads=tuple(map(AssetId.parse, raw.get("reads", ()))),
    )
