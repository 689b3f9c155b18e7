"""Service tiers of riders: what each asks and gives, and the one that a rider holds, with why.

Everybody has what the base gives. A better tier gives more and takes nothing away, and is lost only after two whole
periods in which it was not reached once.

References
----------
Wilson (1927), Probable inference, the law of succession, and statistical inference: the lower bound of a share.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

PERIOD_DAYS = 28
"""A tier is reached by so many days, the last one included."""
HELD_DAYS = 2 * PERIOD_DAYS
"""A tier is held for so many days from the last on which it was reached."""


class Criterion(StrEnum):
    """What a tier asks."""

    DELIVERIES = "deliveries"
    CLEAN_SHARE = "clean_share"
    NO_BREACH = "no_breach"


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier.

    Parameters
    ----------
    deliveries : int
        At least so many within a period.
    clean_share : float
        The lower bound of the share of deliveries without an own incident, 0 to 1, is at least this.
    asks_no_breach : bool
        No step of coaching is open.
    gives : tuple of str
        Names of everything that it gives, the base included.
    """

    name: str
    deliveries: int
    clean_share: float
    asks_no_breach: bool
    gives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tiers:
    """The tiers of a country, the base first.

    Parameters
    ----------
    confidence : float
        One-sided confidence of the lower bound.
    """

    country: str
    confidence: float
    every: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """What a rider did in one period.

    Parameters
    ----------
    with_incident : int
        Orders with an own incident.
    """

    deliveries: int
    with_incident: int
    has_breach: bool

    @property
    def clean(self) -> int:
        """Give the deliveries without an own incident."""
        return max(0, self.deliveries - self.with_incident)


@dataclass(frozen=True, slots=True)
class Miss:
    """A criterion that is missed: what it asks and what was found, in its own unit."""

    criterion: Criterion
    asked: float
    found: float


@dataclass(frozen=True, slots=True)
class TierStanding:
    """The tier that a rider holds on a day.

    Parameters
    ----------
    held, reached : Tier
        What he has, and what the last period by itself reaches.
    kept_until : date or None
        Last day on which he still has what the last period did not reach; None where it did.
    following : Tier or None
        The next better one; None of the best.
    missing : tuple of Miss
        What the last period misses of the next better one.
    missing_held : tuple of Miss
        What it misses of the one he holds.
    """

    held: Tier
    reached: Tier
    kept_until: date | None
    following: Tier | None
    missing: tuple[Miss, ...]
    missing_held: tuple[Miss, ...]
    served: Served
    clean_bound: float


def lower_bound(clean: int, of: int, confidence: float) -> float:
    """Give the lower bound of a share by Wilson's interval, one-sided; 0 where there is nothing to tell by.

    Examples
    --------
    >>> [round(lower_bound(count, count, 0.95), 3) for count in (0, 1, 10, 100)]
    [0.0, 0.27, 0.787, 0.974]
    """
    if not of:
        return 0.0
    z = NormalDist().inv_cdf(confidence)
    share = clean / of
    middle = share + z * z / (2 * of)
    off = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (middle - off) / (1 + z * z / of))


def misses(tier: Tier, served: Served, confidence: float) -> tuple[Miss, ...]:
    """Tell which criteria of a tier a period misses, and by how much."""
    bound = lower_bound(served.clean, served.deliveries, confidence)
    found = []
    if served.deliveries < tier.deliveries:
        found.append(Miss(Criterion.DELIVERIES, tier.deliveries, served.deliveries))
    if bound < tier.clean_share:
        found.append(Miss(Criterion.CLEAN_SHARE, tier.clean_share, bound))
    if tier.asks_no_breach and served.has_breach:
        found.append(Miss(Criterion.NO_BREACH, 0, 1))
    return tuple(found)


def rank_of(tiers: Tiers, served: Served) -> int:
    """Give the place of the best tier that a period reaches; the base is reached by everybody."""
    reached = (at for at, one in enumerate(tiers.every) if not at or not misses(one, served, tiers.confidence))
    return max(reached)


def tier_on(tiers: Tiers, day: date, served_on: Callable[[date], Served]) -> TierStanding:
    """Give the tier that a rider holds on a day: the best that was reached within two periods.

    Parameters
    ----------
    served_on : callable
        Gives what he did in the period that ends with a day.
    """
    last = served_on(day)
    ranks: Mapping[date, int] = {at: rank_of(tiers, served_on(at)) for at in _held_days(day)}
    reached, held = ranks[day], max(ranks.values())
    latest = max(at for at, rank in ranks.items() if rank >= held)
    following = tiers.every[held + 1] if held + 1 < len(tiers.every) else None
    return TierStanding(
        held=tiers.every[held],
        reached=tiers.every[reached],
        kept_until=latest + timedelta(days=HELD_DAYS - 1) if reached < held else None,
        following=following,
        missing=misses(following, last, tiers.confidence) if following else (),
        missing_held=misses(tiers.every[held], last, tiers.confidence) if held else (),
        served=last,
        clean_bound=lower_bound(last.clean, last.deliveries, tiers.confidence),
    )


def _held_days(day: date) -> Sequence[date]:
    return [day - timedelta(days=back) for back in range(HELD_DAYS)]
