"""A number with what it consists of: its tree, the change of each part, and the groups that drove it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tiffin.capabilities.metrics.domain.comparing import Against, Comparison
from tiffin.capabilities.metrics.service.answering import MetricResult, answer
from tiffin.capabilities.metrics.service.forest import find_tree, trees_in
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.metrics.service.receipts import Receipt
from tiffin.engines.metrics.additivity import is_additive, weight_of
from tiffin.engines.metrics.decomposition.aims import aimed_at
from tiffin.engines.metrics.decomposition.completeness import gaps_in
from tiffin.engines.metrics.decomposition.splitting import (
    GroupSplit,
    Numbers,
    Part,
    split_mean,
    split_sum,
    split_tree,
)
from tiffin.engines.metrics.decomposition.trees import Tree
from tiffin.engines.metrics.definitions import Unit
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.request import Condition, MetricRequest, Order
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import InvalidData, NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

DAY = "business_date"
PERIODS = (DAY, "week", "month", "quarter", "year")
USUAL_DAYS = 7
PREVIOUS = Against()


@dataclass(frozen=True, slots=True)
class DecompositionRequest:
    """A tree, or a metric in one, over some rows and days against something else.

    Parameters
    ----------
    days : Days or None
        None for the last seven days that have facts.
    by : str or None
        Dimension whose groups' contributions are wanted too.
    at : str or None
        Part of the tree to begin with, instead of its root.
    """

    name: str
    where: tuple[Condition, ...] = ()
    days: Days | None = None
    against: Against = PREVIOUS
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A number, what it was, and what made the difference.

    Parameters
    ----------
    parts : tuple of Part
        The number itself first, then each part before its own parts.
    influences : mapping of str to (float or None, float or None)
        Both values of the metrics that act on the tree without being parts.
    groups : GroupSplit or None
        Contributions by the asked dimension.
    weight : str or None
        Metric by which groups are weighed, for means and shares.
    base_receipt : Receipt or None
        None for targets.
    """

    tree: Tree
    root: str
    days: Days
    base_days: Days
    against: Against
    parts: tuple[Part, ...]
    influences: Mapping[str, tuple[float | None, float | None]]
    receipt: Receipt
    base_receipt: Receipt | None
    currency: str | None = None
    where: tuple[Condition, ...] = ()
    by: str | None = None
    groups: GroupSplit | None = None
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A group of rows in which the parts of a metric do not give it."""

    tree: str
    metric: str
    group: tuple[Any, ...]
    value: float
    given: float | None


def decompose(context: Context, request: DecompositionRequest) -> Decomposition:
    """Answer a number together with what it consists of: one statement a side, and one a side more for groups.

    Raises
    ------
    NotFound
        There is no such tree or metric.
    WrongUse
        The number can be neither added up nor weighed over the asked dimension, or no day has facts.
    InvalidData
        A side has nothing to be compared with.
    """
    tree, root = find_tree(context, request.name)
    if request.at and request.at not in tree.parts():
        raise NotFound(f"{request.at} is no part of the tree {tree.name}.{near(request.at, tree.parts())}")
    root = request.at or root
    return _Asking(context, tree, root, request, library_of(context.workspace).model).answered()


def check_trees(context: Context, *, by: tuple[str, ...] = ("city_id", DAY)) -> tuple[Finding, ...]:
    """Compare each tree's numbers with what their parts give, in every group of the facts that the actor may see."""
    trees, _ = trees_in(context.workspace)
    return tuple(finding for tree in trees for finding in _gaps(context, tree, by))


def _gaps(context: Context, tree: Tree, by: tuple[str, ...]) -> list[Finding]:
    metrics = tree.parts()
    rows = answer(context, MetricRequest(metrics, by=by)).rows
    return [
        Finding(tree.name, gap.metric, row[: len(by)], gap.value, gap.given)
        for row in rows
        for gap in gaps_in(tree, dict(zip(metrics, row[len(by) :], strict=True)))
    ]


