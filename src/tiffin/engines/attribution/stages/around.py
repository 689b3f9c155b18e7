"""What happened around a case: means over an area and some half hours, with the case itself left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Around:
    """Means around cases, and of how many others each was taken."""

    mean: Floats
    others: Floats


def around(values: Floats, zone: Codes, slot: Codes, *, own: Codes, near: NDArray[np.bool_], reach: int) -> Around:
    """Take the mean of a value around each case, leaving out the case and all that share its own subject.

    Parameters
    ----------
    values : (n,); NaN is left out, and its case still gets the mean around it
    zone, slot : (n,), numbers from 0
    own : (n,), the subject that must not speak for itself: the order, or the merchant
    near : (n_zones, n_zones), what counts as around
    reach : int
        Half hours before and after that count too.

    Returns
    -------
    Around
        (n,) each; a mean of no others is 0.

    Notes
    -----
    Leaving the subject out is what makes this proof: a kitchen is not overloaded because one order of it was slow.
    """
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    slots = int(slot.max()) + 1 if len(slot) else 0
    total, count = (_spread(part, zone, slot, near, slots, reach) for part in (filled, known.astype(np.float64)))
    own_total, own_count = (_own(part, own, slot, reach) for part in (filled, known.astype(np.float64)))
    others = np.maximum(0.0, np.rint(count[zone, slot] - own_count))
    rest = total[zone, slot] - own_total
    return Around(np.divide(rest, others, out=np.zeros(len(values)), where=others > 0), others)


def _spread(values: Floats, zone: Codes, slot: Codes, near: NDArray[np.bool_], slots: int, reach: int) -> Floats:
    """Add up by zone and slot, over what is near and within reach; shape (n_zones, n_slots)."""
    zones = len(near)
    counted = np.bincount(zone * slots + slot, weights=values, minlength=zones * slots).reshape(zones, slots)
    grid = near.astype(np.float64) @ counted
    summed = np.cumsum(np.pad(grid, ((0, 0), (reach + 1, reach))), axis=1)
    return np.asarray(summed[:, 2 * reach + 1 :] - summed[:, :slots], dtype=np.float64)


def _own(values: Floats, own: Codes, slot: Codes, reach: int) -> Floats:
    """Add up what each case's own subject has around it: the case is among it."""
    order = np.lexsort((slot, own))
    summed = np.concatenate([[0.0], np.cumsum(values[order])])
    wide = int(slot.max()) + 2 * reach + 2 if len(slot) else 1
    key = own[order] * wide + slot[order]
    first = np.searchsorted(key, own * wide + np.maximum(0, slot - reach), side="left")
    last = np.searchsorted(key, own * wide + slot + reach, side="right")
    # A subject lies in one zone, so all of it is near itself.
    return np.asarray(summed[last] - summed[first], dtype=np.float64)
