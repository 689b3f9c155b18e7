"""The change of a number, split over its tree so that each level adds up to the one above."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tiffin.engines.metrics.decomposition.exact import Weighted, rate_and_mix, slopes_of_product
from tiffin.engines.metrics.decomposition.rounding import apportioned, quantum_for, rounded
from tiffin.engines.metrics.decomposition.trees import TOLERANCE, Fork, Step, Tree, Values, combined, walk
from tiffin.engines.metrics.definitions import Combination

Numbers = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Part:
    """One metric of a tree with its two values and what it contributes; decimals add up exactly.

    Parameters
    ----------
    base, actual : Decimal or None
        Value on the one side (before, there, aimed at) and on the other.
    change : Decimal or None
        ``actual - base``.
    to_parent : Decimal or None
        Contribution to the change of the metric above, in its unit; None where that cannot be told.
    to_root : Decimal or None
        Contribution to the change of the whole tree, in its unit.
    unexplained : Decimal
        What the parts of this metric leave of its change; nought where they give the metric exactly.
    """

    metric: str
    parent: str | None
    combination: Combination | None
    depth: int
    base: Decimal | None
    actual: Decimal | None
    change: Decimal | None
    to_parent: Decimal | None
    to_root: Decimal | None
    unexplained: Decimal = Decimal(0)
    is_leaf: bool = True


@dataclass(frozen=True, slots=True)
class GroupPart:
    """What one group contributes to a change; ``rate`` and ``mix`` add up to ``total``.

    Parameters
    ----------
    base_weight, actual_weight : Decimal or None
        The group's share of the weight on each side; None for numbers that are simply added up.
    """

    group: Hashable
    base: Decimal | None
    actual: Decimal | None
    total: Decimal
    rate: Decimal | None = None
    mix: Decimal | None = None
    base_weight: Decimal | None = None
    actual_weight: Decimal | None = None


def split_tree(
    tree: Tree, base: Numbers, actual: Numbers, *, root: str | None = None, money: frozenset[str] = frozenset()
) -> tuple[Part, ...]:
    """Split the change of a tree's root, or of a metric in it, over everything below.

    Parameters
    ----------
    base, actual : mapping of str to float or None
        Value of each metric on both sides.
    money : frozenset of str
        Metrics whose values are minor units.

    Notes
    -----
    At each fork the contributions of the parts add up to the change of the metric above; scaled to the root, those of
    a part's own parts add up to its own. Where a value is unknown, the split ends above it.
    """
    before, after = ({name: exact(value) for name, value in side.items()} for side in (base, actual))
    steps = list(walk(tree, root or tree.root))
    quanta = {step.metric: _quantum(step.metric, base, actual, money) for step in steps}
    whole = _Whole(tree, steps[0].metric, before, after, quanta)
    return tuple(whole.parts(steps[0], to_parent=None, to_root=whole.change(steps[0].metric), scale=Fraction(1)))


def exact(value: float | None) -> Fraction | None:
    """Take a double as people read it: 0.1 is a tenth."""
    return None if value is None else Fraction(repr(float(value)))


def _quantum(metric: str, base: Numbers, actual: Numbers, money: frozenset[str]) -> Decimal:
    return quantum_for((base.get(metric), actual.get(metric)), is_money=metric in money)


@dataclass(frozen=True, slots=True)
class _Whole:
    tree: Tree
    root: str
    base: Values
    actual: Values
    quanta: Mapping[str, Decimal]

    def parts(
        self, step: Step, *, to_parent: Decimal | None, to_root: Decimal | None, scale: Fraction | None
    ) -> list[Part]:
        fork = self.tree.forks.get(step.metric)
        slopes = self._slopes(fork) if fork else None
        part = Part(
            metric=step.metric,
            parent=step.parent,
            combination=step.combination,
            depth=step.depth,
            base=self._told(step.metric, self.base),
            actual=self._told(step.metric, self.actual),
            change=self.change(step.metric),
            to_parent=to_parent,
            to_root=to_root,
            is_leaf=fork is None or not fork.branches,
        )
        if fork is None or not fork.branches:
            return [part]
        if slopes is None:
            return [part, *self._untold(fork, step)]
        return self._below(part, fork, slopes, scale=scale)

    def change(self, metric: str) -> Decimal | None:
        before, after = self._told(metric, self.base), self._told(metric, self.actual)
        return None if before is None or after is None else after - before

    def _told(self, metric: str, side: Values) -> Decimal | None:
        value = side.get(metric)
        return None if value is None else rounded(value, self.quanta[metric])

    def _slopes(self, fork: Fork) -> tuple[Fraction, ...] | None:
        """Tell by how much the metric changes for each unit that a part changes; None where a value is unknown."""
        if any(combined(fork, side) is None or side.get(fork.metric) is None for side in (self.base, self.actual)):
            return None
        if not fork.is_product:
            return tuple(Fraction(-1 if b.combination is Combination.SUBTRACTS else 1) for b in fork.branches)
        pairs = [(branch, *self._sides(branch.metric)) for branch in fork.branches]
        divides = [branch.combination is Combination.DIVIDES for branch, _, _ in pairs]
        below = [1 / x0 if over else x0 for over, (_, x0, _) in zip(divides, pairs, strict=True)]
        above = [1 / x1 if over else x1 for over, (_, _, x1) in zip(divides, pairs, strict=True)]
        slopes = slopes_of_product(below, above)
        return tuple(
            -slope / (x0 * x1) if over else slope
            for slope, over, (_, x0, x1) in zip(slopes, divides, pairs, strict=True)
        )

    def _sides(self, metric: str) -> tuple[Fraction, Fraction]:
        return self.base[metric] or Fraction(0), self.actual[metric] or Fraction(0)

    def _below(self, part: Part, fork: Fork, slopes: Sequence[Fraction], *, scale: Fraction | None) -> list[Part]:
        moves = [after - before for before, after in (self._sides(branch.metric) for branch in fork.branches)]
        shares = [slope * move for slope, move in zip(slopes, moves, strict=True)]
        gap = self._gap(fork.metric, shares)
        own = self.quanta[fork.metric]
        unexplained = rounded(gap, own)
        to_parents = apportioned(shares, (part.change or Decimal(0)) - unexplained, own)
        found = [replace(part, unexplained=unexplained)]
        rows = zip(fork.branches, slopes, to_parents, self._to_roots(part, shares, gap, scale), strict=True)
        for branch, slope, near, far in rows:
            step = Step(branch.metric, fork.metric, branch.combination, part.depth + 1)
            below = None if scale is None else scale * slope
            found += self.parts(step, to_parent=near, to_root=far, scale=below)
        return found

    def _gap(self, metric: str, shares: Sequence[Fraction]) -> Fraction:
        """Give what the parts leave of the change; nought where that is the rounding of doubles."""
        before, after = self._sides(metric)
        gap = (after - before) - sum(shares, Fraction(0))
        size = max(abs(before), abs(after), *(abs(share) for share in shares))
        return gap if abs(gap) > TOLERANCE * size else Fraction(0)

    def _to_roots(
        self, part: Part, shares: Sequence[Fraction], gap: Fraction, scale: Fraction | None
    ) -> Sequence[Decimal | None]:
        if part.to_root is None or scale is None:
            return (None,) * len(shares)
        top = self.quanta[self.root]
        return apportioned([share * scale for share in shares], part.to_root - rounded(gap * scale, top), top)

    def _untold(self, fork: Fork, step: Step) -> list[Part]:
        found: list[Part] = []
        for branch in fork.branches:
            below = Step(branch.metric, fork.metric, branch.combination, step.depth + 1)
            found += self.parts(below, to_parent=None, to_root=None, scale=None)
        return found


@dataclass(frozen=True, slots=True)
class GroupSplit:
    """A change split over groups; their totals and what they leave unexplained add up to it exactly."""

    change: Decimal
    groups: tuple[GroupPart, ...]
    unexplained: Decimal


def split_sum(
    base: Mapping[Hashable, float], actual: Mapping[Hashable, float], *, whole: tuple[float, float], is_money: bool
) -> GroupSplit:
    """Split the change of a sum over its groups: each contributes its own difference.

    Parameters
    ----------
    whole : (float, float)
        The number itself on both sides.
    """
    quantum = quantum_for((*whole, *base.values(), *actual.values()), is_money=is_money)
    names = list(dict.fromkeys((*base, *actual)))
    sides = [(_number(base.get(name, 0.0)), _number(actual.get(name, 0.0))) for name in names]
    told = _totals([after - before for before, after in sides], whole, quantum)
    groups = tuple(
        GroupPart(name, _shown(base.get(name), quantum), _shown(actual.get(name), quantum), total)
        for name, total in zip(names, told.parts, strict=True)
    )
    return GroupSplit(told.change, groups, told.unexplained)


def split_mean(
    base: Mapping[Hashable, tuple[float, float]],
    actual: Mapping[Hashable, tuple[float, float]],
    *,
    whole: tuple[float, float],
    is_money: bool,
) -> GroupSplit:
    """Split the change of a ratio or mean over groups, into their own rates and their shares of the weight.

    Parameters
    ----------
    base, actual : mapping of group to (float, float)
        Rate and weight of each group that has both.
    whole : (float, float)
        The number itself on both sides.

    Raises
    ------
    InvalidData
        A side has no weight at all.
    """
    before, after = ({name: _weighted(pair) for name, pair in side.items()} for side in (base, actual))
    effects = rate_and_mix(before, after)
    rates = [pair[0] for side in (base, actual) for pair in side.values()]
    quantum = quantum_for((*whole, *rates), is_money=is_money)
    moves = [part for effect in effects.values() for part in (effect.rate, effect.mix)]
    told = _totals(moves, whole, quantum)
    sums = [sum((group.weight for group in side.values()), Fraction(0)) for side in (before, after)]
    groups = []
    for index, name in enumerate(effects):
        rate, mix = told.parts[2 * index], told.parts[2 * index + 1]
        groups.append(
            GroupPart(
                group=name,
                base=_shown(base[name][0] if name in base else None, quantum),
                actual=_shown(actual[name][0] if name in actual else None, quantum),
                total=rate + mix,
                rate=rate,
                mix=mix,
                base_weight=_share(before.get(name), sums[0]),
                actual_weight=_share(after.get(name), sums[1]),
            )
        )
    return GroupSplit(told.change, tuple(groups), told.unexplained)


@dataclass(frozen=True, slots=True)
class _Totals:
    change: Decimal
    parts: tuple[Decimal, ...]
    unexplained: Decimal


def _totals(moves: Sequence[Fraction], whole: tuple[float, float], quantum: Decimal) -> _Totals:
    before, after = (_number(value) for value in whole)
    change = rounded(after, quantum) - rounded(before, quantum)
    gap = (after - before) - sum(moves, Fraction(0))
    loose = abs(gap) > TOLERANCE * max(abs(before), abs(after), *(abs(move) for move in moves)) or not moves
    unexplained = rounded(gap, quantum) if loose else Decimal(0)
    return _Totals(change, apportioned(moves, change - unexplained, quantum), unexplained)


def _weighted(pair: tuple[float, float]) -> Weighted:
    return Weighted(_number(pair[0]), _number(pair[1]))


def _share(group: Weighted | None, total: Fraction) -> Decimal:
    return rounded(group.weight / total, Decimal("1E-12")) if group else Decimal(0)


def _shown(value: float | None, quantum: Decimal) -> Decimal | None:
    return None if value is None else rounded(_number(value), quantum)


def _number(value: float) -> Fraction:
    return Fraction(repr(float(value)))
