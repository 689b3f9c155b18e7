"""The edge: one unit of work, whoever does it, whatever becomes of it."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from tiffin.kernel.errors import Conflict, Forbidden, InvalidDefinition, NotFound
from tiffin.runtime import audit, auth
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.models import Account, AuditEntry, Setting
from tiffin.runtime.workspace import Workspace, create_workspace, open_workspace, workspace_folder


def entries(workspace: Workspace) -> list[tuple[str, str, str, str]]:
    with open_context(workspace.root) as context:
        rows = context.session.scalars(select(AuditEntry).order_by(AuditEntry.entry_id))
        return [(row.actor, row.action, row.subject, row.outcome) for row in rows]


def change_and_fail(workspace: Workspace, failure: Exception, *, now: datetime, read: str = "") -> None:
    with open_context(workspace.root, now=now) as context:
        context.session.add(Setting(name="a", value=1, changed_at=now, changed_by="nora"))
        audit.record(context, action="setting_changed", subject="a")
        context.session.flush()
        if read:
            audit.record_read(context, action=read, subject="a")
        raise failure


def another_person(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    monkeypatch.setattr("getpass.getuser", lambda: name)


def test_the_first_command_makes_the_owner_with_every_grant(workspace: Workspace, now: datetime) -> None:
    with open_context(workspace.root, now=now) as context:
        owner = context.session.scalars(select(Account)).one()

        assert owner.is_owner
        assert context.actor.name == owner.name == auth.login_name()
        assert context.actor.has_role(Role.STEWARD)
        assert context.actor.may_see_city(country="SA", city_id="riyadh")
        assert context.now == now


def test_first_commands_at_once_make_one_owner(workspace: Workspace) -> None:
    def first(_: int) -> str:
        with open_context(workspace.root) as context:
            return context.actor.name

    with ThreadPoolExecutor(6) as pool:
        names = set(pool.map(first, range(6)))

    assert names == {auth.login_name()}


def test_a_unit_that_fails_is_undone(workspace: Workspace, now: datetime) -> None:
    with pytest.raises(NotFound):
        change_and_fail(workspace, NotFound("nothing here"), now=now)

    with open_context(workspace.root) as context:
        assert context.session.get(Setting, "a") is None


def test_a_refusal_is_audited_although_the_unit_is_undone(workspace: Workspace, now: datetime) -> None:
    with pytest.raises(Forbidden):
        change_and_fail(workspace, Forbidden("not yours"), now=now)

    assert entries(workspace) == [(auth.login_name(), "access_refused", "not yours", "refused")]


def test_a_read_is_audited_even_when_the_unit_writes_and_then_fails(workspace: Workspace, now: datetime) -> None:
    with pytest.raises(NotFound):
        change_and_fail(workspace, NotFound("nothing here"), now=now, read="orders_exported")

    assert entries(workspace) == [(auth.login_name(), "orders_exported", "a", "read")]


def test_a_write_and_its_entry_stand_together(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        audit.record(context, action="setting_changed", subject="a", details={"to": 3})

    assert entries(workspace) == [(auth.login_name(), "setting_changed", "a", "done")]


def test_the_owner_may_act_as_any_account_with_its_grants_only(workspace: Workspace, now: datetime) -> None:
    with open_context(workspace.root) as context:
        context.session.add(Account(name="nora", created_at=now))

    with open_context(workspace.root, user="nora") as context:
        assert context.actor.name == "nora"
        assert context.actor.grants == ()
    with pytest.raises(NotFound, match="no account named 'omar'"), open_context(workspace.root, user="omar"):
        pass


def test_somebody_else_at_the_machine_acts_as_the_account_of_his_own_name(
    workspace: Workspace, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_context(workspace.root) as context:
        context.session.add(Account(name="nora", created_at=now))
    another_person(monkeypatch, "Nora")

    with open_context(workspace.root) as context:
        assert context.actor.name == "nora"
    with open_context(workspace.root, user="nora") as context:
        assert context.actor.name == "nora"


def test_somebody_else_at_the_machine_cannot_act_as_another(
    workspace: Workspace, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_context(workspace.root) as context:
        owner = context.actor.name
        context.session.add(Account(name="nora", created_at=now))
    another_person(monkeypatch, "nora")

    with pytest.raises(Forbidden, match="another account"), open_context(workspace.root, user=owner):
        pass


def test_somebody_without_an_account_is_told_so(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_context(workspace.root):
        pass
    another_person(monkeypatch, "omar")

    with pytest.raises(NotFound, match="no account named 'omar'"), open_context(workspace.root):
        pass


def test_a_disabled_account_may_do_nothing(workspace: Workspace, now: datetime) -> None:
    with open_context(workspace.root) as context:
        context.session.add(Account(name="nora", created_at=now, disabled_at=now))

    with pytest.raises(Forbidden, match="disabled"), open_context(workspace.root, user="nora"):
        pass


def test_a_name_that_the_machine_does_not_know_becomes_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError

    monkeypatch.setattr("getpass.getuser", nobody)
    assert auth.login_name() == "owner"
    monkeypatch.setattr("getpass.getuser", lambda: "John Doe")
    assert auth.login_name() == "john-doe"


def test_the_warehouse_is_opened_only_when_used(plain_workspace: Workspace) -> None:
    with open_context(plain_workspace.root, engine="none-such") as context:
        assert context.actor.name

    with (
        pytest.raises(InvalidDefinition, match="none-such"),
        open_context(plain_workspace.root, engine="none-such") as context,
    ):
        context.warehouse.versions()


def test_a_workspace_without_facts_has_every_table_and_no_rows(plain_workspace: Workspace) -> None:
    with open_context(plain_workspace.root) as context:
        assert context.warehouse.dialect == "duckdb"
        assert dict(context.warehouse.versions()) == {}
        assert context.warehouse.query_text("select count(*) as n from orders").column("n").to_pylist() == [0]


def test_a_folder_without_a_workspace_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="tiffin init"), open_context(tmp_path):
        pass


def test_a_workspace_is_not_made_twice(tmp_path: Path) -> None:
    create_workspace(tmp_path / "w")

    with pytest.raises(Conflict, match="already"):
        create_workspace(tmp_path / "w")


def test_a_damaged_workspace_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "tiffin.toml").write_text("[warehouse\nengine = 3")

    with pytest.raises(InvalidDefinition, match=r"tiffin\.toml is not valid TOML"):
        open_workspace(tmp_path)


def test_the_workspace_is_found_as_documented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: Callable[..., None]
) -> None:
    monkeypatch.delenv("TIFFIN_WORKSPACE", raising=False)
    environment()
    monkeypatch.chdir(tmp_path)
    beside_launcher = workspace_folder(None)
    create_workspace(tmp_path / "workspace")
    here = workspace_folder(None)
    environment(TIFFIN_WORKSPACE=str(tmp_path / "named"))

    assert beside_launcher == Path(__file__).resolve().parents[2] / "workspace"
    assert here == tmp_path / "workspace"
    assert workspace_folder(None) == tmp_path / "named"
    assert workspace_folder(Path("stated")) == Path("stated")


def test_the_language_is_the_asked_one_else_the_environments_else_english(
    plain_workspace: Workspace, environment: Callable[..., None]
) -> None:
    with open_context(plain_workspace.root) as context:
        assert context.locale == "en"
    environment(TIFFIN_LOCALE="ar")
    with open_context(plain_workspace.root) as context:
        assert context.locale == "ar"
    with open_context(plain_workspace.root, locale="pt_BR") as context:
        assert context.locale == "pt_BR"


def test_now_is_utc(plain_workspace: Workspace) -> None:
    with open_context(plain_workspace.root) as context:
        assert context.now.tzinfo is UTC
