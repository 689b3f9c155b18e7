"""A change split over a whole tree, so that at every node the parts add up to it."""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.attribution.accounting.nodes import Form, Node, Values, evaluate
from tiffin.engines.attribution.accounting.slopes import SLOPES, mix_and_rate
from tiffin.engines.attribution.shapley import FloatArray, add_up


@dataclass(frozen=True, slots=True)
class Split:
    """What each node contributes to the change of the whole, in the whole's unit.

    Parameters
    ----------
    parts : mapping of str to array
        By the name of a node, each (...); that of the root is the change itself.
    """

    tree: Node
    base: Values
    actual: Values
    parts: Values

    @property
    def change(self) -> FloatArray:
        """The change that was split."""
        return self.parts[self.tree.name]

    @property
    def leaves(self) -> dict[str, FloatArray]:
        """Contributions of the leaves alone."""
        return {node.name: self.parts[node.name] for node in self.tree.walk() if node.form is Form.LEAF}


def split_change(tree: Node, *, base: Values, actual: Values) -> Split:
    """Split the change of a tree's root over all its nodes.

    Parameters
    ----------
    base, actual : mapping of str to array
        Values of the leaves as usual and as they were, each (...).

    Raises
    ------
    InvalidData
        A leaf has no value, names are not unique, or a weight of a mix is below nought.

    Examples
    --------
    >>> tree = Node("minutes", Form.PRODUCT, (Node("orders"), Node("minutes_an_order")))
    >>> usual = {"orders": np.array(100.0), "minutes_an_order": np.array(30.0)}
    >>> split = split_change(tree, base=usual, actual=usual | {"orders": np.array(110.0)})
    >>> split.change.item(), split.parts["orders"].item(), split.parts["minutes_an_order"].item()
    (300.0, 300.0, 0.0)
    """
    before, after = evaluate(tree, base), evaluate(tree, actual)
    parts = {tree.name: np.asarray(after[tree.name] - before[tree.name])}
    _split(tree, (before, after), parts, np.ones_like(parts[tree.name]))
    return Split(tree, before, after, parts)


def _split(node: Node, sides: tuple[Values, Values], parts: dict[str, FloatArray], scale: FloatArray) -> None:
    if node.form is Form.LEAF:
        return
    base, actual = (np.stack([side[part.name] for part in node.parts], axis=-1) for side in sides)
    wide = scale[..., np.newaxis]
    slopes = SLOPES[node.form](base, actual) * wide
    shares = mix_and_rate(base, actual) * wide if node.form is Form.MIX else slopes * (actual - base)
    shares = add_up(shares, total=parts[node.name])
    for number, part in enumerate(node.parts):
        parts[part.name] = shares[..., number]
        _split(part, sides, parts, slopes[..., number])
