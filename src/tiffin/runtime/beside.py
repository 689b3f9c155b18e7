"""A command run beside the console: a process of its own, which outlives the request and does not slow others."""

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path


def start_beside(words: Sequence[str], *, root: Path, log: Path, user: str) -> None:
    """Start a command of our own on a workspace, as the account that asked for it.

    Parameters
    ----------
    words : sequence of str
        The command without the name of the program, such as ``("rehearsals", "run", "7")``.
    log : Path
        Where the command writes what goes wrong.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own command, a number and an account that exists
            [sys.executable, "-m", "tiffin.cli", *words, f"--workspace={root}", f"--user={user}", "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
    # Somebody has to take note of its end, or it stays behind as a dead entry of the system.
    threading.Thread(target=process.wait, name="-".join(words), daemon=True).start()
