"""The operational database: SQLite where one person works, PostgreSQL where several people or processes do."""

import sqlite3
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, CursorResult, Engine, Executable, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tiffin.kernel.errors import InvalidDefinition, Unavailable
from tiffin.runtime.reading import Reading
from tiffin.runtime.remembering import Made, remembered

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, SessionTransaction

    LastWrite = Callable[[Connection, Sequence[Any]], None]
    EarlierWrite = Callable[[Connection, Sequence[Any]], "Sequence[tuple[LastWrite, object]]"]
    Kept = dict[Any, list[tuple[object, tuple[SessionTransaction, ...]]]]

BUSY_TIMEOUT_MS = 15_000
"""How long a writer of SQLite waits for another writer before it gives up."""

CONNECT_TIMEOUT_S = 10
KEPT_OPEN, AT_BUSY_TIMES = 15, 5
"""Connections that a process keeps to PostgreSQL, and those that it opens beside them for as long as it needs them.

To open one costs more than all that a page asks, and what the server has prepared for it is lost with it.
"""

RECYCLE_AFTER_S = 1800


@lru_cache(maxsize=32)
def engine_for(url: str) -> Engine:
    """Give the connection pool of a database address, the same one for the same address.

    Raises
    ------
    InvalidDefinition
        The address is of another kind than SQLite and PostgreSQL.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        address = make_url("unreadable://")
    backend = address.drivername.partition("+")[0]
    if backend == "sqlite":
        return _sqlite_engine(url)
    if backend in ("postgresql", "postgres"):
        return _postgres_engine(address)
    raise InvalidDefinition(
        f"The operational database must be sqlite:///… or postgresql://…; found an address of kind {backend!r}. "
        "Mend TIFFIN_DATABASE_URL, or `[database] url` in tiffin.toml."
    )


@lru_cache(maxsize=32)
def engine_beside(engine: Engine) -> Engine:
    """Give the connection pool of what is written beside a unit of work that is open.

    Not the same pool: where all its connections are held by units that each want a second one, none gets it.
    """
    if engine.dialect.name == "sqlite":
        return engine
    beside = _postgres_engine(engine.url, pool_size=1, max_overflow=-1)
    event.listen(engine, "engine_disposed", lambda _: beside.dispose())
    return beside


class Unit:
    """One transaction on the operational database.

    Statements over tables go straight to it. Rows as objects need a session, which is made when it is first asked for:
    the library behind it doubles the start of SQLAlchemy, and whoever only asks a question does without.

    Parameters
    ----------
    engine : Engine
        The connection pool, for what stands or falls by itself.
    reading : Reading
        What was read of the governed facts in it.
    codes : dict of str to str
        Codes of those who act in it, by name, as far as they were asked for.
    """

    def __init__(self, connection: Connection) -> None:
        self.engine = connection.engine
        self._connection = connection
        self._transaction = connection.begin()
        self._session: Session | None = None
        self.reading = Reading()
        self.codes: dict[str, str] = {}
        self._afterwards: list[Callable[[Engine], None]] = []
        self._before_last: Kept = {}
        self._last: Kept = {}

    @property
    def session(self) -> "Session":
        """Rows as objects; they are written at the latest when the unit ends."""
        if self._session is None:
            from sqlalchemy.orm import Session  # noqa: PLC0415 - for the reason above

            self._session = Session(self._connection, expire_on_commit=False)
            event.listen(self._session, "after_soft_rollback", self._forget_undone)
        return self._session

    @property
    def keeps_writers_waiting(self) -> bool:
        """Whether others who write wait for this unit: SQLite lets one write at a time, and this one has begun to."""
        if self.engine.dialect.name != "sqlite":
            return False
        driver: Any = self._connection.connection.driver_connection
        return bool(driver.in_transaction)

    def execute(self, statement: Executable, parameters: Mapping[str, object] | None = None) -> CursorResult[Any]:
        """Run a statement over tables; it sees what the session has changed."""
        if self._session is not None:
            self._session.flush()
        return self._connection.execute(statement, parameters)

    def remembered(self, name: Hashable, read: Callable[[], Made]) -> Made:
        """Give what a reading of the database gives, from memory where nothing there has changed since.

        Parameters
        ----------
        name : hashable
            Stands for the reading and its parameters; what it gives must not be changed.
        """
        if self._session is not None:
            self._session.flush()
        return remembered(self._connection, name, read)

    def execute_many(self, statement: str, rows: "Sequence[tuple[object, ...]]") -> int:
        """Run a statement of the driver's own dialect once for each row, at the driver's speed; count rows changed."""
        return self._connection.exec_driver_sql(statement, list(rows)).rowcount

    @contextmanager
    def part(self) -> Iterator[None]:
        """Open a part of the unit: where it raises, it alone is undone, for whoever goes on after that."""
        with self.session.begin_nested():
            self.session.connection()  # a savepoint begins when the session is first used within it, and not before
            yield

    def afterwards(self, write: Callable[[Engine], None]) -> None:
        """Keep a write for when the unit of work has ended, however it ends.

        Not at once: SQLite lets one transaction write at a time, and the unit itself may be writing.
        """
        self._afterwards.append(write)

    def lastly(self, write: "LastWrite", item: object) -> None:
        """Keep something for the end of the unit's transaction, where it is written together with others of its kind.

        What every unit of work has to wait for is taken last: whoever holds it needs nothing more that somebody else
        could hold, so that no two units wait for each other. What is kept goes with the savepoint it was kept in.
        """
        self._last.setdefault(write, []).append((item, self._savepoints()))

    def before_last(self, write: "EarlierWrite", item: object) -> None:
        """Keep something that is written before what is kept for last, and that gives more of that.

        What fewer wait for is taken before what everybody waits for; it goes with its savepoint too.
        """
        self._before_last.setdefault(write, []).append((item, self._savepoints()))

    def write_afterwards(self) -> None:
        """Do the writes that were kept during the unit, which has ended."""
        for write in self._afterwards:
            write(self.engine)
        self._afterwards.clear()

    def commit(self) -> None:
        """Write what the session holds, and keep everything."""
        if self._session is not None:
            self._session.flush()
        for earlier, kept in self._before_last.items():
            for write, item in earlier(self._connection, [item for item, _ in kept]) if kept else ():
                self.lastly(write, item)
        for write, kept in self._last.items():
            if kept:
                write(self._connection, [item for item, _ in kept])
        self._before_last.clear()
        self._last.clear()
        self._transaction.commit()

    def undo(self) -> None:
        """Take everything back; whoever listens to the session is told."""
        if self._session is not None:
            self._session.rollback()
        if self._transaction.is_active:
            self._transaction.rollback()

    def close(self) -> None:
        """Let go of the session."""
        if self._session is not None:
            self._session.close()

    def _savepoints(self) -> "tuple[SessionTransaction, ...]":
        found, point = [], self._session.get_nested_transaction() if self._session is not None else None
        while point is not None:
            found.append(point)
            point = point.parent
        return tuple(found)

    def _forget_undone(self, _session: "Session", undone: "SessionTransaction") -> None:
        for kept in (*self._before_last.values(), *self._last.values()):
            kept[:] = [(item, points) for item, points in kept if undone not in points]


@contextmanager
def unit_of(engine: Engine) -> Iterator[Unit]:
    """Open one unit of work: committed when the block ends well, undone when it raises.

    Raises
    ------
    Unavailable
        The database does not answer, is held by another writer for too long, or has no room left; nothing is written.
    """
    with outages_told(engine), engine.connect() as connection:
        unit = Unit(connection)
        try:
            yield unit
            unit.commit()
        except BaseException:
            unit.undo()
            raise
        finally:
            unit.close()


@contextmanager
def transaction(engine: Engine) -> Iterator["Session"]:
    """Open one unit of work over rows as objects, as `unit_of` does."""
    with unit_of(engine) as unit:
        yield unit.session


@contextmanager
def outages_told(engine: Engine) -> Iterator[None]:
    """Turn a failure of the database itself into one readable paragraph.

    Raises
    ------
    Unavailable
        The database does not answer, is held by another writer for too long, or has no room left.
    """
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable(
            f"The operational database at {address_of(engine)} is asked by more at once than it answers. "
            "Nothing was written. Try again in a moment."
        ) from error
    except DBAPIError as error:
        if not is_outage(error):
            raise
        reason = " ".join(str(error.orig).split())
        raise Unavailable(
            f"The operational database at {address_of(engine)} could not finish this work: {reason}. "
            "Nothing of it was written. Look at it with `tiffin doctor`, then try again."
        ) from error


def address_of(engine: Engine) -> str:
    """Give the address of a database for people to read, without its password."""
    return engine.url.render_as_string(hide_password=True)


def is_outage(error: DBAPIError) -> bool:
    """Tell whether the database itself failed to do its work, as opposed to refusing what was asked of it."""
    if isinstance(error, IntegrityError):
        return False
    if type(error.orig) is sqlite3.DatabaseError:  # the file is damaged, or is no database
        return True
    return isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated


def _postgres_engine(address: URL, **pool: int) -> Engine:
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_recycle=RECYCLE_AFTER_S,
        pool_use_lifo=True,  # what was used last is ready for most
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
        **{"pool_size": KEPT_OPEN, "max_overflow": AT_BUSY_TIMES, **pool},
    )


def _sqlite_engine(url: str) -> Engine:
    # "IMMEDIATE": the driver opens a transaction before the first write only, and then waits for its turn. Reads before
    # it hold no snapshot, so that a long unit of work that writes at its end is never refused for having read before.
    arguments = {"timeout": BUSY_TIMEOUT_MS / 1000, "isolation_level": "IMMEDIATE"}
    engine = create_engine(url, connect_args=arguments)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "savepoint", _begin_before_savepoint)
    return engine


def _begin_before_savepoint(connection: Connection, _name: str) -> None:
    """Open the transaction before a savepoint in it: else the savepoint is the transaction, and its end the end."""
    driver: Any = connection.connection.driver_connection
    if not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # FULL: a committed grant or audit entry survives a power cut; the tables here are small enough for it not to
    # matter. Deleted rows are overwritten: whoever was forgotten must not be found in the file.
    durable = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", *durable):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
