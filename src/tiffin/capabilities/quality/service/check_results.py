"""What the checks of tables found, kept once and read again, as far as the reader may see the places."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Select, func, select

from tiffin.capabilities.quality.domain.checks import CheckKind, Result, Status
from tiffin.capabilities.quality.models import QualityResult
from tiffin.runtime.context import Context

Key = tuple[str, str, str, date | None]


def store(context: Context, results: Sequence[Result]) -> tuple[Result, ...]:
    """Keep results and give those kept; one of a place and day that says what was said before is not kept again."""
    known = _latest(context, results)
    kept = []
    for one in results:
        is_whole = not one.country and not one.city_id and one.day is None
        row = known.get(_key(one))
        is_same = row is not None and (row.status, row.rows_broken) == (one.status.value, one.rows_broken)
        if is_whole or not is_same or (row is not None and row.value != one.value):
            context.session.add(_row(context, one))
            kept.append(one)
    context.session.flush()
    return tuple(kept)


def watched(context: Context, table: str) -> Iterable[tuple[str, str]]:
    """List the checks of freshness with the countries of which they have judged before."""
    wanted = select(QualityResult.check_name, QualityResult.country).where(
        QualityResult.table_name == table,
        QualityResult.kind == CheckKind.FRESHNESS.value,
        QualityResult.status != Status.UNMEASURED.value,
    )
    return [(name, country) for name, country in context.session.execute(wanted.distinct())]


def list_results(
    context: Context,
    *,
    table: str | None = None,
    check: str | None = None,
    status: Status | None = None,
    since: date | None = None,
    limit: int = 500,
) -> tuple[Result, ...]:
    """List what was found in the places that the actor may see, newest first."""
    wanted = _chosen(table, check).order_by(QualityResult.checked_at.desc(), QualityResult.result_id.desc())
    if status is not None:
        wanted = wanted.where(QualityResult.status == status.value)
    if since is not None:
        wanted = wanted.where((QualityResult.day >= since) | QualityResult.day.is_(None))
    return tuple(seen for row in context.session.scalars(wanted.limit(limit)) if (seen := _seen(context, row)))


def standing_of(context: Context, table: str | None = None) -> tuple[Result, ...]:
    """Give each check's newest result for the whole table, or its worst of the newest days."""
    newest = (
        select(func.max(QualityResult.result_id))
        .where(QualityResult.country == "", QualityResult.city_id == "")
        .group_by(QualityResult.check_name)
    )
    whole = select(QualityResult).where(QualityResult.result_id.in_(newest))
    days = (
        select(func.max(QualityResult.result_id))
        .where(QualityResult.day.is_not(None), QualityResult.kind.in_([kind.value for kind in _TOLD_BY_DAY]))
        .group_by(QualityResult.check_name, QualityResult.country, QualityResult.city_id, QualityResult.day)
    )
    by_day = select(QualityResult).where(QualityResult.result_id.in_(days))
    if table is not None:
        whole, by_day = whole.where(QualityResult.table_name == table), by_day.where(QualityResult.table_name == table)
    found = {row.check_name: one for row in context.session.scalars(whole) if (one := _seen(context, row))}
    latest = _newest_days(context)
    for row in context.session.scalars(by_day.order_by(QualityResult.day)):
        one = _seen(context, row)
        if one is None or row.day is None or row.day < latest.get(row.table_name, row.day) - timedelta(days=_SPAN):
            continue
        before = found.get(row.check_name)
        if before is None or before.status is not Status.FAILED or one.status is Status.FAILED:
            found[row.check_name] = one
    return tuple(sorted(found.values(), key=lambda one: (one.table, one.check)))


_TOLD_BY_DAY = (CheckKind.FRESHNESS, CheckKind.VOLUME, CheckKind.RECONCILIATION, CheckKind.DISTRIBUTION)
_SPAN = 13


def _newest_days(context: Context) -> dict[str, date]:
    wanted = select(QualityResult.table_name, func.max(QualityResult.day)).group_by(QualityResult.table_name)
    return {table: day for table, day in context.session.execute(wanted) if day is not None}


def _chosen(table: str | None, check: str | None) -> Select[QualityResult]:
    wanted = select(QualityResult)
    if table is not None:
        wanted = wanted.where(QualityResult.table_name == table)
    return wanted.where(QualityResult.check_name == check) if check is not None else wanted


def _seen(context: Context, row: QualityResult) -> Result | None:
    """Give a result as the actor may see it: none of other places, and of whole tables only how it ended."""
    one = _result(row)
    if one.country or one.city_id:
        return one if context.actor.may_see_city(country=one.country, city_id=one.city_id) else None
    if not context.actor.grants:
        return None
    if context.actor.may_see_city(country="", city_id=""):
        return one
    mine = tuple(key for key in one.sample if context.actor.may_see_city(country="", city_id=str(key.get("city_id"))))
    return replace(one, value=None, rows_checked=0, rows_broken=0, sample=mine)


def _latest(context: Context, results: Sequence[Result]) -> dict[Key, QualityResult]:
    placed = [one for one in results if one.country or one.city_id or one.day]
    if not placed:
        return {}
    wanted = select(QualityResult).where(
        QualityResult.table_name.in_({one.table for one in placed}),
        QualityResult.check_name.in_({one.check for one in placed}),
    )
    first = min((one.day for one in placed if one.day), default=None)
    if first is not None:
        wanted = wanted.where((QualityResult.day >= first) | QualityResult.day.is_(None))
    rows = context.session.scalars(wanted.order_by(QualityResult.result_id))
    return {(row.check_name, row.country, row.city_id, row.day): row for row in rows}


def _key(one: Result) -> Key:
    return one.check, one.country, one.city_id, one.day


def _row(context: Context, one: Result) -> QualityResult:
    return QualityResult(
        check_name=one.check,
        table_name=one.table,
        kind=one.kind.value,
        status=one.status.value,
        country=one.country,
        city_id=one.city_id,
        day=one.day,
        until=one.until,
        value=one.value,
        threshold=one.threshold,
        rows_checked=one.rows_checked,
        rows_broken=one.rows_broken,
        sample=[dict(key) for key in one.sample],
        table_version=one.version,
        checked_at=one.at or context.now,
    )


def _result(row: QualityResult) -> Result:
    return Result(
        row.check_name,
        row.table_name,
        CheckKind(row.kind),
        Status(row.status),
        row.country,
        row.city_id,
        row.day,
        row.until,
        row.value,
        row.threshold,
        row.rows_checked,
        row.rows_broken,
        tuple(row.sample),
        row.table_version,
        row.checked_at,
    )
