"""Where definition files lie; what they say is read by `tiffin.runtime.definitions`."""

from collections.abc import Iterator
from pathlib import Path


def definition_files(*folders: Path, pattern: str = "*.yaml") -> Iterator[Path]:
    """List definition files of several folders in order; a later folder's file replaces an earlier one's namesake."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob(pattern)) if folder.is_dir() else ():
            found[str(path.relative_to(folder))] = path
    yield from found.values()
