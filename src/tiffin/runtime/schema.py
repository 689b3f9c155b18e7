"""The operational database's schema: made when the database is new, and held against the code before every use."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from tiffin.kernel.errors import Conflict, Unavailable
from tiffin.runtime.database import address_of, engine_for, outages_told
from tiffin.runtime.migrations import REVISIONS

MIGRATIONS = Path(__file__).parent / "migrations"

LOCK_KEY = 0x71FF19
"""PostgreSQL's advisory lock of whoever changes the schema."""


class SchemaState(StrEnum):
    """How a database's schema stands to what this code expects."""

    NEW = "new"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@lru_cache(maxsize=32)
def ready_engine(url: str) -> Engine:
    """Give the connection pool of a database whose schema is the one that this code expects; a new one gets it.

    Raises
    ------
    Unavailable
        The database does not answer, or its schema is older or newer than this code's.
    """
    engine = engine_for(url)
    _make_folder(engine)
    state = schema_state(engine)
    if state is SchemaState.NEW:
        migrate(engine)
        return engine
    if state is SchemaState.OLDER:
        raise Unavailable(
            f"The operational database at {address_of(engine)} has an older schema than this Tiffin needs. "
            "Bring it up to date with `tiffin up` or `tiffin migrate`; `tiffin backup` first if it matters."
        )
    _refuse_newer(engine, state)
    return engine


def schema_state(engine: Engine) -> SchemaState:
    """Tell how the schema of a database stands to what this code expects."""
    with outages_told(engine), engine.connect() as connection:
        return _state(connection)


def migrate(engine: Engine) -> SchemaState:
    """Bring a database's schema up to date and tell how it stood before; of two processes at it, one does the work.

    Raises
    ------
    Unavailable
        The database does not answer, or its schema is newer than this code's; nothing was changed.
    """
    _make_folder(engine)
    with outages_told(engine), _alone(engine) as connection:
        before = _state(connection)
        _refuse_newer(engine, before)
        if before is not SchemaState.CURRENT:
            _upgrade(connection, to="head")
    return before


def migrate_to(engine: Engine, revision: str) -> None:
    """Make the schema of a new database as it was at a revision, so that rows of that time fit; `migrate` goes on.

    Raises
    ------
    Conflict
        The database is not new.
    Unavailable
        The database does not answer, or this code does not know the revision.
    """
    if revision not in REVISIONS:
        raise Unavailable(f"Revision {revision} belongs to a newer Tiffin than this one. Update Tiffin and try again.")
    _make_folder(engine)
    with outages_told(engine), _alone(engine) as connection:
        if _state(connection) is not SchemaState.NEW:
            raise Conflict(f"The database at {address_of(engine)} is not empty. Name one that is, or another folder.")
        _upgrade(connection, to=revision)


def revision_of(connection: Connection) -> str:
    """Give the revision that a database's schema is at."""
    return str(connection.execute(text("select version_num from alembic_version")).scalar_one())


def _upgrade(connection: Connection, *, to: str) -> None:
    # Alembic takes most of a second to import, and nearly no command needs it.
    from alembic import command, config  # noqa: PLC0415 - for the reason above

    settings = config.Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(settings, to)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Hold the database for one who changes the schema, in one transaction that also covers ``create table``."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
            yield connection
        return
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        # The driver opens no transaction before statements that change the schema; so we do.
        driver.isolation_level = None
        try:
            with connection.begin():
                connection.exec_driver_sql("begin immediate")
                yield connection
        finally:
            driver.isolation_level = "IMMEDIATE"


def _state(connection: Connection) -> SchemaState:
    if not inspect(connection).has_table("alembic_version"):
        return SchemaState.NEW
    revision = connection.execute(text("select version_num from alembic_version")).scalar()
    if revision is None:
        return SchemaState.NEW
    if revision not in REVISIONS:
        return SchemaState.NEWER
    return SchemaState.CURRENT if revision == REVISIONS[-1] else SchemaState.OLDER


def _refuse_newer(engine: Engine, state: SchemaState) -> None:
    if state is SchemaState.NEWER:
        raise Unavailable(
            f"The operational database at {address_of(engine)} was written by a newer Tiffin than this one, which "
            "could damage it. Update Tiffin, or name another workspace with --workspace."
        )


def _make_folder(engine: Engine) -> None:
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
