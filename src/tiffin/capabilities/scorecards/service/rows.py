"""The rows behind a number, over the same conditions and permissions as the number itself."""

from dataclasses import dataclass, replace
from typing import Any

from tiffin.capabilities.metrics.service.answering import frame_of
from tiffin.capabilities.metrics.service.grounds import Frame
from tiffin.capabilities.metrics.service.policies import policy_of
from tiffin.capabilities.scorecards.domain.rows import MOST_EXPORTED, SHOWN, RowPage, RowPart
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.compiling.periods import asked_days
from tiffin.engines.metrics.compiling.rows import Question, Rows
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.model import BASE, Aggregate, Model, NestedAggregate
from tiffin.engines.metrics.protection.allowances import Policy
from tiffin.engines.metrics.protection.masking import KEY, mask_sql
from tiffin.engines.metrics.protection.permissions import scope_of, scope_sql
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.contract import Classification, Column, LogicalType
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.masks import shape_of_column
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import GUARDED
from tiffin.runtime.classes import Confirmed, class_in_force, confirmed_classes
from tiffin.runtime.context import Context
from tiffin.runtime.mask_key import with_key

_DAYS = {LogicalType.DATE: ColumnType.DATE}


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the rows of one part are read."""

    rows: Rows
    part: RowPart
    where: tuple[str, ...]
    fragments: Fragments
    columns: tuple[Column, ...]


def rows_behind(
    context: Context, request: MetricRequest, *, part: int | None = None, offset: int = 0, limit: int = 50
) -> RowPage:
    """List the rows of which a number is made.

    Parameters
    ----------
    request : MetricRequest
        One metric; its days, conditions and permissions are those of the rows.
    part : int or None
        Which aggregate of the metric; None for the first.

    Raises
    ------
    WrongUse
        The number is not made of rows that can be told one by one.
    Forbidden
        The actor is told groups only, or not this metric.
    NotFound
        The metric has no such part.
    """
    context = _of_scopes(context)
    reading, parts = _reading(context, request, part)
    shown = SHOWN.get(reading.part.table)
    columns = tuple(one for one in reading.columns if shown is None or one.name in shown)
    if shown:
        columns = tuple(sorted(columns, key=lambda one: shown.index(one.name)))
    total, value = _counted(context, reading)
    found, masked, veiled = _listed(context, reading, columns, offset=offset, limit=limit)
    details = {"part": reading.part.told, "rows": len(found), "offset": offset}
    audit.record_read(context, action="rows_seen", subject=request.metrics[0], details=details)
    names = tuple(one.name for one in columns)
    return RowPage(request.metrics[0], parts, reading.part, names, found, total, value, masked, veiled)


def all_rows_behind(context: Context, request: MetricRequest, *, part: int | None = None) -> RowPage:
    """List all rows with all their columns, for a file; at most 200,000.

    Raises
    ------
    WrongUse, Forbidden, NotFound
        As `rows_behind`; there are too many rows for one file.
    """
    context = _of_scopes(context)
    reading, parts = _reading(context, request, part)
    total, value = _counted(context, reading)
    if total > MOST_EXPORTED:
        raise WrongUse(f"A file holds at most {MOST_EXPORTED} rows; there are {total}. Choose fewer days or one place.")
    found, masked, veiled = _listed(context, reading, reading.columns, offset=0, limit=total)
    details = {"part": reading.part.told, "rows": len(found)}
    audit.record_read(context, action="rows_exported", subject=request.metrics[0], details=details)
    names = tuple(one.name for one in reading.columns)
    return RowPage(request.metrics[0], parts, reading.part, names, found, total, value, masked, veiled)


def _of_scopes(context: Context) -> Context:
    """Leave out the actor's grants for single assets: they open numbers, and never the rows behind them."""
    return replace(context, actor=replace(context.actor, asset_grants=()))


def _reading(context: Context, request: MetricRequest, part: int | None) -> tuple[_Reading, tuple[RowPart, ...]]:
    frame = frame_of(context, request)
    _refuse_groups_only(context, request, frame)
    model = frame.library.model
    parts = parts_of(request.metrics[0], model)
    if not parts:
        raise WrongUse(
            Message(
                "{metric} is not made of rows that can be told one by one. Look into its tree.",
                metric=request.metrics[0],
            )
        )
    chosen = next((one for one in parts if one.number == part), None if part is not None else parts[0])
    if chosen is None:
        raise NotFound(f"{request.metrics[0]} has no part {part}. Choose one of those that its page lists.")
    leaf = model.aggregates[chosen.number]
    if not isinstance(leaf, Aggregate):
        raise NotFound(f"{request.metrics[0]} has no part {part}. Choose one of those that its page lists.")
    rows, where = _selected(frame, leaf, context.warehouse.dialect)
    return _Reading(rows, chosen, where, rows.fragments, TABLES[chosen.table].columns), parts


def parts_of(metric: str, model: Model) -> tuple[RowPart, ...]:
    """List the aggregates of a metric whose rows can be told."""
    found = []
    for number in model.resolved[metric].aggregates:
        leaf = model.aggregates[number]
        if isinstance(leaf, NestedAggregate) or leaf.followed or leaf.snapshot:
            continue
        table = model.sources[leaf.source].source.table
        where = f" where {leaf.where.tree.sql('duckdb')}" if leaf.where else ""
        of = f" of {', '.join(one.tree.sql('duckdb') for one in leaf.of)}" if leaf.of else ""
        found.append(RowPart(number, table, f"{leaf.aggregation}{of}{where}".replace(f"{BASE}.", "")))
    return tuple(found)


