"""The main job: a workspace with facts, computed, its day-books written, and the console served."""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlglot import exp

from tiffin.cli.serving import PortOption, open_port, serve_console
from tiffin.runtime.context import Context
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.logging import log
from tiffin.runtime.schema import migrate
from tiffin.runtime.settings import CONSOLE_PORT
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, say
from tiffin.runtime.workspace import FILE_NAME, create_workspace, open_workspace, workspace_folder

DEMO_SEED = 20260218
"""Every fresh workspace gets the same demo marketplace."""

WRITTEN = "written.json"
"""Which day-books stand for which facts, so that a second start writes none anew."""


@dataclass(frozen=True, slots=True)
class UpReport:
    """What the main job left behind."""

    workspace: Path
    cities: int
    orders: int
    daybooks: tuple[Path, ...]
    seconds: float


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("up")(up)


def up(
    *,
    once: Annotated[bool, typer.Option("--once", help="Everything but serving the console.")] = False,
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Leave a workspace without facts empty.")] = False,
    port: PortOption = CONSOLE_PORT,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Prepare the workspace, write the day-books of each city's last day and serve the console.

    A workspace that holds no facts gets the demo marketplace, which is simulated and says so on every page.
    JSON: {"workspace", "cities", "orders", "daybooks": [path], "seconds"}.
    """
    socket = None if once else open_port(port)
    report = prepare(workspace_folder(workspace), user=user, with_demo=not no_demo)
    emit({field: getattr(report, field) for field in UpReport.__slots__}, as_json=as_json, human=_told)
    if socket is not None:
        serve_console(open_workspace(report.workspace), socket, user=user)


def prepare(folder: Path, *, user: str | None, with_demo: bool) -> UpReport:
    """Do the main job but serving: workspace, schema, facts, day-books; what stands already is not done again."""
    started = time.perf_counter()
    fresh = not (folder / FILE_NAME).is_file()
    workspace = create_workspace(folder) if fresh else open_workspace(folder)
    if fresh:
        say(f"Made a workspace at {workspace.root}.")
    migrate(engine_for(workspace.database_url))
    if with_demo:
        _ensure_facts(workspace.root, user=user)
    with open_context(workspace.root, user=user) as context:
        daybooks = tuple(_daybooks(context))
        cities, orders = _count(context, "cities"), _count(context, "orders")
    seconds = round(time.perf_counter() - started, 2)
    log("workspace_prepared", cities=cities, orders=orders, daybooks=len(daybooks), seconds=seconds)
    return UpReport(workspace.root, cities, orders, daybooks, seconds)


def _ensure_facts(root: Path, *, user: str | None) -> None:
    with open_context(root, user=user) as context:
        if context.warehouse.versions():
            return
        # The simulator compiles itself, which takes seconds; only a workspace without facts needs it.
        from tiffin.capabilities.rehearsals import service as rehearsals  # noqa: PLC0415 - for the reason above

        say("There are no facts yet: simulating the demo marketplace (this happens once) ...")
        rehearsals.load_demo(context, seed=DEMO_SEED)


def _daybooks(context: Context) -> Iterator[Path]:
    """Give the day-book of every city's last day, written anew only where facts or code have changed."""
    from tiffin.capabilities.balance import service as balance  # noqa: PLC0415 - only the main job needs it here

    state = _state_of(context)
    marker = context.workspace.daybooks / WRITTEN
    already = _already(marker, state)
    last_days = _last_days(context)
    written: dict[str, str] = {}
    with progress(len(last_days), "Writing day-books") as advance:
        for city_id, day in last_days.items():
            kept = already.get(f"{city_id} {day}")
            path = Path(kept) if kept and Path(kept).is_file() else balance.write_daybook(context, city_id, day)
            written[f"{city_id} {day}"] = str(path)
            advance(1)
            yield path
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps({"state": state, "daybooks": written}), encoding="utf-8")


def _last_days(context: Context) -> Mapping[str, date]:
    """Tell each city's last business day, of those with orders or, where a city has none, with slots."""
    found: dict[str, date] = {}
    for table in ("orders", "marketplace_slots"):
        day = exp.Max(this=exp.column("business_date")).as_("last_day")
        last = exp.select("city_id", day).from_(table).group_by("city_id").order_by("city_id")
        for row in context.warehouse.query(last).to_pylist():
            if row["last_day"] is not None:
                found.setdefault(row["city_id"], row["last_day"])
    return found


def _count(context: Context, table: str) -> int:
    counted = context.warehouse.query(exp.select(exp.Count(this=exp.Star()).as_("n")).from_(table))
    return int(counted.column("n")[0].as_py())


def _state_of(context: Context) -> str:
    """Name the facts and the code that a day-book is made from; either's change makes it old."""
    code = sorted((str(path), path.stat().st_mtime_ns) for path in Path(__file__).parents[1].rglob("*.py"))
    facts = sorted(context.warehouse.versions().items())
    overlays = sorted(
        (str(path), path.stat().st_mtime_ns) for path in context.workspace.root.rglob("*.yaml") if path.is_file()
    )
    return hashlib.sha256(repr((code, facts, overlays)).encode()).hexdigest()


def _already(marker: Path, state: str) -> Mapping[str, str]:
    try:
        noted = json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted.get("daybooks", {}) if isinstance(noted, dict) and noted.get("state") == state else {}


def _told(report: Mapping[str, Any]) -> str:
    lines = [
        f"{report['cities']} cities, {report['orders']:,} orders in {report['workspace']} ({report['seconds']} s)."
    ]
    lines += [f"Day-book: {path}" for path in report["daybooks"]]
    return "\n".join(lines)
