"""Commands of the checks of tables: ``tiffin quality check``, ``results``, ``incidents`` and ``post-mortems``."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.domain.checks import CheckRun, Result, Status
from tiffin.capabilities.quality.service import incident_acts
from tiffin.capabilities.quality.service.check_results import list_results
from tiffin.capabilities.quality.service.incident_views import as_markdown, list_incidents, list_post_mortems
from tiffin.capabilities.quality.service.words import KINDS, STATUSES
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_date, format_percent, mark, ngettext, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of

_OVERDUE = mark("Incident {number} is overdue and was escalated.")


def register(quality: typer.Typer) -> None:
    """Add the commands to those of quality."""
    quality.command("check")(check)
    quality.command("results")(results)
    quality.command("incidents")(incidents)
    quality.command("incident")(incident)
    quality.command("post-mortems")(post_mortems)
    quality.command("escalate")(escalate)


def check(
    *,
    table: Annotated[list[str] | None, typer.Option("--table", help="Only this table; may stand again.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Tables that have not changed too.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Check the tables that changed against their contracts and the own rules; exit code 1 where one fails.

    JSON: {"tables", "skipped", "checks", "failed": [{"check", "table", "kind", "country", "city_id", "day", ...}],
    "unmeasured", "incidents": [number], "passed_again": [number], "escalated": [number]}.
    """
    with open_context(workspace, user=user) as context, progress(1.0, "check") as advance:
        done = _Steps(advance)
        run = service.check_tables(context, tables=table or (), is_forced=every, progress=done.to)
        locale = context.locale
    emit(_plain(run), as_json=as_json, human=lambda _payload: _run(run, locale))
    if run.failed:
        raise typer.Exit(1)


def results(
    *,
    table: Annotated[str | None, typer.Option("--table", help="Only this table.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only what failed.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, newest first.")] = 200,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List what the checks found. JSON: {"results": [{"check", "status", "value", "threshold", ...}]}."""
    with open_context(workspace, user=user) as context:
        found = list_results(context, table=table, status=Status.FAILED if failed else None, limit=limit)
        locale = context.locale
    emit({"results": found}, as_json=as_json, human=lambda _payload: _results(found, locale))


def incidents(
    *,
    closed: Annotated[bool, typer.Option("--closed", help="Those that are closed instead.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List the incidents. JSON: {"incidents": [{"incident", "headline", "severity", "state", "table", ...}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = list_incidents(context, is_open=not closed), context.locale
    rows: list[dict[str, Any]] = [
        {
            "incident": one.case.summary.case_id,
            "headline": one.case.summary.headline,
            "severity": one.case.summary.severity,
            "state": one.case.summary.state,
            "table": one.table,
            "country": one.country,
            "owner": one.owner,
            "due_at": one.case.summary.due_at,
            "metrics": one.metrics,
        }
        for one in found
    ]
    heads = (mark("Incident"), mark("Severity"), mark("State"), mark("What"), mark("Owner"), mark("Metrics"))
    emit(
        {"incidents": rows},
        as_json=as_json,
        human=lambda _payload: table_of(
            [translate(locale, head) for head in heads],
            [
                (row["incident"], row["severity"], row["state"], row["headline"], row["owner"], len(row["metrics"]))
                for row in rows
            ],
        ),
    )


def incident(
    number: Annotated[int, typer.Argument(help="Number of the incident.")],
    action: Annotated[str | None, typer.Argument(help="take, note, repair, confirm, dismiss; none shows it.")] = None,
    *,
    said: Annotated[list[str] | None, typer.Option("--say", help="What the action says: name=value.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show an incident with its post-mortem as Markdown, or act on it first. JSON: {"incident", "markdown"}."""
    with open_context(workspace, user=user) as context:
        if action is not None:
            incident_acts.act(context, number, action, _said(said or ()))
        text = as_markdown(context, number)
    emit({"incident": number, "markdown": text}, as_json=as_json, human=lambda _payload: text)


def post_mortems(
    words: Annotated[str, typer.Argument(help="Words to look for; none lists all.")] = "",
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Search what was learned of incidents. JSON: {"post_mortems": [{"case_id", "cause", "prevention", ...}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = list_post_mortems(context, words), context.locale
    heads = (mark("Incident"), mark("What"), mark("Cause"), mark("Prevention"), mark("Until"))
    emit(
        {"post_mortems": found},
        as_json=as_json,
        human=lambda _payload: table_of(
            [translate(locale, head) for head in heads],
            [(one.case_id, one.headline, one.cause, one.prevention, one.prevention_due) for one in found],
        ),
    )


def escalate(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Escalate every overdue incident to those who answer for it; run it every hour. JSON: {"escalated": [number]}."""
    with open_context(workspace, user=user) as context:
        found, locale = service.escalate(context), context.locale
    lines = [translate(locale, _OVERDUE, number=number) for number in found]
    nothing = translate(locale, mark("Nothing is overdue that was not escalated already."))
    emit({"escalated": found}, as_json=as_json, human=lambda _payload: "\n".join(lines or [nothing]))


class _Steps:
    """Turns shares of a whole into steps of a progress bar."""

    def __init__(self, advance: Any) -> None:
        self.advance, self.before = advance, 0.0

    def to(self, share: float) -> None:
        """Move on to a share."""
        self.advance(share - self.before)
        self.before = share


def _said(pairs: Sequence[str]) -> Mapping[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise WrongUse(Message("--say takes name=value; found {found}.", found=pair))
    return dict(pair.split("=", 1) for pair in pairs)


def _plain(run: CheckRun) -> Mapping[str, Any]:
    return {name: getattr(run, name) for name in CheckRun.__slots__}


def _run(run: CheckRun, locale: str) -> RenderableType:
    lines: list[RenderableType] = [
        Text(ngettext(locale, "{count} table checked", "{count} tables checked", len(run.tables))),
        Text(ngettext(locale, "{count} table has not changed", "{count} tables have not changed", len(run.skipped))),
    ]
    if run.failed:
        lines.append(_results(run.failed, locale))
    else:
        lines.append(Text(translate(locale, mark("Nothing fails."))))
    for text, numbers in (
        (mark("Incident {number} is open."), run.incidents),
        (mark("The checks of incident {number} pass again."), run.passed_again),
        (_OVERDUE, run.escalated),
    ):
        lines += [Text(translate(locale, text, number=number)) for number in numbers]
    return Group(*lines)


def _results(found: Sequence[Result], locale: str) -> RenderableType:
    heads = (mark("Check"), mark("Kind"), mark("Status"), mark("Where"), mark("Day"), mark("Rows that break it"))
    rows = [
        (
            one.check,
            translate(locale, KINDS[one.kind]),
            translate(locale, STATUSES[one.status]),
            one.city_id or one.country,
            format_date(one.day, locale) if one.day else "",
            f"{one.rows_broken}" + (f" ({format_percent(one.value, locale)})" if _is_share(one) else ""),
        )
        for one in found
    ]
    return table_of([translate(locale, head) for head in heads], rows)


def _is_share(one: Result) -> bool:
    return one.value is not None and bool(one.rows_broken) and one.value <= 1
