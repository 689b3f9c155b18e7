"""The metric definitions of a workspace: those shipped with the capabilities, and the operator's own over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from tiffin import capabilities
from tiffin.capabilities.metrics.domain.reading import File, read_definitions
from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.definitions import ColumnType, Definitions, Table
from tiffin.engines.metrics.fragments import Fragments
from tiffin.engines.metrics.model import Model, Problem
from tiffin.kernel.contract import LogicalType
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.definitions import definition_files, place_of, read_yaml
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


_LIBRARIES: dict[tuple[tuple[str, int, int], ...], Library] = {}
"""Libraries by the state of their files; definitions that change are read again."""


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
    own = tuple(definition_files(folder)) if folder.is_dir() else ()
    state = tuple((str(path), stat.st_mtime_ns, stat.st_size) for path in own for stat in (path.stat(),))
    if state not in _LIBRARIES:
        if len(_LIBRARIES) > 8:  # noqa: PLR2004 - a process serves few workspaces; old states of files are let go
            _LIBRARIES.clear()
        _LIBRARIES[state] = _library(_shipped_files(), own)
    return _LIBRARIES[state]


def known_tables() -> Mapping[str, Table]:
    """Give the columns of every contracted table, as definitions may name them."""
    return {
        name: Table({column.name: _TYPES[column.type] for column in contract.columns}, contract.key)
        for name, contract in TABLES.items()
    }


@cache
def _shipped_files() -> tuple[Path, ...]:
    """List the files of the package; they do not change while a process runs."""
    folders = sorted(Path(capabilities.__path__[0]).glob("*/metrics"))
    return tuple(path for folder in folders for path in definition_files(folder))


def _library(shipped: tuple[Path, ...], own: tuple[Path, ...]) -> Library:
    unread: list[Problem] = []
    base, problems = read_definitions(_files(shipped, unread))
    over, more = read_definitions(_files(own, unread))
    model, found = build_model(_overlaid(base, over), known_tables())
    return Library(model, (*unread, *problems, *more, *found), fragments_of(model))


def fragments_of(model: Model) -> Mapping[str, Fragments]:
    """Prepare the writing of a model's SQL for each engine."""
    return {dialect: Fragments(model, dialect) for dialect in ("duckdb", "spark")}


def _files(paths: tuple[Path, ...], unread: list[Problem]) -> list[File]:
    files = []
    for path in paths:
        try:
            files.append(File(read_yaml(path), partial(place_of, path)))
        except InvalidDefinition as error:
            unread.append(Problem(str(error), None))
    return files


def _overlaid(base: Definitions, over: Definitions) -> Definitions:
    """Let the operator's definitions replace shipped ones of the same name."""
    return Definitions(
        _replaced(base.dimensions, over.dimensions),
        _replaced(base.sources, over.sources),
        _replaced(base.metrics, over.metrics),
    )


def _replaced(base: tuple, over: tuple) -> tuple:  # type: ignore[type-arg] # any of the three kinds, all named
    names = {item.name for item in over}
    return (*(item for item in base if item.name not in names), *over)
