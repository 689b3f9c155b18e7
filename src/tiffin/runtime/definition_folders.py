"""Where definition files lie; what they say is read by `tiffin.runtime.definitions`."""

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path


def definition_files(*folders: Path, pattern: str = "*.yaml") -> Iterator[Path]:
    """List definition files of several folders in order; a later folder's file replaces an earlier one's namesake."""
    found: dict[str, Path] = {}
    for folder in folders:
        for name in sorted(_names(str(folder), pattern)):
            found["/".join(name)] = folder.joinpath(*name)
    yield from found.values()


def _names(folder: str, pattern: str) -> Iterator[tuple[str, ...]]:
    """Give the parts of the name of each file under a folder."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from ((entry.name, *name) for name in _names(entry.path, pattern))
        if fnmatchcase(entry.name, pattern):
            yield (entry.name,)
