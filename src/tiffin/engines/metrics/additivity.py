"""How a metric's values of groups make up the whole's: by adding, by weighing, or not at all."""

from sqlglot import exp

from tiffin.engines.metrics.formulas import Aggregation, Derived, Measure, Ratio
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.parsing import parse

_ADDED = (Aggregation.SUM, Aggregation.COUNT)
_SUMS = (exp.Add, exp.Sub, exp.Column, exp.Identifier, exp.Paren, exp.Neg)


def is_additive(name: str, model: Model) -> bool:
    """Tell whether a metric's values of disjoint groups add up to the whole's."""
    formula = model.metrics[name].formula
    if isinstance(formula, Measure):
        return formula.aggregation in _ADDED
    if isinstance(formula, Derived):
        tree = parse(formula.expression)
        is_sum = all(isinstance(node, _SUMS) for node in tree.walk())
        return is_sum and all(is_additive(column.name, model) for column in tree.find_all(exp.Column))
    return False


def weight_of(name: str, model: Model) -> str | None:
    """Name the metric by which a ratio's values of groups are weighed; None where its denominator has no name."""
    formula = model.metrics[name].formula
    return formula.denominator if isinstance(formula, Ratio) and isinstance(formula.denominator, str) else None
