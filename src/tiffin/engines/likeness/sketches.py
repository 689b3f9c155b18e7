"""Sketches: what a column holds, small enough to be kept and compared, without a single value of it.

A sketch keeps the smallest hashes of a column's distinct values. Two columns of the same values keep the same hashes
whatever rows were drawn, so that the share of values which one has of the other can be told from sketches alone.

References
----------
Z. Bar-Yossef, T. S. Jayram, R. Kumar, D. Sivakumar, L. Trevisan (2002), Counting distinct elements in a data stream:
the number of distinct values from the k-th smallest hash. K. Beyer, P. Haas, B. Reinwald, Y. Sismanis, R. Gemulla
(2007), On synopses for distinct-value estimation under multiset operations: intersections from two of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from math import log2
from statistics import fmean, pstdev

KEPT = 256
"""Hashes in a sketch; the error of a share is about 1 / sqrt(256), six hundredths."""
SIZES = 4.0
"""How much wider one column of a quantity may spread than a part of it."""
_SPACE = 2**64


class ValueKind(StrEnum):
    """What sort of values a column holds; columns of different sorts hold nothing in common."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    TRUTH = "truth"


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a column.

    Parameters
    ----------
    hashes : tuple of int
        The smallest of its distinct values' hashes, at most `KEPT`, rising.
    rows : int
        Rows of the table.
    filled : int
        Rows in which the column has a value.
    mean, spread : float or None
        Of numbers: mean and standard deviation over rows; None for other kinds.
    """

    kind: ValueKind
    hashes: tuple[int, ...]
    rows: int
    filled: int
    mean: float | None = None
    spread: float | None = None

    @property
    def distinct(self) -> float:
        """Estimate how many distinct values it has; exact where all of them are kept."""
        if len(self.hashes) < KEPT:
            return float(len(self.hashes))
        return (KEPT - 1) * _SPACE / self.hashes[-1]

    @property
    def weight(self) -> float:
        """How much a match of it tells: bits of its distinct values; a column of one value tells nothing."""
        return log2(max(self.distinct, 1.0))


def sketch(values: Iterable[object], kind: ValueKind) -> Sketch:
    """Sketch the values of a column; None stands for no value.

    Examples
    --------
    >>> found = sketch(["a", "b", "a", None], ValueKind.TEXT)
    >>> found.distinct, found.filled, found.rows
    (2.0, 3, 4)
    """
    listed = list(values)
    known = [value for value in listed if value is not None]
    hashes = sorted({_hashed(value, kind) for value in set(known)})[:KEPT]
    mean = spread = None
    if kind is ValueKind.NUMBER and known:
        numbers = [float(value) for value in known]  # type: ignore[arg-type] # numbers by their kind
        mean, spread = fmean(numbers), pstdev(numbers)
    return Sketch(kind, tuple(hashes), len(listed), len(known), mean, spread)


def contained(one: Sketch, other: Sketch) -> float:
    """Estimate which share of the distinct values of one column the other has too, 0 to 1."""
    if one.kind is not other.kind or not one.hashes or not other.hashes:
        return 0.0
    union = sorted({*one.hashes, *other.hashes})
    exact = len(one.hashes) < KEPT and len(other.hashes) < KEPT
    kept = union if exact else union[:KEPT]
    shared = set(one.hashes) & set(other.hashes)
    alike = sum(value in shared for value in kept) / len(kept)
    whole = float(len(union)) if exact else (KEPT - 1) * _SPACE / kept[-1] if len(kept) == KEPT else float(len(kept))
    return min(1.0, alike * whole / one.distinct)


def of_one_size(one: Sketch, other: Sketch) -> bool:
    """Tell whether two columns may be of one quantity: few decimals meet by chance, about the same sizes seldom."""
    if one.mean is None or one.spread is None or other.mean is None or other.spread is None:
        return True
    wide, narrow, slack = max(one.spread, other.spread), min(one.spread, other.spread), abs(one.mean) / 100
    return abs(one.mean - other.mean) <= max(wide, slack) and wide <= SIZES * narrow + slack


def _hashed(value: object, kind: ValueKind) -> int:
    text = f"{float(value):.9g}" if kind is ValueKind.NUMBER else str(value)  # type: ignore[arg-type] # a number by its kind
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
