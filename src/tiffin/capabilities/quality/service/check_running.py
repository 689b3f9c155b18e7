"""A run of the checks of tables: over those that changed since their last run, and the hours of all."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import delete, select, text

from tiffin.capabilities.quality.domain.checks import (
    BY_DAY,
    ERROR,
    CheckKind,
    CheckRun,
    Result,
    Status,
    TableCheck,
)
from tiffin.capabilities.quality.models import CheckedTable
from tiffin.capabilities.quality.service import check_recoveries, check_results
from tiffin.capabilities.quality.service.broken import Judged, judge
from tiffin.capabilities.quality.service.check_days import (
    Ground,
    ground_of,
    look_at_freshness,
    look_at_sides,
    look_at_values,
    look_at_volume,
    rows_by_day,
)
from tiffin.capabilities.quality.service.check_facts import OWN, put
from tiffin.capabilities.quality.service.check_rows import look_at_keys, look_at_references, look_at_rows
from tiffin.capabilities.quality.service.check_rules import checks_of
from tiffin.capabilities.quality.service.days import has_days
from tiffin.capabilities.quality.service.escalating import escalate_overdue
from tiffin.kernel.errors import InvalidData, InvalidDefinition, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

FORM = 1
"""Changes when the same checks would find something else than before."""

LOCK_KEY = 0x7166_6E71
"""PostgreSQL's advisory lock of the run that is at work."""

_TOLD = 500
_ROWS = (CheckKind.VALIDITY, CheckKind.RETENTION)


def run(
    context: Context,
    *,
    tables: Sequence[str] = (),
    is_forced: bool = False,
    progress: Callable[[float], None] = lambda _share: None,
) -> CheckRun:
    """Check tables, keep what was found, and open, add to or calm the incidents that follow.

    What was kept becomes facts of ``check_results`` too. That table is checked only where it is named, and what is
    found of it stays out of it; or each run would change what the next one has to check.

    Raises
    ------
    NotFound
        There is no table of that name, or nothing was loaded into it.
    """
    _wait_for_others(context)
    by_table, versions = checks_of(context), context.warehouse.versions()
    wanted = tables or tuple(sorted(versions.keys() - {OWN}))
    for table in wanted:
        if table not in versions:
            raise NotFound(
                Message("There is no table {table} with facts. There are: {known}.", table=table,
                        known=", ".join(sorted(versions)) or Message("none"))
            )  # fmt: skip
    ground = ground_of(context)
    known = {row.table_name: row.stamp for row in context.session.scalars(select(CheckedTable))}
    judged: list[Judged] = []
    kept: list[Result] = []
    for number, table in enumerate(wanted):
        stamp = stamp_of(table, by_table.get(table, ()), versions)
        is_due = is_forced or known.get(table) != stamp
        checks = by_table.get(table, ())
        chosen = checks if is_due else tuple(one for one in checks if one.kind is CheckKind.FRESHNESS)
        found = look(ground, table, chosen)
        told = tuple(replace(one, version=versions[table], at=context.now) for one in found)
        kept += check_recoveries.recovered(context, check_results.store(context, told))
        judged.append(Judged(table, chosen, checks, told, is_whole=is_due))
        _note(context, table, stamp)
        progress((number + 1) / len(wanted))
    opened, calmed = judge(context, judged)
    report = replace(_report(judged, opened, calmed), escalated=escalate_overdue(context))
    details = {"tables": len(report.tables), "failed": len({one.check for one in report.failed})}
    audit.record(context, action="tables_checked", subject=", ".join(wanted)[:400], details=details)
    put(context, tuple(check_recoveries.rated(context, kept)))
    return report


