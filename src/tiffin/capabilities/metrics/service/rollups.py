"""Roll-ups of a workspace: which would be worth having, building them, listing and proving them."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.metrics.service.offering import merging_of, shelf_of
from tiffin.capabilities.metrics.service.rollup_demand import demand_in
from tiffin.engines.metrics.rollup_plan import Candidate, Demand, choose_rollups
from tiffin.engines.metrics.rollups import Merging, Rollup
from tiffin.kernel.errors import Forbidden
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.runtime.warehouse.columns import quoted
from tiffin.runtime.warehouse.refreshing import quarantine, refresh
from tiffin.runtime.warehouse.rollups import Kept, Shelf
from tiffin.runtime.warehouse.verifying import compare

VALUES = 2**25
"""So many values all roll-ups of a workspace hold together unless ``[rollups] values`` says otherwise."""

SUPPOSED_MS = 3e-6
"""Cost, a row of the facts, of questions that nobody has asked yet: each source by its day, and by each column."""

HEADLINE = mark(
    "The roll-up {rollup} differs from the facts that it stands for. It is not used until it is built anew."
)

Progress = Callable[[str], None]
"""Told the name of each roll-up before it is worked on."""


@dataclass(frozen=True, slots=True)
class RollupPlan:
    """A roll-up that is worth its room.

    Parameters
    ----------
    is_built : bool
        It is there already.
    """

    rollup: Rollup
    more: tuple[str, ...]
    rows: int
    values: int
    is_built: bool


@dataclass(frozen=True, slots=True)
class RollupState:
    """A roll-up that is there.

    Parameters
    ----------
    facts_version : int or None
        Version of its facts' table now; the roll-up is used where it stands for the version that is asked for.
    """

    name: str
    source: str
    columns: tuple[str, ...]
    rows: int
    stands_for: int | None
    facts_version: int | None
    quarantined: str
    built_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What comparing a roll-up with its facts found.

    Parameters
    ----------
    differing : int
        Rows that differ, are missing or are too many.
    """

    name: str
    differing: int
    first: str


def plan_rollups(context: Context, *, values: int | None = None) -> tuple[RollupPlan, ...]:
    """Choose roll-ups from the definitions and from what was asked so far, the most worthwhile first.

    Parameters
    ----------
    values : int or None
        How many values they may hold together; None for the workspace's own limit.
    """
    workspace = context.workspace
    merging, asked = merging_of(library_of(workspace).model), demand_in(workspace)
    loaded = context.warehouse.versions()
    sources = [name for name, found in merging.model.sources.items() if found.source.table in loaded]
    facts: dict[str, int] = {}
    demands = list(asked)
    candidates: dict[Candidate, Rollup] = {}
    for name in sources:
        own = [demand for demand in asked if demand.source == name]
        facts[name], found = _candidates(context, merging, name, own)
        demands += _supposed(merging, name, facts[name] * SUPPOSED_MS)
        candidates |= found
    limit = values if values is not None else int(workspace.config.get("rollups", {}).get("values", VALUES))
    known = {*shelf_of(workspace).names()}
    return tuple(
        RollupPlan(candidates[found], found.more, found.rows, found.values, candidates[found].name in known)
        for found in choose_rollups(candidates, demands, facts=facts, values=limit)
    )


def build_rollups(
    context: Context, *, values: int | None = None, anew: bool = False, progress: Progress = lambda _name: None
) -> tuple[RollupState, ...]:
    """Build the roll-ups of the plan that are missing, behind or quarantined, and remove those it has no room for.

    Parameters
    ----------
    anew : bool
        Add up everything again, also for roll-ups that stand.

    Raises
    ------
    Forbidden
        The actor is no steward of all cities.
    """
    _require_steward(context)
    shelf = shelf_of(context.workspace)
    planned = {plan.rollup.name: plan.rollup for plan in plan_rollups(context, values=values)}
    for name, rollup in planned.items():
        progress(name)
        kept = shelf.newest(name)
        refresh(shelf, rollup, now=context.now, anew=anew or bool(kept and kept.quarantined))
    removed = [name for name in shelf.names() if name not in planned]
    for name in removed:
        shutil.rmtree(shelf.store.location(name), ignore_errors=True)
    details = {"built": sorted(planned), "removed": removed}
    audit.record(context, action="rollups_built", subject="rollups", details=details)
    return list_rollups(context)


