"""Which roll-ups of a workspace stand for the facts that a request reads."""

import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import pyarrow as pa

from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.rollups import Merging, Offer, Standing
from tiffin.kernel.errors import InvalidData, InvalidDefinition, NotFound, Unavailable
from tiffin.runtime.warehouse.engine import Warehouse
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.rollups import Shelf
from tiffin.runtime.workspace import Workspace

UNREADABLE = (InvalidData, InvalidDefinition, NotFound, Unavailable)
"""How reading a roll-up fails whose files were removed meanwhile, by a newer definition or a hand: the facts are there.
"""

KEPT = 64

_SHELVES: dict[str, Shelf] = {}
_LOCK = threading.Lock()
_MERGING: dict[int, tuple[Model, Merging]] = {}


@dataclass(frozen=True, slots=True)
class Available:
    """The roll-ups that may be read for one request.

    Parameters
    ----------
    missed : list of (str, frozenset of str)
        Filled while statements are written: a source, and the columns that a roll-up of it would have needed.
    """

    standing: tuple[Standing, ...]
    missed: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def offer(self, model: Model) -> Offer:
        """Offer them to a statement over a model's metrics."""
        return Offer(merging_of(model), self.standing, self.missed)


def available(workspace: Workspace, versions: Mapping[str, int]) -> Available:
    """Give the roll-ups that stand for exactly these versions of the tables."""
    is_used = workspace.config.get("rollups", {}).get("use", True)
    return Available(shelf_of(workspace).standing(versions) if is_used else ())


def read_groups(
    workspace: Workspace,
    warehouse: Warehouse,
    table: str,
    select: str,
    *,
    columns: Collection[str],
    version: int | None,
) -> pa.Table:
    """Run a query over the combinations of some columns of a table, which a roll-up holds in the fewest rows.

    Parameters
    ----------
    select : str
        The query, with ``{table}`` where it reads.
    """
    standing = available(workspace, {table: version}).standing if version is not None else ()
    fitting = [found for found in standing if set(columns) <= set(found.rollup.columns)]
    if fitting:
        smallest = min(fitting, key=lambda found: (found.rows, found.rollup.name))
        with suppress(*UNREADABLE):
            return warehouse.query_text(select.format(table=smallest.table))
    return warehouse.query_text(select.format(table=table))


def shelf_of(workspace: Workspace) -> Shelf:
    """Give the roll-ups of a workspace."""
    key = str(workspace.tables)
    found = _SHELVES.get(key)
    if found is None:
        with _LOCK:
            if len(_SHELVES) >= KEPT:
                _SHELVES.clear()
            found = _SHELVES[key] = Shelf(open_store(workspace))
    return found


def merging_of(model: Model) -> Merging:
    """Give what of a model can be merged, worked out once."""
    found = _MERGING.get(id(model))
    if found is None or found[0] is not model:
        found = (model, Merging(model))
        with _LOCK:
            if len(_MERGING) >= KEPT:
                _MERGING.clear()
            _MERGING[id(model)] = found
    return found[1]
