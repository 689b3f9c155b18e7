"""What an answer stands on beside the facts: definitions of a date, rows that may be seen, exchange rates."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from tiffin.capabilities.metrics.domain.codec import digest, encode
from tiffin.capabilities.metrics.domain.exchange import Exchange
from tiffin.capabilities.metrics.service.footprints import Versions
from tiffin.capabilities.metrics.service.library import Library
from tiffin.capabilities.metrics.service.offering import Available
from tiffin.engines.metrics.compiling.compiler import Compiled, compile_request
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.definitions import ColumnType, Source, Unit
from tiffin.engines.metrics.footprint import Footprint
from tiffin.engines.metrics.protection.guarding import Guard, Guarded
from tiffin.engines.metrics.protection.masking import masked_model, masked_request
from tiffin.engines.metrics.protection.naming import plain_name
from tiffin.engines.metrics.protection.veiling import Masks
from tiffin.engines.metrics.request import MetricRequest, RowScope
from tiffin.engines.metrics.versions import (
    AT,
    Choice,
    changes_of,
    definitions_for,
    present,
    version_in_force,
    version_on,
)
from tiffin.kernel.contract import Classification
from tiffin.runtime.warehouse.answers import Columns

Made = TypeVar("Made")

KEPT = 128
"""Derived libraries and digests that a library remembers; then it forgets them all."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Definitions, rows and rates of one answer.

    Parameters
    ----------
    library : Library
        The definitions as they are meant, money in its own currencies.
    exchange : Exchange or None
        Set where money is converted.
    minimum_size : int
        Groups of fewer rows are withheld.
    masked : mapping of str to tuple of Classification
        Metrics that are not told, each with the classes of columns that no grant opens for it.
    masks : mapping of str to Mask
        Dimensions that are told masked.
    """

    library: Library
    scope: RowScope
    exchange: Exchange | None = None
    minimum_size: int = 1
    masked: Mapping[str, tuple[Classification, ...]] = field(default_factory=dict)
    masks: Masks = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a request meets: the ground it stands on, and which facts there are.

    Parameters
    ----------
    request : MetricRequest
        What is told of the request: all of it but the masked metrics.
    """

    request: MetricRequest
    ground: Ground
    versions: Versions
    footprint: Footprint | None

    @property
    def library(self) -> Library:
        """The definitions as they are meant."""
        return self.ground.library

    @property
    def scope(self) -> RowScope:
        """The rows that may be seen."""
        return self.ground.scope

    def compiled(self, dialect: str, rollups: Available | None = None) -> Compiled:
        """Compile the request for an engine, over the facts or over roll-ups that stand for them."""
        library = self._computed
        request = self.asked
        if self.ground.minimum_size > 1:
            guard = guard_of(library)
            sized = guard.with_sizes(request)
            found = guard.shown(request, self._statement(sized, guard.fragments(dialect), rollups))
        else:
            found = self._statement(request, library.fragments[dialect], rollups)
        return told_plainly(found) if self.ground.masks else found

    @property
    def asked(self) -> MetricRequest:
        """The request as it is compiled: by masked dimensions where they are told masked."""
        return masked_request(self.request, self.ground.masks) if self.ground.masks else self.request

    def fragments(self, dialect: str) -> Fragments:
        """Give the pieces of SQL of what is asked."""
        return self._computed.fragments[dialect]

    def _statement(self, request: MetricRequest, fragments: Fragments, rollups: Available | None) -> Compiled:
        offer = rollups.offer(fragments.model) if rollups else None
        return compile_request(request, fragments, scope=self.scope, footprint=self.footprint, rollups=offer)

    def guarded(self, rows: Sequence[tuple[Any, ...]], columns: Columns) -> Guarded:
        """Withhold small groups from rows.

        Parameters
        ----------
        columns : sequence of Column
            All columns of the compiled statement's answer, the hidden sizes too.
        """
        if self.ground.minimum_size == 1:
            return Guarded(tuple(rows), frozenset())
        guard = guard_of(self._computed)
        sizes = {name: columns[place].counts() for name, place in guard.sizes_in(self.asked).items()}
        return guard.guarded(self.asked, rows, sizes, self.ground.minimum_size)

    @property
    def _computed(self) -> Library:
        exchange, found = self.ground.exchange, self.library
        if exchange:
            found = library_in_one_currency(found, self.request.metrics, exchange)
        return library_with_masks(found, self.ground.masks) if self.ground.masks else found

    def cities(self) -> frozenset[str]:
        """Name the cities that the answer can hold rows of; none where that is not known."""
        return self.footprint.cities_in(self.request.where, self.scope) if self.footprint else frozenset()


