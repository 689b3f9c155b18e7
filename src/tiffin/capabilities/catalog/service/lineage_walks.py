"""A walk from one asset: what it stands on and what stands on it, drawn in layers where that is asked."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from tiffin.capabilities.catalog.service.lineage import Estate, estate_of, need_known
from tiffin.engines.lineage.graph import Reached
from tiffin.engines.lineage.links import Link
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.context import Context

LAYERS: Sequence[tuple[AssetKind, ...]] = (
    (AssetKind.POLICY, AssetKind.MODEL),
    (AssetKind.FEED,),
    (AssetKind.FEED_COLUMN,),
    (AssetKind.COLUMN,),
    (AssetKind.TABLE, AssetKind.DIMENSION),
    (AssetKind.ROLLUP,),
    (AssetKind.METRIC,),
    (AssetKind.TILE, AssetKind.TREE, AssetKind.ALERT, AssetKind.TARGET, AssetKind.QUESTION, AssetKind.PUBLISHED),
    (AssetKind.DASHBOARD,),
    (AssetKind.REPORT, AssetKind.TOOL),
)
"""Kinds from where facts come in to where they are read; those of one depth stand together."""

FEW = 6
"""As many assets of one kind are drawn one by one; more are one box until it is opened."""
MANY = 60
"""More than these of one kind are never drawn one by one; the list has them all."""


class Way(StrEnum):
    """In which direction is walked."""

    BOTH = "both"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk came to, nearest first, of what the reader may know."""

    asset: AssetId
    up: tuple[Reached, ...]
    down: tuple[Reached, ...]
    links: tuple[Link, ...]
    estate: Estate

    def label(self, asset: AssetId, language: str) -> str:
        """Give what people call an asset."""
        known = self.estate.inventory.get(asset)
        if known is None or asset.kind in _BY_NAME:
            return asset.name
        whole = self.estate.inventory.get(known.part_of) if asset.kind is AssetKind.TILE and known.part_of else None
        own = known.label_in(language)
        return f"{own} · {whole.label_in(language)}" if whole else own


_BY_NAME = (AssetKind.COLUMN, AssetKind.FEED_COLUMN, AssetKind.TABLE, AssetKind.ROLLUP)
"""Kinds whose label alone would not tell which one it is."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the drawing: an asset, or all of a kind on one side that were reached.

    Parameters
    ----------
    asset : AssetId or None
        None where it stands for many.
    count : int
        For how many it stands.
    """

    key: str
    kind: AssetKind
    asset: AssetId | None
    count: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes in layers, in the direction in which facts flow, and which leads to which."""

    layers: tuple[tuple[Box, ...], ...]
    edges: tuple[tuple[str, str], ...]


def walk(context: Context, asset: AssetId, way: Way = Way.BOTH) -> Walk:
    """Walk from an asset, without a limit of depth.

    Raises
    ------
    NotFound
        There is no such asset, or it is not the actor's to know.
    Forbidden
        The actor has no grant.
    """
    estate = estate_of(context)
    need_known(estate, asset)
    up = estate.graph.upstream(asset) if way is not Way.DOWN else ()
    down = estate.graph.downstream(asset) if way is not Way.UP else ()
    down = tuple(one for one in down if one.asset not in estate.hidden)
    links = estate.graph.between((asset, *(one.asset for one in (*up, *down))))
    return Walk(asset, up, down, links, estate)


def picture_of(found: Walk, opened: Collection[AssetKind] = ()) -> Picture:
    """Lay a walk out in layers, with what is many of one kind as one box."""
    boxes: dict[AssetId, Box] = {found.asset: Box(found.asset.text, found.asset.kind, found.asset, 1)}
    for side, reached in (("up", found.up), ("down", found.down)):
        for kind, assets in _by_kind(reached).items():
            most = MANY if kind in opened else FEW
            many = Box(f"{side}:{kind.value}", kind, None, len(assets))
            for asset in assets:
                boxes[asset] = Box(asset.text, kind, asset, 1) if len(assets) <= most else many
    pairs = {(boxes[link.earlier].key, boxes[link.later].key) for link in found.links}
    edges = sorted((start, end) for start, end in pairs if start != end)
    places = _places({box.key: box for box in boxes.values()}, edges)
    layers: dict[tuple[int, int], list[Box]] = {}
    for box in sorted({box.key: box for box in boxes.values()}.values(), key=lambda box: (box.kind, box.key)):
        layers.setdefault(places[box.key], []).append(box)
    forward = tuple((start, end) for start, end in edges if places[start] < places[end])
    return Picture(tuple(tuple(layers[place]) for place in sorted(layers)), forward)


def address_of(asset: AssetId) -> str:
    """Give the address of an asset's lineage."""
    return f"/catalog/lineage/{asset.kind.value}/{quote(asset.name, safe='/')}"


def _by_kind(reached: Sequence[Reached]) -> Mapping[AssetKind, list[AssetId]]:
    found: dict[AssetKind, list[AssetId]] = {}
    for one in reached:
        found.setdefault(one.asset.kind, []).append(one.asset)
    return found


def _places(boxes: Mapping[str, Box], edges: Sequence[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Give each box its layer: that of its kind, and behind it how many of the same kind lead to it.

    A policy or model that something goes into stands among the metrics, one that stands on nothing at the beginning.
    """
    rank = {kind: number for number, kinds in enumerate(LAYERS) for kind in kinds}
    fed = {end for _, end in edges if boxes[end].kind in (AssetKind.POLICY, AssetKind.MODEL)}
    kinds = {key: AssetKind.METRIC if key in fed else box.kind for key, box in boxes.items()}
    places = {key: (rank.get(kind, len(LAYERS)), 0) for key, kind in kinds.items()}
    inner = [(start, end) for start, end in edges if places[start] == places[end]]
    for _ in boxes:
        moved = dict(_deeper(places, inner))
        if not moved:
            break
        places |= moved
    return places


def _deeper(
    places: Mapping[str, tuple[int, int]], inner: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, tuple[int, int]]]:
    for start, end in inner:
        rank, depth = places[start]
        if places[end][1] <= depth:
            yield end, (rank, depth + 1)