def _refuse_groups_only(context: Context, request: MetricRequest, frame: Frame) -> None:
    if frame.ground.masked:
        raise Forbidden(
            Message("No grant of yours opens {metric}. Ask an administrator for one.", metric=request.metrics[0])
        )
    if frame.ground.minimum_size > 1:
        raise Forbidden(
            f"Your grants tell groups of at least {frame.ground.minimum_size} rows, and single rows to nobody. "
            f"Ask {context.actor.name}'s administrator for a grant without a least size."
        )


def _selected(frame: Frame, leaf: Aggregate, dialect: str) -> tuple[Rows, tuple[str, ...]]:
    # By masked dimensions where the actor is told them so: a condition must not choose by what he may not know.
    fragments, request = frame.fragments(dialect), frame.asked
    model, footprint = frame.library.model, frame.footprint
    time = model.sources[leaf.source].source.time
    span = request.days
    if span is None and footprint:
        span = footprint.days(model.resolved[request.metrics[0]].sources, frame.cities())
    conditions = tuple(item for item in request.where if item.dimension == time)
    asked = asked_days(span, conditions, time, model.dimensions)
    rows = Rows(Question(request, fragments, frame.scope, (), asked, {}), leaf.source)
    days = [rows.within(rows.stretches(leaf.frame))] if leaf.frame else rows.own_days()
    own = fragments.filter(leaf.number)
    return rows, (*rows.chosen(), *rows.permitted(), *days, *([f"({own})"] if own else []))


def _counted(context: Context, reading: _Reading) -> tuple[int, float | None]:
    aggregate = reading.fragments.aggregate(reading.part.number, is_grouped=False)
    sql = reading.rows.select(["COUNT(*) AS n", f"{aggregate} AS v"], reading.where, _used(reading))
    found = context.warehouse.query_text(with_key(context, sql, KEY)).to_pylist()[0]
    return int(found["n"]), None if found["v"] is None else float(found["v"])


def _listed(
    context: Context, reading: _Reading, columns: tuple[Column, ...], *, offset: int, limit: int
) -> tuple[tuple[tuple[Any, ...], ...], tuple[str, ...], tuple[str, ...]]:
    opened = {one: _opened(context, reading, one) for one in GUARDED}
    confirmed, contract = confirmed_classes(context), TABLES[reading.part.table]
    masked, veiled, selected = [], [], []

    def told(column: Column) -> tuple[str, bool, bool]:
        """Write a column; tell whether any of it is hidden, and whether any is masked instead."""
        name = f"{BASE}.{reading.fragments.name(column.name)}"
        guard = opened.get(class_in_force(confirmed, contract.name, column.name))
        if not guard:
            return name, False, False
        others = _veiled(context, reading, column, confirmed, name)
        return f"CASE WHEN {guard} THEN {name}{others} END", True, bool(others)

    for column in columns:
        sql, is_hidden, is_veiled = told(column)
        masked += [column.name] if is_hidden else []
        veiled += [column.name] if is_veiled else []
        selected.append(f"{sql} AS {reading.fragments.name(column.name)}")
    # In the order of what is told: that of values would tell of them.
    keys = ", ".join(told(contract.column(key))[0] for key in contract.key)
    sql = reading.rows.select(selected, reading.where, _used(reading))
    sql = f"{sql} ORDER BY {keys} LIMIT {int(limit)} OFFSET {int(offset)}"
    table = context.warehouse.query_text(with_key(context, sql, KEY))
    return tuple(zip(*(one.to_pylist() for one in table.columns), strict=True)), tuple(masked), tuple(veiled)


def _veiled(context: Context, reading: _Reading, column: Column, confirmed: Confirmed, name: str) -> str:
    """Write in which rows a column that is not open is told masked, and how."""
    kind, shape = class_in_force(confirmed, reading.part.table, column.name), shape_of_column(column)
    parts = []
    for one in policy_of(context.actor):
        masks = [mask for about, fits, mask in one.masks if about == kind and fits == shape]
        if masks and one.minimum_size == 1:
            guard = _reached(reading, (one,)) or "TRUE"
            told = mask_sql(name, _DAYS.get(column.type, ColumnType.INSTANT), masks[0], reading.fragments.dialect)
            parts.append(f" WHEN {guard} THEN {told}")
    return "".join(parts)


def _opened(context: Context, reading: _Reading, wanted: Classification) -> str:
    """Write in which rows a class of columns is open to the actor; empty where it is in all."""
    policy = tuple(one for one in policy_of(context.actor) if wanted in one.opens and one.minimum_size == 1)
    return _reached(reading, policy) if policy else "FALSE"


def _reached(reading: _Reading, policy: Policy) -> str:
    """Write which rows a policy reaches; empty for all of them."""
    try:
        return scope_sql(scope_of(policy), reading.rows.source, reading.fragments) or ""
    except Forbidden:
        return "FALSE"


def _used(reading: _Reading) -> tuple[Any, ...]:
    leaf = reading.fragments.leaf(reading.part.number)
    # What limits the rows may read the country or a fleet through a join, whatever the request names.
    names = ("country", "city_id", "zone_id", "merchant_id", "rider_id", "fleet_id", "vehicle", "category")
    own = reading.rows.prepared.dimensions
    return (*leaf.of, *((leaf.where,) if leaf.where else ()), *(own[name] for name in names if name in own))
