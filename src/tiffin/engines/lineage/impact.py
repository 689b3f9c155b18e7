"""The impact of one edit: everything downstream, what people rely on most first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tiffin.engines.lineage.graph import Graph, Reached
from tiffin.kernel.assets import AssetId, AssetKind

FIRST = (
    AssetKind.METRIC,
    AssetKind.DASHBOARD,
    AssetKind.PUBLISHED,
    AssetKind.REPORT,
    AssetKind.ALERT,
    AssetKind.QUESTION,
)
"""Kinds in the order in which whoever edits wants to know of them; the others follow."""


_ORDER = (*FIRST, *(kind for kind in AssetKind if kind not in FIRST))


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an asset besides its links.

    Parameters
    ----------
    is_certified : bool
        Whether people were promised that they may rely on it.
    people : tuple of str
        Accounts and teams that own it, keep it or are told by it.
    """

    is_certified: bool = False
    people: tuple[str, ...] = ()


UNKNOWN = Standing()


@dataclass(frozen=True, slots=True)
class Impact:
    """What an edit of an asset touches.

    Parameters
    ----------
    certified : tuple of AssetId
        Metrics and others that people were promised to rely on.
    people : tuple of str
        Who owns or uses any of it, those of the most assets first.
    groups : mapping of AssetKind to tuple of Reached
        Everything by kind, in the order of `FIRST`; within a kind the certified first, then the nearest.
    """

    asset: AssetId
    certified: tuple[AssetId, ...]
    people: tuple[str, ...]
    groups: Mapping[AssetKind, tuple[Reached, ...]]

    @property
    def count(self) -> int:
        """How many assets are touched."""
        return sum(map(len, self.groups.values()))


def impact_of(
    graph: Graph, asset: AssetId, standing: Mapping[AssetId, Standing], *, without: Collection[AssetId] = frozenset()
) -> Impact:
    """List what an edit of an asset touches.

    Parameters
    ----------
    without : collection of AssetId
        Assets that are not to be named; what stands on them still is.

    Raises
    ------
    NotFound
        The graph does not know it.
    """
    groups: dict[AssetKind, list[tuple[bool, int, str, Reached]]] = {kind: [] for kind in _ORDER}
    people: dict[str, int] = {}
    certified = []
    for one in graph.downstream(asset):
        touched = one.asset
        if without and touched in without:
            continue
        known = standing.get(touched, UNKNOWN)
        groups[touched.kind].append((not known.is_certified, one.steps, touched.name, one))
        if known.is_certified:
            certified.append(touched)
        for person in known.people:
            people[person] = people.get(person, 0) + 1
    return Impact(
        asset,
        tuple(certified),
        tuple(sorted(people, key=lambda name: (-people[name], name))),
        {kind: tuple(entry[-1] for entry in sorted(found)) for kind, found in groups.items() if found},
    )
