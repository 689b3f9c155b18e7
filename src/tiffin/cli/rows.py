"""The operational database as rows in a file, one JSON list a line, whatever kind of database it is."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Connection, DateTime, Engine, Integer, MetaData, Table, func, insert, select

from tiffin.runtime.database import outages_told
from tiffin.runtime.schema import revision_of

ROWS_AT_ONCE = 1000


def write_rows(engine: Engine, file: Path) -> tuple[str, int]:
    """Write every row of every table as they stand at one moment; give the schema's revision and the count."""
    count = 0
    with outages_told(engine), file.open("w", encoding="utf-8") as out, _one_moment(engine) as connection:
        for table in _tables(connection):
            for row in connection.execute(select(table)):
                out.write(json.dumps([table.name, [_plain(value) for value in row]], ensure_ascii=False) + "\n")
                count += 1
        return revision_of(connection), count


def read_rows(engine: Engine, file: Path) -> int:
    """Write the rows of a file into a database whose tables are empty; all of them or none."""
    count = 0
    with outages_told(engine), file.open(encoding="utf-8") as lines, engine.begin() as connection:
        tables = {table.name: table for table in _tables(connection)}
        for name, rows in _batches(lines):
            table = tables[name]
            connection.execute(insert(table), [_row(table, row, engine) for row in rows])
            count += len(rows)
        for table in tables.values() if engine.dialect.name == "postgresql" else ():
            _continue_numbers(connection, table)
    return count


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _one_moment(engine: Engine) -> Any:
    if engine.dialect.name == "sqlite":
        connection = engine.connect()
        connection.exec_driver_sql("begin")  # the driver opens none for reading; ended when the connection goes back
        return connection
    return engine.execution_options(isolation_level="REPEATABLE READ").connect()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value


def _batches(lines: TextIO) -> Iterator[tuple[str, list[list[Any]]]]:
    name, rows = "", list[list[Any]]()
    while batch := [json.loads(line) for line in islice(lines, ROWS_AT_ONCE)]:
        for table, row in batch:
            if table != name and rows:
                yield name, rows
                rows = []
            name = table
            rows.append(row)
        yield name, rows
        rows = []


def _row(table: Table, values: list[Any], engine: Engine) -> dict[str, Any]:
    row = dict(zip(table.columns.keys(), values, strict=True))
    for column in table.columns:
        if isinstance(column.type, DateTime) and row[column.name] is not None:
            instant = datetime.fromisoformat(row[column.name])
            row[column.name] = instant.replace(tzinfo=None) if engine.dialect.name == "sqlite" else instant
    return row


def _continue_numbers(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after the restored ones."""
    key = next(iter(table.primary_key.columns), None)
    if key is None or not isinstance(key.type, Integer) or len(table.primary_key.columns) > 1:
        return
    sequence = func.pg_get_serial_sequence(table.name, key.name)
    newest = connection.scalar(select(func.max(key)))
    if newest is not None:
        connection.execute(select(func.setval(sequence, newest)))
