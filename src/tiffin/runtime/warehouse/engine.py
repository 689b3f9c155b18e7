"""What every warehouse engine offers, so that nothing is written against one of them alone."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from tiffin.runtime.warehouse.answers import Columns

if TYPE_CHECKING:
    from sqlglot import exp


class Warehouse(Protocol):
    """Fact tables at one moment, queried with SQLGlot expressions over the contracts' bare table names.

    Every table of the contracts can be named in a query: one that was never loaded has its columns and no rows.
    """

    dialect: str
    """SQLGlot dialect in which the engine is spoken to: ``duckdb`` or ``spark``."""

    def query(self, statement: "exp.Query") -> pa.Table:
        """Run a query and return its rows. Instants come back as UTC, in microseconds."""

    def query_text(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        """Run SQL of the engine's own dialect that a compiler of ours made; values go in as parameters."""

    def answer_text(self, sql: str) -> Columns:
        """Run a compiler's SQL and return its columns, for answers whose rows become Python's own values at once."""

    def stream_text(self, sql: str, parameters: Sequence[object] = ()) -> pa.RecordBatchReader:
        """Run a compiler's SQL and hand over its rows in batches, of which only a few are held at once.

        The embedded engine reads on as batches are taken; a distributed one has collected the rows before the first.
        """

    def versions(self) -> Mapping[str, int]:
        """Give the Delta version of each loaded table that this warehouse reads."""

    def close(self) -> None:
        """Let go of connections."""
