"""The main job: a workspace with facts, computed, its day-books written, and the console served."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlglot import exp

from tiffin.cli.notes import Notes, definitions_state, read_notes, write_notes
from tiffin.cli.serving import PortOption, open_port, serve_console
from tiffin.kernel.errors import FailedCheck
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.logging import log
from tiffin.runtime.schema import migrate
from tiffin.runtime.settings import CONSOLE_PORT
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, say
from tiffin.runtime.workspace import FILE_NAME, Workspace, create_workspace, open_workspace, workspace_folder


@dataclass(frozen=True, slots=True)
class UpReport:
    """What the main job left behind."""

    workspace: Path
    cities: int
    orders: int
    daybooks: tuple[Path, ...]
    seconds: float
    problems: tuple[str, ...]


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

    A workspace that holds no facts gets the demo marketplace, which is simulated and says so on every page; one that
    `tiffin init` made waits for its own facts.
    JSON: {"workspace", "cities", "orders", "daybooks": [path], "seconds"}.
    """
    socket = None if once else open_port(port)
    report = prepare(workspace_folder(workspace), user=user, with_demo=not no_demo)
    payload = {field: getattr(report, field) for field in ("workspace", "cities", "orders", "daybooks", "seconds")}
    emit(payload, as_json=as_json, human=_told)
    for problem in report.problems:
        say(problem)
    if socket is not None:
        serve_console(open_workspace(report.workspace), socket, user=user)
    elif report.problems:
        raise FailedCheck("Metrics do not give what their worked examples say: see above, and `tiffin metrics check`.")


def prepare(folder: Path, *, user: str | None, with_demo: bool) -> UpReport:
    """Do the main job but serving: workspace, schema, facts, checks, day-books; what stands is not done again."""
    started = time.perf_counter()
    fresh = not (folder / FILE_NAME).is_file()
    workspace = create_workspace(folder) if fresh else open_workspace(folder)
    if fresh:
        say(f"Made a workspace at {workspace.root}.")
    migrate(engine_for(workspace.database_url))
    _ensure_facts(workspace, user=user, with_demo=with_demo)
    _ensure_rollups(workspace, user=user)
    _ensure_settled(workspace, user=user)
    _ensure_cases(workspace, user=user)
    _ensure_judged(workspace, user=user)
    with open_context(workspace.root, user=user) as context:
        noted = read_notes(workspace)
        problems = _check_metrics(context, noted)
        daybooks = dict(_daybooks(context, noted))
        cities, orders = _count(context, "cities"), _count(context, "orders")
        if not problems:
            write_notes(context, daybooks)
    seconds = round(time.perf_counter() - started, 2)
    log("workspace_prepared", cities=cities, orders=orders, daybooks=len(daybooks), seconds=seconds)
    return UpReport(workspace.root, cities, orders, tuple(daybooks.values()), seconds, problems)


def _ensure_facts(workspace: Workspace, *, user: str | None, with_demo: bool) -> None:
    with open_context(workspace.root, user=user) as context:
        # The demo's loading leaves this file behind when it dies half-way; it then begins again.
        unfinished = (workspace.state / "demo.unfinished").is_file()
        if not with_demo or (context.warehouse.versions() and not unfinished):
            return
        if not workspace.wants_demo:
            say("There are no facts yet: bring some in with `tiffin load FEED PATH...`.")
            return
        # The simulator compiles itself, which takes seconds; only a workspace without facts needs it.
        from tiffin.capabilities.rehearsals import service as rehearsals  # noqa: PLC0415 - for the reason above

        say("There are no facts yet: simulating the demo marketplace (this happens once) ...")
        with progress(1.0, "Simulating") as advance:
            rehearsals.load_demo(context, progress=advance)


def _ensure_rollups(workspace: Workspace, *, user: str | None) -> None:
    """Build the roll-ups of a workspace that has none yet; every later load keeps them up."""
    if not workspace.config.get("rollups", {}).get("use", True):
        return
    with open_context(workspace.root, user=user) as context:
        # Read here, so that other commands start without it.
        from tiffin.capabilities.metrics.service import rollups  # noqa: PLC0415 - for the reason above

        is_due = context.warehouse.versions() and not rollups.list_rollups(context)
        if is_due and context.actor.has_role_everywhere(Role.STEWARD):
            say("Adding up the facts for quick answers ...")
            rollups.build_rollups(context)


