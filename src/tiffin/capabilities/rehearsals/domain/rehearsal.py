"""A rehearsal: simulated days of one scenario under one or two ways to run them, asked for by somebody and kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tiffin.capabilities.rehearsals.domain.rosters import OWN_ROSTER, Roster

STALE_AFTER = timedelta(seconds=90)
"""A run of which nothing was heard for so long has been interrupted; its first day may need the compiler."""

FIRST, SECOND = "a", "b"
"""How the two that are compared are called; the differences are b less a."""

MOST_REPLICATIONS = 2000
MOST_AT_ONCE = 2
"""So many rehearsals of a workspace may run at a time."""


class Standing(StrEnum):
    """How far a rehearsal has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


UNDER_WAY = frozenset({Standing.WAITING, Standing.RUNNING})
CAN_RUN = frozenset({Standing.WAITING, Standing.CANCELLED, Standing.FAILED, Standing.INTERRUPTED})
"""From where a rehearsal can be run, for the first time or again."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the ways to run a day that are compared.

    Parameters
    ----------
    key : str
        ``a`` or ``b``.
    policy : str
        A name of `CITY_DISPATCHERS`.
    """

    key: str
    policy: str
    roster: Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be rehearsed.

    Parameters
    ----------
    scenario : str
        ``city/day``, or the name of a scenario.
    policies : tuple of str
        One or two.
    is_undisturbed : bool
        Whether the day is taken without what is planted in it.
    replications : int
        The first is the day itself, the others are the same day by other chances.
    """

    scenario: str
    city_id: str
    day: date
    policies: tuple[str, ...]
    roster: Roster
    is_undisturbed: bool
    replications: int
    seed: int

    @property
    def arms(self) -> tuple[Arm, ...]:
        """What is compared: two policies under the roster; or a changed roster with the city's own under one policy."""
        if len(self.policies) > 1:
            first, second = self.policies
            return (Arm(FIRST, first, self.roster), Arm(SECOND, second, self.roster))
        only = self.policies[0]
        if self.roster == OWN_ROSTER:
            return (Arm(FIRST, only, OWN_ROSTER),)
        return (Arm(FIRST, only, OWN_ROSTER), Arm(SECOND, only, self.roster))


def standing(state: str, *, heard_at: datetime | None, now: datetime) -> Standing:
    """Tell how a rehearsal stands; one that runs and of which nothing was heard for long was interrupted."""
    known = Standing(state)
    is_silent = heard_at is None or now - heard_at > STALE_AFTER
    return Standing.INTERRUPTED if known in UNDER_WAY and is_silent else known
