"""Checks that look at rows: what each must hold, that keys stand once, that references name something."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from tiffin.capabilities.quality.domain.checks import CheckKind, Result, Status, TableCheck
from tiffin.capabilities.quality.queries import checking
from tiffin.capabilities.quality.service.check_rules import retained
from tiffin.kernel.contract import Classification, TableContract
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.context import Context

SAMPLED = 5
GUARDED = frozenset({Classification.PERSONAL, Classification.SPECIAL})
_PLACE = ("city_id", "business_date")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class _Rule:
    check: TableCheck
    holds: exp.Expr


def look_at_rows(context: Context, contract: TableContract, checks: Sequence[TableCheck]) -> Iterator[Result]:
    """Hold every rule against every row in one pass; look again only for where those that break are."""
    dialect = context.warehouse.dialect
    rules = [_Rule(one, checking.condition(_text(context, contract, one), dialect)) for one in checks]
    if not rules:
        return
    [row] = context.warehouse.query(checking.broken_rows(contract.name, [one.holds for one in rules])).to_pylist()
    rows = int(row["rows_seen"])
    counts = [int(row[f"b{number}"] or 0) for number in range(len(rules))]
    broken = [rule for rule, count in zip(rules, counts, strict=True) if count > rule.check.allowed * rows]
    for rule, count in zip(rules, counts, strict=True):
        sample = _keys(context, contract, rule.holds) if rule in broken else ()
        yield _whole(rule.check, rows, count, sample)
    if broken:
        yield from _places(context, contract, broken)


def look_at_keys(context: Context, contract: TableContract, checks: Sequence[TableCheck]) -> Iterator[Result]:
    """Look whether anything stands twice under one key."""
    for check in checks:
        query = checking.repeated_keys(contract.name, check.columns, context.warehouse.dialect)
        [seen] = context.warehouse.query(query).to_pylist()
        rows, digests = int(seen["rows_seen"]), int(seen["digests"] or 0)
        by = _by(contract)
        found: list[dict[str, Any]] = []
        if digests:
            found = context.warehouse.query(checking.repeated_rows(contract.name, check.columns, by)).to_pylist()
        count = sum(int(row["rows_broken"]) for row in found)
        sample: tuple[Mapping[str, Any], ...] = ()
        if count:
            shown = [name for name in _shown(contract) if name in check.columns]
            query = checking.some_repeated(contract.name, check.columns, shown, limit=SAMPLED)
            sample = _plain(context.warehouse.query(query).to_pylist()) if shown else ()
        yield _whole(check, rows, count, sample)
        yield from (_placed(check, row, int(row["rows_broken"]), 0) for row in found if by)


def look_at_references(context: Context, contract: TableContract, checks: Sequence[TableCheck]) -> Iterator[Result]:
    """Look whether values name something that another table knows; of an empty table nobody can tell."""
    loaded = context.warehouse.versions()
    for check in checks:
        table, name = check.refers or ("", "")
        if table not in loaded:
            yield Result(check.name, check.table, check.kind, Status.UNMEASURED)
            continue
        [column] = check.columns
        is_local = column != "city_id" and contract.has("city_id") and TABLES[table].has("city_id")
        query = checking.unknown_references(contract.name, column, (table, name), is_local=is_local, by=())
        [row] = context.warehouse.query(query).to_pylist()
        rows, count = int(row["rows_seen"] or 0), int(row["rows_broken"] or 0)
        if not rows:
            yield Result(check.name, check.table, check.kind, Status.UNMEASURED)
            continue
        if count <= check.allowed * rows:
            yield _whole(check, rows, count, ())
            continue
        shown = _shown(contract)
        query = checking.some_unknown(contract.name, column, (table, name), shown, is_local=is_local, limit=SAMPLED)
        yield _whole(check, rows, count, _plain(context.warehouse.query(query).to_pylist()) if shown else ())
        by = _by(contract)
        query = checking.unknown_references(contract.name, column, (table, name), is_local=is_local, by=by)
        for place in context.warehouse.query(query).to_pylist() if by else ():
            if int(place["rows_broken"] or 0):
                yield _placed(check, place, int(place["rows_broken"]), int(place["rows_seen"]))


def _text(context: Context, contract: TableContract, check: TableCheck) -> str:
    if check.kind is not CheckKind.RETENTION:
        return check.holds
    today = context.now.date()
    months = today.year * _MONTHS + today.month - 1 - contract.retention_months
    return retained("business_date", f"{months // _MONTHS:04}-{months % _MONTHS + 1:02}-01")


def _places(context: Context, contract: TableContract, broken: Sequence[_Rule]) -> Iterator[Result]:
    by = _by(contract)
    if not by:
        return
    rows = context.warehouse.query(checking.broken_places(contract.name, [one.holds for one in broken], by)).to_pylist()
    for number, rule in enumerate(broken):
        for row in rows:
            if row[f"b{number}"]:
                yield _placed(rule.check, row, int(row[f"b{number}"]), int(row["rows_seen"]))


def _keys(context: Context, contract: TableContract, holds: exp.Expr) -> tuple[Mapping[str, Any], ...]:
    shown = _shown(contract)
    if not shown:
        return ()
    return _plain(context.warehouse.query(checking.some_keys(contract.name, holds, shown, limit=SAMPLED)).to_pylist())


def _shown(contract: TableContract) -> list[str]:
    """Name the parts of a key that tell of nobody."""
    return [name for name in contract.key if contract.column(name).classification not in GUARDED]


def _plain(rows: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple({name: None if value is None else str(value) for name, value in row.items()} for row in rows)


def _by(contract: TableContract) -> tuple[str, ...]:
    return tuple(name for name in _PLACE if contract.has(name))


def _whole(check: TableCheck, rows: int, count: int, sample: tuple[Mapping[str, Any], ...]) -> Result:
    status = Status.FAILED if count > check.allowed * rows else Status.PASSED
    share = count / rows if rows else 0.0
    return Result(
        check.name, check.table, check.kind, status, value=share, threshold=check.allowed,
        rows_checked=rows, rows_broken=count, sample=sample,
    )  # fmt: skip


def _placed(check: TableCheck, row: Mapping[str, Any], broken: int, rows: int) -> Result:
    return Result(
        check.name, check.table, check.kind, Status.FAILED, city_id=str(row.get("city_id") or ""),
        day=row.get("business_date"), until=row.get("business_date"), value=broken / rows if rows else None,
        threshold=check.allowed, rows_checked=rows, rows_broken=broken,
    )  # fmt: skip
