"""A rehearsal run beside the console: a process of its own, which outlives the request and does not slow others."""

import subprocess
import sys
import threading
from pathlib import Path

from tiffin.runtime.context import Context

LOG = "rehearsals.log"


def start(root: Path, log: Path, rehearsal_id: int, *, user: str) -> None:
    """Start the command that runs a rehearsal, as the account that asked for it.

    Parameters
    ----------
    log : Path
        Where the command writes what goes wrong.
    """
    command = [sys.executable, "-m", "tiffin.cli", "rehearsals", "run", str(rehearsal_id)]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own command, a number and an account that exists
            [*command, f"--workspace={root}", f"--user={user}", "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
    # Somebody has to take note of its end, or it stays behind as a dead entry of the system.
    threading.Thread(target=process.wait, name=f"rehearsal-{rehearsal_id}", daemon=True).start()


def log_of(context: Context) -> Path:
    """Tell where the runs of a workspace write what goes wrong."""
    return context.workspace.state / "logs" / LOG
