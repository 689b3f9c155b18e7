"""Whom riders idle in one zone could have served in another: a min-cost flow over a city's zones, slot by slot."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from tiffin.engines.attribution.shapley import FloatArray
from tiffin.kernel.errors import WrongUse


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """Rider minutes that could have gone from zones with idle riders to zones that lacked some.

    Parameters
    ----------
    into, out_of : (n_zones, n_slots)
        Rider minutes received and given.
    travel : (n_slots,)
        Rider minutes sent times minutes on the way.
    """

    into: FloatArray
    out_of: FloatArray
    travel: FloatArray


def relieve(idle: FloatArray, short: FloatArray, *, travel_min: FloatArray, within_min: float) -> Relief:
    """Send as many idle rider minutes as possible where some are short, over the least travel, slot by slot.

    Parameters
    ----------
    idle, short : (n_zones, n_slots)
        Rider minutes left over and missing, zero or more.
    travel_min : (n_zones, n_zones)
        Minutes from one zone to another.
    within_min : float
        Riders who would be longer on the way cannot help.

    Raises
    ------
    WrongUse
        Shapes do not fit one another.

    Notes
    -----
    What stays missing counts as sent from far beyond any detour, so that the least cost is the largest relief over the
    least travel. Other threads go on meanwhile.

    References
    ----------
    Jonker & Volgenant (1987), A shortest augmenting path algorithm for dense and sparse linear assignment problems,
    Computing 38, sections 3 and 4, with amounts in place of single assignments.
    """
    # Imported here because it loads a compiler, which a single day can do without.
    from tiffin.engines.attribution.accounting.augmenting import send_all  # noqa: PLC0415 - for the reason above

    zones, slots = idle.shape
    if short.shape != idle.shape or travel_min.shape != (zones, zones):
        raise WrongUse(
            "An idle and a missing amount for each zone and slot were expected, and travel from zone to zone; "
            f"{idle.shape}, {short.shape} and {travel_min.shape} were found."
        )
    supply, demand = (np.ascontiguousarray(amounts.T, dtype=float) for amounts in (idle, short))
    into, out_of, travel = np.zeros_like(demand), np.zeros_like(supply), np.zeros(slots)
    send_all(supply, demand, _ways(travel_min, within_min), into, out_of, travel)
    return Relief(into.T, out_of.T, travel)


def _ways(travel_min: FloatArray, within_min: float) -> FloatArray:
    """Give the cost of each way, and below them that of staying without: above any chain of ways and back."""
    zones = len(travel_min)
    far = 2.0 * (zones + 1) * max(within_min, 1.0)
    beyond = 4.0 * far * (zones + 1)
    ways = np.where(travel_min <= within_min, travel_min, beyond)
    return np.vstack([ways, np.full(zones, far)])


def relieve_slot(idle: FloatArray, short: FloatArray, *, travel_min: FloatArray, within_min: float) -> FloatArray:
    """Give what each zone could send to each other in one slot of one city, (n_zones, n_zones), as a linear program.

    Parameters
    ----------
    idle, short : (n_zones,)
        Rider minutes left over and missing, zero or more.
    travel_min : (n_zones, n_zones)
        Minutes from one zone to another.
    within_min : float
        Riders who would be longer on the way cannot help.
    """
    zones = idle.size
    sent = np.zeros((zones, zones))
    a, b = np.nonzero((travel_min <= within_min) & (idle > 0)[:, None] & (short > 0)[None, :])
    if a.size == 0:
        return sent
    worth = 2.0 * (zones + 1) * max(within_min, 1.0)
    limits = np.zeros((2 * zones, a.size))
    limits[a, np.arange(a.size)] = 1.0
    limits[zones + b, np.arange(a.size)] = 1.0
    found = linprog(travel_min[a, b] - worth, A_ub=limits, b_ub=np.concatenate([idle, short]), method="highs")
    sent[a, b] = found.x
    return sent
