"""What policies say of themselves, for the catalog."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.runtime.policies.conftest import POLICY, a_policy

from tiffin.capabilities.policies.service.ledger_stated import StatedPolicy, stated_policies
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def stating(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Callable[..., StatedPolicy | None]:
    """Say what is stated of the policy that files put into the workspace state."""

    def state(**files: str) -> StatedPolicy | None:
        workspace = new_workspace(tmp_path / "workspace")
        folder = workspace.overlay("policies") / POLICY
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / f"{name.replace('_', '-').strip('-')}.yaml").write_text(text, encoding="utf-8")
        with open_context(workspace.root, now=NOW) as context:
            return next((one for one in stated_policies(context) if one.name == POLICY), None)

    return state


def test_the_version_that_holds_speaks_for_a_policy(stating: Callable[..., StatedPolicy | None]) -> None:
    later = (NOW + timedelta(days=9)).date()
    cases = "cases: {from: orders, at: placed_at, join: {sky: {table: weather, by: [city_id]}}}\n"
    found = stating(
        _2026_01_01=a_policy(), _2026_05_01=a_policy() + cases, **{f"_{later}": a_policy().replace("Late fee", "Later")}
    )

    assert found is not None
    assert (found.title["en"], str(found.since), found.is_coming) == ("Late fee", "2026-05-01", False)
    assert found.tables == ("orders", "weather")


def test_a_policy_that_is_yet_to_come_says_so(stating: Callable[..., StatedPolicy | None]) -> None:
    found = stating(_2026_07_01=a_policy())

    assert found is not None
    assert (str(found.since), found.is_coming, found.tables) == ("2026-07-01", True, ())


@pytest.mark.parametrize("text", ["rows: [", "a: 1\n", "x" * 5_000_000])
def test_a_policy_that_cannot_be_read_says_nothing(stating: Callable[..., StatedPolicy | None], text: str) -> None:
    assert stating(_2026_01_01=text) is None
