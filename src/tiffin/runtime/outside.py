"""What other systems write about themselves: documents and records in files, and the schemas of live databases."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from tiffin.kernel.errors import InvalidData, Unavailable, WrongUse
from tiffin.runtime.definitions import parse_yaml, without_lines
from tiffin.runtime.intake.guard import GuardedText
from tiffin.runtime.intake.limits import DEFAULT_LIMITS
from tiffin.runtime.intake.sources import SourceFile, find_sources

MAX_BYTES = 512 * 2**20
"""A document is held in memory whole; none is that large."""

YAML = (".yaml", ".yml")
CONNECT_S = 10

_COLUMNS = """
SELECT c.table_schema, c.table_name, t.table_type, c.column_name, c.data_type,
       obj_description(o.oid, 'pg_class') AS table_comment, col_description(o.oid, a.attnum) AS column_comment
FROM information_schema.columns AS c
JOIN information_schema.tables AS t USING (table_schema, table_name)
LEFT JOIN pg_namespace AS n ON n.nspname = c.table_schema
LEFT JOIN pg_class AS o ON o.relnamespace = n.oid AND o.relname = c.table_name
LEFT JOIN pg_attribute AS a ON a.attrelid = o.oid AND a.attname = c.column_name
WHERE c.table_schema NOT IN ('pg_catalog', 'information_schema')
ORDER BY c.table_schema, c.table_name, c.ordinal_position
"""
_PRIVILEGES = """
SELECT table_schema, table_name, grantee, privilege_type FROM information_schema.table_privileges
WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
"""

Rows = list[dict[str, Any]]


def documents(path: Path) -> dict[str, Any]:
    """Read every YAML and JSON file of a file, folder or archive, by its path within.

    Raises
    ------
    NotFound
        Nothing lies there.
    InvalidData
        A file is no YAML or JSON, or there is none.
    """
    found = {one.path: _document(one) for one in find_sources([path]) if one.path.endswith((*YAML, ".json"))}
    if not found:
        raise InvalidData(f"YAML or JSON files were expected under {path}, and there are none. Name another folder.")
    return found


def records(path: Path, *, load: Callable[[str], Any] = json.loads) -> Iterator[Mapping[str, Any]]:
    """Read a CSV file with a header, or one of JSON lines, record by record.

    Parameters
    ----------
    load : callable
        Reads a line of JSON; where it is none, it raises ValueError.

    Raises
    ------
    NotFound
        Nothing lies there.
    InvalidData
        A line is not what the file's name says.
    """
    for source in find_sources([path]):
        stream = io.BufferedReader(GuardedText(source.opened, name=source.name))
        lines = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        if source.path.removesuffix(".gz").endswith((".jsonl", ".ndjson")):
            yield from _json_lines(lines, source.name, load)
        else:
            csv.field_size_limit(DEFAULT_LIMITS.line_bytes)
            yield from csv.DictReader(lines)


def database_schema(url: str) -> tuple[Rows, Rows]:
    """Read which columns the tables of a live PostgreSQL have, and who may do what with them; nothing is written.

    Raises
    ------
    WrongUse
        The address is none of a PostgreSQL.
    Unavailable
        The database does not answer.
    """
    try:
        found = make_url(url)
    except ArgumentError:
        raise WrongUse("An address such as postgresql://reader@host/database was expected.") from None
    if found.get_backend_name() != "postgresql":
        raise WrongUse(f"The schema of a PostgreSQL is read here; the address is one of {found.get_backend_name()}.")
    try:
        address = found.set(drivername="postgresql+psycopg")
        engine = create_engine(address, connect_args={"connect_timeout": CONNECT_S})
    except ImportError as error:
        raise Unavailable("Reading a PostgreSQL needs the extra `postgres`. Install it and try again.") from error
    try:
        with engine.connect().execution_options(postgresql_readonly=True) as connection:
            rows = [connection.execute(text(sql)).mappings().all() for sql in (_COLUMNS, _PRIVILEGES)]
    except DBAPIError as error:
        # The driver's own words may hold the address with its password.
        raise Unavailable(
            f"The database did not let itself be read ({type(error.orig).__name__}). Check address, account and rights."
        ) from None
    finally:
        engine.dispose()
    columns, privileges = ([dict(row) for row in found] for found in rows)
    return columns, privileges


def spark_schema(url: str) -> tuple[Rows, Rows]:
    """Read which columns the tables of a live Spark Connect server have; it tells of no permissions.

    Raises
    ------
    Unavailable
        The server does not answer, or the extra for Spark is not installed.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise Unavailable("Reading Spark's tables needs the extra `spark`. Install it and try again.") from error
    try:
        spark = SparkSession.builder.remote(url).create()
        return [row for base in spark.catalog.listDatabases() for row in _spark_rows(spark, base.name)], []
    except Exception as error:  # the client raises whatever gRPC, Arrow and Spark raise
        raise Unavailable(f"The Spark Connect server did not let itself be read ({type(error).__name__}).") from error


def _spark_rows(spark: Any, base: str) -> Iterator[dict[str, Any]]:
    for table in spark.catalog.listTables(base):
        for column in spark.catalog.listColumns(f"`{base}`.`{table.name}`"):
            yield {
                "table_schema": base,
                "table_name": table.name,
                "table_type": table.tableType,
                "column_name": column.name,
                "data_type": column.dataType,
                "table_comment": table.description,
                "column_comment": column.description,
            }


def _document(source: SourceFile) -> Any:
    if source.size > MAX_BYTES:
        raise InvalidData(f"{source.name} is larger than {MAX_BYTES:,} bytes; no such document is.")
    with source.opened() as raw:
        content = raw.read(MAX_BYTES + 1)
    try:
        written = content.decode("utf-8-sig")
        if source.path.endswith(YAML):
            return without_lines(parse_yaml(written, source.name))
        return json.loads(written)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InvalidData(f"{source.name} could not be read ({error}). Write it anew and try again.") from error


def _json_lines(lines: io.TextIOWrapper, name: str, load: Callable[[str], Any]) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(lines, start=1):
        found = None
        if line.strip():
            with suppress(ValueError, RecursionError):
                found = load(line)
            if not isinstance(found, dict):
                raise InvalidData(f"{name}, line {number}: one JSON object a line was expected, found {line[:80]!r}.")
            yield found
