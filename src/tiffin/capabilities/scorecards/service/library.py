"""The dashboards of a workspace: those that ship, and the operator's own over them."""

from functools import partial
from pathlib import Path

from tiffin.capabilities.metrics.domain.reading import File
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.capabilities.scorecards.domain.dashboards import Dashboard
from tiffin.capabilities.scorecards.domain.reading import read_dashboards
from tiffin.engines.metrics.model import Model, Problem
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import place_of, read_yaml
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "dashboards"
LISTS_OF_FIGURES = frozenset({"home.yaml", "daybook.yaml"})
"""Lists of headline figures, which other pages show; they are read by those."""

_KEPT = 8
_Found = tuple[tuple[Dashboard, ...], tuple[Problem, ...]]
_SHELVES: dict[tuple[tuple[str, int, int], ...], tuple[Model, _Found]] = {}
"""Dashboards by the state of their files, with the model that they were checked against."""


def dashboards_in(workspace: Workspace) -> _Found:
    """Give the sound dashboards of a workspace, and what is wrong with the others."""
    model = unchecked_library(workspace).model
    paths = [
        path
        for path in definition_files(SHIPPED, workspace.overlay("dashboards"))
        if path.name not in LISTS_OF_FIGURES and not path.name.startswith("example")
    ]
    state = tuple((str(path), stat.st_mtime_ns, stat.st_size) for path in paths for stat in (path.stat(),))
    kept = _SHELVES.get(state)
    if kept is None or kept[0] is not model:
        if len(_SHELVES) >= _KEPT:
            _SHELVES.clear()
        kept = _SHELVES[state] = (model, _read(paths, model))
    return kept[1]


def list_dashboards(context: Context) -> tuple[Dashboard, ...]:
    """List the dashboards by name; faulty ones are left out (`tiffin scorecards check` tells of them)."""
    return tuple(sorted(dashboards_in(context.workspace)[0], key=lambda one: (one.level, one.name)))


def find_dashboard(context: Context, name: str) -> Dashboard:
    """Find a dashboard.

    Raises
    ------
    NotFound
        There is none of that name.
    InvalidDefinition
        There is, and it is faulty.
    """
    sound, problems = dashboards_in(context.workspace)
    for dashboard in sound:
        if dashboard.name == name:
            return dashboard
    faulty = [one for one in problems if one.place and Path(one.place.file).stem == name]
    if faulty:
        raise InvalidDefinition(str(faulty[0]))
    raise NotFound(
        Message(
            "There is no dashboard {name}.{near} The page of dashboards lists them all.",
            name=name,
            near=near(name, [one.name for one in sound]),
        )
    )


def _read(paths: list[Path], model: Model) -> _Found:
    files, problems = [], []
    for path in paths:
        try:
            files.append(File(read_yaml(path), partial(place_of, path)))
        except InvalidDefinition as error:
            problems.append(Problem(str(error), None))
    sound, found = read_dashboards(files, model)
    return sound, (*problems, *found)
