"""What a read-out says: an effect, how sure it is, how it was found, and what to be careful about."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that whoever reads an estimate has to know: a key that texts are kept under, and its numbers.

    Parameters
    ----------
    key : str
        As in `sample_ratio`; the same key always means the same thing.
    values : Mapping
        Numbers and names that the text tells.
    """

    key: str
    values: Mapping[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The effect of a treatment on one metric.

    Parameters
    ----------
    effect : float
        Treated less untreated, in the metric's unit.
    se : float
        Standard error of the effect; NaN where the method gives none.
    low, high : float
        The interval at the asked level.
    p : float
        Two-sided: the chance of an effect at least so far from zero where there is none; NaN where there is no such.
    n : int
        Units that were compared: what the randomness is over, so clusters or windows and not their orders.
    method : str
        The estimator's name in the field.
    level : float
        What share of such intervals holds the truth.
    cautions : tuple of Caution
    """

    effect: float
    se: float
    low: float
    high: float
    p: float
    n: int
    method: str
    level: float = 0.95
    cautions: tuple[Caution, ...] = ()


class DesignRefused(ValueError):
    """A design that cannot hold what it promises, with the reason.

    Parameters
    ----------
    caution : Caution
        The reason, in the same form as what is to be careful about.
    """

    def __init__(self, caution: Caution) -> None:
        super().__init__(f"the design is refused: {caution.key} {dict(caution.values)}")
        self.caution = caution
