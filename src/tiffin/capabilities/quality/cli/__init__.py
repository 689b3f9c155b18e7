"""Commands of quality: ``tiffin quality …``."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.cli import checking
from tiffin.capabilities.quality.domain import PromiseStatus, Reconciled, SettleReport
from tiffin.engines.anomalies.checks import Finding
from tiffin.kernel.time import asked_days, read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_percent, mark, ngettext, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of

DayOption = Annotated[str | None, typer.Option("--day", help="One business day, such as 2026-02-20.")]
CountryOption = Annotated[str | None, typer.Option("--country", help="Only this country.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    quality = typer.Typer(no_args_is_help=True, help="Whether the numbers may be relied on.")
    quality.command("settle")(settle)
    quality.command("status")(status)
    quality.command("anomalies")(anomalies)
    quality.command("reconcile")(reconcile)
    checking.register(quality)
    app.add_typer(quality, name="quality")


def settle(
    *,
    day: DayOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Settle the targets of every day that is due, or of one; run it every morning.

    JSON: {"days_settled", "outcomes": {"timeliness_kept", ...}, "fallen": [[metric, country]], "recovered", "moved",
    "cases": [number]}.
    """
    with open_context(workspace, user=user) as context, progress(1.0, "settle") as advance:
        report, locale = service.settle(context, day=_date(day), progress=advance), context.locale
    emit({**_report_payload(report)}, as_json=as_json, human=lambda _payload: _report(report, locale))


def status(
    *,
    metric: Annotated[str | None, typer.Option(help="Only this metric.")] = None,
    country: CountryOption = None,
    fallen: Annotated[bool, typer.Option("--fallen", help="Only metrics whose certificate has fallen.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show how each metric keeps its targets. JSON: {"metrics": [{"metric", "country", "effective", ...}]}."""
    with open_context(workspace, user=user) as context:
        found = service.board(context, country=country, names=(metric,) if metric else None)
        locale = context.locale
    listed = [one for one in found if one.is_fallen or not fallen]
    emit({"metrics": listed}, as_json=as_json, human=lambda _payload: _board(listed, locale))


def anomalies(
    *,
    day: DayOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell; keep nothing and open no case.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Look for what is out of the ordinary. JSON: {"findings": [{"check", "metric", "country", ...}]}."""
    with open_context(workspace, user=user) as context, progress(None, "anomalies"):
        found, locale = service.find_anomalies(context, day=_date(day), is_kept=not dry_run), context.locale
    emit({"findings": found}, as_json=as_json, human=lambda _payload: _findings(found, locale))


def reconcile(
    names: Annotated[list[str] | None, typer.Argument(help="Reconciliations; none for all.")] = None,
    *,
    since: Annotated[
        str | None, typer.Option("--from", help="First business day; else a week before the last.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last business day; else yesterday.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Compare two ways to the same number, by country and day. JSON: {"compared": [{"reconciliation", "one", ...}]}."""
    with open_context(workspace, user=user) as context:
        last = _date(until) or context.now.date() - timedelta(days=1)
        first = _date(since) or last - timedelta(days=6)
        found, locale = service.reconcile(context, asked_days(first, last), names or ()), context.locale
    payload = {"compared": [{**_fields(one), "difference": one.difference} for one in found]}
    emit(payload, as_json=as_json, human=lambda _payload: _compared(found, locale))


def _date(text: str | None) -> date | None:
    return None if text is None else read_day(text)


def _fields(one: Reconciled) -> Mapping[str, Any]:
    return {name: getattr(one, name) for name in ("reconciliation", "country", "day", "one", "other")}


def _report_payload(report: SettleReport) -> Mapping[str, Any]:
    names = ("days_settled", "outcomes", "fallen", "recovered", "moved", "cases")
    return {name: getattr(report, name) for name in names}


def _report(report: SettleReport, locale: str) -> RenderableType:
    lines: list[RenderableType] = [
        Text(ngettext(locale, "{count} metric-day settled", "{count} metric-days settled", report.days_settled))
    ]
    heads = (mark("Target"), mark("Outcome"), mark("Days"))
    rows = [(*name.split("_"), count) for name, count in sorted(report.outcomes.items())]
    lines.append(table_of([translate(locale, head) for head in heads], rows))
    for text, listed in (
        (mark("The certificate of {metric} in {country} has fallen."), report.fallen),
        (mark("The certificate of {metric} in {country} has come back."), report.recovered),
    ):
        lines += [Text(translate(locale, text, metric=metric, country=country)) for metric, country in listed]
    return Group(*lines)


def _board(listed: list[PromiseStatus], locale: str) -> RenderableType:
    heads = (mark("Metric"), mark("Country"), mark("Tier"), mark("Budget used"), mark("Missed"), mark("Measured"))
    rows = [
        (
            one.metric,
            one.country,
            one.effective,
            format_percent(one.budget_used, locale, decimals=0),
            one.missed,
            one.measured,
        )
        for one in listed
    ]
    return table_of([translate(locale, head) for head in heads], rows)


def _findings(found: tuple[Finding, ...], locale: str) -> RenderableType:
    heads = (mark("Check"), mark("Day"), mark("Country"), mark("City"), mark("Metric"), mark("Score"))
    rows = [
        (one.check.value, one.day.isoformat(), one.country, one.city_id, one.metric, round(one.score, 2))
        for one in found
    ]
    return table_of([translate(locale, head) for head in heads], rows)


def _compared(found: tuple[Reconciled, ...], locale: str) -> RenderableType:
    heads = (mark("Reconciliation"), mark("Country"), mark("Day"), mark("One"), mark("Other"), mark("Difference"))
    rows = [
        (
            one.reconciliation,
            one.country,
            one.day.isoformat(),
            one.one,
            one.other,
            format_percent(one.difference, locale, decimals=2),
        )
        for one in found
    ]
    return table_of([translate(locale, head) for head in heads], rows)
