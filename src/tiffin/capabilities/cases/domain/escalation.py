"""To whom a case goes when a clock of it ran out and nobody did what it waited for: one step after another."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """Who is told at a step of the chain.

    Parameters
    ----------
    roles : frozenset of str
        Roles over the case's place; whoever has the case in hand is told at each step.
    after : timedelta
        How long after the step before.
    """

    roles: frozenset[str]
    after: timedelta


CHAIN = (
    Step(frozenset({"steward", "reviewer"}), timedelta(0)),
    Step(frozenset({"experience_manager"}), timedelta(hours=8)),
    Step(frozenset({"admin"}), timedelta(hours=24)),
)
"""Convention of this product: those beside whoever should have acted, then who answers for the place, then for all."""
