"""The operational database's schema: one history, the same on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from alembic import command, config
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from tiffin.cli.revision import all_tables
from tiffin.kernel.errors import InvalidDefinition, Unavailable
from tiffin.runtime import audit
from tiffin.runtime.database import engine_for
from tiffin.runtime.migrations import REVISIONS
from tiffin.runtime.schema import MIGRATIONS, SchemaState, migrate, ready_engine, schema_state

pytestmark = pytest.mark.usefixtures("walked_revisions")


def at_revision(url: str, revision: str) -> None:
    with engine_for(url).begin() as connection:
        connection.execute(text("update alembic_version set version_num = :revision"), {"revision": revision})


def test_a_new_database_gets_every_table_at_first_use(new_database_url: str) -> None:
    engine = ready_engine(new_database_url)

    assert set(inspect(engine).get_table_names()) == {*all_tables().tables, "alembic_version"}
    assert schema_state(engine) is SchemaState.CURRENT


def test_the_history_ends_in_what_the_models_say(new_database_url: str) -> None:
    engine = ready_engine(new_database_url)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, all_tables())

    assert differences == []


def test_the_listed_revisions_are_the_files() -> None:
    settings = config.Config()
    settings.set_main_option("script_location", str(MIGRATIONS))

    walked = [script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()]

    assert tuple(reversed(walked)) == REVISIONS


def test_the_history_can_be_walked_back_to_nothing_and_forward_again(new_database_url: str) -> None:
    engine = ready_engine(new_database_url)

    with engine.begin() as connection:
        settings = config.Config(attributes={"connection": connection})
        settings.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(settings, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert migrate(engine) is SchemaState.NEW

    assert schema_state(engine) is SchemaState.CURRENT


def test_migrating_twice_changes_nothing(new_database_url: str) -> None:
    engine = engine_for(new_database_url)

    assert migrate(engine) is SchemaState.NEW
    assert migrate(engine) is SchemaState.CURRENT


def test_of_several_that_meet_a_new_database_at_once_one_makes_the_schema(new_database_url: str) -> None:
    engine = engine_for(new_database_url)

    with ThreadPoolExecutor(4) as pool:
        states = sorted(pool.map(lambda _: migrate(engine), range(4)))

    assert states == [SchemaState.CURRENT] * 3 + [SchemaState.NEW]


def test_a_database_of_a_newer_tiffin_is_refused(new_database_url: str) -> None:
    migrate(engine_for(new_database_url))
    at_revision(new_database_url, "9999")

    with pytest.raises(Unavailable, match="newer Tiffin"):
        ready_engine(new_database_url)
    with pytest.raises(Unavailable, match="newer Tiffin"):
        migrate(engine_for(new_database_url))


def test_a_database_of_an_older_tiffin_says_how_to_bring_it_up_to_date(new_database_url: str) -> None:
    engine = engine_for(new_database_url)
    migrate(engine)
    with engine.begin() as connection:
        settings = config.Config(attributes={"connection": connection})
        settings.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(settings, REVISIONS[0])

    with pytest.raises(Unavailable, match="tiffin migrate"):
        ready_engine(new_database_url)
    assert migrate(engine) is SchemaState.OLDER

    assert ready_engine(new_database_url) is engine


def test_a_migration_that_fails_half_way_leaves_nothing(new_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_for(new_database_url)
    upgrade: Callable[..., None] = command.upgrade

    def fail_after(settings: config.Config, revision: str) -> None:
        upgrade(settings, revision)
        raise RuntimeError("power cut")

    monkeypatch.setattr(command, "upgrade", fail_after)
    with pytest.raises(RuntimeError):
        migrate(engine)
    monkeypatch.undo()

    assert inspect(engine).get_table_names() == []
    assert migrate(engine) is SchemaState.NEW


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entries set actor = 'x'",
        "delete from audit_entries",
        "delete from audit_head",
        "update audit_head set entries = 0",
    ],
)
def test_the_database_itself_refuses_to_change_the_audit_trail(
    new_database_url: str, statement: str, now: datetime
) -> None:
    engine = ready_engine(new_database_url)
    audit.record_refusal(engine, actor="nora", action="a", subject="s", now=now)

    with pytest.raises(DBAPIError, match=r"only (ever added|moves on)"), engine.begin() as connection:
        connection.execute(text(statement))


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="sqlite"):
        engine_for("mysql://somewhere/db")
    with pytest.raises(InvalidDefinition, match="sqlite"):
        engine_for("no address at all")
