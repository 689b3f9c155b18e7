"""The metric definitions of a workspace: those shipped with the capabilities, and the operator's own over them."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tiffin import capabilities
from tiffin.capabilities.metrics.service.shelf import Files, Shelved, States, put, take, touched
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.definitions import ColumnType, Table
from tiffin.engines.metrics.model import Model, Problem
from tiffin.kernel.contract import LogicalType
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.workspace import Workspace

_TYPES = {
    LogicalType.STRING: ColumnType.TEXT,
    LogicalType.INTEGER: ColumnType.INTEGER,
    LogicalType.NUMBER: ColumnType.DOUBLE,
    LogicalType.BOOLEAN: ColumnType.BOOLEAN,
    LogicalType.DATE: ColumnType.DATE,
    LogicalType.TIMESTAMP: ColumnType.INSTANT,
}


@dataclass(frozen=True, slots=True)
class Library:
    """All definitions of one workspace, checked, with the pieces of SQL made from them so far.

    Parameters
    ----------
    derived : dict
        What was worked out from them so far: earlier versions, digests; forgotten with the library.
    """

    model: Model
    problems: tuple[Problem, ...]
    fragments: Mapping[str, Fragments]
    derived: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(slots=True)
class _Seen:
    """The definition files of one workspace as they were last looked at, and the library made of them.

    Parameters
    ----------
    until : float
        Moment of the process's clock up to which they are not looked at again.
    edits : int
        How often they changed since they were put on the shelf.
    """

    own: States
    until: float
    shelved: Shelved | None = None
    library: Library | None = None
    edits: int = 0


_SEEN: dict[str, _Seen] = {}
_LOOKING = threading.Lock()

_FEW = 200
"""A folder of no more files than these is looked at for every request, which takes a few thousandths of a second."""

_MANY = 20
"""Edits after which the shelf is filled anew; fewer are made good by whoever takes the library from there."""

_LATE_S = 1.0
"""How late a change of a larger folder may be noticed."""


def library_of(workspace: Workspace) -> Library:
    """Give the definitions of a workspace.

    Raises
    ------
    InvalidDefinition
        Any of them is faulty; the message names the first place and how many more there are.
    """
    library = unchecked_library(workspace)
    if library.problems:
        more = (
            f" There are {len(library.problems) - 1} more: see `tiffin metrics check`."
            if len(library.problems) > 1
            else ""
        )
        raise InvalidDefinition(f"{library.problems[0]}{more}")
    return library


def unchecked_library(workspace: Workspace) -> Library:
    """Give the sound definitions of a workspace, and what is wrong with the others."""
    folder = workspace.overlay("metrics")
    seen = _SEEN.get(str(folder))
    if seen is None or seen.library is None or time.monotonic() >= seen.until:
        with _LOOKING:
            seen = _looked(folder)
            return seen.library or _read(folder, seen)
    return seen.library


def notice(workspace: Workspace, path: Path) -> None:
    """Look at one definition file that has just been written or taken away, however large the folder is."""
    with _LOOKING:
        seen = _SEEN.get(str(workspace.overlay("metrics")))
        if seen is not None:
            own = {name: state for name, state in seen.own.items() if name != str(path)}
            seen.own = own | ({str(path): _state(path)} if path.is_file() else {})
            seen.library = None


def _looked(folder: Path) -> _Seen:
    """Look at the files, unless that was done a moment ago."""
    seen = _SEEN.get(str(folder))
    if seen is not None and time.monotonic() < seen.until:
        return seen
    own = _states(folder)
    until = time.monotonic() + (_LATE_S if len(own) > _FEW else 0)
    if seen is None:
        seen = _SEEN[str(folder)] = _Seen(own, until)
    if seen.own != own:
        seen.own, seen.library = own, None
    seen.until = until
    return seen


def _read(folder: Path, seen: _Seen) -> Library:
    if not seen.own:
        seen.shelved, seen.library = _package()
        return seen.library
    known = seen.shelved or take(str(folder))
    before = known or (_package()[0] if len(seen.own) <= _FEW else None)
    files = Files(_shipped_files(), seen.own)
    now = before if before and not touched(files, before) else _gathered(files, before)
    seen.edits = seen.edits + 1 if known else _MANY
    if now is not before and seen.edits >= _MANY:
        seen.edits = 0
        put(str(folder), now)
    seen.shelved, seen.library = now, _made_of(now)
    return seen.library


@cache
def _package() -> tuple[Shelved, Library]:
    """Give what the package itself defines: the whole library of every workspace without definitions of its own."""
    files, before = Files(_shipped_files(), {}), take("")
    now = before if before and not touched(files, before) else _gathered(files, before)
    if now is not before:
        put("", now)
    return now, _made_of(now)


def _made_of(shelved: Shelved) -> Library:
    return Library(shelved.model, shelved.problems, fragments_of(shelved.model))


def _gathered(files: Files, before: Shelved | None) -> Shelved:
    # Reading definitions takes libraries that opening them does without.
    from tiffin.capabilities.metrics.service.gathering import gathered  # noqa: PLC0415 - for the reason above

    return gathered(files, before, known_tables())


@cache
def known_tables() -> Mapping[str, Table]:
    """Give the columns of every contracted table, as definitions may name them."""
    return {
        name: Table({column.name: _TYPES[column.type] for column in contract.columns}, contract.key)
        for name, contract in TABLES.items()
    }


@cache
def _shipped_files() -> States:
    """List the files of the package; they do not change while a process runs."""
    folders = sorted(Path(capabilities.__path__[0]).glob("*/metrics"))
    return {path: state for folder in folders for path, state in _states(folder).items()}


def _states(folder: Path) -> States:
    return {str(path): _state(path) for path in definition_files(folder)} if folder.is_dir() else {}


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def fragments_of(model: Model) -> Mapping[str, Fragments]:
    """Prepare the writing of a model's SQL for each engine."""
    return {dialect: Fragments(model, dialect) for dialect in ("duckdb", "spark")}
