"""From failed checks to incidents: one for a table in a country, as long as anything of it fails or waits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import CaseSummary, NewCase
from tiffin.capabilities.metrics.service.faults import WHOLE_ROWS, Fault, is_read, note_faults
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.quality.domain.checks import (
    BY_DAY,
    HARMLESS,
    STATISTICAL,
    CheckKind,
    Result,
    Status,
    TableCheck,
)
from tiffin.capabilities.quality.domain.incidents import Failure, failures_of, still_failing
from tiffin.capabilities.quality.models import DataIncident
from tiffin.capabilities.quality.service.severities import known_of, rate_anew, rule_for
from tiffin.engines.metrics.definitions import Tier
from tiffin.engines.metrics.reads import columns_under
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate

BROKEN_DATA = "broken_data"
IN_COUNTRY = mark("Faults in {table}, {country}: {what}")
EVERYWHERE = mark("Faults in {table}: {what}")
CALM_STATES = ("repaired", "confirmed")
_SHOWN = 3
_COLUMNWISE = frozenset({CheckKind.VALIDITY, CheckKind.REFERENCE, CheckKind.DISTRIBUTION})


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run found of one table.

    Parameters
    ----------
    checks : tuple of TableCheck
        Those that the run took.
    known : tuple of TableCheck
        All that the table has.
    is_whole : bool
        The run took all checks; otherwise only those of hours, because the table had not changed.
    """

    table: str
    checks: tuple[TableCheck, ...]
    known: tuple[TableCheck, ...]
    results: tuple[Result, ...]
    is_whole: bool


