"""Who used which asset in the last weeks, from the counts that every answer and page leaves behind."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.standing import Usage
from tiffin.capabilities.catalog.models import ASSET_USES
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.reads import columns_under
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.context import Context

DAYS = 28
"""How far back use is looked at: four whole weeks, so that every weekday counts alike."""


Reads = Callable[[str], frozenset[str]]
"""Names the columns that a metric reads, each with its table."""

_LOCK = threading.Lock()
_READS: dict[str, tuple[Model, dict[str, frozenset[str]]]] = {}


@dataclass(slots=True)
class Count:
    """Uses of one asset: by account, by day, and the time that answers took."""

    people: dict[str, int] = field(default_factory=dict)
    days: dict[date, int] = field(default_factory=dict)
    milliseconds: float = 0.0

    @property
    def uses(self) -> int:
        """How often in all."""
        return sum(self.people.values())

    def add(self, other: "Count") -> None:
        """Add the uses of another asset."""
        for name, uses in other.people.items():
            self.people[name] = self.people.get(name, 0) + uses
        for day, uses in other.days.items():
            self.days[day] = self.days.get(day, 0) + uses


def counts_in(context: Context) -> Mapping[AssetId, Count]:
    """Read the uses of the last weeks."""
    table = ASSET_USES.c
    first = context.now.date() - timedelta(days=DAYS - 1)
    found: dict[AssetId, Count] = {}
    for row in context.unit.execute(select(ASSET_USES).where(table.day >= first, table.asset.not_like("page:%"))):
        count = found.setdefault(AssetId.parse(row.asset), Count())
        count.people[row.actor] = count.people.get(row.actor, 0) + row.uses
        count.days[row.day] = count.days.get(row.day, 0) + row.uses
        count.milliseconds += row.milliseconds
    return found


def columns_of(context: Context) -> Reads:
    """Give what names the columns that a metric reads; each is worked out when it is first asked for."""
    model = unchecked_library(context.workspace).model
    with _LOCK:
        kept = _READS.get(str(context.workspace.root))
        known = kept[1] if kept is not None and kept[0] is model else {}
        _READS[str(context.workspace.root)] = (model, known)

    def read(metric: str) -> frozenset[str]:
        if metric not in known:
            found = columns_under(metric, model) if metric in model.resolved else frozenset()
            known[metric] = frozenset(f"{table}.{column}" for table, column in found)
        return known[metric]

    return read


def uses_of(assets: Iterable[Asset], counts: Mapping[AssetId, Count], reads: Reads) -> Mapping[AssetId, Count]:
    """Give the uses of assets: tables and columns are used where their metrics are, a tile where its dashboard is."""
    listed = tuple(assets)
    found = {one.id: counts[one.id] for one in listed if one.id in counts}
    by_name: dict[str, Count] = {}
    wants_columns = any(one.kind is AssetKind.COLUMN for one in listed)
    for named, count in counts.items():
        if named.kind is AssetKind.METRIC:
            columns = reads(named.name)
            for name in {column.partition(".")[0] for column in columns} | (columns if wants_columns else frozenset()):
                by_name.setdefault(name, Count()).add(count)
    for one in listed:
        if one.kind in (AssetKind.TABLE, AssetKind.COLUMN) and one.name in by_name:
            found[one.id] = by_name[one.name]
        elif one.kind is AssetKind.TILE and one.part_of is not None and one.part_of in counts:
            found[one.id] = counts[one.part_of]
    return found


def usage_of(count: Count | None, today: date, *, with_people: bool) -> Usage:
    """Sum up uses for a reader; who the users are is told to those who may know."""
    if count is None:
        return Usage(DAYS, daily=(0,) * DAYS)
    span = [today - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
    people = sorted(count.people.items(), key=lambda one: (-one[1], one[0]))
    return Usage(
        DAYS,
        count.uses,
        len(count.people),
        max(count.days),
        tuple(people) if with_people else (),
        tuple(count.days.get(day, 0) for day in span),
    )
