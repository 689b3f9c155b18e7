"""A proposal worked out beside the console: a process of its own, which outlives the request."""

import subprocess
import sys
import threading
from pathlib import Path

from tiffin.runtime.context import Context

LOG = "strategies.log"


def start(root: Path, log: Path, number: int, *, user: str) -> None:
    """Start the command that works a proposal out, as the account that asked for it.

    Parameters
    ----------
    log : Path
        Where the command writes what goes wrong.
    """
    command = [sys.executable, "-m", "tiffin.cli", "strategies", "run", str(number)]
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
    threading.Thread(target=process.wait, name=f"proposal-{number}", daemon=True).start()


def log_of(context: Context) -> Path:
    """Tell where the runs of a workspace write what goes wrong."""
    return context.workspace.state / "logs" / LOG
