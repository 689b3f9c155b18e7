"""How long a newcomer waits: a fresh clone's first `./tiffin up` until the console answers, then the second start.

    python3 benchmarks/first_up.py

The clone has neither environment nor workspace; packages come from the registry or the package client's cache.
"""

import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def seconds_until_it_answers(clone: Path) -> float:
    """Start the console on a free port, wait for its health page, and stop it again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.monotonic()
    command = [str(clone / "tiffin"), "up", "--port", str(port)]
    with subprocess.Popen(command, cwd=clone, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as console:  # noqa: S603 - ours
        while not answers(port):
            if console.poll() is not None:
                raise SystemExit(f"`tiffin up` ended with {console.returncode} before the console answered.")
            time.sleep(0.1)
        took = time.monotonic() - started
        console.send_signal(signal.SIGINT)
    return took


def answers(port: int) -> bool:
    """Tell whether the console's health page is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's own number
    except (urllib.error.URLError, OSError):
        return False


def main() -> None:
    """Print both waits."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "tiffin"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)  # noqa: S603, S607 - our own repository
        print(
            f"first up, environment and demo included: {seconds_until_it_answers(clone):6.1f} s  (asked: 300 at most)"
        )
        print(f"second up:                               {seconds_until_it_answers(clone):6.1f} s  (asked: 30 at most)")


if __name__ == "__main__":
    main()
