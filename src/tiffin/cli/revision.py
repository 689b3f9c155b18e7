"""For builders: every operational table of every capability in one place, and the draft of a new revision from them.

``python -m tiffin.cli.revision "Say what changes"`` writes the next revision's file; read it, mend it, and add its
number to ``REVISIONS``.
"""

import importlib
import importlib.util
import pkgutil
import sys
import tempfile
from pathlib import Path

from alembic import command, config
from sqlalchemy import MetaData

import tiffin.capabilities
from tiffin.runtime.database import engine_for
from tiffin.runtime.migrations import REVISIONS
from tiffin.runtime.models import Base
from tiffin.runtime.schema import MIGRATIONS, migrate


def all_tables() -> MetaData:
    """Give every operational table, the runtime's and all capabilities'."""
    for declaring in ("contracts.records", "people_tables"):
        importlib.import_module(f"tiffin.runtime.{declaring}")
    for found in pkgutil.iter_modules(tiffin.capabilities.__path__):
        for declaring in ("models", "queries"):
            module = f"tiffin.capabilities.{found.name}.{declaring}"
            if importlib.util.find_spec(module) is not None:
                importlib.import_module(module)
    return Base.metadata


def draft(message: str) -> None:
    """Write the file of the next revision: what brings the newest schema to what the models say."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{Path(folder) / 'draft.db'}")
        if REVISIONS:
            migrate(engine)
        with engine.connect() as connection:
            settings = config.Config(attributes={"connection": connection, "metadata": all_tables()})
            settings.set_main_option("script_location", str(MIGRATIONS))
            number = f"{len(REVISIONS) + 1:04}"
            settings.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
            command.revision(settings, message=message, rev_id=number, autogenerate=True)


if __name__ == "__main__":
    draft(sys.argv[1])
