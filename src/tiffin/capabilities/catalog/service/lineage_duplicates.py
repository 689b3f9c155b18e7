"""Duplicates among a workspace's own assets: metrics that tell the same number, tables that hold the same rows."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.capabilities.metrics.service.meaning import facts_of
from tiffin.engines.likeness.metrics import Copy, SameMetric, meanings, same_metrics
from tiffin.engines.likeness.sketches import KEPT, Sketch, ValueKind
from tiffin.engines.likeness.tables import Pairing, Profile, alike_tables
from tiffin.engines.metrics.model import Model
from tiffin.kernel.contract import LogicalType, TableContract
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

MOST_ROWS = 5_000_000
"""Larger tables are not compared: sketching one reads every value of it."""
BOOKKEEPING = ("source",)
_KINDS = {
    LogicalType.STRING: ValueKind.TEXT,
    LogicalType.INTEGER: ValueKind.NUMBER,
    LogicalType.NUMBER: ValueKind.NUMBER,
    LogicalType.BOOLEAN: ValueKind.TRUTH,
    LogicalType.DATE: ValueKind.TIME,
    LogicalType.TIMESTAMP: ValueKind.TIME,
}
_HASH = {"duckdb": "hash", "spark": "xxhash64"}
_SPACE = 2**64

_LOCK = threading.Lock()
_KEPT_STATES = 8
_PROFILES: dict[tuple[str, str, int], Profile | None] = {}


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What was found twice.

    Parameters
    ----------
    metrics : tuple of SameMetric
        Pairs that tell the same number in the same unit.
    tables : tuple of Pairing
        Pairs of which one holds what the other does.
    too_large : tuple of str
        Tables that were not compared.
    compares_tables : bool
        Whether the reader's grants let tables be compared for him.
    """

    metrics: tuple[SameMetric, ...]
    tables: tuple[Pairing, ...]
    too_large: tuple[str, ...]
    compares_tables: bool


def duplicates(context: Context) -> Duplicates:
    """Find duplicates; tables are compared for stewards of all cities, since every row is read for it.

    Raises
    ------
    Forbidden
        The actor has no grant.
    """
    if not context.actor.grants:
        raise Forbidden(
            Message(
                "{name} may see no duplicates: no grant is in force. Ask an administrator for one.",
                name=context.actor.name,
            )
        )
    compares = context.actor.has_role_everywhere(Role.STEWARD)
    profiles = dict(_profiles(context)) if compares else {}
    pairs = alike_tables([one for one in profiles.values() if one])
    model = unchecked_library(context.workspace).model
    found = meanings(model.metrics, facts_of(model), _copies(model, pairs))
    too_large = tuple(sorted(name for name, one in profiles.items() if one is None))
    return Duplicates(same_metrics(found), pairs, too_large, compares)


def _copies(model: Model, pairs: Sequence[Pairing]) -> Mapping[str, Copy]:
    """Read sources over copied tables as those over the originals, where there is one of these."""
    by_table = {prepared.source.table: name for name, prepared in model.sources.items()}
    return {
        by_table[pair.part]: Copy(by_table[pair.whole], pair.columns)
        for pair in pairs
        if pair.is_whole and pair.part in by_table and pair.whole in by_table
    }


def _profiles(context: Context) -> Iterator[tuple[str, Profile | None]]:
    root = str(context.workspace.root)
    for name, version in sorted(context.warehouse.versions().items()):
        if name not in TABLES:
            continue
        key = (root, name, version)
        with _LOCK:
            if len(_PROFILES) > _KEPT_STATES * len(TABLES):
                _PROFILES.clear()
        if key not in _PROFILES:
            made = _profile(context, TABLES[name])
            with _LOCK:
                _PROFILES[key] = made
        yield name, _PROFILES[key]


def _profile(context: Context, contract: TableContract) -> Profile | None:
    names = [column.name for column in contract.columns if column.name not in BOOKKEEPING]
    kinds = {name: _KINDS[contract.column(name).type] for name in names}
    numbers = [name for name in names if kinds[name] is ValueKind.NUMBER]
    counts = exp.select(
        exp.Count(this=exp.Star()).as_("rows"),
        *(exp.Count(this=_column(name)).as_(f"n_{name}") for name in names),
        *(exp.Avg(this=exp.cast(_column(name), "double")).as_(f"mean_{name}") for name in numbers),
        *(exp.StddevPop(this=exp.cast(_column(name), "double")).as_(f"spread_{name}") for name in numbers),
    ).from_(exp.to_table(contract.name))
    told = context.warehouse.query(counts).to_pylist()[0]
    if told["rows"] > MOST_ROWS:
        return None
    columns = {}
    for name in names:
        hashes = _hashes(context, contract.name, name, kinds[name]) if told[f"n_{name}"] else ()
        sizes = told.get(f"mean_{name}"), told.get(f"spread_{name}")
        columns[name] = Sketch(kinds[name], hashes, told["rows"], told[f"n_{name}"], *sizes)
    return Profile(contract.name, columns)


def _hashes(context: Context, table: str, name: str, kind: ValueKind) -> tuple[int, ...]:
    """Give the smallest hashes of a column's distinct values, which the engine takes: no value leaves it."""
    dialect = context.warehouse.dialect
    value = exp.cast(_column(name), "double") if kind is ValueKind.NUMBER else _column(name)
    hashed: exp.Expr = exp.Anonymous(this=_HASH[dialect], expressions=[value])
    if dialect == "duckdb":  # its hashes have no sign, and columns of answers have one
        hashed = exp.cast(exp.IntDiv(this=hashed, expression=exp.Literal.number(2)), "bigint")
    distinct = (
        exp.select(hashed.as_("h")).distinct().from_(exp.to_table(table)).where(_column(name).is_(exp.null()).not_())
    )
    smallest = exp.select("h").from_(distinct.subquery("d")).order_by("h").limit(KEPT)
    found = context.warehouse.query(smallest).column("h").to_pylist()
    return tuple(value * 2 if dialect == "duckdb" else value + _SPACE // 2 for value in found)


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)
