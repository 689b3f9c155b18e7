"""What money of several currencies is worth in one, and how a converted amount is rounded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from tiffin.engines.metrics.growing import ChangedMap
from tiffin.engines.metrics.model import Model


@dataclass(frozen=True, slots=True)
class Factors:
    """What one minor unit of each currency is worth in minor units of another.

    Parameters
    ----------
    into : str
        ISO 4217 code.
    worth : mapping of str to Fraction
        By the code of the currency that is converted.
    """

    into: str
    worth: Mapping[str, Fraction]


def rounded(value: float | None) -> int | None:
    """Round a converted amount to whole minor units, half to even.

    Examples
    --------
    >>> rounded(2.5), rounded(3.5)
    (2, 4)
    """
    return None if value is None else int(Decimal(value).quantize(Decimal(1), ROUND_HALF_EVEN))


def with_one_currency(model: Model) -> Model:
    """Tell that no metric of a model adds up several currencies any more."""
    return replace(model, resolved=ChangedMap(model.resolved, lambda found: replace(found, is_money=False)))