def library_under(library: Library, request: MetricRequest, today: date) -> Library:
    """Give the definitions that a request is asked under; the library itself where they are the present ones.

    Without a date, a version that is still to come does not hold yet.
    """
    names, on = request.metrics, request.under
    if on is not None:
        return _derived(library, ("on", names, on), lambda: _chosen(library, names, partial(version_on, day=on)))
    if today < _dated_until(library, names):
        choose = partial(version_in_force, day=today)
        return _derived(library, ("by", names, today), lambda: _chosen(library, names, choose))
    if any(AT in name for name in names):
        return _derived(library, ("numbered", names), lambda: _chosen(library, names, present))
    return library


def library_in_one_currency(library: Library, metrics: Sequence[str], exchange: Exchange) -> Library:
    """Give definitions in which all money is converted."""
    factors = exchange.factors()
    key = ("converted", tuple(metrics), factors.into, tuple(factors.worth.items()))

    def made() -> Library:
        # Only here: reading definitions takes libraries that an answer from the present ones does without.
        from tiffin.capabilities.metrics.service.rebuilding import library_converted  # noqa: PLC0415 - as said above

        return library_converted(library, metrics, factors)

    return _derived(library, key, made)


def library_with_masks(library: Library, masks: Masks) -> Library:
    """Give definitions that have masked dimensions beside those that they mask."""

    def made() -> Library:
        model = masked_model(library.model, masks)
        return Library(model, library.problems, {name: Fragments(model, name) for name in library.fragments})

    return _derived(library, ("masks", tuple(sorted(masks.items()))), made)


def told_plainly(compiled: Compiled) -> Compiled:
    """Describe an answer by masked dimensions under the names that were asked for."""
    return replace(compiled, columns=tuple(replace(one, name=plain_name(one.name)) for one in compiled.columns))


def guard_of(library: Library) -> Guard:
    """Give definitions with the sizes of their groups."""
    return _derived(library, ("guard",), lambda: Guard(library.model, threading.Lock()))


def digest_of(library: Library, name: str) -> str:
    """Give the digest of what a metric computes: its formula, those of its inputs, and how their sources are read.

    Labels, owners and dimensions do not enter it: they do not change the number.
    """

    def made() -> str:
        found = definitions_for(library.model, (name,))
        formulas = {metric.name.partition(AT)[0]: encode(metric.version) for metric in found.metrics}
        for version in formulas.values():
            del version["number"], version["since"]
        return digest({"metrics": formulas, "sources": {source.name: _read(source) for source in found.sources}})

    return _derived(library, ("digest", name), made)


def dimensions_digest(library: Library, request: MetricRequest) -> str:
    """Give the digest of what the dimensions of a request are in each source that it reads."""
    names = (*request.by, *(condition.dimension for condition in request.where))

    def made() -> str:
        sources = {source for name in request.metrics for source in library.model.resolved[name].sources}
        meant = {name: _dimension(library, name) for name in names}
        texts = {
            source: {name: library.model.sources[source].source.dimensions.get(name) for name in names}
            for source in sources
        }
        return digest({"dimensions": meant, "sources": texts})

    return _derived(library, ("dimensions", request.metrics, names), made)


def whole_amounts(library: Library, metrics: Sequence[str]) -> frozenset[str]:
    """Name the metrics whose amounts are whole minor units, and so are rounded to them after a conversion."""
    model = library.model
    return frozenset(
        name
        for name in metrics
        if model.metrics[name].unit is Unit.MONEY and model.resolved[name].type is ColumnType.INTEGER
    )


def _dimension(library: Library, name: str) -> Any:
    found = library.model.dimensions.get(name)
    return None if found is None else [found.type, found.grain_of, found.grain]


def _read(source: Source) -> Mapping[str, Any]:
    return {
        "table": source.table,
        "time": source.dimensions.get(source.time),
        "joins": [encode(join) for join in source.joins],
        "currency": source.dimensions.get("currency"),
    }


def _dated_until(library: Library, names: tuple[str, ...]) -> date:
    return _derived(library, ("dated", names), lambda: changes_of(library.model, names))


def _chosen(library: Library, names: Sequence[str], choose: Choice) -> Library:
    # Only here: as above.
    from tiffin.capabilities.metrics.service.rebuilding import library_from  # noqa: PLC0415 - as said above

    return library_from(definitions_for(library.model, names, choose))


def _derived(library: Library, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
    found: Made | None = library.derived.get(key)
    if found is None:
        found = make()
        if len(library.derived) >= KEPT:
            library.derived.clear()
        library.derived[key] = found
    return found
