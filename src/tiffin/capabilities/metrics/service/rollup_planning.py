"""Which roll-ups of a workspace are worth having, from its definitions and from what was asked so far."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.metrics.service.offering import merging_of, shelf_of
from tiffin.capabilities.metrics.service.rollup_demand import demand_in
from tiffin.engines.metrics.rollup_plan import Candidate, Demand, choose_rollups
from tiffin.engines.metrics.rollups import Merging, Rollup
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.columns import quoted

VALUES = 2**25
"""So many values all roll-ups of a workspace hold together unless ``[rollups] values`` says otherwise."""

SUPPOSED_MS = 3e-6
"""Cost, a row of the facts, of questions that nobody has asked yet: each source by its day, and by each column."""

COUNTED_ROWS = 2_000_000
"""Of about so many facts a plan counts how many rows each roll-up would have."""

LEAST_DAYS = 14
"""Facts of at least so many days are counted, where there are so many."""


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


def _supposed(merging: Merging, source: str, cost_ms: float) -> Iterator[Demand]:
    rollup, whole = merging.rollup(source), merging.rollup_of_countries(source)
    if rollup is not None:
        plain = frozenset(rollup.columns)
        yield Demand(source, plain, cost_ms)
        yield from (Demand(source, plain | {column}, cost_ms) for column in merging.columns(source) - plain)
    if whole is not None:
        yield Demand(source, frozenset(whole.columns), cost_ms)


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
    wanted = [(more, rollup) for more in dict.fromkeys(splits) if (rollup := merging.rollup(source, more)) is not None]
    if (whole := merging.rollup_of_countries(source)) is not None:
        wanted.append(((), whole))
    facts, counts = _counted(context, plain, [rollup.columns for _, rollup in wanted])
    found = {}
    for (more, rollup), rows in zip(wanted, counts, strict=True):
        values = rows * (len(rollup.columns) + len(rollup.states))
        found[Candidate(source, more, frozenset(rollup.columns), rows, values)] = rollup
    return facts, found


_HASH = {"duckdb": "hash", "spark": "xxhash64"}


def _counted(context: Context, plain: Rollup, splits: Sequence[tuple[str, ...]]) -> tuple[int, list[int]]:
    """Count the rows of a table, and estimate its different values of some sets of columns.

    All sets hold the business date, so that those of some days, evenly spread, tell how many those of all days are.
    """
    table, quote = plain.table, quoted if context.warehouse.dialect == "duckdb" else "`{}`".format

    def asked(sql: str) -> Sequence[Any]:
        return [column.to_pylist() for column in context.warehouse.query_text(sql).columns]

    ((rows,),) = asked(f"SELECT count(*) FROM {table}")  # noqa: S608 - a contract's name
    step, where = 1, ""
    if rows > COUNTED_ROWS:
        day = quote(plain.cell[-1])
        (days,) = asked(f"SELECT DISTINCT {day} FROM {table} WHERE {day} IS NOT NULL ORDER BY 1")  # noqa: S608 - as above
        step = _step(rows, len(days))
        counted = ", ".join(f"DATE '{found}'" for found in days[step // 2 :: step])
        where = f" WHERE {day} IN ({counted})" if counted else ""
    hashed = _HASH[context.warehouse.dialect]
    counts = [f"approx_count_distinct({hashed}({', '.join(map(quote, columns))}))" for columns in splits]
    names = ", ".join(f"{sql} AS n{index}" for index, sql in enumerate(counts))
    found = asked(f"SELECT {names} FROM {table}{where}")  # noqa: S608 - as above
    return rows, [min(rows, count * step) for (count,) in found]


def _step(rows: int, days: int) -> int:
    """Tell which of how many days is counted: every so-manieth, so that all weekdays are among them."""
    step = max(1, min(rows // COUNTED_ROWS, days // LEAST_DAYS))
    return step if step % 7 else step - 1
