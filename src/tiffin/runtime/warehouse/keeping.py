"""Versions of tables that must stay readable for good, because a number was published from them.

Each is a small file beside the tables, so that whoever cleans up there meets it, whatever has become of the database.
"""

from collections.abc import Mapping
from pathlib import Path

from tiffin.kernel.errors import NotFound
from tiffin.runtime.warehouse.store import DeltaStore

FOLDER = ".kept"


def keep_versions(store: DeltaStore, versions: Mapping[str, int | None], *, reason: str) -> None:
    """Keep versions of tables for good; a table that was never loaded has none to keep."""
    for table, version in versions.items():
        if version is not None:
            folder = store.root / FOLDER / table
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / str(version)).open("a", encoding="utf-8") as file:
                file.write(f"{reason}\n")


def kept_versions(store: DeltaStore, table: str) -> tuple[int, ...]:
    """List the versions of a table that are kept for good, oldest first."""
    folder = store.root / FOLDER / table
    if not folder.is_dir():
        return ()
    return tuple(sorted(int(path.name) for path in folder.iterdir() if path.name.isdecimal()))


def missing_files(store: DeltaStore, versions: Mapping[str, int | None]) -> tuple[str, ...]:
    """Name what is gone of some versions: files of the tables, or a whole version that the log no longer holds."""
    missing: list[str] = []
    for table, version in sorted(versions.items()):
        if version is None:
            continue
        try:
            snapshot = store.snapshot(table, version)
        except NotFound:
            snapshot = None
        if snapshot is None:
            missing.append(f"{table}, version {version}")
        else:
            missing += [f"{table}/{file.name}" for file in snapshot.files if not Path(file.path).exists()]
    return tuple(missing)
