"""Bringing the operational database up to date, and telling the version."""

from importlib.metadata import PackageNotFoundError, version

import typer

from tiffin.runtime.database import address_of, engine_for
from tiffin.runtime.migrations import REVISIONS
from tiffin.runtime.schema import migrate
from tiffin.runtime.terminal import JsonOption, WorkspaceOption, emit
from tiffin.runtime.workspace import open_workspace, workspace_folder


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("migrate")(migrate_database)
    app.command("version")(tell_version)


def migrate_database(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Bring the operational database up to date. JSON: {"database", "before", "revision"}."""
    engine = engine_for(open_workspace(workspace_folder(workspace)).database_url)
    before = migrate(engine)
    payload = {"database": address_of(engine), "before": before, "revision": REVISIONS[-1]}
    emit(payload, as_json=as_json, human=lambda done: f"{done['database']} is at revision {done['revision']}.")


def tell_version(*, as_json: JsonOption = False) -> None:
    """Tell the version of Tiffin. JSON: {"version"}."""
    emit({"version": own_version()}, as_json=as_json, human=lambda told: str(told["version"]))


def own_version() -> str:
    """Give the version of the installed package; a checkout that was never installed calls itself ``checkout``."""
    try:
        return version("tiffin")
    except PackageNotFoundError:
        return "checkout"
