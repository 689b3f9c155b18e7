"""Opening a workspace's warehouse with the engine that it asks for."""

from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.as_of import AsOf
from tiffin.runtime.warehouse.duckdb_engine import DuckdbWarehouse
from tiffin.runtime.warehouse.engine import Warehouse
from tiffin.runtime.warehouse.store import DeltaStore
from tiffin.runtime.workspace import Workspace


def open_store(workspace: Workspace) -> DeltaStore:
    """Open the tables of a workspace for loading."""
    return DeltaStore(workspace.tables)


def open_warehouse(workspace: Workspace, *, engine: str | None = None, as_of: AsOf = None) -> Warehouse:
    """Open the fact tables of a workspace for queries; costs next to nothing until a query names a table.

    Parameters
    ----------
    engine : str or None
        ``duckdb`` or ``spark``; None for what ``tiffin.toml`` says under ``[warehouse] engine``.
    as_of : AsOf
        Read tables as they were at an instant; or at a version, where a table with fewer stands at its newest.

    Raises
    ------
    InvalidDefinition
        There is no such engine.
    """
    store = open_store(workspace)
    wanted = engine or workspace.engine
    if wanted == "duckdb":
        return DuckdbWarehouse(store, TABLES, as_of=as_of)
    if wanted == "spark":
        # pyspark and pysail are an optional extra and cost a second to import.
        from tiffin.runtime.warehouse.spark_engine import open_spark  # noqa: PLC0415 - an optional extra

        return open_spark(workspace, store, as_of=as_of)
    raise InvalidDefinition(
        f"A warehouse engine was expected (duckdb or spark), {wanted!r} was found. "
        "Mend `[warehouse] engine` in tiffin.toml, or the --engine option."
    )
