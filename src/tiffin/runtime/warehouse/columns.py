"""How a contract's logical types are written in Arrow and in each engine's SQL."""

from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa

from tiffin.kernel.contract import LogicalType, TableContract

ARROW: Mapping[LogicalType, pa.DataType] = {
    LogicalType.STRING: pa.string(),
    LogicalType.INTEGER: pa.int64(),
    LogicalType.NUMBER: pa.float64(),
    LogicalType.BOOLEAN: pa.bool_(),
    LogicalType.DATE: pa.date32(),
    LogicalType.TIMESTAMP: pa.timestamp("us", tz="UTC"),
}
"""Arrow type of each logical type; query results come back in these types too."""

DUCKDB: Mapping[pa.DataType, str] = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMP WITH TIME ZONE",
}
"""DuckDB's spelling of the same types."""

SPARK: Mapping[pa.DataType, str] = {
    pa.string(): "STRING",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMP",
}
"""Spark's spelling of the same types."""


BATCH_ROWS = 65_536
"""Rows that a streamed answer holds at once."""


def arrow_schema(contract: TableContract) -> pa.Schema:
    """Give the Arrow schema in which a contract's table is stored and read.

    Every column may hold nulls here: what a row must have is the contract's rules' business, not the file format's.
    """
    return pa.schema([pa.field(column.name, ARROW[column.type]) for column in contract.columns])


def canonical_type(found: pa.DataType) -> pa.DataType:
    """Reduce any Arrow type that an engine or a file may use to the one of its kind that Tiffin uses.

    Integers become 64 bits, decimals with a fraction and floats become doubles, instants UTC microseconds.
    """
    for belongs, target in _KINDS:
        if belongs(found):
            return target
    return _nested_type(found)


def canonical(table: pa.Table) -> pa.Table:
    """Write a query result in the canonical types, so that every engine's answer has the same types."""
    schema = pa.schema([pa.field(field.name, canonical_type(field.type)) for field in table.schema])
    return table if schema.equals(table.schema) else table.cast(schema)


def canonical_batches(reader: pa.RecordBatchReader) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """Write a streamed result in the canonical types, batch by batch."""
    schema = pa.schema([pa.field(field.name, canonical_type(field.type)) for field in reader.schema])
    return schema, (batch.cast(schema) for batch in reader)


def quoted(name: str) -> str:
    """Quote an identifier for DuckDB."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a string literal for DuckDB."""
    return "'" + text.replace("'", "''") + "'"


def row_digest(columns: Iterable[str], schema: pa.Schema) -> str:
    """Write a 64-bit number that tells rows apart wherever they differ; two that differ share one in 2^64 cases.

    Parameters
    ----------
    schema : pa.Schema
        The types of the columns; one that it does not know is read as text.

    Notes
    -----
    DuckDB's own hash of texts does not do (2.0.0): of texts made of whole words of eight bytes many that differ in two
    words meet, such as hong-kong-20260302-01002 and hong-kong-20260402-01009. Texts go through MD5 first.
    """
    names = list(columns)
    texts = [name for name in names if name not in schema.names or _is_text(schema.field(name).type)]
    parts = [quoted(name) for name in names if name not in texts]
    if texts:
        # A null is a text that no column holds: a lone character nought.
        written = ", ".join(f"coalesce(CAST({quoted(name)} AS VARCHAR), chr(0))" for name in texts)
        parts.append(f"md5_number_lower(concat_ws(chr(31), {written}))")
    return f"hash({', '.join(parts)})"


def _is_whole(found: pa.DataType) -> bool:
    return bool(pa.types.is_integer(found) or (pa.types.is_decimal(found) and found.scale == 0))


def _is_text(found: pa.DataType) -> bool:
    return bool(pa.types.is_string(found) or pa.types.is_large_string(found) or pa.types.is_string_view(found))


def _is_fractional(found: pa.DataType) -> bool:
    return bool(pa.types.is_floating(found) or pa.types.is_decimal(found))


_KINDS = (
    (_is_text, pa.string()),
    (_is_whole, pa.int64()),
    (_is_fractional, pa.float64()),
    (pa.types.is_timestamp, pa.timestamp("us", tz="UTC")),
    (pa.types.is_date, pa.date32()),
    (pa.types.is_null, pa.string()),
)


def _nested_type(found: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(found):
        return canonical_type(found.value_type)
    if pa.types.is_list(found) or pa.types.is_large_list(found):
        return pa.list_(canonical_type(found.value_type))
    return found
