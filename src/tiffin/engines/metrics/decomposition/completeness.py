"""Whether the parts of a tree really give the number above them."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tiffin.engines.metrics.decomposition.splitting import Numbers, exact
from tiffin.engines.metrics.decomposition.trees import TOLERANCE, Fork, Tree, combined


@dataclass(frozen=True, slots=True)
class Gap:
    """A metric whose parts give something else.

    Parameters
    ----------
    given : float or None
        What the parts give; None where one of them is unknown.
    """

    metric: str
    value: float
    given: float | None


def gaps_in(tree: Tree, values: Numbers) -> Iterator[Gap]:
    """Find the forks of a tree whose parts do not give the metric above, in one group of rows.

    A metric that is nought or unknown has no gap where a part is unknown: nothing times an undefined rate is nothing.
    """
    for fork in tree.forks.values():
        value = values.get(fork.metric)
        if fork.branches and value is not None and not _agrees(fork, value, values):
            given = combined(fork, {name: exact(one) for name, one in values.items()})
            yield Gap(fork.metric, value, None if given is None else float(given))


def _agrees(fork: Fork, value: float, values: Numbers) -> bool:
    parts = {branch.metric: exact(values.get(branch.metric)) for branch in fork.branches}
    given, wanted = combined(fork, parts), exact(value)
    if given is None or wanted is None:
        return not value
    terms = [abs(part) for part in parts.values() if part is not None] if not fork.is_product else []
    size: Fraction = max([Fraction(1), abs(wanted), *terms])
    return abs(given - wanted) <= TOLERANCE * size
