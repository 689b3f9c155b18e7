"""The commands ``tiffin serve-assistant`` and ``tiffin serve-sql``: metrics for assistants and for BI tools."""

from functools import partial

import typer

from tiffin.capabilities.metrics.api.assistants import assistant_server
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import UserOption, WorkspaceOption


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("serve-assistant")(serve_assistant)


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
