"""The process of looking after data, as it is defined: the shipped one, with the workspace's own over it."""

from functools import partial
from pathlib import Path

from tiffin.capabilities.catalog.domain.processes import Process, Processes, read_processes
from tiffin.capabilities.metrics.domain.reading import File
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import place_of, read_yaml
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "processes"


def processes(context: Context) -> Processes:
    """Give every process and the parts that people play in them.

    Raises
    ------
    InvalidDefinition
        A file is faulty; the first fault is told.
    """
    return processes_in(context.workspace)


def processes_in(workspace: Workspace) -> Processes:
    """Give every process of a workspace.

    Raises
    ------
    InvalidDefinition
        A file is faulty; the first fault is told.
    """
    paths = definition_files(SHIPPED, workspace.overlay("processes"))
    found, problems = read_processes(File(read_yaml(path), partial(place_of, path)) for path in paths)
    if problems:
        raise InvalidDefinition(str(problems[0]))
    return found


def find_process(context: Context, name: str) -> Process:
    """Give one process.

    Raises
    ------
    NotFound
        There is none of that name.
    """
    every = processes(context).processes
    for process in every:
        if process.name == name:
            return process
    raise NotFound(
        Message("There is no process {name}. There are: {names}.", name=name, names=", ".join(p.name for p in every))
    )
