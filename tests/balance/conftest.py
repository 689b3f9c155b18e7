"""Workspaces with facts for day-books: four simulated cities, and the real files."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.rehearsals import service as rehearsals
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_unit
from tiffin.runtime.schema import migrate
from tiffin.runtime.workspace import Workspace, create_workspace

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
EVERYWHERE = (Grant(Role.ADMIN, ("*",), ("*",)),)
SIMULATED = ("doha", "dubai", "hong-kong", "kuwait-city")
FEEDS = {
    "doordash-eta": "doordash_eta",
    "doordash-ops": "doordash_ops",
    "wolt-2020": "wolt_2020",
    "bolt-hourly": "bolt_hourly",
    "uber-requests": "uber_requests",
    "grubhub-mdrp": "grubhub_mdrp/0o50t75s1p100",
}

Entering = Callable[..., AbstractContextManager[Context]]


@contextmanager
def context_in(
    workspace: Workspace, *, grants: tuple[Grant, ...] = EVERYWHERE, locale: str = "en", engine: str | None = None
) -> Iterator[Context]:
    """Open a unit of work of somebody with these grants."""
    with open_unit(workspace, lambda _: Actor("tester", grants), now=NOW, locale=locale, engine=engine) as context:
        yield context


@pytest.fixture(scope="session")
def entering() -> Entering:
    return context_in


def made(folder: Path) -> Workspace:
    """Make an empty workspace with its database."""
    workspace = create_workspace(folder)
    migrate(engine_for(workspace.database_url))
    return workspace


@pytest.fixture
def empty(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace without facts."""
    return new_workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Four demo cities over their two weeks, with the disruptions planted in them."""
    workspace = made(tmp_path_factory.mktemp("simulated") / "workspace")
    with context_in(workspace) as context:
        rehearsals.load_demo(context, cities=SIMULATED)
    return workspace


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Workspace:
    """The real files that have something to say about a city's day."""
    workspace = made(tmp_path_factory.mktemp("real") / "workspace")
    with context_in(workspace) as context:
        for feed, folder in FEEDS.items():
            facts.load(context, feed, (real_data / folder,))
    return workspace
