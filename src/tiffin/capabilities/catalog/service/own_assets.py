"""Policies and models of a workspace's own, one file each: ``assets/policies/*.yaml`` and ``assets/models/*.yaml``."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.service.own_reading import OwnAsset, read_own_asset
from tiffin.capabilities.catalog.service.rulings import FILE, KINDS, rulings
from tiffin.engines.lineage.graph import Graph
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import InvalidDefinition, TiffinError
from tiffin.kernel.messages import Message
from tiffin.runtime.workspace import Workspace

FOLDER = "assets"
_KEPT = 8
_State = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class OwnAssets:
    """The sound ones, and what is wrong with the others."""

    sound: tuple[OwnAsset, ...]
    problems: tuple[str, ...]


_SHELVES: dict[_State, OwnAssets] = {}


def own_asset_files(workspace: Workspace) -> tuple[Path, ...]:
    """List the files in which a workspace states assets of its own, wherever they lie in the folder."""
    folder = workspace.overlay(FOLDER)
    return tuple(sorted(folder.rglob("*.yaml"))) if folder.is_dir() else ()


def own_assets_in(workspace: Workspace) -> OwnAssets:
    """Give the policies and models that a workspace states; kept until one of their files changes."""
    paths = own_asset_files(workspace)
    state = tuple((str(path), found.st_mtime_ns, found.st_size) for path in paths for found in (path.stat(),))
    kept = _SHELVES.get(state)
    if kept is None:
        if len(_SHELVES) >= _KEPT:
            _SHELVES.clear()
        kept = _SHELVES[state] = _read(workspace, paths)
    return kept


def own_assets(workspace: Workspace) -> Iterator[Asset]:
    """Give them as assets."""
    for own in own_assets_in(workspace).sound:
        yield Asset(
            id=own.id,
            label=own.label,
            meaning=own.meaning,
            owner=own.owner,
            life_cycle=own.life_cycle,
            successor=own.successor,
            classification=Classification.INTERNAL,
            file=own.places["id"].file,
            tables=tuple(one.name for one in own.reads if one.kind is AssetKind.TABLE),
            metrics=tuple(one.name for one in own.reads if one.kind is AssetKind.METRIC),
        )


def strange_names(workspace: Workspace, known: Collection[AssetId]) -> Iterator[Message]:
    """Tell of each asset that one of them names and the catalog does not list."""
    for own in own_assets_in(workspace).sound:
        for key, named in own.names:
            if named not in known:
                yield Message(
                    "{place}: `{key}` names {asset}, which the catalog does not list. Write it as `tiffin catalog "
                    "list` does, or take it out.",
                    place=str(own.places[key]),
                    key=key,
                    asset=named.text,
                )


def linked(graph: Graph, workspace: Workspace, known: Collection[AssetId]) -> tuple[Graph, tuple[Message, ...]]:
    """Add their links to a graph; those of one that would close a circle stay out, and that is told."""
    problems = []
    for own in own_assets_in(workspace).sound:
        links = [one for one in own.links if one.earlier in known and one.later in known]
        try:
            graph = Graph.of((*graph.links, *links), (*graph.assets, own.id))
        except InvalidDefinition as circle:
            graph = Graph.of(graph.links, (*graph.assets, own.id))
            problems.append(
                Message(
                    "{place}: what {asset} reads and writes is left out of the lineage. {circle}",
                    place=str(own.places["id"]),
                    asset=own.id.text,
                    circle=circle.said,
                )
            )
    return graph, tuple(problems)


def _read(workspace: Workspace, paths: Sequence[Path]) -> OwnAssets:
    sound: list[OwnAsset] = []
    problems: list[str] = []
    stated = {one.id: FILE.name for one in rulings()}
    for path in paths:
        try:
            own = _read_one(workspace, path, stated)
        except TiffinError as error:
            problems.append(error.said)
        else:
            sound.append(own)
            stated[own.id] = own.places["id"].file
    return OwnAssets(tuple(sound), tuple(problems))


def _read_one(workspace: Workspace, path: Path, stated: Mapping[AssetId, str]) -> OwnAsset:
    called = path.relative_to(workspace.root).as_posix()
    kind = KINDS.get(path.parent.name) if path.parent.parent == workspace.overlay(FOLDER) else None
    if kind is None:
        raise InvalidDefinition(
            Message(
                "{file}: nothing is read from this place. Move the file into one of {folders}.",
                file=called,
                folders=", ".join(f"{FOLDER}/{name}" for name in KINDS),
            )
        )
    own = read_own_asset(path, kind, called)
    if own.id in stated:
        raise InvalidDefinition(
            Message(
                "{place}: {asset} is stated already, in {other}. Give this one another `id`.",
                place=str(own.places["id"]),
                asset=own.id.text,
                other=stated[own.id],
            )
        )
    return own
