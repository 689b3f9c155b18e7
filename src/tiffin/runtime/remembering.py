"""What was read of the operational database, remembered until anything in it has changed.

Every answer reads a few small tables that change some times a day: classes of columns, known faults, promises. The
database itself tells, at a fraction of the cost of reading one of them, whether any transaction has ended since; so
what is remembered is never older than what reading it again would give, whichever process wrote. A unit of work that
has written something itself reads anew.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection, text

KEPT = 256
"""Readings that a connection remembers; then it forgets them all."""

Made = TypeVar("Made")
Moment = tuple[object, ...]

_NAME = "tiffin_remembered"
_SNAPSHOT = text("SELECT CAST(pg_current_snapshot() AS TEXT), pg_current_xact_id_if_assigned() IS NULL")


def remembered(connection: Connection, name: Hashable, read: Callable[[], Made]) -> Made:
    """Give what a reading of the database gives, from memory where nothing has changed since.

    Parameters
    ----------
    name : hashable
        Stands for the reading and its parameters; what it gives must not be changed.
    """
    # Before reading: what somebody changes meanwhile is read again then.
    moment = moment_of(connection)
    if moment is None:
        return read()
    kept: dict[Hashable, tuple[Moment, Any]] = connection.info.setdefault(_NAME, {})
    known = kept.get(name)
    if known is not None and known[0] == moment:
        found: Made = known[1]
        return found
    found = read()
    if len(kept) >= KEPT:
        kept.clear()
    kept[name] = (moment, found)
    return found


def moment_of(connection: Connection) -> Moment | None:
    """Name the state of a database as its connection sees it; None where this transaction has changed it itself.

    The name means something on that connection alone.

    References
    ----------
    SQLite, "PRAGMA data_version": differs after another connection has committed. Own changes are counted by
    `sqlite3.Connection.total_changes`. PostgreSQL, "pg_current_snapshot": which transactions a reader sees.
    """
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        if driver.in_transaction:
            return None
        return (driver.execute("PRAGMA data_version").fetchone()[0], driver.total_changes)
    snapshot, is_reading = connection.execute(_SNAPSHOT).one()
    return (snapshot,) if is_reading else None
