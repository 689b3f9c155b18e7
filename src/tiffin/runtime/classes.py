"""Classes of the facts' columns in force here: as guarded as the contract says, or more where people here say so.

They are remembered until the database has changed, so that a confirmed class holds from the next question on.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select

from tiffin.kernel.contract import Classification
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import GUARDED
from tiffin.runtime.context import Context
from tiffin.runtime.tables import COLUMN_CLASSES, MASK_CHANGES

Confirmed = tuple[tuple[str, str, Classification], ...]
"""Table, column and class of what people confirmed to be more guarded than its contract says, in order."""

Guarded = Mapping[str, Mapping[str, Classification]]
"""By table and column, the classes of the columns that are not open to everybody."""

_ORDER = tuple(Classification)
_ROW = COLUMN_CLASSES.c
_CONFIRMED = (
    select(_ROW.holder, _ROW.column_name, _ROW.confirmed)
    .where(_ROW.is_file.is_(False), _ROW.confirmed.is_not(None))
    .order_by(_ROW.holder, _ROW.column_name)
)
_SHIPPED: Guarded = MappingProxyType(
    {
        name: {column.name: column.classification for column in contract.columns if column.classification in GUARDED}
        for name, contract in TABLES.items()
    }
)


def confirmed_classes(context: Context) -> Confirmed:
    """Give what is more guarded here than the contracts say."""
    return context.unit.remembered("confirmed_classes", lambda: _confirmed(context))


def _confirmed(context: Context) -> Confirmed:
    found = ((row.holder, row.column_name, Classification(row.confirmed)) for row in context.unit.execute(_CONFIRMED))
    return tuple(one for one in found if _is_stricter(*one))


def confirmed_at(context: Context) -> tuple[tuple[datetime, Classification], ...]:
    """Give when people confirmed columns to be guarded more than their contracts say, and how they are since."""
    wanted = select(_ROW.holder, _ROW.column_name, _ROW.confirmed, _ROW.confirmed_at).where(
        _ROW.is_file.is_(False), _ROW.confirmed.in_([one.value for one in GUARDED])
    )
    found = ((row, Classification(row.confirmed)) for row in context.unit.execute(wanted))
    return tuple((row.confirmed_at, kind) for row, kind in found if _is_stricter(row.holder, row.column_name, kind))


def masks_changed_at(context: Context) -> tuple[datetime, ...]:
    """Give when the masks were changed by which the actor is told a class."""
    change = MASK_CHANGES.c
    told = {(one.role, kind) for one in (*context.actor.grants, *context.actor.asset_grants) for kind in one.masked}
    if not told:
        return ()
    wanted = select(change.role, change.class_name, change.decided_at).where(change.state == "settled")
    return tuple(
        row.decided_at for row in context.unit.execute(wanted) if (row.role, Classification(row.class_name)) in told
    )


def guarded_columns(confirmed: Confirmed) -> Guarded:
    """Give the guarded columns of every table: those of the contracts, and what people confirmed beyond."""
    if not confirmed:
        return _SHIPPED
    found = {name: dict(columns) for name, columns in _SHIPPED.items()}
    for table, column, confirmed_class in confirmed:
        if confirmed_class in GUARDED:
            found[table][column] = confirmed_class
    return found


def class_in_force(confirmed: Confirmed, table: str, column: str) -> Classification:
    """Give the class of one column of the facts."""
    for known_table, known_column, confirmed_class in confirmed:
        if (known_table, known_column) == (table, column):
            return confirmed_class
    return TABLES[table].column(column).classification


def _is_stricter(table: str, column: str, confirmed: Classification) -> bool:
    if table not in TABLES or not TABLES[table].has(column):
        return False
    return _ORDER.index(confirmed) > _ORDER.index(TABLES[table].column(column).classification)