def look(ground: Ground, table: str, checks: Sequence[TableCheck]) -> tuple[Result, ...]:
    """Look at one table with some checks; nothing is kept."""
    contract = TABLES[table]
    context = ground.context
    of: dict[CheckKind, list[TableCheck]] = {}
    for check in checks:
        of.setdefault(check.kind, []).append(check)
    rows = rows_by_day(context, table) if has_days(table) and (of.keys() & BY_DAY) else {}
    watched = frozenset(check_results.watched(context, table))
    in_rows = [one for kind in _ROWS for one in of.get(kind, ())]
    found = [
        *_despite_errors(in_rows, lambda some: look_at_rows(context, contract, some)),
        *_despite_errors(of.get(CheckKind.UNIQUENESS, ()), lambda some: look_at_keys(context, contract, some)),
        *_despite_errors(of.get(CheckKind.REFERENCE, ()), lambda some: look_at_references(context, contract, some)),
        *look_at_freshness(ground, of.get(CheckKind.FRESHNESS, ()), rows, watched),
        *look_at_volume(ground, of.get(CheckKind.VOLUME, ()), rows),
        *_despite_errors(of.get(CheckKind.DISTRIBUTION, ()), lambda some: look_at_values(ground, contract, some)),
        *_despite_errors(of.get(CheckKind.RECONCILIATION, ()), lambda some: look_at_sides(ground, some)),
    ]
    return tuple(_in_country(ground, one) for one in found)


def _despite_errors(
    checks: Sequence[TableCheck], look_with: Callable[[Sequence[TableCheck]], Iterable[Result]]
) -> tuple[Result, ...]:
    """Look with some checks at once; where that cannot be answered, with each alone, and say which cannot be judged.

    A check that stops the warehouse, by a number too large or a column that is no more, neither passed nor failed, and
    keeps no other from being judged.
    """
    try:
        return tuple(look_with(checks))
    except (InvalidData, InvalidDefinition) as error:
        if len(checks) == 1:
            [one] = checks
            told = {ERROR: str(error)[:_TOLD]}
            return (Result(one.name, one.table, one.kind, Status.UNMEASURED, sample=(told,)),)
    return tuple(result for one in checks for result in _despite_errors([one], look_with))


def stamp_of(table: str, checks: Iterable[TableCheck], versions: Mapping[str, int]) -> str:
    """Tell by a digest what decides the results of a table: its facts, those it is held against, and its checks."""
    others: set[str] = {"cities"}
    parts = []
    for check in checks:
        parts.append(repr(check.stamp))
        others |= {check.refers[0]} if check.refers else set()
        others |= {side.table for side in (check.one, check.other) if side}
    read = sorted({table, *others} & versions.keys())
    told = "\n".join([str(FORM), *(f"{name}@{versions[name]}" for name in read), *parts])
    return hashlib.sha256(told.encode()).hexdigest()


def _in_country(ground: Ground, one: Result) -> Result:
    if one.country or not one.city_id or one.city_id not in ground.places:
        return one
    return replace(one, country=ground.places[one.city_id].country)


def _wait_for_others(context: Context) -> None:
    """Let one run be at work at a time: two would open two incidents about one fault. SQLite has one writer anyhow."""
    if context.unit.engine.dialect.name == "postgresql":
        context.session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})


def _note(context: Context, table: str, stamp: str) -> None:
    context.session.execute(delete(CheckedTable).where(CheckedTable.table_name == table))
    context.session.add(CheckedTable(table_name=table, stamp=stamp, checked_at=context.now))
    context.session.flush()


def _report(judged: Sequence[Judged], opened: tuple[int, ...], calmed: tuple[int, ...]) -> CheckRun:
    results = [result for one in judged for result in one.results]
    return CheckRun(
        tables=tuple(one.table for one in judged if one.is_whole),
        skipped=tuple(one.table for one in judged if not one.is_whole),
        checks=sum(len(one.checks) for one in judged),
        failed=tuple(one for one in results if one.status is Status.FAILED),
        unmeasured=sum(one.status is Status.UNMEASURED for one in results),
        incidents=opened,
        passed_again=calmed,
    )
