"""Commands of scorecards: ``tiffin scorecards …``."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.scorecards.service import alerting, library, morning, overdue, snapshots, viewing
from tiffin.capabilities.scorecards.service.words import LEVELS
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import language_of, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

At = Annotated[str | None, typer.Option("--at", help="Moment to evaluate at, such as 2026-03-02T06:00:00Z; else now.")]
Narrowed = Annotated[
    list[str] | None, typer.Option("--where", help="A choice such as city_id=riyadh, first=2026-02-23; repeat it.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    scorecards = typer.Typer(no_args_is_help=True, help="Dashboards, alerts, morning sheets and snapshots.")
    scorecards.command("list")(list_dashboards)
    scorecards.command("show")(show)
    scorecards.command("check")(check)
    scorecards.command("send")(send)
    scorecards.command("schedule")(schedule)
    scorecards.command("schedules")(schedules)
    scorecards.command("unschedule")(unschedule)
    scorecards.command("send-due")(send_due)
    scorecards.command("morning")(morning_sheet)
    alerts = typer.Typer(no_args_is_help=True, help="When somebody is told.")
    alerts.command("run")(run_alerts)
    alerts.command("list")(list_alerts)
    scorecards.add_typer(alerts, name="alerts")
    app.add_typer(scorecards, name="scorecards")


def list_dashboards(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the dashboards. JSON: {"dashboards": [{"name", "title", "level", "filters", "tiles"}]}."""
    with open_context(workspace, user=user) as context:
        found = [
            {
                "name": one.name,
                "title": one.title.text(language_of(context.locale)),
                "level": one.level,
                "filters": one.filters,
                "tiles": len(one.tiles),
            }
            for one in library.list_dashboards(context)
        ]
        locale = context.locale
    emit({"dashboards": found}, as_json=as_json, human=lambda _payload: _listed(found, locale))


