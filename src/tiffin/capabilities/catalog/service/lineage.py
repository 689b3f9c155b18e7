"""Where an asset comes from, where it goes to, and what an edit of it would touch."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.service.inventory import inventory_of
from tiffin.capabilities.catalog.service.lineage_feeds import fact_links
from tiffin.capabilities.catalog.service.lineage_metrics import metric_links, target_links, tree_links
from tiffin.capabilities.catalog.service.lineage_uses import (
    DAYBOOK,
    HOME,
    alert_links,
    dashboard_links,
    published_links,
    question_links,
    report_links,
    tool_links,
)
from tiffin.capabilities.catalog.service.lineage_versions import model_in_force
from tiffin.capabilities.catalog.service.own_assets import OwnAssets, linked, own_assets_in, strange_names
from tiffin.capabilities.catalog.service.policy_assets import policy_id, policy_links
from tiffin.capabilities.catalog.service.rollup_assets import rollup_links, rollups_in
from tiffin.capabilities.catalog.service.rulings import ruling_links, rulings
from tiffin.capabilities.facts.domain.feed import Feed
from tiffin.capabilities.facts.service import list_feeds
from tiffin.capabilities.metrics.service.forest import trees_in
from tiffin.capabilities.metrics.service.ledger import list_published, metrics_published
from tiffin.capabilities.policies.service.ledger_stated import StatedPolicy, stated_policies
from tiffin.capabilities.quality.domain import Reconciliation
from tiffin.capabilities.quality.service.parameters import read_reconciliations
from tiffin.capabilities.scorecards.domain.alerts import AlertRule
from tiffin.capabilities.scorecards.domain.dashboards import Dashboard
from tiffin.capabilities.scorecards.service import read_dashboard
from tiffin.capabilities.scorecards.service.alerting import rules_of
from tiffin.capabilities.scorecards.service.library import dashboards_in
from tiffin.capabilities.scorecards.service.morning import DASHBOARD as SHEET
from tiffin.capabilities.scorecards.service.saving import Saved, every_saved, list_saved
from tiffin.engines.lineage.graph import Graph
from tiffin.engines.lineage.impact import Impact, Standing, impact_of
from tiffin.engines.lineage.links import Link
from tiffin.engines.metrics.decomposition.trees import Tree
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.rollups import Rollup
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

_KEPT = 8
_LOCK = threading.Lock()
_GRAPHS: dict[str, tuple["_Grounds", Graph, tuple[Message, ...]]] = {}

OWN = (AssetKind.QUESTION, AssetKind.PUBLISHED)
"""Kinds of which a reader knows only those that are his to know."""


@dataclass(frozen=True, slots=True)
class _Grounds:
    """What a graph was made of: while it is the same, so is the graph."""

    model: Model = field(repr=False)
    feeds: tuple[Feed, ...]
    trees: tuple[Tree, ...]
    dashboards: tuple[Dashboard, ...]
    alerts: tuple[AlertRule, ...]
    reconciliations: tuple[Reconciliation, ...]
    figures: Mapping[AssetId, tuple[str, ...]]
    questions: tuple[Saved, ...]
    published: Mapping[str, tuple[str, ...]]
    rollups: tuple[Rollup, ...]
    own: OwnAssets
    policies: tuple[StatedPolicy, ...]

    def is_same(self, other: "_Grounds") -> bool:
        """Tell whether the same definitions stand behind both; large ones are the same only where they are one."""
        is_one = self.model is other.model and self.trees is other.trees and self.dashboards is other.dashboards
        is_one = is_one and self.own is other.own
        return is_one and self._told() == other._told()  # noqa: SLF001 - another of the same class

    def _told(self) -> tuple[object, ...]:
        feeds, rollups = tuple(feed.digest for feed in self.feeds), tuple(one.name for one in self.rollups)
        small = (self.alerts, self.figures, self.questions, self.published, self.reconciliations, self.policies)
        return (*small, feeds, rollups)


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything that is linked, as one reader may know it.

    Parameters
    ----------
    graph : Graph
        All of it; what is `hidden` is counted for the reader, and never named.
    """

    graph: Graph
    inventory: Mapping[AssetId, Asset]
    hidden: frozenset[AssetId]
    standing: Mapping[AssetId, Standing]


@dataclass(frozen=True, slots=True)
class Touched:
    """What an edit touches, as one reader may know it.

    Parameters
    ----------
    hidden : int
        How many more assets are touched that are not his to know.
    """

    impact: Impact
    hidden: int


