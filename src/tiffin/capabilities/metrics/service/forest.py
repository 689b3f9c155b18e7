"""The metric trees of a workspace: those shipped with the capabilities, and the operator's own over them."""

from functools import cache, partial
from pathlib import Path

from tiffin import capabilities
from tiffin.capabilities.metrics.domain.reading import File
from tiffin.capabilities.metrics.domain.trees import read_trees
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.engines.metrics.decomposition.trees import Tree
from tiffin.engines.metrics.model import Model, Problem
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import place_of, read_yaml
from tiffin.runtime.workspace import Workspace

_State = tuple[tuple[str, int], ...]
_KEPT = 8
_FORESTS: dict[tuple[_State, int], tuple[Model, tuple[Tree, ...], tuple[Problem, ...]]] = {}
"""Trees by the state of the operator's files and by the model that they were checked against."""


def trees_in(workspace: Workspace) -> tuple[tuple[Tree, ...], tuple[Problem, ...]]:
    """Give the sound trees of a workspace, and what is wrong with the others."""
    model = unchecked_library(workspace).model
    folder = workspace.overlay("trees")
    own = tuple(definition_files(folder)) if folder.is_dir() else ()
    key = (tuple((str(path), path.stat().st_mtime_ns) for path in own), id(model))
    found = _FORESTS.get(key)
    if found is None or found[0] is not model:
        if len(_FORESTS) >= _KEPT:
            _FORESTS.clear()
        trees, problems = read_trees([_file(path) for path in (*_shipped(), *own)], model)
        found = _FORESTS[key] = (model, trees, problems)
    return found[1], found[2]


def list_trees(context: Context) -> tuple[Tree, ...]:
    """List the metric trees: operations, management, team.

    Raises
    ------
    InvalidDefinition
        Any of them is faulty.
    """
    trees, problems = trees_in(context.workspace)
    if problems:
        raise InvalidDefinition(str(problems[0]))
    return trees


def find_tree(context: Context, name: str) -> tuple[Tree, str]:
    """Find a tree by its name, or the tree that splits a metric; gives the tree and where in it to begin.

    Raises
    ------
    NotFound
        No tree has that name, and none has parts of such a metric.
    """
    trees = list_trees(context)
    for tree in trees:
        if tree.name == name:
            return tree, tree.root
    for tree in trees:
        if name in tree.metrics():
            return tree, name
    known = [name for tree in trees for name in (tree.name, *tree.forks)]
    raise NotFound(
        Message(
            "There is no tree {name}, and none in which a metric {name} stands.{near}",
            name=name,
            near=near(name, known),
        )
    )


@cache
def _shipped() -> tuple[Path, ...]:
    folders = sorted(Path(capabilities.__path__[0]).glob("*/trees"))
    return tuple(path for folder in folders for path in definition_files(folder))


def _file(path: Path) -> File:
    return File(read_yaml(path), partial(place_of, path))