def list_rollups(context: Context) -> tuple[RollupState, ...]:
    """List the roll-ups of the workspace."""
    shelf = shelf_of(context.workspace)
    return tuple(_state(shelf, kept) for kept in shelf.kept())


def verify_rollups(context: Context, *, progress: Progress = lambda _name: None) -> tuple[Proof, ...]:
    """Add up the facts anew and compare every roll-up with them; one that differs is quarantined.

    Raises
    ------
    Forbidden
        The actor is no steward of all cities.
    """
    _require_steward(context)
    shelf = shelf_of(context.workspace)
    proofs = []
    for kept in shelf.kept():
        if kept.stands_for is None:
            continue
        progress(kept.rollup.name)
        found = compare(shelf, kept)
        proofs.append(Proof(kept.rollup.name, found.rows, found.first))
        if found.rows:
            report_difference(context, kept.rollup.name, {"rows": found.rows, "first": found.first})
    return tuple(proofs)


def report_difference(context: Context, name: str, details: Mapping[str, object]) -> None:
    """Quarantine a roll-up that differs from its facts, and open a data incident for somebody to look into."""
    # Cases are opened hardly ever, and answers shall not wait for their import.
    from tiffin.capabilities.cases.domain import NewCase  # noqa: PLC0415 - for the reason above
    from tiffin.capabilities.cases.service import open_case  # noqa: PLC0415 - the same

    shelf = shelf_of(context.workspace)
    quarantine(shelf, name, reason="differs from its facts", details=details, now=context.now)
    audit.record(context, action="rollup_quarantined", subject=name, details=details)
    kept = shelf.newest(name)
    key = f"rollup|{name}|{kept.version if kept else ''}"
    open_case(context, NewCase("data_incident", key, HEADLINE, {"rollup": name}, subject=name))


def _state(shelf: Shelf, kept: Kept) -> RollupState:
    rollup = kept.rollup
    return RollupState(
        name=rollup.name,
        source=rollup.source,
        columns=rollup.columns,
        rows=kept.rows,
        stands_for=kept.stands_for,
        facts_version=shelf.facts.version(rollup.table),
        quarantined=kept.quarantined,
        built_at=kept.at,
    )


def _require_steward(context: Context) -> None:
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(
            f"{context.actor.name} may not build or verify roll-ups: that takes the role steward for all cities. "
            "Ask an administrator for it."
        )


def _supposed(merging: Merging, source: str, cost_ms: float) -> Iterator[Demand]:
    rollup = merging.rollup(source)
    if rollup is not None:
        plain = frozenset(rollup.columns)
        yield Demand(source, plain, cost_ms)
        yield from (Demand(source, plain | {column}, cost_ms) for column in merging.columns(source) - plain)


def _candidates(
    context: Context, merging: Merging, source: str, asked: Iterable[Demand]
) -> tuple[int, dict[Candidate, Rollup]]:
    """Give the rows of a source's table, and the roll-ups that could be built of it with an estimate of theirs."""
    plain = merging.rollup(source)
    if plain is None:
        return 0, {}
    own = set(plain.columns)
    splits = [(), *((column,) for column in sorted(merging.columns(source) - own))]
    splits += [tuple(sorted(demand.columns - own)) for demand in asked]
    wanted = {more: rollup for more in splits if (rollup := merging.rollup(source, more)) is not None}
    facts, *counts = _counted(context, plain.table, [rollup.columns for rollup in wanted.values()])
    found = {}
    for (more, rollup), rows in zip(wanted.items(), counts, strict=True):
        values = rows * (len(rollup.columns) + len(rollup.states))
        found[Candidate(source, more, frozenset(rollup.columns), rows, values)] = rollup
    return facts, found


_HASH = {"duckdb": "hash", "spark": "xxhash64"}


def _counted(context: Context, table: str, splits: Iterable[tuple[str, ...]]) -> tuple[int, ...]:
    """Count the rows of a table, and estimate its different values of some sets of columns, in one reading."""
    dialect = context.warehouse.dialect
    quote = quoted if dialect == "duckdb" else "`{}`".format
    counts = [f"approx_count_distinct({_HASH[dialect]}({', '.join(map(quote, columns))}))" for columns in splits]
    names = [f"{sql} AS n{index}" for index, sql in enumerate(["count(*)", *counts])]
    found = context.warehouse.query_text(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608 - a contract's names
    return tuple(int(column[0].as_py()) for column in found.columns)
