# ruff: noqa: S608 - the SQL here is made of quoted identifiers and of states that were written from checked definitions
"""Adding up facts for roll-ups: several of one source in one reading, told how far it is, ended by an interrupt."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait

import sqlglot
from sqlglot import exp

from tiffin.engines.metrics.rollups import Rollup
from tiffin.runtime.warehouse.columns import quoted
from tiffin.runtime.warehouse.staging import Bench

SUMMED = "summed"
SPLIT = "split by"
"""Column that tells the rows of one roll-up from those of another; no table has a column with a space in its name."""

MEMORY = "2GB"
"""What DuckDB may hold while roll-ups are added up: groups cost some twenty bytes a state, in each thread."""

GLANCE_S = 0.2

Told = Callable[[float], None]
"""Called with the share of the work that was done since the last call."""


def added_up(rollup: Rollup, facts: str) -> str:
    """Write the query that computes a roll-up's rows from the query of its facts."""
    return _rows_of(rollup, [rollup], f"({_summed([rollup], facts, '')})")


def add_up(bench: Bench, rollups: Sequence[Rollup], facts: str, where: str, told: Told) -> None:
    """Add up facts for several roll-ups of one source, in one reading; `rows_of` then reads each one's rows.

    Parameters
    ----------
    where : str
        Which facts, named ``base``; empty for all.
    """
    bench.run(f"SET memory_limit = '{MEMORY}'")
    # The engine takes reading the facts for one part of the work, and each set of groups for another as large.
    parts = 1 + len({rollup.columns for rollup in rollups})
    _run_watched(bench, f"CREATE OR REPLACE TEMP TABLE {SUMMED} AS {_summed(rollups, facts, where)}", told, parts)


def rows_of(rollup: Rollup, rollups: Sequence[Rollup]) -> str:
    """Write the query of one roll-up's rows among those that were added up together."""
    return _rows_of(rollup, rollups, SUMMED)


def _rows_of(rollup: Rollup, rollups: Sequence[Rollup], summed: str) -> str:
    names = ", ".join(map(quoted, (*rollup.columns, *(state.column for state in rollup.states))))
    # GROUPING has a bit for each column, the last one's lowest, which is set where rows are not split by it.
    bits = "".join("0" if name in rollup.columns else "1" for name in _columns(rollups))
    return f"SELECT {names} FROM {summed} WHERE {quoted(SPLIT)} = {int(bits, 2)}"


def _summed(rollups: Sequence[Rollup], facts: str, where: str) -> str:
    """Write the sums by the columns of each roll-up; what several states take in is computed once a row."""
    operands: dict[str, str] = {}
    states = {state.column: state.sql for rollup in rollups for state in rollup.states}
    sums = [f"{_over_operands(sql, operands)} AS {quoted(column)}" for column, sql in states.items()]
    columns = [f"base.{quoted(name)}" for name in _columns(rollups)]
    split = f"GROUPING({', '.join(columns)}) AS {quoted(SPLIT)}"
    sets = dict.fromkeys(", ".join(f"base.{quoted(name)}" for name in rollup.columns) for rollup in rollups)
    computed = ", ".join(["base.*", *(f"{sql} AS {quoted(name)}" for sql, name in operands.items())])
    return (
        f"SELECT {', '.join([*columns, split, *sums])} FROM (SELECT {computed} FROM ({facts}) AS base {where}) AS base "
        f"GROUP BY GROUPING SETS ({', '.join(f'({names})' for names in sets)})"
    )


def _over_operands(sql: str, operands: dict[str, str]) -> str:
    tree = sqlglot.parse_one(sql, read="duckdb")
    for aggregate in tree.find_all(exp.AggFunc):
        if not isinstance(aggregate.this, exp.Star):
            name = operands.setdefault(aggregate.this.sql("duckdb"), f"operand {len(operands)}")
            aggregate.set("this", exp.column(name, table="base", quoted=True))
    return tree.sql("duckdb")


def _columns(rollups: Sequence[Rollup]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for rollup in rollups for name in rollup.columns))


def _run_watched(bench: Bench, sql: str, told: Told, parts: int) -> None:
    """Run a statement of several parts, of which only the first takes long."""
    bench.run("SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0")
    with ThreadPoolExecutor(1) as thread:
        running, done = thread.submit(bench.run, sql), 0.0
        try:
            while not wait([running], GLANCE_S).done:
                share = max(done, min(1.0, bench.connection.query_progress() / 100 * parts))
                told(share - done)
                done = share
        except BaseException:
            bench.connection.interrupt()
            raise
        running.result()
    told(1 - done)