def estate_of(context: Context) -> Estate:
    """Give the graph of everything that stands on something else.

    Raises
    ------
    Forbidden
        The actor has no grant.
    """
    _need_grant(context)
    graph, _ = _graph(context)
    seen = {AssetId(AssetKind.QUESTION, str(one.question_id)) for one in list_saved(context)}
    seen |= {AssetId(AssetKind.PUBLISHED, one.reference) for one in list_published(context)}
    hidden = frozenset(asset for asset in graph.assets if asset.kind in OWN and asset not in seen)
    inventory = inventory_of(context)
    return Estate(graph, inventory, hidden, _standing(inventory))


def impact(context: Context, asset: AssetId) -> Touched:
    """Tell what an edit of an asset touches, before it is made.

    Raises
    ------
    NotFound
        There is no such asset, or it is not the actor's to know.
    Forbidden
        The actor has no grant.
    """
    estate = estate_of(context)
    need_known(estate, asset)
    found = impact_of(estate.graph, asset, estate.standing, without=estate.hidden)
    every = sum(one.asset in estate.hidden for one in estate.graph.downstream(asset)) if estate.hidden else 0
    return Touched(found, every)


def own_problems(context: Context) -> tuple[str, ...]:
    """Tell what is wrong with the policies and models that the workspace states: the files, what they name, circles.

    Raises
    ------
    Forbidden
        The actor has no grant.
    """
    _need_grant(context)
    own = own_assets_in(context.workspace)
    if not own.sound:
        return own.problems
    strange = strange_names(context.workspace, inventory_of(context))
    return (*own.problems, *strange, *_graph(context)[1])


def need_known(estate: Estate, asset: AssetId) -> None:
    """Refuse an asset that does not exist, or is not the reader's to know; both in the same words.

    Raises
    ------
    NotFound
        It is one of these.
    """
    estate.graph.number(asset if asset not in estate.hidden else AssetId(asset.kind, f"{asset.name}?"))


def _need_grant(context: Context) -> None:
    if not context.actor.grants:
        raise Forbidden(
            Message(
                "{name} may see no lineage: no grant is in force. Ask an administrator for one.",
                name=context.actor.name,
            )
        )


def _graph(context: Context) -> tuple[Graph, tuple[Message, ...]]:
    """Give the graph, and what of the workspace's own is left out of it."""
    grounds, key = _grounds(context), str(context.workspace.root)
    with _LOCK:
        kept = _GRAPHS.get(key)
    if kept is not None and kept[0].is_same(grounds):
        return kept[1:]
    links = tuple(_links(grounds))
    known = {asset for link in links for asset in (link.earlier, link.later)}
    ruled = (*ruling_links(known), *policy_links(grounds.policies, known))
    alone = (*(ruling.id for ruling in rulings()), *map(policy_id, grounds.policies))
    shipped = Graph.of((*links, *ruled), alone)
    made, left_out = linked(shipped, context.workspace, {*known, *inventory_of(context)})
    with _LOCK:
        if len(_GRAPHS) >= _KEPT:
            _GRAPHS.clear()
        _GRAPHS[key] = (grounds, made, left_out)
    return made, left_out


def _grounds(context: Context) -> _Grounds:
    workspace = context.workspace
    lists = {DAYBOOK: "daybook", HOME: "home"}
    rules = {report: read_dashboard(workspace, name) for report, name in lists.items()}
    return _Grounds(
        model=model_in_force(workspace, context.now.date()),
        feeds=list_feeds(context),
        trees=trees_in(workspace)[0],
        dashboards=dashboards_in(workspace)[0],
        alerts=rules_of(context)[0],
        reconciliations=read_reconciliations(workspace),
        figures={
            report: tuple(sorted({name for rule in found for name in (rule.metric, rule.needs) if name}))
            for report, found in rules.items()
        },
        questions=every_saved(context),
        published=metrics_published(context),
        rollups=rollups_in(workspace),
        own=own_assets_in(workspace),
        policies=stated_policies(context),
    )


def _links(grounds: _Grounds) -> Iterator[Link]:
    model = grounds.model
    sheet = next((one for one in grounds.dashboards if one.name == SHEET), None)
    yield from fact_links(grounds.feeds)
    yield from metric_links(model)
    yield from tree_links(grounds.trees)
    yield from target_links(model, grounds.reconciliations)
    yield from dashboard_links(grounds.dashboards, model)
    yield from alert_links(grounds.alerts, model)
    yield from report_links(grounds.figures, sheet, grounds.trees)
    yield from question_links(grounds.questions, model)
    yield from published_links(grounds.published, model)
    yield from rollup_links(grounds.rollups, model)
    yield from tool_links(model)


def _standing(inventory: Mapping[AssetId, Asset]) -> Mapping[AssetId, Standing]:
    return {
        one.id: Standing(is_certified=bool(one.traits.get("certified")), people=(one.owner,) if one.owner else ())
        for one in inventory.values()
    }
