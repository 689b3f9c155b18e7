"""The graph of all assets, packed into arrays once and asked many times.

Each asset is a number, its neighbours lie side by side in one array, so that a walk over the whole estate is a walk
over memory in compiled code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from tiffin.engines.lineage.links import How, Link
from tiffin.kernel.assets import AssetId
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.messages import Message

_NONE = -9999
"""What the walk writes for the asset that it began with."""


class Reached(NamedTuple):
    """An asset that a walk came to.

    Parameters
    ----------
    steps : int
        Links on a shortest way from where the walk began.
    before : AssetId or None
        The asset before it on that way; None where the walk began.
    """

    asset: AssetId
    steps: int
    before: AssetId | None


@dataclass(frozen=True)
class Graph:
    """Assets and the links between them; no asset stands on itself, however many links lie between.

    Parameters
    ----------
    assets : tuple of AssetId
        Sorted; an asset's number is its place.
    links : tuple of Link
        Sorted, each once.

    Raises
    ------
    InvalidDefinition
        Some assets stand on each other in a circle; the message names them in turn.
    """

    assets: tuple[AssetId, ...]
    links: tuple[Link, ...]
    numbers: dict[AssetId, int] = field(init=False, repr=False, compare=False)
    _later: csr_array = field(init=False, repr=False, compare=False)
    _earlier: csr_array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numbers = {asset: number for number, asset in enumerate(self.assets)}
        count = len(self.assets)
        ends = np.array([(numbers[one.earlier], numbers[one.later]) for one in self.links], dtype=np.int32)
        rows, columns = ends.reshape(-1, 2).T
        later = csr_array((np.ones(len(rows)), (rows, columns)), shape=(count, count))
        object.__setattr__(self, "numbers", numbers)
        object.__setattr__(self, "_later", later)
        object.__setattr__(self, "_earlier", csr_array(later.T))
        _refuse_circles(later, self.assets)

    @classmethod
    def of(cls, links: Iterable[Link], assets: Iterable[AssetId] = ()) -> "Graph":
        """Build the graph of some links, and of assets that may have none."""
        kept = tuple(sorted(set(links)))
        ends = {end for link in kept for end in (link.earlier, link.later)}
        return cls(tuple(sorted(ends.union(assets))), kept)

    def __contains__(self, asset: object) -> bool:
        """Tell whether the graph knows an asset."""
        return asset in self.numbers

    def upstream(self, asset: AssetId) -> tuple[Reached, ...]:
        """List everything that an asset stands on, nearest first; the asset itself is not among it.

        Raises
        ------
        NotFound
            The graph does not know it.
        """
        return self._walked(self._earlier, (self.number(asset),))

    def downstream(self, asset: AssetId) -> tuple[Reached, ...]:
        """List everything that stands on an asset or on a part of it, nearest first.

        Raises
        ------
        NotFound
            The graph does not know it.
        """
        return self._walked(self._later, (self.number(asset), *self._parts(asset)))

    def path(self, earlier: AssetId, later: AssetId) -> tuple[AssetId, ...]:
        """Give a shortest way from one asset to another that stands on it, both included; empty where there is none.

        Raises
        ------
        NotFound
            The graph does not know one of them.
        """
        start, end = self.number(earlier), self.number(later)
        _, before = breadth_first_order(self._later, start)
        if start != end and before[end] == _NONE:
            return ()
        way = [end]
        while way[-1] != start:
            way.append(int(before[way[-1]]))
        return tuple(self.assets[number] for number in reversed(way))

    def beside(self, asset: AssetId) -> tuple[Link, ...]:
        """List the links that lead to an asset or from it.

        Raises
        ------
        NotFound
            The graph does not know it.
        """
        return self._links_at[self.number(asset)]

    def between(self, assets: Iterable[AssetId]) -> tuple[Link, ...]:
        """List the links of which both ends are among some assets."""
        known = {asset for asset in assets if asset in self.numbers}
        return tuple(link for asset in sorted(known) for link in self.beside(asset) if _leads(link, asset, known))

    def number(self, asset: AssetId) -> int:
        """Give an asset's place.

        Raises
        ------
        NotFound
            The graph does not know it.
        """
        found = self.numbers.get(asset)
        if found is None:
            raise NotFound(
                Message(
                    "There is no asset {asset}. The catalog lists those there are; check the kind and the spelling.",
                    asset=asset.text,
                )
            )
        return found

    def _parts(self, asset: AssetId) -> Sequence[int]:
        links = (link for link in self.beside(asset) if link.later == asset and link.how is How.PART_OF)
        return [self.numbers[link.earlier] for link in links]

    @cached_property
    def _links_at(self) -> tuple[tuple[Link, ...], ...]:
        found: list[list[Link]] = [[] for _ in self.assets]
        for link in self.links:
            found[self.numbers[link.earlier]].append(link)
            found[self.numbers[link.later]].append(link)
        return tuple(map(tuple, found))

    def _walked(self, neighbours: csr_array, starts: Sequence[int]) -> tuple[Reached, ...]:
        order, before = reach(neighbours, starts)
        assets, steps = self.assets, [0] * len(self.assets)
        found = []
        for number in order[len(starts) :]:
            previous = before[number]
            steps[number] = step = steps[previous] + 1
            found.append(Reached(assets[number], step, assets[previous]))
        return tuple(found)


def reach(neighbours: csr_array, starts: Sequence[int]) -> tuple[list[int], list[int]]:
    """Walk from some assets along all links, nearest first.

    Returns
    -------
    order, before : list of int
        Numbers in the order in which they were come to, and by number the one before.
    """
    if len(starts) == 1:
        order, before = breadth_first_order(neighbours, starts[0])
        return order.tolist(), before.tolist()
    return _reach_of_many(neighbours.indptr.tolist(), neighbours.indices.tolist(), starts)


def _reach_of_many(begins: list[int], neighbours: list[int], starts: Sequence[int]) -> tuple[list[int], list[int]]:
    before = [_NONE] * (len(begins) - 1)
    order, seen = list(starts), bytearray(len(begins) - 1)
    for start in starts:
        seen[start] = 1
    for number in order:  # grows while it is walked
        for other in neighbours[begins[number] : begins[number + 1]]:
            if not seen[other]:
                seen[other] = 1
                before[other] = number
                order.append(other)
    return order, before


def _leads(link: Link, asset: AssetId, known: set[AssetId]) -> bool:
    return link.earlier == asset and link.later in known


def _refuse_circles(later: csr_array, assets: Sequence[AssetId]) -> None:
    own = np.flatnonzero(later.diagonal()) if len(assets) else np.array([], dtype=np.int64)
    circle = [int(own[0]), int(own[0])] if len(own) else _circle(later)
    if circle:
        raise InvalidDefinition(
            Message(
                "Assets stand on each other in a circle: {circle}. Take one of these links out of its definition.",
                circle=" → ".join(assets[number].text for number in circle),
            )
        )


def _circle(later: csr_array) -> list[int]:
    """Find assets that stand on each other, the first of them named again at the end."""
    count, labels = connected_components(later, directed=True, connection="strong")
    if count == later.shape[0]:
        return []
    sizes: NDArray[np.intp] = np.bincount(labels)
    inside = np.flatnonzero(labels == int(np.argmax(sizes > 1)))
    first = int(inside[0])
    _, before = breadth_first_order(later, first)
    into = later[:, [first]].nonzero()[0]
    last = next(int(number) for number in into if labels[number] == labels[first])
    way = [last]
    while way[-1] != first:
        way.append(int(before[way[-1]]))
    return [*reversed(way), first]
