"""Checks in a browser: every table with how its checks stand, and one table with the history of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.domain.checks import BY_DAY, CheckKind, Result, Status, TableCheck
from tiffin.capabilities.quality.pages.files import FileForm, as_file
from tiffin.capabilities.quality.pages.trend import trend
from tiffin.capabilities.quality.service.broken import said
from tiffin.capabilities.quality.service.check_results import list_results, standing_of
from tiffin.capabilities.quality.service.incident_views import list_incidents
from tiffin.capabilities.quality.service.words import KINDS, ORIGINS, STATUSES
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_percent, mark, ngettext, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.sparkline import sparkline
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()

TONES = {Status.PASSED: "good", Status.FAILED: "bad", Status.UNMEASURED: ""}
COLUMNS = pa.schema(
    [
        *((name, pa.string()) for name in ("check", "kind", "status", "country", "city_id")),
        *((name, pa.date32()) for name in ("day", "until")),
        *((name, pa.float64()) for name in ("value", "threshold")),
        *((name, pa.int64()) for name in ("rows_checked", "rows_broken", "version")),
        ("at", pa.timestamp("us", tz="UTC")),
    ]
)
"""Columns of the file of results."""

EXPORTED = 100_000
_DRAWN = 60
_RANKS = {Status.FAILED: 0, Status.UNMEASURED: 2, Status.PASSED: 3}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One table with how many of its checks stand how."""

    name: str
    owner: str
    checks: int
    failed: int
    unmeasured: int
    incident: int | None
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of a table, with its newest result and its history as a small drawing."""

    check: TableCheck
    text: str
    result: Result | None
    drawing: Markup
    measured: str

    @property
    def is_calm(self) -> bool:
        """Tell whether it is a rule of rows that none breaks: there is nothing to look at."""
        passed = self.result is not None and self.result.status is Status.PASSED
        return passed and self.check.kind not in BY_DAY


@router.get("/quality/checks")
def show_tables(request: Request, context: ContextDep) -> Response:
    """Show every table with facts, and how its checks stand."""
    _need_grant(context)
    rows = _tables(context)
    rows.sort(key=lambda row: (-row.failed, row.name))
    return page(
        request,
        context,
        "quality/checks.html",
        rows=rows,
        is_steward=context.actor.has_role_everywhere(Role.STEWARD),
        is_run=any(row.checked_at for row in rows),
        trend=trend(context),
    )


@router.get("/quality/checks/{table}")
def show_table(request: Request, context: ContextDep, table: str, kind: str = "") -> Response:
    """Show the checks of one table, those that fail first, with the history of each."""
    _need_grant(context)
    checks = service.table_checks(context).get(table)
    if checks is None:
        raise NotFound(Message("There is no table {table} with checks. The list of checks names all.", table=table))
    rows = _rows(context, table, [one for one in checks if kind in ("", one.kind.value)])
    kinds = list(dict.fromkeys(one.kind for one in checks))
    locale = context.locale
    return page(
        request,
        context,
        "quality/table.html",
        table=table,
        rows=rows,
        is_run=any(row.result for row in rows),
        kind=kind,
        kinds=[("", translate(locale, mark("All"))), *((one.value, translate(locale, KINDS[one])) for one in kinds)],
        incidents=list_incidents(context, table=table),
        status_of=lambda one: translate(locale, STATUSES[one]),
        kind_of=lambda one: translate(locale, KINDS[one]),
        origin_of=lambda one: translate(locale, ORIGINS[one]),
        tones=TONES,
    )


@router.get("/quality/checks/{table}/results.{form}")
def export_results(context: ContextDep, table: str, form: FileForm) -> Response:
    """Give the results of a table as a file, newest first."""
    _need_grant(context)
    found = list_results(context, table=table, limit=EXPORTED)
    return as_file(
        f"checks-{table}", form, COLUMNS, [{name: getattr(one, name) for name in COLUMNS.names} for one in found]
    )


def _need_grant(context: Context) -> None:
    if not context.actor.grants:
        raise Forbidden(
            Message("{name} may see no checks: no grant is in force. Ask for one.", name=context.actor.name)
        )


def _tables(context: Context) -> list[TableRow]:
    by_table: dict[str, list[Result]] = {}
    for one in standing_of(context):
        by_table.setdefault(one.table, []).append(one)
    incidents = {one.table: one.case.summary.case_id for one in reversed(list_incidents(context))}
    checks, owners = service.table_checks(context), service.owners()
    loaded = context.warehouse.versions()
    return [
        TableRow(
            name,
            owners[name],
            len(checks[name]),
            sum(one.status is Status.FAILED for one in by_table.get(name, ())),
            sum(one.status is Status.UNMEASURED for one in by_table.get(name, ())),
            incidents.get(name),
            max((one.at for one in by_table.get(name, ()) if one.at), default=None),
        )
        for name in checks
        if name in loaded
    ]


def _rows(context: Context, table: str, checks: Sequence[TableCheck]) -> list[CheckRow]:
    standing = {one.check: one for one in standing_of(context, table)}
    history: dict[str, list[Result]] = {}
    for one in reversed(list_results(context, table=table, limit=20_000)):
        history.setdefault(one.check, []).append(one)
    rows = [
        CheckRow(
            check,
            said(check, context.locale),
            standing.get(check.name),
            _drawing(check, history.get(check.name, ()), context.locale),
            _measured(standing.get(check.name), context.locale),
        )
        for check in checks
    ]
    rows.sort(key=lambda row: (_RANKS[row.result.status] if row.result else 1, row.check.kind, row.check.name))
    return rows


def _drawing(check: TableCheck, history: Sequence[Result], locale: str) -> Markup:
    """Draw the measure of a check over its runs, or over its days where it looks at days."""
    values: Mapping[object, float]
    if check.kind in BY_DAY:
        days: dict[object, list[float]] = {}
        latest = {(one.country, one.city_id, one.day): one for one in history if one.day and one.value is not None}
        for one in sorted(latest.values(), key=lambda each: each.day or each.at):  # type: ignore[arg-type,return-value] # all have days
            days.setdefault(one.day, []).append(one.value or 0.0)
        whole = check.kind is CheckKind.VOLUME
        values = {day: sum(found) if whole else max(found) for day, found in days.items()}
    else:
        values = {one.at: one.value for one in history if one.value is not None and not one.city_id and not one.country}
    drawn = list(values.values())[-_DRAWN:]
    if len(drawn) < 2:  # noqa: PLR2004 - a line needs two points
        return Markup("")
    caption = Caption(said(check, locale), translate(locale, mark("What the check measured, oldest first.")))
    return sparkline(drawn, caption=caption, locale=locale)


def _measured(one: Result | None, locale: str) -> str:
    if one is None or one.value is None:
        return ""
    if one.kind is CheckKind.FRESHNESS:
        return ngettext(locale, "{count} day late", "{count} days late", int(one.value))
    if one.kind is CheckKind.VOLUME:
        return ngettext(locale, "{count} row", "{count} rows", int(one.value))
    return format_percent(one.value, locale, decimals=2)
