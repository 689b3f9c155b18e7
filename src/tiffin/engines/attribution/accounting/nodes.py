"""A number as a tree of what makes it up, and its value from those of its leaves."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tiffin.engines.attribution.shapley import MAX_FACTORS, FloatArray
from tiffin.kernel.errors import InvalidData, WrongUse

Values = Mapping[str, FloatArray]
"""Values by the name of a node; all of one shape, (...): each entry is a case of its own."""


class Form(StrEnum):
    """How a number follows from its parts.

    ``DIFFERENCE`` takes all others from the first part. ``RATIO`` divides the first by the second, which may be sums;
    over nothing it is nought. ``MIX`` is the mean of rates by weights: its parts are a weight and a rate, a weight and
    a rate, and so on; weights are leaves. ``LATEST`` is the largest part: of paths that run at the same
    time, the one that ends last.
    """

    LEAF = "leaf"
    SUM = "sum"
    DIFFERENCE = "difference"
    PRODUCT = "product"
    RATIO = "ratio"
    MIX = "mix"
    LATEST = "latest"


MOST_PARTS = {Form.PRODUCT: MAX_FACTORS, Form.LATEST: MAX_FACTORS, Form.RATIO: 2}
PAIRED = 2


@dataclass(frozen=True, slots=True)
class Node:
    """A number of a tree with its parts; names are unique in a tree."""

    name: str
    form: Form = Form.LEAF
    parts: tuple["Node", ...] = ()

    def __post_init__(self) -> None:
        """Refuse parts that the form cannot have.

        Raises
        ------
        WrongUse
            A leaf with parts, another form without, another number of parts than it takes, or a weight with parts.
        """
        count, most = len(self.parts), MOST_PARTS.get(self.form)
        right = (count == 0) == (self.form is Form.LEAF)
        right = right and (most is None or count <= most) and (self.form is not Form.RATIO or count == PAIRED)
        if self.form is Form.MIX:
            right = right and count % PAIRED == 0 and all(weight.form is Form.LEAF for weight in self.parts[::PAIRED])
        if not right:
            raise WrongUse(f"A {self.form} of other parts was expected: {self.name!r} has {count}.")

    def walk(self) -> Iterator["Node"]:
        """Go through the tree, each node before its parts."""
        yield self
        for part in self.parts:
            yield from part.walk()


def evaluate(tree: Node, leaves: Values) -> dict[str, FloatArray]:
    """Give the value of every node from those of the leaves.

    Raises
    ------
    InvalidData
        A leaf has no value, two nodes have one name, or a weight of a mix is below nought.
    """
    names = [node.name for node in tree.walk()]
    if len(set(names)) < len(names):
        raise InvalidData(f"Each name once was expected in the tree of {tree.name!r}; some stand in it twice.")
    missing = [node.name for node in tree.walk() if node.form is Form.LEAF and node.name not in leaves]
    if missing:
        raise InvalidData(f"A value for each leaf of {tree.name!r} was expected; missing are {', '.join(missing)}.")
    found: dict[str, FloatArray] = {}
    _evaluate(tree, leaves, found)
    return found


def _evaluate(node: Node, leaves: Values, found: dict[str, FloatArray]) -> FloatArray:
    if node.form is Form.LEAF:
        found[node.name] = np.asarray(leaves[node.name], dtype=float)
    else:
        below = np.stack([_evaluate(part, leaves, found) for part in node.parts], axis=-1)
        if node.form is Form.MIX and (below[..., ::2] < 0).any():
            raise InvalidData(f"Weights of nought or more were expected in the mix {node.name!r}; one is below.")
        found[node.name] = VALUE[node.form](below)
    return found[node.name]


def quotient(above: FloatArray, below: FloatArray) -> FloatArray:
    """Divide; over nothing the quotient is nought."""
    return np.asarray(np.divide(above, below, out=np.zeros(np.broadcast(above, below).shape), where=below != 0))


def _mean_by_weight(parts: FloatArray) -> FloatArray:
    weight, rate = parts[..., ::2], parts[..., 1::2]
    return quotient(np.where(weight > 0, weight * rate, 0.0).sum(axis=-1), weight.sum(axis=-1))


VALUE: Mapping[Form, Callable[[FloatArray], FloatArray]] = {
    Form.SUM: lambda parts: np.asarray(parts.sum(axis=-1)),
    Form.DIFFERENCE: lambda parts: np.asarray(parts[..., 0] - parts[..., 1:].sum(axis=-1)),
    Form.PRODUCT: lambda parts: np.asarray(parts.prod(axis=-1)),
    Form.RATIO: lambda parts: quotient(parts[..., 0], parts[..., 1]),
    Form.MIX: _mean_by_weight,
    Form.LATEST: lambda parts: np.asarray(parts.max(axis=-1)),
}
"""The value of each form from its parts, (..., n_parts) to (...)."""
