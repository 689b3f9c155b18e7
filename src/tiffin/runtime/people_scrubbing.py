"""Removing from the database's own files what was deleted from its tables."""

from sqlalchemy import Engine

from tiffin.runtime.database import outages_told
from tiffin.runtime.people_tables import PEOPLE_KEYS, PEOPLE_PAGES


def scrub(engine: Engine) -> bool:
    """Remove the remains of deleted and overwritten rows of people from the database's files.

    SQLite overwrites what is deleted; here its journal is emptied. PostgreSQL writes the table anew.

    Returns
    -------
    bool
        False where somebody who was reading kept SQLite's journal from being emptied: call it again.

    Raises
    ------
    Unavailable
        The database does not answer.

    Notes
    -----
    What PostgreSQL wrote to its own journal (``pg_wal``) goes when the server reuses those files, and archives of it
    are the operator's; backups that were made before hold what stood then.
    """
    with outages_told(engine), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            return not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        for table in (PEOPLE_PAGES, PEOPLE_KEYS):
            connection.exec_driver_sql(f"VACUUM FULL {table.name}")
        return True
