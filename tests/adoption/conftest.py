"""A workspace with accounts, and people with grants of their own in it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert

from tiffin.capabilities.adoption.domain.items import Ask
from tiffin.capabilities.adoption.service.parameters import uses_kept_days
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.tables import ACCOUNTS
from tiffin.runtime.uses import note_views, write_gathered
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)
Entering = Callable[..., AbstractContextManager[Context]]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """Make a workspace without facts, in which ana, ben, sam and vic have accounts for long."""
    made = new_workspace(tmp_path / "workspace")
    with open_unit(made, lambda _: Actor("ana"), now=NOW) as context:
        for name, locale in (("ana", "en"), ("ben", "en"), ("sam", "en"), ("vic", "ar")):
            long_ago = datetime(2025, 1, 1, tzinfo=UTC)
            context.unit.execute(insert(ACCOUNTS).values(name=name, locale=locale, is_owner=False, created_at=long_ago))
    return made


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    """Open a unit of work of a named person with one grant: sam is steward, ana and ben analysts, vic a viewer."""
    usual = {"sam": Role.STEWARD, "ana": Role.ANALYST, "ben": Role.ANALYST}

    @contextmanager
    def entered(
        name: str = "vic",
        role: Role | None = None,
        *,
        countries: tuple[str, ...] = ("*",),
        now: datetime = NOW,
        locale: str = "en",
    ) -> Iterator[Context]:
        held = role or usual.get(name, Role.VIEWER)
        actor = Actor(name, (Grant(held, countries, ()),) if countries else ())
        with open_unit(workspace, lambda _: actor, now=now, locale=locale) as context:
            yield context

    return entered


@pytest.fixture
def see(workspace: Workspace) -> Callable[..., None]:
    """Let an account see something, and write what was gathered."""

    def seen(account: str, *subjects: str, at: datetime = NOW, milliseconds: float = 10.0) -> None:
        with open_unit(workspace, lambda _: Actor(account), now=at) as context:
            note_views(context, subjects, milliseconds=milliseconds, kept_days=partial(uses_kept_days, workspace))
        with open_unit(workspace, lambda _: Actor(account), now=at) as context:
            write_gathered(context)

    return seen


@pytest.fixture(scope="session")
def an_ask() -> Callable[..., Ask]:
    """A requirement in business words; only what matters is stated."""

    def made(**changes: object) -> Ask:
        stated = {"decision": "Which kitchens to call before lunch", "rhythm": "daily", "people": 20}
        return Ask(**(stated | changes))  # type: ignore[arg-type]

    return made
