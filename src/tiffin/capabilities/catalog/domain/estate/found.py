"""What is found in a system outside: its assets, what is made from what, who uses and who may use it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class OutsideKind(StrEnum):
    """What an asset of another system is."""

    TABLE = "table"
    VIEW = "view"
    MODEL = "model"
    METRIC = "metric"
    CHART = "chart"
    DASHBOARD = "dashboard"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class OutsideColumn:
    """A column as the other system tells of it; empty texts where it does not."""

    name: str
    type: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class OutsideAsset:
    """One asset of another system.

    Parameters
    ----------
    key : str
        Its name within its system, which edges, uses and permissions point to.
    relation : str
        Table that queries call it by, as ``schema.table``; empty for what is no table.
    passed, failed : int
        Checks of the last run that held and that did not.
    last_run : str
        When it was last made or checked, as the system writes it; empty where it does not say.
    """

    key: str
    kind: OutsideKind
    name: str
    relation: str = ""
    description: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    columns: tuple[OutsideColumn, ...] = ()
    passed: int = 0
    failed: int = 0
    last_run: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class OutsideEdge:
    """What an asset is made from.

    Parameters
    ----------
    columns : tuple of (str, str)
        Columns of the upper asset, each with the column of the lower one that is made from it; empty where unknown.
    """

    upstream: str
    downstream: str
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OutsideUse:
    """How often somebody asked an asset, and when last."""

    key: str
    who: str
    count: int
    last: str


@dataclass(frozen=True, slots=True)
class OutsidePermission:
    """What somebody may do with an asset."""

    key: str
    grantee: str
    privilege: str


@dataclass(frozen=True, slots=True)
class Estate:
    """All that one reading of a system found.

    Parameters
    ----------
    skipped : tuple of str
        What could not be read, each with the reason.
    """

    assets: tuple[OutsideAsset, ...] = ()
    edges: tuple[OutsideEdge, ...] = ()
    uses: tuple[OutsideUse, ...] = ()
    permissions: tuple[OutsidePermission, ...] = ()
    skipped: tuple[str, ...] = ()

    def find(self, key: str) -> OutsideAsset | None:
        """Give the asset of a key; None where there is none."""
        return next((asset for asset in self.assets if asset.key == key), None)

    def downstream(self, key: str) -> tuple[str, ...]:
        """Name all that is made from an asset, near things first."""
        return _walked(key, ((edge.upstream, edge.downstream) for edge in self.edges))

    def upstream(self, key: str) -> tuple[str, ...]:
        """Name all that an asset is made from, near things first."""
        return _walked(key, ((edge.downstream, edge.upstream) for edge in self.edges))


def from_plain(plain: Mapping[str, Any]) -> Estate:
    """Give an estate back from the plain values that `dataclasses.asdict` made of it."""
    return Estate(
        assets=tuple(_asset(one) for one in plain["assets"]),
        edges=tuple(
            OutsideEdge(one["upstream"], one["downstream"], tuple((a, b) for a, b in one["columns"]))
            for one in plain["edges"]
        ),
        uses=tuple(OutsideUse(**one) for one in plain["uses"]),
        permissions=tuple(OutsidePermission(**one) for one in plain["permissions"]),
        skipped=tuple(plain["skipped"]),
    )


def with_uses(assets: Iterable[OutsideAsset], uses: Iterable[OutsideUse]) -> tuple[OutsideUse, ...]:
    """Keep the uses of assets that there are, added up by asset and person."""
    known = {asset.key for asset in assets}
    found: dict[tuple[str, str], OutsideUse] = {}
    for use in uses:
        if use.key in known:
            before = found.get((use.key, use.who))
            found[use.key, use.who] = (
                replace(before, count=before.count + use.count, last=max(before.last, use.last)) if before else use
            )
    return tuple(found.values())


def _asset(plain: Mapping[str, Any]) -> OutsideAsset:
    return OutsideAsset(
        **{
            **plain,
            "kind": OutsideKind(plain["kind"]),
            "tags": tuple(plain["tags"]),
            "columns": tuple(OutsideColumn(**column) for column in plain["columns"]),
        }
    )


def _walked(start: str, pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    onward: dict[str, list[str]] = {}
    for one, other in pairs:
        onward.setdefault(one, []).append(other)
    met, found = {start}, []
    waiting = [start]
    for key in waiting:
        for other in onward.get(key, ()):
            if other not in met:
                met.add(other)
                found.append(other)
                waiting.append(other)
    return tuple(found)
