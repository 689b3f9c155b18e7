"""The operational database: SQLite where one person works, PostgreSQL where several people or processes do."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from tiffin.kernel.errors import InvalidDefinition, Unavailable

BUSY_TIMEOUT_MS = 15_000
"""How long a writer of SQLite waits for another writer before it gives up."""


@lru_cache(maxsize=16)
def engine_for(url: str) -> Engine:
    """Give the connection pool of a database address, the same one for the same address.

    Raises
    ------
    InvalidDefinition
        The address is of another kind than SQLite and PostgreSQL.
    """
    address = make_url(url)
    backend = address.get_backend_name()
    if backend == "sqlite":
        # "IMMEDIATE": the driver opens a transaction before the first write only, and then waits for its turn. Reads before it hold
        # no snapshot, so that a long unit of work that writes at its end is never refused for having read at its beginning.
        engine = create_engine(
            address, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "isolation_level": "IMMEDIATE"}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    if backend in ("postgresql", "postgres"):
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={"connect_timeout": 10},
        )
    raise InvalidDefinition(
        f"The operational database must be sqlite:///… or postgresql://…; found an address of kind {backend!r}. Mend TIFFIN_DATABASE_URL or `[database] url`."
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Open one unit of work: committed when the block ends well, undone when it raises.

    Raises
    ------
    Unavailable
        The database does not answer, is locked by another writer for too long, or its disk is full; nothing of the unit is written.
    """
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except DBAPIError as error:
        if not is_outage(error):
            raise
        raise Unavailable(_outage_text(engine, error)) from error


def is_outage(error: DBAPIError) -> bool:
    """Tell whether the database itself failed to do its work, as opposed to refusing what was asked of it."""
    return not isinstance(error, IntegrityError) and (
        isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    )


def _outage_text(engine: Engine, error: DBAPIError) -> str:
    reason = " ".join(str(error.orig).split())
    where = engine.url.render_as_string(hide_password=True)
    return f"The operational database at {where} could not finish this work: {reason}. Nothing of it was written. Check the database with `tiffin doctor` and try again."


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
