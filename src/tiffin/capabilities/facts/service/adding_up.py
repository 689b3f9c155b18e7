"""The first roll-ups of facts that are many, built after their load; every later load keeps them up."""

from collections.abc import Callable

from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.rollups import Shelf

MANY_ROWS = 500_000
"""Questions of fewer facts are answered soon enough without roll-ups."""


def is_due(context: Context) -> bool:
    """Tell whether many facts have no roll-ups, such are used, and the actor may build them."""
    if not Shelf(open_store(context.workspace)).lacking(MANY_ROWS):
        return False
    # Loads of few rows do without importing the metrics.
    from tiffin.capabilities.metrics.service import rollups  # noqa: PLC0415 - for the reason above

    return rollups.are_due(context, rows=MANY_ROWS)


def add_up(context: Context, told: Callable[[float], None]) -> None:
    """Build the roll-ups, telling the share that was done since the last call.

    Raises
    ------
    Unavailable
        There is no room for them; the facts stand, and are asked themselves.
    """
    from tiffin.capabilities.metrics.service import rollups  # noqa: PLC0415 - as above

    rollups.build_rollups(context, told=told)
