"""What a tree would be if some of its numbers were as aimed at."""

from collections.abc import Mapping
from fractions import Fraction

from tiffin.engines.metrics.decomposition.splitting import Numbers, exact
from tiffin.engines.metrics.decomposition.trees import Tree, combined


def aimed_at(tree: Tree, actual: Numbers, targets: Mapping[str, float]) -> Numbers:
    """Give every metric's value if the targets were met and everything else stayed as it is.

    A metric without a target follows its parts where any of them has one. A target stands as it is, also where the
    parts below it give something else.
    """
    return {metric: _told(_aimed(tree, metric, actual, targets)) for metric in tree.parts()}


def _aimed(tree: Tree, metric: str, actual: Numbers, targets: Mapping[str, float]) -> Fraction | None:
    if metric in targets:
        return exact(targets[metric])
    fork = tree.forks.get(metric)
    if fork is None or not any(below in targets for below in tree.parts(metric)):
        return exact(actual.get(metric))
    return combined(fork, {branch.metric: _aimed(tree, branch.metric, actual, targets) for branch in fork.branches})


def _told(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
