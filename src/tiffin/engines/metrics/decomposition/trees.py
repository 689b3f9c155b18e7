"""Metric trees: which numbers make up a number, and how."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

from tiffin.engines.metrics.definitions import Combination, Level, Wording
from tiffin.kernel.errors import Place

Values = Mapping[str, Fraction | None]
"""Value of each metric; None where it is unknown."""

TOLERANCE = Fraction(1, 10**9)
"""Largest gap between a number and what its parts give, relative to the number, that counts as rounding of doubles."""

SUMS = (Combination.ADDS, Combination.SUBTRACTS)
PRODUCTS = (Combination.MULTIPLIES, Combination.DIVIDES)


@dataclass(frozen=True, slots=True)
class Branch:
    """A metric below another, and how it enters it."""

    metric: str
    combination: Combination


@dataclass(frozen=True, slots=True)
class Fork:
    """A metric with all that makes it up: a sum, or a product.

    Parameters
    ----------
    constant : Fraction
        What a sum begins with, such as 1 for a share that others are taken from.
    influences : tuple of str
        Metrics that act on it without being a part of it.
    """

    metric: str
    branches: tuple[Branch, ...] = ()
    constant: Fraction = Fraction(0)
    influences: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)

    @property
    def is_product(self) -> bool:
        """Tell whether the parts are factors."""
        return bool(self.branches) and self.branches[0].combination in PRODUCTS


@dataclass(frozen=True, slots=True)
class Tree:
    """A number and everything that makes it up, level by level.

    Parameters
    ----------
    drill : tuple of str
        Dimensions to split it by, from the widest to the narrowest.
    weights : mapping of str to str
        For a mean or share, the metric that weighs it when groups are put together.
    """

    name: str
    label: Wording
    meaning: Wording
    level: Level
    root: str
    forks: Mapping[str, Fork]
    drill: tuple[str, ...] = ()
    weights: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = field(default=None, compare=False)

    def metrics(self, root: str | None = None) -> tuple[str, ...]:
        """Give every metric of the tree, or of the part below one, each once, parents first."""
        return tuple(dict.fromkeys(self._walked(root or self.root)))

    def parts(self, root: str | None = None) -> tuple[str, ...]:
        """Give the metrics that the number is made of: without those that only influence it."""
        return tuple(dict.fromkeys(step.metric for step in walk(self, root or self.root)))

    def path_to(self, metric: str) -> tuple[str, ...]:
        """Give the metrics from the root down to one; empty where it is not in the tree."""
        if metric == self.root:
            return (self.root,)
        above = next((fork for fork in self.forks.values() if metric in _below(fork)), None)
        return (*self.path_to(above.metric), metric) if above else ()

    def _walked(self, metric: str) -> Iterator[str]:
        yield metric
        fork = self.forks.get(metric)
        for below in _below(fork) if fork else ():
            yield from self._walked(below)


@dataclass(frozen=True, slots=True)
class Step:
    """A metric's place in a tree: below which one, how it enters it, how deep."""

    metric: str
    parent: str | None
    combination: Combination | None
    depth: int


def walk(tree: Tree, root: str) -> Iterator[Step]:
    """Go through the parts of a number, each before its own parts."""
    yield from _walk(tree, Step(root, None, None, 0))


def _walk(tree: Tree, step: Step) -> Iterator[Step]:
    yield step
    fork = tree.forks.get(step.metric)
    for branch in fork.branches if fork else ():
        yield from _walk(tree, Step(branch.metric, step.metric, branch.combination, step.depth + 1))


def combined(fork: Fork, values: Values) -> Fraction | None:
    """Compute a metric from its parts; unknown where any part is, or where a divisor is nought."""
    found = [values.get(branch.metric) for branch in fork.branches]
    known = [value for value in found if value is not None]
    if not fork.branches or len(known) < len(found):
        return None
    pairs = list(zip(fork.branches, known, strict=True))
    if not fork.is_product:
        return fork.constant + sum(_signed(branch, value) for branch, value in pairs)
    if any(not value for branch, value in pairs if branch.combination is Combination.DIVIDES):
        return None
    return prod((_powered(branch, value) for branch, value in pairs), start=Fraction(1))


def _signed(branch: Branch, value: Fraction) -> Fraction:
    return -value if branch.combination is Combination.SUBTRACTS else value


def _powered(branch: Branch, value: Fraction) -> Fraction:
    return 1 / value if branch.combination is Combination.DIVIDES else value


def _below(fork: Fork) -> tuple[str, ...]:
    return (*(branch.metric for branch in fork.branches), *fork.influences)