def _ensure_settled(workspace: Workspace, *, user: str | None) -> None:
    """Settle the demo's last days where no day ever was; days of one's own are settled by whoever does it every day."""
    with open_context(workspace.root, user=user) as context:
        # Read here, so that other commands start without them.
        from tiffin.capabilities.metrics.service.cities import shows_simulated_facts  # noqa: PLC0415 - as above
        from tiffin.capabilities.quality import service as quality  # noqa: PLC0415 - as above

        may_settle = context.warehouse.versions() and context.actor.has_role_everywhere(Role.STEWARD)
        if may_settle and shows_simulated_facts(context) and not quality.is_begun(context):
            say("Settling the last days: whether their numbers may be relied on ...")
            with progress(1.0, "Settling") as advance:
                quality.settle(context, progress=advance)


def _ensure_cases(workspace: Workspace, *, user: str | None) -> None:
    """Take up what happened since, so that changes of policies can be tried on it."""
    with open_context(workspace.root, user=user) as context:
        # Read here, so that other commands start without it.
        from tiffin.capabilities.policies.service.history import gather_everything  # noqa: PLC0415 - as above
        from tiffin.capabilities.policies.service.shadow import run_shadows  # noqa: PLC0415 - as above

        if context.warehouse.versions() and context.actor.has_role_everywhere(Role.STEWARD):
            with progress(1.0, "Gathering past cases of policies") as advance:
                gather_everything(context, advance)
    with open_context(workspace.root, user=user) as context:
        # The cases that were just gathered are seen by a warehouse that is opened after them.
        if context.actor.has_role_everywhere(Role.STEWARD):
            run_shadows(context)


def _ensure_judged(workspace: Workspace, *, user: str | None) -> None:
    """Judge the incidents of the demo's last day where nothing ever was judged, and see to what follows from it."""
    with open_context(workspace.root, user=user) as context:
        # Read here, so that other commands start without them.
        from tiffin.capabilities.balance.service import day_index  # noqa: PLC0415 - as above
        from tiffin.capabilities.liability.service import judging  # noqa: PLC0415 - as above
        from tiffin.capabilities.metrics.service.cities import shows_simulated_facts  # noqa: PLC0415 - as above

        may_judge = context.warehouse.versions() and context.actor.has_role_everywhere(Role.STEWARD)
        if not may_judge or not shows_simulated_facts(context) or judging.is_begun(context):
            return
        days = {city_id: days[-1] for city_id, days in day_index(context).items() if days}
        say("Judging the incidents of the last day: who answers for what went wrong ...")
        with progress(len(days), "Judging") as advance:
            for city_id, day in days.items():
                judging.judge_day(context, city_id, Days(day, day), advance)
    _follow_up(workspace, user=user)


def _follow_up(workspace: Workspace, *, user: str | None) -> None:
    """Book what was judged, tell those whom it concerns, and bring it among the facts."""
    from tiffin.capabilities.cases.service.workers import work  # noqa: PLC0415 - as above
    from tiffin.capabilities.liability.service.outcomes import publish_outcomes  # noqa: PLC0415 - as above
    from tiffin.cli.working import composed_handlers  # noqa: PLC0415 - as above

    work(lambda: open_context(workspace.root, user=user), composed_handlers())
    with open_context(workspace.root, user=user) as context:
        publish_outcomes(context)


def _check_metrics(context: Context, noted: Notes) -> tuple[str, ...]:
    """Run every worked example of the metrics once for each state of code and definitions; give what is wrong."""
    if noted.definitions == definitions_state(context.workspace):
        return ()
    from tiffin.capabilities.metrics.service import checking  # noqa: PLC0415 - only a changed state needs it

    report = checking.check(context, engines=("duckdb",))
    return (*report.problems, *(f"{failed.metric}: {failed.why}" for failed in report.failures))


def _daybooks(context: Context, noted: Notes) -> Iterator[tuple[str, Path]]:
    """Give the day-book of every city's last day, written anew only where facts, definitions or code have changed."""
    from tiffin.capabilities.balance import service as balance  # noqa: PLC0415 - for the start-up of other commands

    kept = noted.daybooks if noted.is_of(context) else {}
    last_days = {city_id: days[-1] for city_id, days in balance.day_index(context).items() if days}
    with progress(len(last_days), "Writing day-books") as advance:
        for city_id, day in last_days.items():
            name = f"{city_id} {day}"
            known = Path(kept.get(name, ""))
            yield name, known if known.is_file() else balance.write_daybook(context, city_id, day)
            advance(1)


def _count(context: Context, table: str) -> int:
    counted = context.warehouse.query(exp.select(exp.Count(this=exp.Star()).as_("n")).from_(table))
    return int(counted.column("n")[0].as_py())


def _told(report: Mapping[str, Any]) -> str:
    lines = [
        f"{report['cities']} cities, {report['orders']:,} orders in {report['workspace']} ({report['seconds']} s)."
    ]
    lines += [f"Day-book: {path}" for path in report["daybooks"]]
    return "\n".join(lines)
