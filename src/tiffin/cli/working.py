"""The command ``tiffin cases work``: what cases wait for the platform to do, with the handlers of every capability."""

import importlib
import importlib.util
import multiprocessing
import pkgutil
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

import tiffin.capabilities
from tiffin.capabilities.cases import cli as cases
from tiffin.capabilities.cases.service.assigning import share_out_waiting
from tiffin.capabilities.cases.service.effects import Handler
from tiffin.capabilities.cases.service.workers import Worked, work
from tiffin.kernel.errors import Unavailable
from tiffin.runtime.edge import open_context
from tiffin.runtime.settings import settings
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit

_log = structlog.get_logger()
EVERY_S = 2.0
MOST_WORKERS = 16


def register(app: typer.Typer) -> None:
    """Add the commands of cases to the command line, and this one among them."""
    cases.register(app)
    group = next(one.typer_instance for one in app.registered_groups if one.name == "cases")
    if group is not None:
        group.command("work")(work_on_cases)


def work_on_cases(
    *,
    once: Annotated[bool, typer.Option("--once", help="Do what waits now, then end.")] = False,
    workers: Annotated[
        int, typer.Option("--workers", help="Processes that work at once.", min=1, max=MOST_WORKERS)
    ] = 1,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Do what follows from cases: effects of what was done, and clocks that have run out. JSON: {"worked": {...}}."""
    with open_context(workspace, user=user) as context:
        root, locale = context.workspace.root, context.locale
    if workers > 1:
        spawning = multiprocessing.get_context("spawn")
        others = [spawning.Process(target=_work_on, args=(root, user, once)) for _ in range(workers - 1)]
        for one in others:
            one.start()
    total = _work_on(root, user, once)
    for one in others if workers > 1 else ():
        one.join()
    emit({"worked": total}, as_json=as_json, human=lambda _payload: cases.told_of(total, locale))


def composed_handlers() -> dict[str, Handler]:
    """Put together what the capabilities do with effects of cases: each says so in ``HANDLERS`` of its ``jobs``."""
    found: dict[str, Handler] = {}
    for one in pkgutil.iter_modules(tiffin.capabilities.__path__):
        module = f"tiffin.capabilities.{one.name}.jobs"
        if one.ispkg and importlib.util.find_spec(module) is not None:
            found |= getattr(importlib.import_module(module), "HANDLERS", {})
    return found


def _work_on(root: Path, user: str | None, once: bool) -> Worked:  # noqa: FBT001 - handed to a process by place
    settings()  # a wrong setting is told before anything is taken
    opening: Callable[[], Any] = partial(open_context, root, user=user, doing="tiffin cases work")
    handlers, total = composed_handlers(), Worked()
    with suppress(KeyboardInterrupt):
        while True:
            try:
                found = work_round(opening, handlers)
            except Unavailable as outage:
                if once:
                    raise
                _log.warning("worker_waits", reason=str(outage))
                found = Worked()
            total += found
            if once:
                break
            if found.is_nothing:
                time.sleep(EVERY_S)
    return total


def work_round(opening: Callable[[], Any], handlers: dict[str, Handler]) -> Worked:
    """Do what waits now, and share out what people have to do.

    Raises
    ------
    Unavailable
        The database does not answer; whoever works all the time waits until it does.
    """
    found = work(opening, handlers)
    with opening() as context:
        share_out_waiting(context)
    return found
