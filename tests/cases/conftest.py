"""A workspace, and people with grants of their own in it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)  # a Monday, 11:00 in Riyadh
Entering = Callable[..., AbstractContextManager[Context]]


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    return new_workspace(tmp_path / "workspace")


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    """Open a unit of work of a named person with one grant."""

    @contextmanager
    def entered(
        name: str = "ana",
        role: Role = Role.STEWARD,
        *,
        countries: tuple[str, ...] = ("*",),
        cities: tuple[str, ...] = (),
        now: datetime = NOW,
        locale: str = "en",
    ) -> Iterator[Context]:
        actor = Actor(name, (Grant(role, countries, cities),) if countries or cities else ())
        with open_unit(workspace, lambda _: actor, now=now, locale=locale) as context:
            yield context

    return entered


@pytest.fixture(scope="session")
def an_incident() -> Callable[..., NewCase]:
    """A data incident; only what matters is stated."""

    def made(**changes: object) -> NewCase:
        stated = {
            "case_type": "data_incident",
            "key": "late|SA|2026-02-15",
            "headline": "Facts of {day} in {country} were not there in time: {what}",
            "values": {"country": {"country": "SA"}, "day": {"days": ["2026-02-15", "2026-02-15"]}, "what": "orders"},
            "country": "SA",
            "subject": "orders",
            "severity": Severity.MAJOR,
        }
        return NewCase(**(stated | changes))  # type: ignore[arg-type]

    return made
