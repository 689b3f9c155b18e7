"""What of a result only its history and its incident tell: since when it had failed, and how bad that is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.severity import SEVERITIES
from tiffin.capabilities.quality.domain.checks import BY_DAY, CheckKind, Result, Status
from tiffin.capabilities.quality.models import DataIncident, QualityResult
from tiffin.runtime.context import Context

REMEMBERED = timedelta(days=400)
"""What failed longer ago is not looked for."""

Key = tuple[str, str, str, object]


def recovered(context: Context, results: Sequence[Result]) -> tuple[Result, ...]:
    """Say of what passes again how long it had failed; results of places that break rules of rows never pass."""
    passed = {_key(one): one for one in results if one.status is Status.PASSED}
    since = _failing_since(context, passed) if passed else {}
    return tuple(_recovered(one, since.get(_key(one))) for one in results)


def rated(context: Context, results: Sequence[Result]) -> Iterator[Result]:
    """Say of what failed how bad its incident is; of a whole table, the worst of its incidents."""
    severities: dict[tuple[str, str], str] = {}
    for row in context.session.scalars(select(DataIncident).where(DataIncident.is_open)):
        severities[row.table_name, row.country] = cases.guided_case(context, row.case_id).summary.severity
    for one in results:
        if one.status is not Status.FAILED:
            yield one
            continue
        own = severities.get((one.table, one.country))
        every = [severity for (table, _), severity in severities.items() if table == one.table]
        worst = min(every, key=SEVERITIES.index, default="") if not one.country else ""
        yield replace(one, severity=own or worst)


def _failing_since(context: Context, passed: Mapping[Key, Result]) -> Mapping[Key, datetime]:
    """Give when each of some results failed first since it had passed last, where it failed until now."""
    failed = (
        select(QualityResult.check_name)
        .where(
            QualityResult.check_name.in_(sorted({one.check for one in passed.values()})),
            QualityResult.status == Status.FAILED.value,
            QualityResult.checked_at >= context.now - REMEMBERED,
        )
        .distinct()
    )
    names = context.session.scalars(failed).all()
    if not names:
        return {}
    wanted = select(QualityResult).where(
        QualityResult.check_name.in_(names), QualityResult.checked_at >= context.now - REMEMBERED
    )
    since: dict[Key, datetime] = {}
    for row in context.session.scalars(wanted.order_by(QualityResult.checked_at, QualityResult.result_id)):
        key = _named(row.check_name, CheckKind(row.kind), row.country, row.city_id, row.day)
        if key not in passed or row.checked_at >= context.now:
            continue
        if row.status == Status.FAILED.value:
            since.setdefault(key, row.checked_at)
        elif row.status == Status.PASSED.value:
            since.pop(key, None)
    return since


def _recovered(one: Result, since: datetime | None) -> Result:
    if since is None or one.status is not Status.PASSED or one.at is None:
        return one
    return replace(one, recovery_min=max(int((one.at - since) / timedelta(minutes=1)), 0))


def _key(one: Result) -> Key:
    return _named(one.check, one.kind, one.country, one.city_id, one.day)


def _named(check: str, kind: CheckKind, country: str, city: str, day: object) -> Key:
    """Name what recovers: a check of hours whatever day it waits for, one of days each day, one of rows its table."""
    return check, country, city, day if kind in BY_DAY - {CheckKind.FRESHNESS} else None
