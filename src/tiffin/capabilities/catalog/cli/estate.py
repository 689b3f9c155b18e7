"""``tiffin catalog estate …``: the data assets of other systems."""

from pathlib import Path
from typing import Annotated, Any

import typer

from tiffin.capabilities.catalog.service import estate
from tiffin.capabilities.catalog.service.estate import Reading, System
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

NameArgument = Annotated[str, typer.Argument(help="Name under which the system is kept.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the catalog's."""
    group = typer.Typer(no_args_is_help=True, help="The estate outside: what other systems hold, and who uses it.")
    group.command("read")(read)
    group.command("list")(list_)
    group.command("show")(show)
    group.command("match")(match)
    group.command("forget")(forget)
    app.add_typer(group, name="estate")


def read(  # noqa: PLR0913 - one parameter an option of the command
    system: Annotated[System, typer.Argument(help="What tells of it.")],
    name: NameArgument,
    path: Annotated[Path | None, typer.Argument(help="What it wrote: file, folder or archive.")] = None,
    *,
    address: Annotated[str, typer.Option("--address-in", help="Environment variable with a live one's address.")] = "",
    dialect: Annotated[str, typer.Option(help="Dialect of a log of queries, such as postgres or spark.")] = "",
    workspace: WorkspaceOption = None,
    user: UserOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a system: dbt, schema (CSV of an information schema), postgres, spark, queries, superset, metabase.

    JSON: {"name", "system", "assets", "edges", "uses", "permissions", "skipped": [text], "matched"}.
    """
    with open_context(workspace, user=user) as context:
        found = estate.read_estate(context, name, system, path=path, address=address, dialect=dialect)
        payload = {**_counts(found), "skipped": found.estate.skipped}
    emit(payload, as_json=as_json, human=_told)


def list_(*, workspace: WorkspaceOption = None, user: UserOption = None, as_json: JsonOption = False) -> None:
    """List the systems that were read.

    JSON: {"estates": [{"name", "system", "read_at", "assets", "edges", "uses", "permissions", "matched", "health"}]}.
    """
    with open_context(workspace, user=user) as context:
        payload = {"estates": [_counts(one) for one in estate.list_estates(context)]}
    columns = ("name", "system", "read_at", "assets", "edges", "uses", "permissions", "matched")
    emit(payload, as_json=as_json, human=lambda p: table_of(columns, [[e[c] for c in columns] for e in p["estates"]]))


def show(
    name: NameArgument, *, workspace: WorkspaceOption = None, user: UserOption = None, as_json: JsonOption = False
) -> None:
    """Show the assets of a system, and which table here each of its tables is.

    JSON: {"name", "assets": [...], "edges": [...], "uses": [...], "permissions": [...], "matches": [...]}.
    """
    with open_context(workspace, user=user) as context:
        found = estate.find_estate(context, name)
        shown = {key: getattr(found.estate, key) for key in ("assets", "edges", "uses", "permissions", "skipped")}
        payload = {"name": name, **shown, "matches": found.matched}
    same = {one.key: one.table for one in found.matched}
    rows = [(a.kind.value, a.name, a.relation, a.owner, a.passed, a.failed, same.get(a.key)) for a in shown["assets"]]
    columns = ("kind", "name", "relation", "owner", "passed", "failed", "here")
    emit(payload, as_json=as_json, human=lambda _: table_of(columns, rows))


def match(
    name: NameArgument,
    key: Annotated[str, typer.Argument(help="Key of the table outside.")],
    table: Annotated[str, typer.Argument(help="Table here.")],
    *,
    different: Annotated[bool, typer.Option("--different", help="Say that they are not the same.")] = False,
    workspace: WorkspaceOption = None,
    user: UserOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a table outside is, or is not, a table here.

    JSON: {"name", "key", "table", "is_same"}.
    """
    with open_context(workspace, user=user) as context:
        estate.decide_match(context, name, key, table, is_same=not different)
    payload = {"name": name, "key": key, "table": table, "is_same": not different}
    emit(payload, as_json=as_json, human=lambda _: f"{key} is {'not ' if different else ''}{table}.")


def forget(
    name: NameArgument, *, workspace: WorkspaceOption = None, user: UserOption = None, as_json: JsonOption = False
) -> None:
    """Forget what was read of a system.

    JSON: {"name"}.
    """
    with open_context(workspace, user=user) as context:
        estate.forget_estate(context, name)
    emit({"name": name}, as_json=as_json, human=lambda _: f"Forgot {name}.")


def _counts(found: Reading) -> dict[str, Any]:
    held = {key: len(getattr(found.estate, key)) for key in ("assets", "edges", "uses", "permissions")}
    kept = {"name": found.name, "system": found.system, "read_at": found.read_at}
    return {**kept, **held, "matched": len(found.matched), "health": found.health}


def _told(payload: Any) -> str:
    head = (
        f"Read {payload['assets']} assets, {payload['edges']} edges, {payload['uses']} uses and "
        f"{payload['permissions']} permissions of {payload['name']}; {payload['matched']} are likely tables here."
    )
    return "\n".join([head, *(f"Not read: {one}" for one in payload["skipped"])])
