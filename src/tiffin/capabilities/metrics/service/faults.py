"""What is known to be wrong with the facts: written by whoever watches over them, read into every receipt."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from tiffin.capabilities.metrics.queries import KNOWN_FAULTS
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

WHOLE_ROWS = ""
"""Column of a fault that makes rows too few, too many or late; every reader of the table is wrong."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with facts, until its incident is closed.

    Parameters
    ----------
    case_id : int
        Number of the incident.
    column : str
        Whose values are wrong; empty where whole rows are.
    country, city_id : str
        Empty for all of them.
    first, last : date or None
        Business days; None on either side for no bound.
    is_certain : bool
        Otherwise the facts are only out of the ordinary, and somebody is looking.
    """

    case_id: int
    table: str
    column: str
    country: str
    city_id: str
    first: date | None
    last: date | None
    since: datetime
    is_certain: bool


def note_faults(context: Context, case_id: int, faults: Iterable[Fault]) -> None:
    """Put the faults of an incident in the place of those that were noted of it; none takes them away."""
    context.unit.execute(delete(KNOWN_FAULTS).where(KNOWN_FAULTS.c.case_id == case_id))
    rows = [
        {
            "case_id": case_id,
            "number": number,
            "table_name": one.table,
            "column_name": one.column,
            "country": one.country,
            "city_id": one.city_id,
            "first_day": one.first,
            "last_day": one.last,
            "since": one.since,
            "is_certain": one.is_certain,
        }
        for number, one in enumerate(faults)
    ]
    if rows:
        context.unit.execute(insert(KNOWN_FAULTS).values(rows))


_ALL = select(KNOWN_FAULTS).order_by(KNOWN_FAULTS.c.case_id, KNOWN_FAULTS.c.number)
"""Written once; there are hardly ever any."""


def known_faults(context: Context) -> tuple[Fault, ...]:
    """List everything that is known to be wrong now."""
    return context.unit.remembered("known_faults", lambda: _known(context))


def _known(context: Context) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            row.case_id,
            row.table_name,
            row.column_name,
            row.country,
            row.city_id,
            row.first_day,
            row.last_day,
            row.since,
            row.is_certain,
        )
        for row in context.unit.execute(_ALL)
    )


def faults_in(
    context: Context, request: MetricRequest, model: Model, *, cities: Callable[[], Mapping[str, str | None]]
) -> tuple[Mapping[str, Any], ...]:
    """Tell which known faults the numbers of a request stand on, or are split or chosen by.

    Parameters
    ----------
    cities : callable
        Gives the cities of the numbers, with their countries; asked where anything is known to be wrong at all.

    Returns
    -------
    tuple of mapping
        One for each incident: ``incident``, ``since``, ``certain``, and ``metrics``, those that are hit.
    """
    known = known_faults(context)
    if known:
        places = cities()
        known = tuple(one for one in known if _overlaps(one, places, request.days))
    if not known:
        return ()
    metrics = request.metrics
    dimensions = (*request.by, *(one.dimension for one in request.where))
    reads = {name: _read(name, dimensions, model) for name in metrics if name in model.resolved}
    found: dict[int, dict[str, Any]] = {}
    for fault in known:
        hit = [name for name, columns in reads.items() if is_read(fault.table, fault.column, columns)]
        if hit:
            told = found.setdefault(
                fault.case_id, {"incident": fault.case_id, "since": fault.since, "certain": False, "metrics": []}
            )
            told["since"] = min(told["since"], fault.since)
            told["certain"] = told["certain"] or fault.is_certain
            told["metrics"] = [name for name in metrics if name in {*told["metrics"], *hit}]
    return tuple(found.values())


def _read(name: str, dimensions: Sequence[str], model: Model) -> frozenset[tuple[str, str]]:
    # Hardly ever is anything known to be wrong, and the first answer of a process does without.
    from tiffin.engines.metrics.reads import columns_under, dimension_reads  # noqa: PLC0415 - for the reason above

    splits = (
        dimension_reads(source, one, model)
        for source in model.resolved[name].sources
        for one in dimensions
        if one in model.sources[source].dimensions
    )
    return columns_under(name, model).union((table, column) for reads in splits for table, column, _ in reads)


def is_read(table: str, column: str, columns: Iterable[tuple[str, str]]) -> bool:
    """Tell whether whoever reads some columns reads one of a table, or any where its rows themselves are wrong."""
    return any(table == other and column in (WHOLE_ROWS, name) for other, name in columns)


def _overlaps(fault: Fault, cities: Mapping[str, str | None], days: Days | None) -> bool:
    if days is not None and (
        (fault.first is not None and fault.first > days.last) or (fault.last is not None and fault.last < days.first)
    ):
        return False
    if fault.city_id:
        return fault.city_id in cities
    return not fault.country or fault.country in cities.values()
