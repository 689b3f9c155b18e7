"""Reading the audit trail as the very bytes that its digests cover, at one moment, a batch at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from tiffin.runtime.database import outages_told

BATCH = 10_000
BEFORE_ALL = -(2**31)

LINKS = "previous_digest, digest"
"""What an entry of before 2026-11 holds besides what was said; also what every entry ends with."""

COLUMNS = f"salt, pieces, remainder, {LINKS}"

_INSTANT = {"sqlite": "at", "postgresql": "to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"}
_DETAILS = {"sqlite": "details", "postgresql": "details::text"}

RawEntry = tuple[Any, ...]
"""Number, at, actor, action, subject, outcome, details, salt, pieces, remainder, both digests; bytes but the number."""


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


def raw_entries(connection: Connection, *, size: int = BATCH, columns: str = COLUMNS) -> Iterator[list[RawEntry]]:
    """Give the entries in order, some at a time; what somebody wrote past Tiffin may hold anything."""
    after = BEFORE_ALL
    while batch := _batch(connection, after, size, columns):
        yield batch
        after = batch[-1][0]


def _batch(connection: Connection, after: int, size: int, columns: str) -> list[RawEntry]:
    kind = connection.dialect.name
    mark = "?" if kind == "sqlite" else "%s"
    told = f"entry_id, {_INSTANT[kind]}, actor, action, subject, outcome, {_DETAILS[kind]}, {columns}"
    order = f"where entry_id > {mark} order by entry_id limit {mark}"
    statement = f"select {told} from audit_entries {order}"  # noqa: S608 - columns of our own
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
