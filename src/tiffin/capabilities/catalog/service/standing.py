"""How assets stand today: how far their facts reach, whether they are good, who uses them, what they cost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.standing import Cost, Freshness, Quality, Standing
from tiffin.capabilities.catalog.service.costs import answer_cost, column_share, load_costs
from tiffin.capabilities.catalog.service.rollup_assets import RollupStanding, rollup_standings
from tiffin.capabilities.catalog.service.saying import may_say
from tiffin.capabilities.catalog.service.usage import Count, columns_of, counts_in, usage_of, uses_of
from tiffin.capabilities.facts import service as facts_service
from tiffin.capabilities.facts.domain.views import LoadView
from tiffin.capabilities.facts.service.quarantine import quarantine_table
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.metrics.service.footprints import CityRecord
from tiffin.capabilities.metrics.service.watermarks import watermarks
from tiffin.capabilities.quality import service as quality
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store

NEVER_COUNTED = (AssetKind.FEED_COLUMN, AssetKind.DIMENSION, AssetKind.POLICY, AssetKind.MODEL)
"""Kinds whose use leaves no count behind."""

WITHOUT_FACTS = (AssetKind.FEED_COLUMN, AssetKind.DIMENSION, AssetKind.POLICY, AssetKind.MODEL)
"""Kinds that are as they are, whatever the facts."""

_KEPT = 512
_LOADS = 500
_SIZES: dict[tuple[str, str, int], tuple[int | None, int]] = {}
"""Rows and bytes of a version of a table, which never change."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of the loaded tables, by name."""

    freshness: Mapping[str, Freshness]
    quality: Mapping[str, Quality]
    sizes: Mapping[str, tuple[int | None, int]]
    versions: Mapping[str, int]


def standings_of(
    context: Context, assets: Sequence[Asset], *, country: str | None = None
) -> Mapping[AssetId, Standing]:
    """Tell how assets stand in what the actor may see, or in one country of it."""
    facts = _facts(context, country)
    numbers = _numbers(context, country)
    counts = counts_in(context)
    uses = uses_of(assets, counts, columns_of(context))
    loads = facts_service.list_loads(context, limit=_LOADS)
    made = _Standings(
        context,
        facts,
        numbers,
        {**counts, **uses},
        _loads(loads),
        _fed(loads),
        load_costs((one.feed, one.seconds) for one in loads if not one.unchanged),
        rollup_standings(context.workspace) if any(one.kind is AssetKind.ROLLUP for one in assets) else {},
        is_counted=bool(counts),
    )
    return {asset.id: made.of(asset) for asset in assets}


@dataclass(frozen=True, slots=True)
class _Standings:
    """Makes the standing of each asset of what is known of tables, metrics and uses."""

    context: Context
    facts: _Facts
    numbers: Mapping[str, Quality]
    uses: Mapping[AssetId, Count]
    loads: Mapping[str, Freshness]
    fed: Mapping[str, Quality]
    load_s: Mapping[str, float]
    rollups: Mapping[str, RollupStanding]
    is_counted: bool

    def of(self, asset: Asset) -> Standing:
        """Give the standing of one asset."""
        count = self.uses.get(asset.id)
        is_counted = self.is_counted and asset.kind not in NEVER_COUNTED
        usage = (
            usage_of(count, self.context.now.date(), with_people=may_say(self.context, asset)) if is_counted else None
        )
        return Standing(self._freshness(asset), self._quality(asset), usage, self._cost(asset))

    def _freshness(self, asset: Asset) -> Freshness | None:
        if asset.kind in (AssetKind.FEED, AssetKind.FEED_COLUMN):
            return self.loads.get(asset.part_of.name if asset.part_of else asset.name)
        found = [self.facts.freshness[table] for table in asset.tables if table in self.facts.freshness]
        if not found or asset.kind in WITHOUT_FACTS:
            return None
        loaded = [one.loaded_at for one in found if one.loaded_at is not None]
        dated = [one for one in found if one.latest_day is not None]
        worst = max(dated, key=lambda one: one.behind_days or 0, default=None)
        return Freshness(
            max(loaded, default=None), worst.latest_day if worst else None, worst.behind_days if worst else None
        )

    def _quality(self, asset: Asset) -> Quality:
        if asset.kind is AssetKind.TABLE:
            return self.facts.quality.get(asset.name, Quality())
        if asset.kind is AssetKind.ROLLUP:
            rollup = self.rollups.get(asset.name)
            return Quality(1, int(rollup.is_quarantined)) if rollup else Quality()
        if asset.kind is AssetKind.FEED:
            return self.fed.get(asset.name, Quality())
        if asset.kind is AssetKind.COLUMN and asset.part_of is not None:
            return self.facts.quality.get(asset.part_of.name, Quality())
        if asset.kind in WITHOUT_FACTS:
            return Quality()
        found = [self.numbers[name] for name in asset.metrics if name in self.numbers]
        fallen = tuple(sorted({country for one in found for country in one.fallen}))
        return Quality(sum(one.measured for one in found), sum(one.missed for one in found), fallen)

    def _cost(self, asset: Asset) -> Cost:
        if asset.kind is AssetKind.TABLE:
            rows, size = self.facts.sizes.get(asset.name, (None, None))
            return Cost(size, rows)
        if asset.kind is AssetKind.COLUMN:
            return self._column_cost(asset)
        if asset.kind is AssetKind.ROLLUP:
            rollup = self.rollups.get(asset.name)
            return Cost(rollup.bytes, rollup.rows) if rollup else Cost()
        if asset.kind is AssetKind.FEED:
            return Cost(load_s=self.load_s.get(asset.name))
        return answer_cost(asset, self.uses)

    def _column_cost(self, asset: Asset) -> Cost:
        table, _, column = asset.name.partition(".")
        rows, size = self.facts.sizes.get(table, (None, None))
        version = self.facts.versions.get(table, 0)
        share = column_share(self.context.workspace, table, version, column) if size else None
        return Cost(round(size * share), rows) if size and share is not None else Cost()


