"""The commands ``tiffin serve-assistant`` and ``tiffin serve-sql``: metrics for assistants and for BI tools."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

import tiffin.capabilities.catalog.api  # noqa: F401 - offers assistants the search
from tiffin.capabilities.metrics.api.assistants import assistant_server
from tiffin.capabilities.metrics.api.bi_door import bi_server
from tiffin.kernel.errors import Unavailable
from tiffin.runtime.actor import Actor
from tiffin.runtime.context import Context
from tiffin.runtime.database import Unit, transaction
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.schema import ready_engine
from tiffin.runtime.terminal import UserOption, WorkspaceOption, say
from tiffin.runtime.tokens import numbered_actor, wire_digests
from tiffin.runtime.workspace import Workspace, open_workspace, workspace_folder

if TYPE_CHECKING:
    from mysql_mimic import MysqlServer

SQL_PORT = 3307
"""Not MySQL's own 3306, which may be taken."""


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("serve-assistant")(serve_assistant)
    app.command("serve-sql")(serve_sql)


def serve_assistant(*, workspace: WorkspaceOption = None, user: UserOption = None) -> None:
    """Serve an assistant over standard input and output (Model Context Protocol), until it hangs up.

    Programs on other machines reach the same tools at /api/mcp of the console, with an access token.
    """
    entering = partial(open_context, workspace, user=user)
    server = assistant_server(entering)
    with entering():  # who may not come in hears it now
        pass
    import anyio  # noqa: PLC0415 - comes with the optional extra
    from mcp.server.stdio import stdio_server  # noqa: PLC0415 - the same

    async def serve() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(serve)


def serve_sql(
    *,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port of the door; 0 takes a free one.")
    ] = SQL_PORT,
    host: Annotated[str, typer.Option("--host", help="Address to listen on; the machine's own.")] = "127.0.0.1",
    workspace: WorkspaceOption = None,
) -> None:
    """Serve BI tools that speak MySQL's protocol, until interrupted: one table, metrics, of dimensions and metrics.

    The password is an access token (tiffin tokens add). The protocol is not encrypted here: listen on 127.0.0.1, or in
    a private network behind something that encrypts.
    """
    server = sql_door(open_workspace(workspace_folder(workspace)))

    async def serve() -> None:
        try:
            await server.start_server(host=host, port=port)
        except OSError as error:
            raise Unavailable(f"{host}:{port} cannot be listened on: {error}. Choose another --port.") from error
        say(f"Metrics for BI tools at mysql://{host}:{server.sockets()[0].getsockname()[1]}/tiffin.")
        await server.serve_forever()

    with suppress(KeyboardInterrupt):
        asyncio.run(serve())


def sql_door(workspace: Workspace) -> "MysqlServer":
    """Make the door of a workspace, with its own accounts and tokens."""

    def digests(account: str) -> Mapping[int, str]:
        with transaction(ready_engine(workspace.database_url)) as session:
            return wire_digests(session, account, now=datetime.now(UTC))

    def entering(token_id: int) -> AbstractContextManager[Context]:
        now = datetime.now(UTC)

        def sign_in(unit: Unit) -> Actor:
            return numbered_actor(unit.session, token_id, now=now)

        return open_unit(workspace, sign_in, now=now)

    return bi_server(digests, entering)