def judge(context: Context, judged: Sequence[Judged]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Open an incident for what fails, add to those that are open, and calm those of which nothing fails any more.

    Returns
    -------
    tuple of (tuple of int, tuple of int)
        Numbers of the incidents that were opened or added to, and of those that pass again.
    """
    touched: list[int] = []
    calmed: list[int] = []
    for one in judged:
        standing = {row.country: row for row in _open(context, one.table)}
        for country, results in _by_country(one.results, standing).items():
            row = standing.get(country)
            failures = failures_of(results)
            if row is None:
                fresh = _not_dismissed(context, one.table, country, failures)
                if fresh:
                    touched.append(_begin(context, one, country, fresh))
            elif _goes_on(context, row, one, results, failures):
                touched.append(row.case_id)
            elif row.passes_since == context.now:
                calmed.append(row.case_id)
    return tuple(touched), tuple(calmed)


def close_if_ready(context: Context, row: DataIncident, case: CaseSummary) -> None:
    """Close an incident that a second person confirmed and whose checks pass."""
    if case.state == "confirmed" and row.passes_since is not None:
        cases.act_for_platform(context, row.case_id, "close", {})
        end(context, row)


def end(context: Context, row: DataIncident) -> None:
    """Let readers of the numbers be told no longer."""
    row.is_open = False
    note_faults(context, row.case_id, ())
    context.session.flush()


def _by_country(results: Sequence[Result], standing: Iterable[str]) -> Mapping[str, list[Result]]:
    """Group results; one of a whole table is left out where it is told place by place."""
    found: dict[str, list[Result]] = {country: [] for country in standing}
    placed = {one.check for one in results if _is_failed(one) and (one.country or one.city_id)}
    for one in results:
        if not _is_failed(one) or one.country or one.city_id or one.check not in placed:
            found.setdefault(one.country, []).append(one)
    return found


def _is_failed(result: Result) -> bool:
    return result.status is Status.FAILED


def _open(context: Context, table: str) -> Iterable[DataIncident]:
    wanted = select(DataIncident).where(DataIncident.table_name == table, DataIncident.is_open)
    return context.session.scalars(wanted).all()


def _not_dismissed(context: Context, table: str, country: str, failures: Sequence[Failure]) -> tuple[Failure, ...]:
    """Leave out what a person has already looked at and found to be no fault, or repaired as far as it goes."""
    wanted = select(DataIncident).where(
        DataIncident.table_name == table, DataIncident.country == country, DataIncident.is_open.is_(False)
    )
    known = [
        Failure.read(plain)
        for row in context.session.scalars(wanted)
        if cases.guided_case(context, row.case_id).summary.state == "dismissed"
        for plain in row.failures
    ]
    return tuple(one for one in failures if not any(other.covers(one) for other in known))


def _begin(context: Context, judged: Judged, country: str, failures: tuple[Failure, ...]) -> int:
    names, certified = hit_by(context, judged.table, judged.known, failures)
    wanted = select(func.count()).where(DataIncident.table_name == judged.table, DataIncident.country == country)
    number = (context.session.scalar(wanted) or 0) + 1
    cities = {one.city_id for one in failures}
    known = known_of(context, failures, names, certified, opened=context.now.date())
    case = cases.open_case(
        context,
        NewCase(
            case_type=BROKEN_DATA,
            key=f"{judged.table}|{country}|{number}",
            headline=IN_COUNTRY if country else EVERYWHERE,
            values=_values(judged, country, failures),
            country=country or None,
            city_id=next(iter(cities)) or None if len(cities) == 1 else None,
            subject=judged.table,
            severity=rule_for(context, known).severity,
        ),
    )
    row = DataIncident(
        case_id=case.case_id,
        table_name=judged.table,
        country=country,
        owner=TABLES[judged.table].owner,
        failures=[one.plain() for one in failures],
        metrics=list(names),
        passes_since=None,
        is_open=True,
    )
    context.session.add(row)
    context.session.flush()
    note_faults(context, case.case_id, faults_of(row, judged.known, failures, since=context.now))
    return case.case_id


def _goes_on(
    context: Context, row: DataIncident, judged: Judged, results: Sequence[Result], failures: tuple[Failure, ...]
) -> bool:
    """Bring an open incident up to date; tell whether a run found something of it, rather than that it passes."""
    held = {one.name for one in judged.known}
    before = tuple(one for plain in row.failures for one in (Failure.read(plain),) if one.check in held)
    keys = {
        (one.check, one.city_id, None if one.kind is CheckKind.FRESHNESS else one.day)
        for one in results
        if one.status is not Status.UNMEASURED
    }
    run = {one.name for one in judged.checks} - _unmeasured(judged.results)
    now = still_failing(before, failures, judged=keys, run=run)
    if not now:
        if row.passes_since is None:
            row.passes_since = context.now
            cases.act_for_platform(context, row.case_id, "passes_again", {})
        close_if_ready(context, row, cases.guided_case(context, row.case_id).summary)
        return False
    was_passing, row.passes_since = row.passes_since is not None, None
    if {one.key for one in now} - {one.key for one in before} or was_passing:
        cases.act_for_platform(context, row.case_id, "seen_again", _values(judged, row.country, now))
    state = cases.guided_case(context, row.case_id).summary.state
    if state in CALM_STATES and failures and judged.is_whole:
        cases.act_for_platform(context, row.case_id, "fails_again", {})
    names, certified = hit_by(context, judged.table, judged.known, now)
    row.failures, row.metrics = [one.plain() for one in now], sorted({*row.metrics, *names})
    context.session.flush()
    opened = cases.guided_case(context, row.case_id).summary.opened_at
    note_faults(context, row.case_id, faults_of(row, judged.known, now, since=opened))
    rate_anew(context, row, known_of(context, now, names, certified, opened=opened.date()))
    return bool(failures)


def _unmeasured(results: Iterable[Result]) -> set[str]:
    """Name the checks of rows that could not be judged, so that nobody takes them for passed."""
    return {one.check for one in results if one.status is Status.UNMEASURED and one.kind not in BY_DAY}


def hit_by(
    context: Context, table: str, checks: Iterable[TableCheck], failures: Iterable[Failure]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the metrics that read what is broken, and those of them that are certified."""
    columns = {column for one in failures for column in _columns(one, _named(checks))}
    model = library_of(context.workspace).model
    names = tuple(
        sorted(
            name
            for name in model.metrics
            if name in model.resolved
            for reads in (columns_under(name, model),)
            if any(is_read(table, column, reads) for column in columns)
        )
    )
    return names, tuple(name for name in names if model.metrics[name].tier is Tier.CERTIFIED)


def faults_of(
    row: DataIncident, checks: Iterable[TableCheck], failures: Iterable[Failure], *, since: datetime
) -> tuple[Fault, ...]:
    """Write what readers of the numbers are told while an incident is open."""
    named = _named(checks)
    found = {
        Fault(
            row.case_id,
            row.table_name,
            column,
            row.country,
            one.city_id,
            one.first,
            one.last,
            since,
            one.kind not in STATISTICAL,
        ): None
        for one in failures
        for column in _columns(one, named)
    }
    return tuple(found)


def _columns(one: Failure, named: Mapping[str, TableCheck]) -> tuple[str, ...]:
    if one.kind in HARMLESS:
        return ()
    if one.kind not in _COLUMNWISE or one.check not in named:
        return (WHOLE_ROWS,)
    return named[one.check].columns


def _named(checks: Iterable[TableCheck]) -> Mapping[str, TableCheck]:
    return {one.name: one for one in checks}


def _values(judged: Judged, country: str, failures: Sequence[Failure]) -> Mapping[str, Any]:
    """Say what fails in every language."""
    named = _named(judged.known)
    checks = [named[name] for name in dict.fromkeys(one.check for one in failures) if name in named]
    more = ", …" if len(checks) > _SHOWN else ""
    what = {locale: "; ".join(said(one, locale) for one in checks[:_SHOWN]) + more for locale in LOCALES}
    place = {"country": {"country": country}} if country else {}
    return {"table": judged.table, **place, "what": what}


def said(check: TableCheck, locale: str) -> str:
    """Say what a check wants in a reader's language."""
    if check.label:
        return check.label.get(locale) or check.label["en"]
    return translate(locale, check.said.text, **check.said.values)
