"""The shop's policy as tables: proven, and held to the tasks of tau2-bench's retail domain."""

import importlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from tiffin.capabilities import liability
from tiffin.capabilities.policies.service.library import Health, check_cases, in_force, list_policies
from tiffin.capabilities.policies.service.proving import prove
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PACK = Path(liability.__file__).parent / "packs/shop-returns"


@pytest.fixture(scope="module")
def shop_tasks(project_root: Path) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_root / "benchmarks"))
        return importlib.import_module("shop_tasks")


@pytest.fixture
def shop(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace that took the pack over into its own policies."""
    workspace = new_workspace(tmp_path / "shop")
    for folder in PACK.glob("shop-*"):
        shutil.copytree(folder, workspace.overlay("policies") / folder.name)
    return workspace


def test_the_shops_tables_are_proven_and_their_worked_cases_hold(shop: Workspace) -> None:
    with open_context(shop.root, now=NOW) as context:
        for folder in PACK.glob("shop-*"):
            found = in_force(context, folder.name, NOW.date())

            assert prove(context, found).holds, folder.name
            assert not check_cases(found), folder.name


def test_no_table_of_a_pack_is_in_force_by_itself(
    shop: Workspace, tmp_path: Path, new_workspace: Callable[[Path], Workspace]
) -> None:
    names = {one.name for one in PACK.glob("shop-*")}
    with open_context(new_workspace(tmp_path / "other").root, now=NOW) as context:
        assert not names & {one.name for one in list_policies(context)}
    with open_context(shop.root, now=NOW) as context:
        assert {one.health for one in list_policies(context) if one.name in names} == {Health.SOUND}


def test_the_tables_allow_what_is_expected_and_refuse_what_is_forbidden_by_the_row_that_says_why(
    shop_tasks: ModuleType, real_data: Path
) -> None:
    judged = shop_tasks.judge_all(real_data / "tau2_retail")
    wrong = {one.task.number: {fault.found for fault in one.wrong} for one in judged if one.wrong}

    assert len(judged) == 114
    assert wrong == {"64": {"exchange.not_delivered"}, "105": {"exchange.gift_card_short"}}
    assert wrong.keys() == shop_tasks.EXPLAINED.keys()


def test_every_row_that_refuses_refuses_something(shop_tasks: ModuleType, real_data: Path) -> None:
    refused = {row for one in shop_tasks.judge_all(real_data / "tau2_retail") for row in one.refused}

    assert set(shop_tasks.refusing_rows(shop_tasks.read_pack())) <= refused