def show(
    name: str,
    *,
    where: Narrowed = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show a dashboard's numbers. JSON: {"dashboard", "place", "first", "last", "requests", "tiles": [...]}."""
    with open_context(workspace, user=user) as context:
        view = viewing.show_dashboard(context, library.find_dashboard(context, name), _choices(where))
    tiles = [
        {
            "title": one.title,
            "metric": one.metric,
            "form": one.form,
            "value": one.value,
            "standing": one.standing,
            "change": one.change,
            "compared": one.compared,
            "said": one.said,
        }
        for one in view.tiles
    ]
    payload = {"dashboard": name, "place": view.place, **view.address, "requests": view.requests, "tiles": tiles}
    emit(payload, as_json=as_json, human=lambda _payload: _rows(tiles))


def check(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Check every dashboard and alert; exit code 1 with problems. JSON: {"dashboards", "alerts", "problems": []}."""
    with open_context(workspace, user=user) as context:
        sound, problems = library.dashboards_in(context.workspace)
        rules, faulty = alerting.rules_of(context)
    told = [str(one) for one in (*problems, *faulty)]
    payload = {"dashboards": len(sound), "alerts": len(rules), "problems": told}
    human = "\n".join((*told, f"{len(sound)} dashboards and {len(rules)} alerts are sound, {len(told)} problems."))
    emit(payload, as_json=as_json, human=lambda _payload: human)
    if told:
        raise typer.Exit(1)


def send(
    name: str,
    *,
    to: Annotated[list[str], typer.Option("--to", help="Account that gets it, as it may see it; repeat it.")],
    where: Narrowed = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Put a dashboard into the outbox. JSON: {"messages": [{"recipient", "subject", "file", "is_new"}]}."""
    with open_context(workspace, user=user) as context:
        found = [snapshots.send_dashboard(context, name, to=one, raw=_choices(where)) for one in to]
    emit({"messages": found}, as_json=as_json, human=lambda _payload: "\n".join(str(one.file) for one in found))


def schedule(  # noqa: PLR0913 - each is an option of the command
    name: str,
    *,
    to: Annotated[str, typer.Option("--to", help="Account that gets it.")],
    at: Annotated[str, typer.Option("--at", help="Local time, 07:30.")],
    timezone: Annotated[str, typer.Option("--timezone", help="Zone of that time, Asia/Riyadh.")],
    weekday: Annotated[int | None, typer.Option("--weekday", help="1 (Monday) to 7; every day without.")] = None,
    where: Narrowed = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Let a dashboard go out every day or week; `send-due` puts what is due into the outbox."""
    with open_context(workspace, user=user) as context:
        made = snapshots.schedule_dashboard(
            context, name, to=to, raw=_choices(where), at=at, timezone=timezone, weekday=weekday
        )
    emit({"schedule": made}, as_json=as_json, human=lambda _payload: f"Schedule {made.schedule_id} is made.")


def schedules(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the schedules. JSON: {"schedules": [...]}."""
    with open_context(workspace, user=user) as context:
        found = snapshots.list_schedules(context)
    columns = ("number", "dashboard", "to", "weekday", "at", "zone")
    rows = [(o.schedule_id, o.dashboard, o.recipient, o.weekday, o.local_time, o.timezone) for o in found]
    emit({"schedules": found}, as_json=as_json, human=lambda _payload: table_of(columns, rows))


def unschedule(
    number: int, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Stop a schedule. JSON: {"schedule", "stopped"}."""
    with open_context(workspace, user=user) as context:
        snapshots.remove_schedule(context, number)
    emit({"schedule": number, "stopped": True}, as_json=as_json, human=lambda _payload: "")


def send_due(
    *, at: At = None, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Put every scheduled dashboard that is due into the outbox; run it every quarter of an hour."""
    with open_context(workspace, user=user, now=_moment(at)) as context:
        found = snapshots.send_due(context)
    emit({"messages": found}, as_json=as_json, human=lambda _payload: "\n".join(str(one.file) for one in found))


def morning_sheet(
    city: str,
    *,
    day: Annotated[str | None, typer.Option("--date", help="Business day; the last one with facts without.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="File to write.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Write a city's morning sheet. JSON: {"city", "day", "file", "missed": [metric], "open_cases"}."""
    asked = read_day(day) if day else None
    with open_context(workspace, user=user) as context:
        sheet = morning.morning_sheet(context, city, day=asked)
        file = morning.write_sheet(context, sheet, out)
    missed = [one.tile.metric for one in sheet.missed]
    payload = {"city": city, "day": sheet.day, "file": file, "missed": missed, "open_cases": len(sheet.incidents)}
    emit(payload, as_json=as_json, human=lambda _payload: str(file))


def run_alerts(
    *, at: At = None, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Evaluate all alerts, and tell of overdue incidents.

    JSON: {"evaluated", "happened": {"raised": n}, "messages": [file], "overdue": [file], "faulty": []}.
    """
    with open_context(workspace, user=user, now=_moment(at)) as context:
        report = alerting.run_alerts(context)
        late = [str(one.file) for one in overdue.tell_overdue(context)]
    happened = ", ".join(f"{count} {event}" for event, count in sorted(report.happened.items())) or "nothing new"
    lines = (f"{report.evaluated} evaluated, {happened}.", *report.messages, *late, *report.faulty)
    payload = {
        "evaluated": report.evaluated,
        "happened": report.happened,
        "messages": report.messages,
        "overdue": late,
        "faulty": report.faulty,
    }
    emit(payload, as_json=as_json, human=lambda _payload: "\n".join(lines))


def list_alerts(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the alert rules. JSON: {"alerts": [...]}."""
    with open_context(workspace, user=user) as context:
        rules, _ = alerting.rules_of(context)
    rows = [(r.name, r.metric, r.when.value, r.threshold, r.periods, r.per.value) for r in rules]
    columns = ("name", "metric", "when", "threshold", "days", "per")
    emit({"alerts": rules}, as_json=as_json, human=lambda _payload: table_of(columns, rows))


def _choices(where: list[str] | None) -> Mapping[str, str]:
    pairs = [text.partition("=") for text in where or ()]
    if any(not name or not value for name, _, value in pairs):
        raise WrongUse(f"Choices such as city_id=riyadh were expected; found {', '.join(where or ())}.")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse(f"A moment such as 2026-03-02T06:00:00Z was expected, {text!r} was found.") from None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def _listed(found: list[dict[str, Any]], locale: str) -> RenderableType:
    names = (mark("Name"), mark("Title"), mark("Level"), mark("Can be narrowed by"), mark("Tiles"))
    levels = {level: translate(locale, said) for level, said in LEVELS.items()}
    rows = [(one["name"], one["title"], levels[one["level"]], ", ".join(one["filters"]), one["tiles"]) for one in found]
    return table_of([translate(locale, name) for name in names], rows)


def _rows(found: list[dict[str, Any]]) -> RenderableType:
    columns = tuple(found[0]) if found else ()
    return table_of(columns, [tuple(str(value) for value in row.values()) for row in found])
