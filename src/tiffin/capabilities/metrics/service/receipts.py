"""The receipt of an answer: what it means, what it stands on, and enough to ask again and get the same.

One function makes it for every way out: command line, HTTP, pages, files, assistants.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import reduce
from typing import Any

from tiffin.capabilities.metrics.domain.codec import digest, encode
from tiffin.capabilities.metrics.domain.exchange import Exchange
from tiffin.capabilities.metrics.service.faults import faults_in
from tiffin.capabilities.metrics.service.footprints import CITIES, Versions
from tiffin.capabilities.metrics.service.grounds import Frame, digest_of, dimensions_digest
from tiffin.capabilities.metrics.service.library import Library
from tiffin.capabilities.metrics.service.policies import masked_dimensions
from tiffin.capabilities.metrics.service.promises import Promise, promises_of
from tiffin.capabilities.metrics.service.watermarks import watermarks
from tiffin.engines.metrics.compiling.compiler import Compiled, estimated_in
from tiffin.engines.metrics.definitions import Metric, Tier
from tiffin.engines.metrics.request import RowLimit, RowScope
from tiffin.engines.metrics.versions import definitions_for, plain_name
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

FORM = 1
"""Changes when the same facts and definitions would give another answer than before."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an answer comes from: enough to ask again and get the same.

    Parameters
    ----------
    metrics : mapping
        By name: version, since when it holds, tier, unit, label and meaning in the asker's language, ``digest`` of the
        definition with all that it is made of, ``promise``: whether it keeps its targets (kept, missed, unknown), and
        ``effective_tier``: a certificate falls where they are missed.
    tables : mapping of str to int or None
        Delta version of each table that was read; None where it was never loaded.
    row_filters : mapping
        Countries and cities to which the asker is limited; empty lists where he is not. ``narrower`` tells of further
        rows: those of some merchants, fleets and the like.
    recorded_in : mapping of str to tuple of str
        Metrics that some of the asked cities lack facts for, with the cities that have them.
    simulated : bool
        Whether any city of the request is a simulated one.
    sql_sha256 : str
        Digest of the statement that was run.
    masks : tuple of str
        Dimensions that the asker may neither split nor filter by.
    masked : mapping of str to tuple of str
        Metrics of the request that the asker is not told, with the classes of columns that no grant opens for them.
    masked_as : mapping of str to str
        Dimensions of the request that the asker is told masked, each with its mask.
    minimum_size : int
        Groups of fewer rows are withheld from the asker; 1 withholds none.
    withheld : tuple of (int, int)
        Row and column, from nought, of each value that is withheld because its group, or what a total would tell of
        another one, is too small. The values are empty, as unknown ones are.
    estimated : tuple of str
        Metrics whose distinct counts or percentiles were estimated, as was asked for.
    under : date or None
        Day whose definitions were asked for; None for those in force.
    sources : mapping
        By table: ``latest_day``, the last business day of the asked cities; ``loaded_at``, when their rows last came.
    exchange : mapping or None
        Currency that money was converted into, the day, and each rate with its date and source.
    request : mapping
        The request, complete.
    rerun_hash : str
        Over request, definitions, data versions, policy and rates: the same hash is the same answer.
    definitions : mapping or None
        The definitions themselves, where the receipt is kept for long.
    faults : tuple of mapping
        What was known to be wrong with the facts when it was asked: ``incident``, ``since``, ``certain``, ``metrics``.
    """

    metrics: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, int | None]
    engine: str
    row_filters: Mapping[str, tuple[str, ...]]
    recorded_in: Mapping[str, tuple[str, ...]]
    simulated: bool
    sql_sha256: str
    asked_at: datetime
    asked_by: str
    masks: tuple[str, ...] = ()
    masked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    masked_as: Mapping[str, str] = field(default_factory=dict)
    minimum_size: int = 1
    withheld: tuple[tuple[int, int], ...] = ()
    estimated: tuple[str, ...] = ()
    under: date | None = None
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    exchange: Mapping[str, Any] | None = None
    request: Mapping[str, Any] = field(default_factory=dict)
    rerun_hash: str = ""
    definitions: Mapping[str, Any] | None = None
    faults: tuple[Mapping[str, Any], ...] = ()


def receipt_of(context: Context, frame: Frame, compiled: Compiled) -> Receipt:
    """Make the receipt of an answer, or of what would be one."""
    scope, footprint = frame.scope, frame.footprint
    # With one version of one table asked for, only reading it settles the version.
    versions = frame.versions or context.warehouse.versions()
    cities = frame.cities()
    read = dict.fromkeys(compiled.tables) | ({CITIES: None} if footprint else {})
    receipt = Receipt(
        metrics=_metrics(context, frame, cities),
        tables={table: versions.get(table) for table in read},
        engine=compiled.dialect,
        row_filters=_row_filters(scope),
        recorded_in=compiled.recorded_in,
        simulated=footprint is not None and footprint.holds_simulated(cities),
        sql_sha256=hashlib.sha256(compiled.sql.encode()).hexdigest(),
        asked_at=context.now,
        asked_by=context.actor.name,
        masks=masked_dimensions(context, frame.library),
        masked=frame.ground.masked,
        masked_as={name: mask.text for name, mask in frame.ground.masks.items()},
        minimum_size=frame.ground.minimum_size,
        estimated=estimated_in(frame.request, frame.library.model),
        under=frame.request.under,
        sources=_reach(context, frame, compiled, cities, versions),
        exchange=exchange_as_plain(frame.ground.exchange) if frame.ground.exchange else None,
        request=encode(frame.request),
        faults=_faults(context, frame, cities),
    )
    return replace(receipt, rerun_hash=rerun_hash(receipt, dimensions_digest(frame.library, frame.request)))


def rerun_hash(receipt: Receipt, dimensions: str) -> str:
    """Give the hash of everything that decides an answer.

    Two receipts with the same hash stand for the same rows: the same request, definitions that compute the same, the
    same versions of the tables, the same rows and dimensions open to the asker, the same rates.
    """
    return digest(
        {
            "form": FORM,
            "request": receipt.request,
            "definitions": {name: described["digest"] for name, described in receipt.metrics.items()},
            "dimensions": dimensions,
            "tables": dict(receipt.tables),
            "policy": {
                **{key: list(named) for key, named in receipt.row_filters.items()},
                "masks": list(receipt.masks),
                **({"masked_as": dict(receipt.masked_as)} if receipt.masked_as else {}),
                **({"minimum_size": receipt.minimum_size} if receipt.minimum_size > 1 else {}),
            },
            "exchange": receipt.exchange,
        }
    )


def with_definitions(receipt: Receipt, library: Library) -> Receipt:
    """Put the definitions themselves into a receipt, so that it can be asked again when the files have gone."""
    found = definitions_for(library.model, tuple(receipt.metrics))
    return replace(receipt, definitions=encode(found))


def exchange_as_plain(exchange: Exchange) -> Mapping[str, Any]:
    """Write rates for JSON."""
    rates = {code: {**asdict(rate), "since": rate.since.isoformat()} for code, rate in exchange.rates.items()}
    return {"into": exchange.into, "on": exchange.on.isoformat(), "rates": rates}


def _row_filters(scope: RowScope) -> Mapping[str, tuple[str, ...]]:
    found = {"countries": scope.countries or (), "cities": scope.cities or ()}
    return found | ({"narrower": tuple(map(_limit, scope.narrower))} if scope.narrower else {})


def _limit(limit: RowLimit) -> str:
    """Tell which rows of some places a limit leaves."""
    places = ", ".join((*(limit.countries or ()), *(limit.cities or ())))
    parts = [
        Message("{dimension} in ({values})", dimension=name, values=", ".join(values)) for name, values in limit.within
    ]
    told = [Message("of {places}", places=places), *parts] if places else parts
    return reduce(lambda one, other: Message("{one} and {other}", one=one, other=other), told)


def _metrics(context: Context, frame: Frame, cities: frozenset[str]) -> Mapping[str, Mapping[str, Any]]:
    countries = frame.footprint.countries(cities) if frame.footprint else frozenset[str]()
    names = frame.request.metrics
    promises = promises_of(context, tuple({plain_name(name) for name in names}), countries)
    metrics = frame.library.model.metrics
    return {
        name: {
            **_described(metrics[name], context.locale),
            "digest": digest_of(frame.library, name),
            "promise": promises[plain_name(name)],
            "effective_tier": _effective_tier(metrics[name], promises[plain_name(name)]),
        }
        for name in names
    }


def _effective_tier(metric: Metric, promise: Promise) -> Tier:
    """Give the tier that readers may rely on: a certificate falls where the metric misses its targets."""
    return Tier.DRAFT if metric.tier is Tier.CERTIFIED and promise is Promise.MISSED else metric.tier


def _described(metric: Metric, locale: str) -> Mapping[str, Any]:
    return {
        "version": metric.version.number,
        "since": metric.version.since,
        "tier": metric.tier,
        "unit": metric.unit,
        "label": metric.label.text(locale),
        "meaning": metric.meaning.text(locale),
    }


def _faults(context: Context, frame: Frame, cities: frozenset[str]) -> tuple[Mapping[str, Any], ...]:
    known = frame.footprint.cities if frame.footprint else {}

    def places() -> Mapping[str, str | None]:
        return {city: known[city].country for city in cities}

    return faults_in(context, frame.request, frame.library.model, cities=places)


def _reach(
    context: Context, frame: Frame, compiled: Compiled, cities: frozenset[str], versions: Versions
) -> Mapping[str, Mapping[str, Any]]:
    if frame.footprint is None:
        return {}
    found = watermarks(context, compiled.tables, cities, versions)
    return {table: {"latest_day": mark.latest_day, "loaded_at": mark.loaded_at} for table, mark in found.items()}