def _loads(loads: Iterable[LoadView]) -> Mapping[str, Freshness]:
    """Tell when each feed last brought rows."""
    found: dict[str, Freshness] = {}
    for load in loads:
        found.setdefault(load.feed, Freshness(load.loaded_at, None, None))
    return found


def _fed(loads: Iterable[LoadView]) -> Mapping[str, Quality]:
    """Tell of each feed how many of the rows that it brought were good."""
    found: dict[str, Quality] = {}
    for load in loads:
        known = found.get(load.feed, Quality())
        found[load.feed] = Quality(quarantined=known.quarantined + load.quarantined, rows=known.rows + load.loaded)
    return found


def _numbers(context: Context, country: str | None) -> Mapping[str, Quality]:
    """Tell how each certified metric keeps its targets in the countries that the actor may see whole."""
    found: dict[str, Quality] = {}
    for one in quality.board(context, country=country):
        known = found.get(one.metric, Quality())
        fallen = (*known.fallen, one.country) if one.is_fallen else known.fallen
        found[one.metric] = Quality(known.measured + one.measured, known.missed + one.missed, fallen)
    return found


def _facts(context: Context, country: str | None) -> _Facts:
    versions = context.warehouse.versions()
    sizes, quarantined = _sizes(context, versions)
    cities = [one for one in visible_cities(context) if country in (None, one.country)]
    return _Facts(
        _freshness(context, versions, cities),
        {name: Quality(quarantined=quarantined.get(name, 0), rows=sizes[name][0] or 0) for name in sizes},
        sizes,
        versions,
    )


def _sizes(
    context: Context, versions: Mapping[str, int]
) -> tuple[Mapping[str, tuple[int | None, int]], Mapping[str, int]]:
    """Give rows and bytes of each loaded table, and the entries of its quarantine."""
    store = open_store(context.workspace)
    folder = str(context.workspace.tables)
    found: dict[str, tuple[int | None, int]] = {}
    left_out: dict[str, int] = {}
    for table, version in versions.items():
        key = (folder, table, version)
        if key not in _SIZES:
            snapshot = store.snapshot(table, version)
            size = (snapshot.rows, sum(file.size for file in snapshot.files)) if snapshot else (None, 0)
            if len(_SIZES) >= _KEPT:
                _SIZES.clear()
            _SIZES[key] = size
        found[table] = _SIZES[key]
        quarantine = store.snapshot(quarantine_table(table))
        left_out[table] = (quarantine.rows or 0) if quarantine else 0
    return found, left_out


def _freshness(context: Context, versions: Mapping[str, int], cities: Iterable[CityRecord]) -> Mapping[str, Freshness]:
    """Tell how far each table reaches: simulated facts against the last simulated day, all others against yesterday."""
    listed = tuple(cities)
    simulated = frozenset(one.city_id for one in listed if one.is_simulated)
    real = frozenset(one.city_id for one in listed) - simulated
    tables = tuple(versions)
    made = watermarks(context, tables, simulated, versions)
    read = watermarks(context, tables, real, versions)
    last = max((one.latest_day for one in made.values() if one.latest_day), default=None)
    yesterday = context.now.date() - timedelta(days=1)
    return {
        table: _reach(
            ((made[table].latest_day, last), (read[table].latest_day, yesterday)),
            made[table].loaded_at or read[table].loaded_at,
        )
        for table in tables
    }


def _reach(found: Sequence[tuple[date | None, date | None]], loaded_at: datetime | None) -> Freshness:
    dated = [(day, due) for day, due in found if day is not None and due is not None]
    latest = max((day for day, _ in dated), default=None)
    behind = max((max(0, (due - day).days) for day, due in dated), default=None)
    return Freshness(loaded_at, latest, behind)
