"""How near the twin of a day comes to the day that the facts tell of, and whether that is near enough to rely on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tiffin.capabilities.rehearsals.domain.twin_facts import TwinFacts

FIT_REPLICATIONS = 12
"""Replications of the day without levers from which the fit is told."""
LATE_BAND, LOST_BAND = 0.04, 0.015
"""How far the shares of late and of lost orders may be off."""
LATENESS_BAND_MIN, LATENESS_BAND = 0.5, 0.25
"""How far the minutes of lateness of a delivery may be off: the larger of so many minutes and such a share of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinFit:
    """How near a day made from facts comes to the day that the facts tell of.

    Parameters
    ----------
    late_share, lost_share, lateness_min : tuple of float
        Of the facts, and of the twin as a mean over its replications: late of delivered orders, lost of placed ones,
        minutes of lateness a delivery.
    from_facts, assumed : tuple of str
        What was taken from the facts, and what from parameters.
    """

    late_share: tuple[float, float]
    lost_share: tuple[float, float]
    lateness_min: tuple[float, float]
    from_facts: tuple[str, ...]
    assumed: tuple[str, ...]

    @property
    def is_near(self) -> bool:
        """Tell whether the twin may stand for the day."""
        late, lost, minutes = (abs(twin - told) for told, twin in (self.late_share, self.lost_share, self.lateness_min))
        most = max(LATENESS_BAND_MIN, LATENESS_BAND * self.lateness_min[0])
        return late <= LATE_BAND and lost <= LOST_BAND and minutes <= most


def fit_of(facts: TwinFacts, told: Mapping[str, float], days: Sequence[Mapping[str, float]]) -> TwinFit:
    """Set replications of a twin without levers against what the facts came to, both counted alike."""
    mean = {name: float(np.mean([day[name] for day in days])) for name in told}
    taken, assumed = _parts(facts)
    return TwinFit(
        late_share=(told["late"] / max(1.0, told["delivered"]), mean["late"] / max(1.0, mean["delivered"])),
        lost_share=(told["lost"] / max(1.0, told["orders"]), mean["lost"] / max(1.0, mean["orders"])),
        lateness_min=(
            told["lateness_min"] / max(1.0, told["delivered"]),
            mean["lateness_min"] / max(1.0, mean["delivered"]),
        ),
        from_facts=taken,
        assumed=assumed,
    )


ALWAYS_ASSUMED = ("dispatcher", "riders' answers", "customers' patience", "what levers do to people")
KNOWN_SHARE = 0.5
"""What is known of fewer than every second order that could have it counts as assumed."""


def _parts(facts: TwinFacts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    done = facts.delivered

    def known(*names: str) -> bool:
        every = np.all([~np.isnan(facts.at(name)[done]) for name in names], axis=0)
        return bool(every.mean() >= KNOWN_SHARE) if len(every) else False

    parts = {
        "orders and their distances": known("placed_at") and (known("straight_m") or known("distance_m")),
        "promises": known("promised_at"),
        "the promise's load": known("riders_on_shift", "outstanding_orders"),
        "confirmation": known("accepted_at"),
        "kitchens' times": known("accepted_at", "ready_at"),
        "service at the merchant": known("arrived_at_merchant_at", "picked_up_at"),
        "ride times": known("picked_up_at", "arrived_at_customer_at"),
        "service at the door": known("arrived_at_customer_at", "delivered_at"),
        "riders' shifts": len(facts.sessions["on_at"]) > 0,
        "customers who went away": len(facts.visits["asked_at"]) > 0,
    }
    taken = tuple(name for name, is_taken in parts.items() if is_taken)
    return taken, tuple(name for name in parts if name not in taken) + ALWAYS_ASSUMED
