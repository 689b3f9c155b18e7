"""Files that the platform itself wrote, without an erased person; the operator's own files are told and left alone."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tiffin.capabilities.access.domain.people_traces import Sought
from tiffin.capabilities.access.service.people_files import HEAD_BYTES, files_of, traces_in
from tiffin.runtime.workspace import Workspace

TABLES = "tables"
DATABASE = "tiffin.db"
OUTBOX = "outbox"
DERIVED = (".npz", ".pickle", ".records", ".arrow", ".parquet", ".tmp", ".unfinished")
"""Kinds of files outside the tables that are made again from what they stand for."""


def clear_files(workspace: Workspace, sought: Sought, marks: Mapping[str, str]) -> Mapping[str, Any]:
    """Rewrite texts, remove messages and derived files that name the person.

    Returns
    -------
    mapping
        ``rewritten`` and ``removed``: how many files.
    """
    counts = {"rewritten": 0, "removed": 0}
    for path in _own(workspace.state):
        if not traces_in(path, workspace.root, sought):
            continue
        if path.parent.name == OUTBOX or path.suffix in DERIVED:
            path.unlink(missing_ok=True)
            counts["removed"] += 1
        elif _is_text(path):
            _rewrite(path, sought, marks)
            counts["rewritten"] += 1
    return counts


def _own(state: Path) -> list[Path]:
    tables = state / TABLES
    return [path for path in files_of(state) if tables not in path.parents and not path.name.startswith(DATABASE)]


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        return b"\0" not in file.read(HEAD_BYTES)


def _rewrite(path: Path, sought: Sought, marks: Mapping[str, str]) -> None:
    cleaned = sought.in_text_bytes.sub(
        lambda found: marks[sought.words[int((found.lastgroup or "w0")[1:])]].encode(), path.read_bytes()
    )
    if path.suffix == ".log":  # a running console holds it open, and would go on writing into what was replaced
        with path.open("r+b") as file:
            file.write(cleaned)
            file.truncate()
        return
    fresh = path.with_name(f".{path.name}.unfinished")
    fresh.write_bytes(cleaned)
    os.replace(fresh, path)  # noqa: PTH105 - one step, whichever system
