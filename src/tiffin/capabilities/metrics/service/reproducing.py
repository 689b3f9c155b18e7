"""Published numbers computed again: exactly as they were, and step by step towards what they would be now."""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from tiffin.capabilities.metrics.domain.bridge import ORDER, Bridge, Cause, Values, bridges
from tiffin.capabilities.metrics.domain.exchange import Exchange
from tiffin.capabilities.metrics.domain.published import Published, by_group
from tiffin.capabilities.metrics.service.answering import answer, footprint_for
from tiffin.capabilities.metrics.service.grounds import Ground, digest_of, dimensions_digest, library_under
from tiffin.capabilities.metrics.service.ledger import HIERARCHY
from tiffin.capabilities.metrics.service.library import Library, library_of
from tiffin.capabilities.metrics.service.rates import exchange_on
from tiffin.capabilities.metrics.service.seeing import library_of_entry, refuse_partial
from tiffin.kernel.errors import Unavailable
from tiffin.runtime.as_of import AsOf, read_as_of
from tiffin.runtime.context import Context
from tiffin.runtime.edge import WarehouseOnDemand
from tiffin.runtime.i18n import mark

Rows = tuple[tuple[Any, ...], ...]
Versions = Mapping[str, int | None]


TOLERANCE = 1e-12
"""Largest relative difference that adding up the same fractions in another order may make."""

