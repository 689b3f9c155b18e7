"""Which contracts facts may be loaded under, on either database."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tiffin.kernel.errors import Conflict
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor
from tiffin.runtime.contracts.effect import VersionState, need_in_force
from tiffin.runtime.contracts.records import ContractVersion
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CARRIED = TABLES["orders"].version


def registered(version: str, state: VersionState) -> ContractVersion:
    return ContractVersion(
        table="orders",
        version=version,
        state=state.value,
        document="",
        against="",
        severity="breaking",
        changes=[{"why": "…"}],
        registered_by="ana",
        registered_at=NOW,
    )


@pytest.fixture
def loading(workspace: Workspace) -> Callable[..., None]:
    """Keep versions, and ask whether orders may be loaded."""

    def ask(*versions: ContractVersion) -> None:
        with open_unit(workspace, lambda _: Actor("ana"), now=NOW) as context:
            context.session.add_all(versions)
            context.session.flush()
            need_in_force(context, ["orders", "nothing_of_ours"])

    return ask


def test_a_workspace_without_versions_takes_the_contracts_as_they_come(loading: Callable[..., None]) -> None:
    loading()


@pytest.mark.parametrize("state", [VersionState.REGISTERED, VersionState.ANNOUNCED, VersionState.WITHDRAWN])
def test_a_version_that_is_not_in_force_is_refused(loading: Callable[..., None], state: VersionState) -> None:
    with pytest.raises(Conflict, match=f"not in force here: it is {state.value}"):
        loading(registered(CARRIED, state), registered("1.0.0", VersionState.IN_FORCE))


def test_what_is_in_force_or_was_may_be_loaded(loading: Callable[..., None]) -> None:
    loading(registered(CARRIED, VersionState.REPLACED), registered("9.0.0", VersionState.IN_FORCE))


def test_an_unknown_release_is_refused_when_its_number_says_that_it_breaks(loading: Callable[..., None]) -> None:
    with pytest.raises(Conflict, match="nobody has announced it"):
        loading(registered("0.9.0", VersionState.IN_FORCE))
