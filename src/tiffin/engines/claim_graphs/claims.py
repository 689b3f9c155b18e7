"""Orders with who was part of each, and which of them were claimed: the graph that everything here looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

NOBODY = -1


class Side(StrEnum):
    """Who is part of an order."""

    CUSTOMER = "customer"
    RIDER = "rider"
    MERCHANT = "merchant"


PAIRS = ((Side.RIDER, Side.CUSTOMER), (Side.MERCHANT, Side.CUSTOMER))
"""Who may be in league."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Orders, one a place in each array.

    Parameters
    ----------
    parties : mapping of Side to codes, (n_orders,)
        Whoever was part of it, numbered from 0; `NOBODY` where it had none.
    stratum : (n_orders,)
        Kind of goods and price, numbered from 0: what makes a claim likely by itself.
    is_claimed : (n_orders,)
    """

    parties: Mapping[Side, Codes]
    stratum: Codes
    is_claimed: Truths


def sums_of(codes: Codes, weights: Floats) -> Floats:
    """Add up what belongs to each code; what belongs to nobody is left out."""
    known = codes >= 0
    size = int(codes.max(initial=NOBODY)) + 1
    return np.asarray(np.bincount(codes[known], weights=weights[known], minlength=size), dtype=np.float64)


def sums_of_others(codes: Codes, weights: Floats) -> Floats:
    """Give each order what the other orders of its party add up to; nobody's is nothing."""
    sums, known = sums_of(codes, weights), codes >= 0
    found = np.zeros(len(codes))
    found[known] = np.maximum(sums[codes[known]] - weights[known], 0.0)
    return found


def pair_codes(first: Codes, second: Codes) -> Codes:
    """Give each pair that occurs a number, from 0; a pair with nobody is nobody."""
    known = (first >= 0) & (second >= 0)
    found = np.full(len(first), NOBODY, dtype=np.int64)
    width = int(second.max(initial=0)) + 1
    found[known] = np.unique(first[known] * width + second[known], return_inverse=True)[1]
    return found
