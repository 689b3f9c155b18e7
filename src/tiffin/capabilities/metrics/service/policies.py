"""What the actor of a unit of work may be told, from his grants in force."""

from collections.abc import Iterable, Mapping
from functools import cache

from tiffin.capabilities.metrics.domain.exchange import Exchange
from tiffin.capabilities.metrics.service.grounds import Ground
from tiffin.capabilities.metrics.service.library import Library, library_of
from tiffin.engines.metrics.protection.allowances import EVERY_COLUMN, Allowance, Only, Policy
from tiffin.engines.metrics.protection.permissions import permit, scope_of
from tiffin.engines.metrics.protection.veiling import mask_of
from tiffin.engines.metrics.request import MetricRequest, RowScope
from tiffin.engines.metrics.sensitivity import Sensitivity
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.masks import DEGREES, Mask
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import EVERY, GUARDED, Actor, Grant
from tiffin.runtime.classes import confirmed_classes, guarded_columns
from tiffin.runtime.context import Context

_OPEN = frozenset(Classification) - frozenset(GUARDED)


def policy_of(actor: Actor) -> Policy:
    """Give what an actor's grants allow; each stays apart, since rows of one and columns of another never add up."""
    every = (*actor.grants, *actor.asset_grants)
    return tuple(_allowance(grant) for grant in every if grant.countries or grant.cities)


def ground_for(context: Context, request: MetricRequest, library: Library, exchange: Exchange | None = None) -> Ground:
    """Settle over which rows the actor is told a request, and what of it is held back.

    Raises
    ------
    Forbidden
        Nothing of it.
    """
    policy = policy_of(context.actor)
    if not policy:
        raise Forbidden(
            Message(
                "{name} may see no city. Ask a steward for a grant on a country or a city.", name=context.actor.name
            )
        )
    found = permit(request, policy, _sensitivity(context, library))
    return Ground(library, found.scope, exchange, found.minimum_size, found.masked, found.masks)


def row_scope(context: Context) -> RowScope:
    """Give every row into which a grant of the actor reaches, whatever columns it opens there.

    Raises
    ------
    Forbidden
        No grant covers any city.
    """
    policy = policy_of(context.actor)
    if not policy:
        raise Forbidden(
            Message(
                "{name} may see no city. Ask a steward for a grant on a country or a city.", name=context.actor.name
            )
        )
    return scope_of(policy)


def masked_dimensions(context: Context, library: Library) -> tuple[str, ...]:
    """Name the dimensions by which the actor can neither split nor filter."""
    return tuple(name for name, masks in _held_back(context, library).items() if not masks)


def dimensions_told_masked(context: Context, library: Library) -> Mapping[str, tuple[Mask, ...]]:
    """Tell by which dimensions the actor can split and filter masked only, and how they are masked for him."""
    return {name: masks for name, masks in _held_back(context, library).items() if masks}


def _held_back(context: Context, library: Library) -> Mapping[str, tuple[Mask, ...]]:
    """Give the dimensions that no grant of the actor opens as they are, each with the masks of grants that mask it."""
    policy, sensitivity = policy_of(context.actor), _sensitivity(context, library)
    needed = {name: sensitivity.of_dimension(name) for name in library.model.dimensions}
    closed = [
        name
        for name, classes in needed.items()
        if classes and not any(classes <= allowance.opens for allowance in policy)
    ]
    masking = [allowance for allowance in policy if allowance.masks]
    found = {name: [mask_of(name, allowance, sensitivity) for allowance in masking] for name in closed}
    return {name: tuple(dict.fromkeys(mask for mask in masks if mask)) for name, masks in found.items()}


def classes_of_metrics(context: Context, names: Iterable[str]) -> frozenset[Classification]:
    """Give the guarded classes that must be open for metrics to be told at all, unsplit."""
    sensitivity = _sensitivity(context, library_of(context.workspace))
    return frozenset().union(*(sensitivity.of_metric(name, MetricRequest((name,))) for name in names))


def _allowance(grant: Grant) -> Allowance:
    is_everywhere = EVERY in grant.countries or EVERY in grant.cities
    return Allowance(
        None if is_everywhere else grant.countries,
        None if is_everywhere else grant.cities,
        grant.rows,
        _OPEN.union(grant.opened),
        grant.minimum_size,
        grant.masks,
        _only(grant) if grant.assets else None,
    )


def _only(grant: Grant) -> Only:
    """Give the metrics and columns among a grant's assets; what shows metrics was granted with them, by name."""
    assets = [AssetId.parse(text) for text in grant.assets]
    tables = {(one.name, EVERY_COLUMN) for one in assets if one.kind is AssetKind.TABLE}
    columns = {
        (table, name) for one in assets if one.kind is AssetKind.COLUMN for table, _, name in [one.name.partition(".")]
    }
    return Only(frozenset(one.name for one in assets if one.kind is AssetKind.METRIC), frozenset(tables | columns))


def _sensitivity(context: Context, library: Library) -> Sensitivity:
    """Give what each metric and dimension reads, by the classes in force at this moment."""
    confirmed = confirmed_classes(context)
    key = ("sensitivity", confirmed)
    if key not in library.derived:
        library.derived[key] = Sensitivity(library.model, guarded_columns(confirmed), _coordinates())
    found: Sensitivity = library.derived[key]
    return found


@cache
def _coordinates() -> frozenset[tuple[str, str]]:
    """Name the columns of facts that hold coordinates."""
    columns = ((table, column) for table, contract in TABLES.items() for column in contract.columns)
    return frozenset((table, column.name) for table, column in columns if column.unit == DEGREES)
