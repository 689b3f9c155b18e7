"""Minutes of a day by zone and slot: who was online, who was busy, what was outstanding."""

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.tables import SLOT_S, Floats, Seconds

MINUTE_S = 60.0


def minutes_by_slot(start_s: Seconds, end_s: Seconds, group: NDArray[np.int64], *, groups: int, slots: int) -> Floats:
    """Share intervals out over slots.

    Parameters
    ----------
    start_s, end_s : (n,), seconds since slot 0 begins
    group : (n,), row to which each interval counts

    Returns
    -------
    (groups, slots), minutes; what lies beyond the last slot is left out
    """
    first, last = start_s // SLOT_S, np.maximum(end_s - 1, start_s) // SLOT_S
    spans = last - first + 1
    interval = np.repeat(np.arange(len(start_s)), spans)
    slot = np.arange(len(interval)) - np.repeat(np.cumsum(spans) - spans, spans) + first[interval]
    begin = np.maximum(start_s[interval], slot * SLOT_S)
    seconds = np.minimum(end_s[interval], (slot + 1) * SLOT_S) - begin
    inside = (slot >= 0) & (slot < slots)
    index = group[interval][inside] * slots + slot[inside]
    total = np.bincount(index, weights=seconds[inside], minlength=groups * slots)
    return np.asarray(total, dtype=np.float64).reshape(groups, slots) / MINUTE_S


def count_by_slot(at_s: Seconds, group: NDArray[np.int64], *, groups: int, slots: int) -> NDArray[np.int64]:
    """Count instants by group and slot, shape (groups, slots)."""
    slot = at_s // SLOT_S
    inside = (slot >= 0) & (slot < slots)
    counted = np.bincount(group[inside] * slots + slot[inside], minlength=groups * slots)
    return counted.reshape(groups, slots)
