"""A rehearsal run beside the console."""

from pathlib import Path

from tiffin.runtime.beside import start_beside
from tiffin.runtime.context import Context

LOG = "rehearsals.log"


def start(root: Path, log: Path, rehearsal_id: int, *, user: str) -> None:
    """Start the command that runs a rehearsal, as the account that asked for it."""
    start_beside(("rehearsals", "run", str(rehearsal_id)), root=root, log=log, user=user)


def log_of(context: Context) -> Path:
    """Tell where the runs of a workspace write what goes wrong."""
    return context.workspace.state / "logs" / LOG
