"""The operational database's schema: made when the database is new, checked before every use."""

from functools import cache

from sqlalchemy import Engine

from tiffin.runtime.database import engine_for
from tiffin.runtime.models import Base


@cache
def ready_engine(url: str) -> Engine:
    """Give the engine of a database whose schema stands as this code expects it."""
    engine = engine_for(url)
    if engine.url.get_backend_name() == "sqlite":
        from pathlib import Path

        Path(str(engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
    Base.metadata.create_all(engine)
    return engine