CAUSES: Mapping[Cause, str] = {
    Cause.DATA: mark("Restated data"),
    Cause.DEFINITION: mark("Changed definition"),
    Cause.HIERARCHY: mark("Changed hierarchy"),
    Cause.CURRENCY: mark("Changed exchange rates"),
    Cause.UNEXPLAINED: mark("Not reproduced"),
}
"""How each cause is called."""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A published number computed again on what it stood on.

    Parameters
    ----------
    is_equal : bool
        Every value is the published one: whole numbers and money exactly, other numbers within `TOLERANCE`, since an
        engine may add up the same fractions in another order.
    missing : tuple of str
        Files that are gone, where it cannot be computed again.
    """

    published: Published
    is_equal: bool
    rows: Rows
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bridged:
    """The way from a published number to the present: a bridge for each group and metric."""

    published: Published
    bridges: tuple[Bridge, ...]
    versions_now: Versions
    exchange_now: Exchange | None


def context_as_of(context: Context, text: str | None) -> Context:
    """Give the same unit of work over the tables as of what somebody wrote; the present where he wrote nothing.

    Raises
    ------
    WrongUse
        It is neither a version, nor an instant, nor versions of tables.
    """
    if not text:
        return context
    return replace(context, warehouse=WarehouseOnDemand(context.workspace, context.warehouse.dialect, read_as_of(text)))


@contextmanager
def context_at(context: Context, as_of: AsOf) -> Iterator[Context]:
    """Give the same unit of work over the tables as they were."""
    warehouse = WarehouseOnDemand(context.workspace, context.warehouse.dialect, as_of)
    try:
        yield replace(context, warehouse=warehouse)
    finally:
        warehouse.close()


def reproduce(context: Context, published: Published) -> Reproduction:
    """Compute a published number again from its own definitions, rates and versions of the tables."""
    missing = _missing(context, published.versions)
    if missing:
        return Reproduction(published, is_equal=False, rows=(), missing=missing)
    rows = _rows(context, published, published.versions, _ground_then(published))
    is_equal = len(rows) == len(published.rows) and all(map(_is_same_row, rows, published.rows))
    return Reproduction(published, is_equal=is_equal, rows=rows)


def bridge(context: Context, published: Published) -> Bridged:
    """Lay the way from a published number to what the same request gives now.

    Raises
    ------
    Unavailable
        Files of the published versions are gone.
    NotFound
        The metric is no longer defined, or a rate of the day is.
    Forbidden
        The number would now be about cities that the actor may not see.
    """
    if missing := _missing(context, published.versions):
        raise Unavailable(
            f"{published.reference} cannot be computed again: {', '.join(missing)} is gone. "
            "Bring the files back from a backup."
        )
    then = _ground_then(published)
    present = library_under(library_of(context.workspace), published.request, context.now.date())
    with context_at(context, None) as current:
        newest: Versions = dict(current.warehouse.versions())
        exchange = _exchange_now(current, published, present, then)
    versions = {table: newest.get(table) for table in {*published.versions, *newest}}
    held = {table: published.versions.get(table, versions.get(table)) for table in versions if table in HIERARCHY}
    before = replace(then, exchange=_completed(then.exchange, exchange))
    states = {
        Cause.DATA: ({**versions, **held}, before),
        Cause.DEFINITION: ({**versions, **held}, replace(before, library=present)),
        Cause.HIERARCHY: (versions, replace(before, library=present)),
        Cause.CURRENCY: (versions, Ground(present, then.scope, exchange)),
    }
    moved = {
        Cause.DATA: _differ(versions, published.versions, set(published.versions) - set(HIERARCHY)),
        Cause.DEFINITION: _means_other(published, then.library, present),
        Cause.HIERARCHY: _differ(versions, held, held),
        Cause.CURRENCY: before.exchange != exchange,
    }
    said = _published_values(published)
    values = _values(context, published, published.versions, then)
    values = {key: said[key] if key in said and _is_same(value, said[key]) else value for key, value in values.items()}
    start, steps = values, []
    for cause in ORDER:
        # What has not changed moves nothing: not even by the order in which an engine adds up fractions.
        values = _values(context, published, *states[cause]) if moved[cause] else values
        steps.append((cause, values))
    return Bridged(published, bridges(said, start, steps), versions, exchange)


def _differ(now: Versions, then: Versions, tables: Iterable[str]) -> bool:
    return any(now.get(table) != then.get(table) for table in tables)


def _means_other(published: Published, then: Library, present: Library) -> bool:
    request = published.request
    return any(digest_of(then, name) != digest_of(present, name) for name in request.metrics) or (
        dimensions_digest(then, request) != dimensions_digest(present, request)
    )


def _is_same_row(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(map(_is_same, one, other))


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(one == other) and type(one) is type(other)


def _published_values(published: Published) -> Values:
    return by_group(published.columns, published.rows, published.request.metrics)


def _ground_then(published: Published) -> Ground:
    return Ground(library_of_entry(published), published.scope, published.exchange)


def _values(context: Context, published: Published, versions: Versions, ground: Ground) -> Values:
    return by_group(published.columns, _rows(context, published, versions, ground), published.request.metrics)


def _rows(context: Context, published: Published, versions: Versions, ground: Ground) -> Rows:
    with context_at(context, versions) as then:
        refuse_partial(then, published.request, ground.library, _cities(then, published, ground))
        return answer(then, published.request, ground=ground).rows


def _cities(context: Context, published: Published, ground: Ground) -> Mapping[str, tuple[str | None, str | None]]:
    request = published.request
    footprint = footprint_for(context, ground.library, request.metrics, context.warehouse.versions())
    if footprint is None:
        return {}
    known = {city: footprint.cities[city] for city in footprint.cities_in(request.where, ground.scope)}
    return {city: (facts.country, facts.currency) for city, facts in known.items()}


def _exchange_now(context: Context, published: Published, present: Library, then: Ground) -> Exchange | None:
    if then.exchange is None:
        return None
    found = _cities(context, published, Ground(present, then.scope))
    codes = {currency for _, currency in found.values() if currency}
    return exchange_on(context.workspace, then.exchange.into, codes | set(then.exchange.rates), then.exchange.on)


def _completed(then: Exchange | None, now: Exchange | None) -> Exchange | None:
    """Give the rates of then, with those of now for money that was not met then."""
    return replace(then, rates={**now.rates, **then.rates}) if then and now else then


def _missing(context: Context, versions: Versions) -> tuple[str, ...]:
    # The writer of tables takes a while to import; only this looks at files.
    from tiffin.runtime.warehouse.keeping import missing_files  # noqa: PLC0415 - for the reason above
    from tiffin.runtime.warehouse.opening import open_store  # noqa: PLC0415 - for the reason above

    return missing_files(open_store(context.workspace), versions)
