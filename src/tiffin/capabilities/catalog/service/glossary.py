"""The glossary of a workspace: the shipped one with the workspace's own over it."""

import threading
from functools import partial
from pathlib import Path

from tiffin.capabilities.catalog.domain.glossary import Glossary, Term, read_glossary
from tiffin.capabilities.metrics.domain.reading import File
from tiffin.engines.metrics.model import Problem
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import place_of, read_yaml
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "glossary"
_KEPT = 8
_LOCK = threading.Lock()
_READ: dict[str, tuple[object, Glossary, tuple[Problem, ...]]] = {}


def glossary_of(context: Context) -> Glossary:
    """Give every term by name; a faulty entry is left out, and `glossary_problems` tells of it."""
    return glossary_in(context.workspace)[0]


def glossary_problems(context: Context) -> tuple[Problem, ...]:
    """Tell what is wrong in the files of the glossary."""
    return glossary_in(context.workspace)[1]


def glossary_in(workspace: Workspace) -> tuple[Glossary, tuple[Problem, ...]]:
    """Read the glossary of a workspace; it is read again when a file of it has changed."""
    shipped = list(definition_files(SHIPPED))
    own = list(definition_files(workspace.overlay("glossary")))
    state = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in (*shipped, *own))
    with _LOCK:
        kept = _READ.get(str(workspace.root))
    if kept is not None and kept[0] == state:
        return kept[1], kept[2]
    found, problems = read_glossary(map(_file, shipped), map(_file, own))
    with _LOCK:
        if len(_READ) >= _KEPT:
            _READ.clear()
        _READ[str(workspace.root)] = (state, found, problems)
    return found, problems


def find_term(context: Context, name: str) -> Term:
    """Give one term.

    Raises
    ------
    NotFound
        There is none of that name.
    """
    found = glossary_of(context).get(name)
    if found is None:
        raise NotFound(Message("There is no term {name} in the glossary. Its page lists them all.", name=name))
    return found


def _file(path: Path) -> File:
    return File(read_yaml(path), partial(place_of, path))
