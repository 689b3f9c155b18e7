"""Taking what was deleted out of the database's own files."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from tiffin.runtime.database import outages_told


def scrub_all(engine: Engine, tables: Sequence[str]) -> Mapping[str, Any]:
    """Write the database anew, so that nothing deleted or overwritten is left in its files.

    SQLite is written anew as a whole and its journal emptied; of PostgreSQL the tables that were changed.

    Parameters
    ----------
    tables : sequence of str
        Tables that were changed, of those that are there.

    Raises
    ------
    Unavailable
        The database does not answer, or somebody works in it for too long.
    """
    with outages_told(engine), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            return {"journal_emptied": not busy}
        preparer = engine.dialect.identifier_preparer
        for table in tables:
            connection.exec_driver_sql(f"VACUUM FULL {preparer.quote(table)}")
        return {"tables": len(tables)}
