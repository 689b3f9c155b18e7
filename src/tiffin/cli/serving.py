"""Serving: the console for people, and the query engine for local use of Spark Connect."""

import socket
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import Annotated

import typer

from tiffin.kernel.errors import Unavailable
from tiffin.runtime.edge import open_context
from tiffin.runtime.logging import log
from tiffin.runtime.settings import CONSOLE_PORT, settings
from tiffin.runtime.terminal import UserOption, WorkspaceOption, say
from tiffin.runtime.threads import take_short_turns
from tiffin.runtime.workspace import Workspace, open_workspace, workspace_folder

HOST = "127.0.0.1"
ENGINE_PORT = 50051

PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port of the console; 0 takes a free one.")]
HostOption = Annotated[
    str, typer.Option("--host", help="Address to listen on; the machine's own unless told otherwise.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("serve")(serve)
    app.command("serve-engine")(serve_engine)


def serve(
    *,
    port: PortOption = CONSOLE_PORT,
    host: HostOption = HOST,
    workspace: WorkspaceOption = None,
    user: UserOption = None,
) -> None:
    """Serve the console of a workspace as it stands, and print a link that signs in once."""
    opened = open_workspace(workspace_folder(workspace))
    serve_console(opened, open_port(port, host=host), user=user)


def serve_engine(
    *,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port of the engine.")] = ENGINE_PORT,
    host: HostOption = HOST,
) -> None:
    """Serve a Spark Connect engine for local use, until interrupted; who reaches it reads every file that you can."""
    # pysail is an optional extra and large; only this command needs it.
    from tiffin.runtime.warehouse.serving import serve_engine as serve_sail  # noqa: PLC0415 - for the reason above

    say(f"Spark Connect at sc://{host}:{port}.")
    _until_interrupted(lambda: serve_sail(host, port))


def open_port(port: int, *, host: str = HOST) -> socket.socket:
    """Take the port before any work is done for it.

    Raises
    ------
    Unavailable
        Another program listens there, or the port may not be taken.
    """
    # Named TCP in so many words: only then does the server send small answers at once, not after 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise Unavailable(
            f"The console could not listen on {host}, port {port}: {error.strerror}. "
            "Another Tiffin may be running there; stop it, or choose a port with --port."
        ) from error
    return listening


def serve_console(workspace: Workspace, listening: socket.socket, *, user: str | None) -> None:
    """Serve the console until interrupted; the person at the machine gets a link that signs him in once."""
    # The web stack takes a second to import; only serving needs it.
    import uvicorn  # noqa: PLC0415 - for the reason above

    from tiffin.app import create_app  # noqa: PLC0415 - for the reason above

    host, port = listening.getsockname()[:2]
    address = settings().public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    take_short_turns()
    server = uvicorn.Server(uvicorn.Config(create_app(workspace), log_level="warning", access_log=False))
    link = sign_in_link(workspace, address, user)
    listening.listen()  # whoever follows the link at once waits for the server instead of being turned away
    if settings().public_url is None and not ip_address(host).is_loopback:
        say("Passwords go over the network unencrypted: put a TLS proxy before it, named in TIFFIN_PUBLIC_URL.")
    say(f"Console at {address}. This link signs you in once, within half an hour:\n{link}")
    log("console_served", port=port)
    _until_interrupted(lambda: server.run(sockets=[listening]))


def sign_in_link(workspace: Workspace, address: str, user: str | None) -> str:
    """Make a one-time link for the person at this machine."""
    from tiffin.capabilities.access import service as access  # noqa: PLC0415 - only serving needs it here

    with open_context(workspace.root, user=user) as context:
        return f"{address}/sign-in/{access.make_sign_in_link(context, context.actor.name)}"


def _until_interrupted(run: Callable[[], None]) -> None:
    with suppress(KeyboardInterrupt):  # Ctrl-C is how serving ends well
        run()
    say("Stopped.")
