"""A proposal worked out beside the console."""

from pathlib import Path

from tiffin.runtime.beside import start_beside
from tiffin.runtime.context import Context

LOG = "strategies.log"


def start(root: Path, log: Path, number: int, *, user: str) -> None:
    """Start the command that works a proposal out, as the account that asked for it."""
    start_beside(("strategies", "run", str(number)), root=root, log=log, user=user)


def log_of(context: Context) -> Path:
    """Tell where the runs of a workspace write what goes wrong."""
    return context.workspace.state / "logs" / LOG
