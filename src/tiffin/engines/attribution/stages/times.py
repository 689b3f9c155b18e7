"""The stages of orders, from the instants that their facts give."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Stage(StrEnum):
    """A part of an order's time; they follow one another and leave nothing out.

    ``WAITING`` is time in which the goods are ready and nobody is on his way to them, ``APPROACH`` time in which they
    are ready and a rider is. A rider who comes before the goods are ready costs no time: that is ``PREPARATION``.
    """

    ACCEPTANCE = "acceptance"
    PREPARATION = "preparation"
    WAITING = "waiting"
    APPROACH = "approach"
    PICKUP = "pickup"
    RIDE = "ride"
    HANDOVER = "handover"


STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Milestones:
    """When orders reached their milestones.

    Parameters
    ----------
    placed_s, accepted_s, ready_s, assigned_s, at_merchant_s, picked_up_s, at_customer_s, ended_s, promised_s : (n,)
        Seconds since any one instant; NaN where it was not reached or is not known. An order ends when it is delivered,
        else when it is cancelled.
    """

    placed_s: Floats
    accepted_s: Floats
    ready_s: Floats
    assigned_s: Floats
    at_merchant_s: Floats
    picked_up_s: Floats
    at_customer_s: Floats
    ended_s: Floats
    promised_s: Floats

    @property
    def late_s(self) -> Floats:
        """Seconds from the promise to the end; below zero when it ended before."""
        return self.ended_s - self.promised_s


def stage_seconds(milestones: Milestones) -> Floats:
    """Cut each order's time into stages.

    Returns
    -------
    (n_stages, n), seconds, in the order of `Stage`; adds up to the time from placing to the end. What was never reached
    counts as reached at the end. NaN where placing or end are not known.
    """
    end = milestones.ended_s

    def known(at_s: Floats) -> Floats:
        return np.where(np.isnan(at_s), end, at_s)

    ready = known(milestones.ready_s)
    borders = np.stack(
        [
            milestones.placed_s,
            known(milestones.accepted_s),
            ready,
            np.maximum(ready, known(milestones.assigned_s)),
            np.maximum(ready, known(milestones.at_merchant_s)),
            known(milestones.picked_up_s),
            known(milestones.at_customer_s),
            end,
        ]
    )
    return np.diff(np.maximum.accumulate(np.minimum(borders, end), axis=0), axis=0)


def waits_for_rider(milestones: Milestones) -> NDArray[np.bool_]:
    """Mark the orders that were ready before their rider came: his coming was the binding branch."""
    return np.asarray(milestones.at_merchant_s > milestones.ready_s, dtype=np.bool_)
