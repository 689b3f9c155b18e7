"""A workspace with the facts of a small simulated city, and people who look after it or do not."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

NOW = datetime(2026, 1, 20, 8, tzinfo=UTC)
Entering = Callable[..., AbstractContextManager[Context]]


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    return new_workspace(tmp_path / "workspace")


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    """Open a unit of work of somebody with one grant."""

    @contextmanager
    def entered(role: Role = Role.CITY_MANAGER, *, cities: tuple[str, ...] = ("doha",)) -> Iterator[Context]:
        with open_unit(workspace, lambda _: Actor("mona", (Grant(role, (), cities),)), now=NOW) as context:
            yield context

    return entered
