"""Backups are of a workspace, and not of a kind of database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.access import service as access
from tiffin.cli import main
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace


@pytest.mark.postgres
def test_a_backup_of_sqlite_is_restored_into_postgresql_and_back(
    plain_workspace: Workspace, tmp_path: Path, postgres: Any, environment: Callable[..., None]
) -> None:
    first, second = str(tmp_path / "first.tar.gz"), str(tmp_path / "second.tar.gz")
    there, back = str(tmp_path / "there"), str(tmp_path / "back")
    with open_context(plain_workspace.root) as context:
        access.add_account(context, "nora", password="correct horse battery")  # noqa: S106 - of a test
        before = access.list_accounts(context)
    assert main(["backup", first, "--workspace", str(plain_workspace.root)]) == 0

    environment(TIFFIN_DATABASE_URL=postgres.new_database())
    assert main(["restore", first, there]) == 0
    with open_context(Path(there)) as context:
        assert access.list_accounts(context) == before
        added = access.add_account(context, "omar")  # numbered after the restored ones
    assert main(["backup", second, "--workspace", there]) == 0

    environment(TIFFIN_DATABASE_URL=f"sqlite:///{tmp_path / 'back.db'}")
    assert main(["restore", second, back]) == 0
    with open_context(Path(back)) as context:
        assert access.list_accounts(context) == tuple(sorted((*before, added), key=lambda account: account.name))


@pytest.mark.postgres
def test_a_database_that_is_in_use_is_not_restored_into(
    plain_workspace: Workspace, tmp_path: Path, postgres: Any, environment: Callable[..., None]
) -> None:
    file = str(tmp_path / "first.tar.gz")
    assert main(["backup", file, "--workspace", str(plain_workspace.root)]) == 0
    environment(TIFFIN_DATABASE_URL=postgres.new_database())
    assert main(["restore", file, str(tmp_path / "one")]) == 0

    assert main(["restore", file, str(tmp_path / "two")]) == 1


@pytest.mark.parametrize(("role", "country", "code"), [("admin", "SA", 5), ("steward", "*", 5), ("admin", "*", 0)])
def test_only_an_administrator_of_everything_takes_everything_away(
    plain_workspace: Workspace, tmp_path: Path, role: str, country: str, code: int
) -> None:
    file = tmp_path / "whole.tar.gz"
    with open_context(plain_workspace.root) as context:
        access.add_account(context, "omar")
        access.grant(context, "omar", Role(role), countries=[country], terms=access.Terms("tests"))

    assert main(["backup", str(file), "--workspace", str(plain_workspace.root), "--user", "omar"]) == code
    assert file.exists() == (code == 0)
