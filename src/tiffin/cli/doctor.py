"""The doctor: says what is missing or broken on this machine and in this workspace, and how to mend it."""

import importlib.util
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from rich.console import RenderableType
from sqlalchemy import text

from tiffin.cli.findings import Check, Finding, Health, findings_of
from tiffin.cli.machine import machine_checks
from tiffin.cli.raw_names import people_finding
from tiffin.kernel.errors import FailedCheck
from tiffin.runtime.database import address_of, engine_for, outages_told
from tiffin.runtime.edge import open_context
from tiffin.runtime.schema import SchemaState, schema_state
from tiffin.runtime.terminal import JsonOption, WorkspaceOption, emit, table_of
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import FILE_NAME, Workspace, open_workspace, workspace_folder


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("doctor")(doctor)


def doctor(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Check environment, workspace, database, tables and engines, and say what to mend.

    JSON: {"findings": [{"part", "health": ok|warn|fail, "found", "mend"}], "ok": bool}. Exits with 1 when a part fails.
    """
    folder = workspace_folder(workspace)
    found = tuple(findings_of((*machine_checks(folder), *_workspace_checks(folder))))
    failed = [finding.part for finding in found if finding.health is Health.FAIL]
    emit({"findings": found, "ok": not failed}, as_json=as_json, human=_table)
    if failed:
        raise FailedCheck(f"Not in order: {', '.join(failed)}. The list above says what to do.")


def _workspace_checks(folder: Path) -> Iterator[tuple[str, Check]]:
    if not (folder / FILE_NAME).is_file():
        mend = "`tiffin up` makes one with demo facts, `tiffin init DIR` one that waits for yours."
        yield "workspace", lambda: Finding("workspace", Health.WARN, f"none at {folder}", mend)
        return
    yield "workspace", lambda: _workspace(folder)
    yield "database", lambda: _database(open_workspace(folder))
    yield "tables", lambda: _tables(open_workspace(folder))
    yield "people", lambda: people_finding(open_workspace(folder))
    yield "definitions", lambda: _definitions(folder)
    for engine in ("duckdb", "spark"):
        yield engine, lambda engine=engine: _engine(open_workspace(folder), engine)  # type: ignore[misc] # bound at once


def _workspace(folder: Path) -> Finding:
    workspace = open_workspace(folder)
    if not os.access(workspace.root, os.W_OK):
        return Finding(
            "workspace", Health.FAIL, f"{workspace.root} cannot be written", "Give yourself the right to write there."
        )
    return Finding("workspace", Health.OK, f"{workspace.root}, engine {workspace.engine}")


def _database(workspace: Workspace) -> Finding:
    engine = engine_for(workspace.database_url)
    where = address_of(engine)
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).is_file():
        return Finding("database", Health.OK, f"{where}: none yet; the first command makes it")
    state = schema_state(engine)
    mend = {
        SchemaState.OLDER: "Bring it up to date: `tiffin migrate`.",
        SchemaState.NEWER: "It belongs to a newer Tiffin: update this one.",
    }
    if state in mend:
        return Finding("database", Health.FAIL, f"{where}: its schema is {state}", mend[state])
    if damage := _damage(engine):
        return Finding("database", Health.FAIL, f"{where}: {damage}", "Restore a backup: `tiffin restore FILE DIR`.")
    return Finding("database", Health.OK, f"{where}: schema {state}")


def _damage(engine: Any) -> str:
    if engine.dialect.name != "sqlite":
        return ""
    with outages_told(engine), engine.connect() as connection:
        said = str(connection.execute(text("pragma quick_check(1)")).scalar())
    return "" if said == "ok" else said


def _tables(workspace: Workspace) -> Finding:
    store = open_store(workspace)
    lost: list[str] = []
    rows = 0
    for table in store.tables():
        snapshot = store.snapshot(table)
        for file in snapshot.files if snapshot else ():
            rows += file.rows or 0
            path = Path(file.path)
            if not path.is_file() or path.stat().st_size != file.size:
                lost.append(f"{table}: {path.name}")
    if lost:
        mend = "Restore a backup, or remove those tables and load their files again."
        return Finding("tables", Health.FAIL, f"files missing or cut short: {', '.join(lost[:5])}", mend)
    return Finding("tables", Health.OK, f"{len(store.tables())} tables, {rows:,} rows, every file there")


def _definitions(folder: Path) -> Finding:
    # Reading every definition imports both capabilities; only this check needs them.
    from tiffin.capabilities.facts import service as facts  # noqa: PLC0415 - for the reason above
    from tiffin.capabilities.metrics import service as metrics  # noqa: PLC0415 - the same

    with open_context(folder) as context:
        found = f"{len(facts.list_feeds(context))} feeds, {len(metrics.list_metrics(context))} metrics"
    return Finding("definitions", Health.OK, found)


def _engine(workspace: Workspace, engine: str) -> Finding:
    if engine == "spark" and importlib.util.find_spec("pyspark") is None:
        mend = "Only the engine `spark` needs it: install the extra `spark`."
        health = Health.FAIL if workspace.engine == "spark" else Health.WARN
        return Finding("spark", health, "pyspark-client is not installed", mend)
    with open_context(workspace.root, engine=engine) as context:
        counted = context.warehouse.query_text("select count(*) as n from cities").column("n")[0].as_py()
    own = ", the workspace's own" if workspace.engine == engine else ""
    return Finding(engine, Health.OK, f"answers{own}; {counted} cities")


def _table(payload: Mapping[str, Any]) -> RenderableType:
    rows = ((finding.health, finding.part, finding.found, finding.mend) for finding in payload["findings"])
    return table_of(("", "Part", "Found", "To mend"), rows)
