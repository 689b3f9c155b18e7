# ruff: noqa: S608 - identifiers and paths are quoted
"""A table at one version as a query of DuckDB."""

import pyarrow as pa

from tiffin.kernel.contract import TableContract
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.snapshot import Snapshot
from tiffin.runtime.warehouse.staging import scan_files, typed


def select_of(snapshot: Snapshot | None, contract: TableContract | None) -> str:
    """Write the query of all rows of a table with every column that its contract or its files have.

    Parameters
    ----------
    snapshot : Snapshot or None
        None for a table that was never loaded: it has its contract's columns and no rows.
    """
    promised = arrow_schema(contract) if contract else pa.schema([])
    if snapshot is None or not snapshot.files:
        promised = promised if len(promised) or snapshot is None else snapshot.schema
        return f"SELECT {', '.join(typed(promised, ()))} WHERE false"
    extra = [field for field in snapshot.schema if field.name not in promised.names]
    columns = typed(pa.schema([*promised, *extra]), snapshot.schema.names)
    return f"SELECT {', '.join(columns)} FROM {scan_files(snapshot, snapshot.files)}"
