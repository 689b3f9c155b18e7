"""Backups: one file that holds a workspace as it stood, and can be restored on either kind of database.

The database is written as rows and not as the server's own files, so that a backup of SQLite can be restored into
PostgreSQL and the other way round. Of a table, the log is listed before the data files: every file that the log names
is there by then, and none is ever changed. A load that ends during a backup is in it or not, as a whole.
"""

import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import typer

from tiffin.cli.rows import read_rows, write_rows
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound, Unavailable
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.schema import migrate, migrate_to
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit
from tiffin.runtime.workspace import DEFINITIONS, FILE_NAME, Workspace, open_workspace

FORMAT = 1
CONTENTS = "backup.json"
DATABASE = "database.jsonl"
STATE = ".tiffin"
KEPT = {FILE_NAME, STATE, *DEFINITIONS}
"""What of a workspace's folder a backup holds, and all that restoring one may write."""

FileArgument = Annotated[Path, typer.Argument(help="The backup, such as tiffin.tar.gz.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    file: FileArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Write the workspace into one file: definitions, tables with their history, database.

    JSON: {"file", "bytes", "tables", "rows"}.
    """
    if file.exists():
        raise Conflict(f"{file} is there already. Choose another name, or move it away.")
    with open_context(workspace, user=user) as context:
        if not context.actor.has_role_everywhere(Role.ADMIN):
            raise Forbidden(
                f"{context.actor.name} is no administrator of all countries, and a backup holds everything. Ask an "
                "administrator of all countries to make it."
            )
        audit.record(context, action="workspace_backed_up", subject=file.name)
    with open_context(workspace, user=user) as context:
        payload = _write(context, file)
    emit(payload, as_json=as_json, human=lambda done: f"Wrote {done['file']}: {done['bytes'] / 1e6:.1f} MB.")


def restore(
    file: FileArgument,
    folder: Annotated[Path, typer.Argument(help="Folder to restore into; it must not hold a workspace.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace from a backup; its database must be empty. JSON: {"workspace", "tables", "rows"}."""
    root = folder.expanduser()
    if (root / FILE_NAME).exists() or (root / STATE).exists():
        raise Conflict(f"{root} holds a workspace already. Restore into another folder.")
    if not file.is_file():
        raise NotFound(f"A backup was expected at {file}, and there is none.")
    payload = _read(file, root)
    emit(payload, as_json=as_json, human=lambda done: f"Restored {done['workspace']}: {done['tables']} tables.")


def _write(context: Context, file: Path) -> dict[str, Any]:
    unfinished = file.with_name(f"{file.name}.part")
    try:
        with tempfile.TemporaryDirectory() as scratch, tarfile.open(unfinished, "w:gz", compresslevel=1) as archive:
            rows_file = Path(scratch) / DATABASE
            revision, rows = write_rows(engine_for(context.workspace.database_url), rows_file)
            _add_text(archive, CONTENTS, {"format": FORMAT, "revision": revision, "made_at": context.now.isoformat()})
            archive.add(rows_file, DATABASE)
            for path in _files(context.workspace):
                archive.add(path, str(path.relative_to(context.workspace.root)), recursive=False)
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise Unavailable(
            f"The backup {file} could not be written: {error}. Make room, or wait until tables are no longer "
            "being tidied up, and try again."
        ) from error
    tables = len(list(context.workspace.tables.glob("*/_delta_log")))
    return {"file": file, "bytes": file.stat().st_size, "tables": tables, "rows": rows}


def _files(workspace: Workspace) -> Iterator[Path]:
    """List what belongs into a backup besides the database; of each table the log first."""
    yield workspace.root / FILE_NAME
    for kind in sorted(KEPT - {FILE_NAME, STATE}):
        yield from _below(workspace.root / kind)
    for table in sorted(workspace.tables.glob("*")):
        log = list(_below(table / "_delta_log"))
        yield from log
        yield from (path for path in _below(table) if "_delta_log" not in path.parts)
    yield from _below(workspace.daybooks)


def _below(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _add_text(archive: tarfile.TarFile, name: str, content: dict[str, Any]) -> None:
    text = json.dumps(content).encode()
    member = tarfile.TarInfo(name)
    member.size = len(text)
    member.mtime = int(datetime.fromisoformat(content["made_at"]).timestamp())
    archive.addfile(member, io.BytesIO(text))


def _read(file: Path, root: Path) -> dict[str, Any]:
    try:
        with tempfile.TemporaryDirectory() as scratch, tarfile.open(file, "r:gz") as archive:
            _extract(archive, Path(scratch), root)
            contents = json.loads((Path(scratch) / CONTENTS).read_text(encoding="utf-8"))
            workspace = open_workspace(root)
            engine = engine_for(workspace.database_url)
            migrate_to(engine, str(contents["revision"]))
            rows = read_rows(engine, Path(scratch) / DATABASE)
            migrate(engine)
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as error:
        raise InvalidData(
            f"{file} could not be restored: {error or type(error).__name__}. It is damaged, or no backup of Tiffin; "
            f"remove what was restored at {root} and use another."
        ) from error
    return {"workspace": workspace.root, "tables": len(list(workspace.tables.glob("*/_delta_log"))), "rows": rows}


def _extract(archive: tarfile.TarFile, scratch: Path, root: Path) -> None:
    for member in archive:
        path = PurePosixPath(member.name)
        is_own = member.name in {CONTENTS, DATABASE}
        if not member.isfile() or path.is_absolute() or ".." in path.parts or not (is_own or path.parts[0] in KEPT):
            raise InvalidData(
                f"The backup holds {member.name!r}, which no backup of Tiffin does. Nothing more is restored."
            )
        target = (scratch if is_own else root) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        content = archive.extractfile(member)
        with target.open("wb") as written:
            shutil.copyfileobj(content or io.BytesIO(), written)
