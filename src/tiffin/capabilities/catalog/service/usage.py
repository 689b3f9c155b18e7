"""Who used which asset in the last weeks, from the counts that every answer and page leaves behind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.standing import Usage
from tiffin.capabilities.catalog.models import ASSET_USES
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.context import Context

DAYS = 28
"""How far back use is looked at: four whole weeks, so that every weekday counts alike."""


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
    for row in context.unit.execute(select(ASSET_USES).where(table.day >= first)):
        count = found.setdefault(AssetId.parse(row.asset), Count())
        count.people[row.actor] = count.people.get(row.actor, 0) + row.uses
        count.days[row.day] = count.days.get(row.day, 0) + row.uses
        count.milliseconds += row.milliseconds
    return found


def uses_of(assets: Iterable[Asset], counts: Mapping[AssetId, Count]) -> Mapping[AssetId, Count]:
    """Give the uses of assets: a table is used where its metrics are, a tile where its dashboard is."""
    listed = tuple(assets)
    found = {one.id: counts[one.id] for one in listed if one.id in counts}
    by_table: dict[str, Count] = {}
    for one in listed:
        if one.kind is AssetKind.METRIC and one.id in counts:
            for table in one.tables:
                by_table.setdefault(table, Count()).add(counts[one.id])
    for one in listed:
        if one.kind is AssetKind.TABLE and one.name in by_table:
            found[one.id] = by_table[one.name]
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
