"""Reading the audit trail as the very bytes that its digests cover, at one moment, a batch at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from tiffin.runtime.database import outages_told

BATCH = 10_000
BEFORE_ALL = -(2**31)

_ORDER = "previous_digest, digest from audit_entries where entry_id > {mark} order by entry_id limit {mark}"
_SELECT = {
    "sqlite": "select entry_id, at, actor, action, subject, outcome, details, " + _ORDER.format(mark="?"),
    "postgresql": "select entry_id, to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), actor, action, "
    "subject, outcome, details::text, " + _ORDER.format(mark="%s"),
}

RawEntry = tuple[Any, ...]
"""Number, the values of `audit_chain.HASHED`, the predecessor's digest and the own one; bytes but for the number."""


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees the database as it stands now, whoever writes meanwhile.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    reading = engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")
    with outages_told(engine), reading.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("begin")  # the driver opens none for reading
        yield connection
        connection.rollback()


def raw_entries(connection: Connection, *, size: int = BATCH) -> Iterator[list[RawEntry]]:
    """Give the entries in order, some at a time; what somebody wrote past Tiffin may hold anything."""
    after = BEFORE_ALL
    while batch := _batch(connection, after, size):
        yield batch
        after = batch[-1][0]


def _batch(connection: Connection, after: int, size: int) -> list[RawEntry]:
    statement = _SELECT[connection.dialect.name]
    if connection.dialect.name != "sqlite":
        found = connection.exec_driver_sql(statement, (after, size)).all()
        return [(row[0], *map(_encoded, row[1:])) for row in found]
    driver: Any = connection.connection.driver_connection
    former, driver.text_factory = driver.text_factory, bytes  # as it lies there, be it text or not
    try:
        return [tuple(row) for row in connection.exec_driver_sql(statement, (after, size))]
    finally:
        driver.text_factory = former


def _encoded(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value
