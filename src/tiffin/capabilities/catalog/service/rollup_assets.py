"""Roll-ups as assets: which there are, what each stands on, which metrics it can answer, and how it stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.service.lineage_names import column_id, metric_id
from tiffin.capabilities.catalog.service.sources import most_guarded
from tiffin.capabilities.metrics.service.offering import merging_of, shelf_of
from tiffin.engines.lineage.links import How, Link
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.rollups import STATED_IN, Rollup
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.workspace import Workspace

MEANING = mark("Facts of {table} added up beforehand by {columns}: the same answers, sooner.")


@dataclass(frozen=True, slots=True)
class RollupStanding:
    """How a roll-up stands: its room, whether it is up with its facts, and whether it was found to differ from them."""

    rows: int
    bytes: int
    is_behind: bool
    is_quarantined: bool


def rollups_in(workspace: Workspace) -> tuple[Rollup, ...]:
    """List the roll-ups that are there and say what they hold."""
    return tuple(kept.rollup for kept in shelf_of(workspace).kept())


def rollup_names(workspace: Workspace) -> tuple[str, ...]:
    """Name the roll-ups of a workspace, cheaply; a name says by a digest what it holds."""
    return shelf_of(workspace).names()


def rollup_standings(workspace: Workspace) -> Mapping[str, RollupStanding]:
    """Tell how each roll-up stands."""
    shelf, found = shelf_of(workspace), {}
    for kept in shelf.kept():
        snapshot = shelf.store.snapshot(kept.rollup.name)
        size = sum(file.size for file in snapshot.files) if snapshot else 0
        is_behind = kept.stands_for != shelf.facts.version(kept.rollup.table)
        found[kept.rollup.name] = RollupStanding(kept.rows, size, is_behind, bool(kept.quarantined))
    return found


def rollup_assets(rollups: Iterable[Rollup]) -> Iterator[Asset]:
    """Give roll-ups as assets: as guarded as the columns by which they are split."""
    for rollup in rollups:
        contract = TABLES[rollup.table]
        held = tuple(contract.column(name) for name in rollup.columns if contract.has(name))
        said = {"table": rollup.table, "columns": ", ".join(rollup.columns)}
        yield Asset(
            id=rollup_id(rollup),
            label={"en": rollup.name},
            meaning={locale: translate(locale, MEANING, **said) for locale in LOCALES},
            classification=most_guarded(held),
            contract=contract.version,
            tables=(rollup.table,),
            traits={"columns": rollup.columns, "tests": 1},
        )


def rollup_links(rollups: Iterable[Rollup], model: Model) -> Iterator[Link]:
    """Link roll-ups to the columns that they add up, and to the metrics that they can answer."""
    listed = tuple(rollups)
    answered = {source: tuple(_answered(source, model)) for source in {one.source for one in listed}}
    for rollup in listed:
        later = rollup_id(rollup)
        yield from (Link(column_id(rollup.table, name), later, How.SPLIT_BY) for name in rollup.columns)
        yield from (Link(column_id(rollup.table, name), later, How.COMPUTED_FROM) for name in sorted(_added(rollup)))
        held = {state.column for state in rollup.states}
        for name, states in answered[rollup.source]:
            if states <= held:
                yield Link(later, metric_id(name), How.COMPUTED_FROM)


def rollup_id(rollup: Rollup) -> AssetId:
    """Name a roll-up as an asset."""
    return AssetId(AssetKind.ROLLUP, rollup.name)


def _added(rollup: Rollup) -> set[str]:
    """Name the columns of which a roll-up keeps states."""
    contract = TABLES[rollup.table]
    trees = (sqlglot.parse_one(state.sql, read=STATED_IN) for state in rollup.states)
    return {column.name for tree in trees for column in tree.find_all(exp.Column) if contract.has(column.name)}


def _answered(source: str, model: Model) -> Iterator[tuple[str, frozenset[str]]]:
    """Name the metrics of a source that roll-ups can answer, with the states that each needs of this source."""
    merging = merging_of(model)
    for name, resolved in model.resolved.items():
        leaves = [number for number in resolved.aggregates if getattr(model.aggregates[number], "source", "") == source]
        parts = [merging.parts(number) for number in leaves]
        if leaves and all(found is not None for found in parts):
            yield name, frozenset(state.column for found in parts for state in found or ())
