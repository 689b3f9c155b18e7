"""Which stores this process has written to since somebody last looked: what is derived from their tables is behind."""

import threading
from pathlib import Path

_LOCK = threading.Lock()
_WRITTEN: set[Path] = set()


def note_write(root: Path) -> None:
    """Note that a table of a store has a new version."""
    with _LOCK:
        _WRITTEN.add(root)


def take_written(root: Path) -> bool:
    """Tell whether a store was written to since the last call, and forget it."""
    with _LOCK:
        found = root.resolve() in _WRITTEN
        _WRITTEN.discard(root.resolve())
        return found