@dataclass(frozen=True, slots=True)
class _Asking:
    context: Context
    tree: Tree
    root: str
    request: DecompositionRequest
    model: Model

    def answered(self) -> Decomposition:
        days = self.request.days or self._last_days()
        metrics = self._askable(self.tree.metrics(self.root))
        now = self._ask(metrics, self.request.where, days)
        actual = _numbers(metrics, now)
        then, base = self._other_side(metrics, actual, days)
        weight, groups = self._groups(days, base, actual)
        parts = self.tree.parts(self.root)
        return Decomposition(
            tree=self.tree,
            root=self.root,
            days=days,
            base_days=self.request.against.days_for(days),
            against=self.request.against,
            parts=split_tree(self.tree, base, actual, root=self.root, money=self._money(parts)),
            influences={
                name: (base.get(name), actual.get(name)) for name in self.tree.metrics(self.root) if name not in parts
            },
            receipt=now.receipt,
            base_receipt=then.receipt if then else None,
            currency=now.currencies[0] if now.currencies else None,
            where=self.request.where,
            by=self.request.by,
            groups=groups,
            weight=weight,
        )

    def _last_days(self) -> Days:
        metrics = self._askable(self.tree.parts(self.root))
        newest = (Order(DAY, is_descending=True),)
        rows = answer(self.context, MetricRequest(metrics, (DAY,), self.request.where, order_by=newest)).rows
        last = next((row[0] for row in rows if row[0] and any(row[1:])), None)
        if last is None:
            raise InvalidData(
                f"No day on which {self.root} or a part of it has a value was found. Load facts, choose another city."
            )
        return Days(last - timedelta(days=USUAL_DAYS - 1), last)

    def _askable(self, metrics: tuple[str, ...]) -> tuple[str, ...]:
        """Leave out metrics that know nothing of a filter's dimension; the root has to know all."""
        filtered = {condition.dimension for condition in self.request.where}
        against = self.request.against.place
        filtered |= {against.dimension} if against else set()
        known = {name for name in metrics if filtered <= self.model.resolved[name].dimensions}
        return tuple(name for name in metrics if name in known or name == self.root)

    def _ask(self, metrics: tuple[str, ...], where: tuple[Condition, ...], days: Days) -> MetricResult:
        return answer(self.context, MetricRequest(metrics, where=where, days=days))

    def _other_side(self, metrics: tuple[str, ...], actual: Numbers, days: Days) -> tuple[MetricResult | None, Numbers]:
        against = self.request.against
        if against.comparison is not Comparison.TARGET:
            then = self._ask(metrics, against.where_for(self.request.where), against.days_for(days))
            return then, _numbers(metrics, then)
        for name in against.targets:
            if name not in self.tree.parts():
                raise WrongUse(f"{name} is no part of the tree {self.tree.name}.{near(name, self.tree.parts())}")
        return None, aimed_at(self.tree, actual, against.targets)

    def _money(self, parts: tuple[str, ...]) -> frozenset[str]:
        return frozenset(name for name in parts if self.model.metrics[name].unit is Unit.MONEY)

    def _groups(self, days: Days, base: Numbers, actual: Numbers) -> tuple[str | None, GroupSplit | None]:
        by, whole = self.request.by, (base.get(self.root), actual.get(self.root))
        if not by or whole[0] is None or whole[1] is None:
            return None, None
        weight = self._weight(by)
        sides = [self._by_group(by, weight, *side) for side in self._sides(days)]
        ends = (float(whole[0]), float(whole[1]))
        is_money = bool(self._money((self.root,)))
        if weight:
            weighed = [{key: (row[0], row[1]) for key, row in side.items() if None not in row} for side in sides]
            return weight, split_mean(weighed[0], weighed[1], whole=ends, is_money=is_money)
        added = [{key: row[0] for key, row in side.items() if row[0] is not None} for side in sides]
        return None, split_sum(added[0], added[1], whole=ends, is_money=is_money)

    def _sides(self, days: Days) -> tuple[tuple[tuple[Condition, ...], Days], ...]:
        against, where = self.request.against, self.request.where
        return (against.where_for(where), against.days_for(days)), (where, days)

    def _weight(self, by: str) -> str | None:
        comparison = self.request.against.comparison
        if by in PERIODS or comparison is Comparison.TARGET:
            raise WrongUse(f"Contributions by {by} need two sides that both have it. Compare days or places by groups.")
        if is_additive(self.root, self.model):
            return None
        weight = self.tree.weights.get(self.root) or weight_of(self.root, self.model)
        if weight is None:
            raise WrongUse(
                f"{self.root} can neither be added up nor weighed over groups: it counts different things, which may "
                "be in several groups. Split one of the metrics of its tree instead."
            )
        return weight

    def _by_group(
        self, by: str, weight: str | None, where: tuple[Condition, ...], days: Days
    ) -> Mapping[Hashable, tuple[Any, ...]]:
        metrics = (self.root, weight) if weight else (self.root,)
        rows = answer(self.context, MetricRequest(metrics, by=(by,), where=where, days=days)).rows
        return {row[0]: row[1:] for row in rows}


def _numbers(metrics: tuple[str, ...], result: MetricResult) -> Numbers:
    row = result.rows[0] if result.rows else (None,) * len(metrics)
    return dict(zip(metrics, row, strict=True))
