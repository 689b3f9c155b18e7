"""What the tests of access share: a workspace, and contexts in which somebody acts."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from tiffin.capabilities.access import service
from tiffin.runtime import passwords
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace, create_workspace

NOW = datetime(2026, 2, 20, 10, 0, tzinfo=UTC)

Acting = Callable[..., AbstractContextManager[Context]]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "workspace")


@pytest.fixture
def acting(workspace: Workspace) -> Acting:
    """Open a context of the owner, or of ``user``, at a fixed moment, or at ``now``."""
    return partial(open_context, workspace.root, now=NOW)


@pytest.fixture
def nora(acting: Acting) -> str:
    """Add an analyst of Saudi Arabia with a password."""
    with acting() as context:
        service.add_account(context, "nora", password="correct horse battery")  # noqa: S106 - of a test
        service.grant(context, "nora", Role.ANALYST, countries=["SA"], terms=service.Terms("tests"))
    return "nora"


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashing() -> Iterator[None]:
    """Hash with the least work: what is tested is who comes in, and not how long guessing takes."""
    cheap = PasswordHasher.from_parameters(CHEAPEST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: cheap)
        yield
    passwords._nobodys_hash.cache_clear()
