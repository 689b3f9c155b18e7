"""How sure it is that an episode's first cause is the first, from its lead against each of the days compared with."""

import numpy as np
from scipy.special import stdtr

from tiffin.capabilities.balance.domain.accounting import Account, EpisodeFacts, account
from tiffin.capabilities.balance.domain.against_days import against_days
from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.diagnosed import City
from tiffin.engines.attribution.episodes import Episode

PRIOR_SHARE, PRIOR_DAYS = 0.1, 3.0
"""Before any day is looked at, leads vary by a tenth of a miss; that counts as much as three days."""


MOST = 0.99
"""No chance is told above this: the few days that a day is compared with cannot prove more."""


def confidence_of(
    city: City, episode: Episode, facts: EpisodeFacts, *, first: Cause | None, lost_order_min: float
) -> float:
    """Give the chance, from 0 to 1, that the first cause of an episode is the first; 0 where there is none.

    Notes
    -----
    Student's distribution of the lead over the next cause; its variance is that of the leads against each single day,
    drawn towards `PRIOR_SHARE` (normal with inverse-gamma prior, Gelman et al. 2013, Bayesian Data Analysis, ch. 3.3).
    It says nothing about whether the miss as a whole is chance: episodes that may be are not told.
    """
    if first is None:
        return 0.0
    found = account(facts, lost_order_min=lost_order_min)
    against = (account(other, lost_order_min=lost_order_min) for other in against_days(city, episode, facts))
    leads = np.array([lead_of(first, other) for other in against])
    freedom = max(len(leads) - 1, 0)
    squares = float(((leads - leads.mean()) ** 2).sum()) if len(leads) else 0.0
    variance = (squares + PRIOR_DAYS * (PRIOR_SHARE * found.miss_min) ** 2) / (freedom + PRIOR_DAYS)
    wider = float(np.sqrt(variance * (1.0 + 1.0 / max(len(leads), 1))))
    return min(float(stdtr(freedom + PRIOR_DAYS, lead_of(first, found) / max(wider, 1e-9))), MOST)


def lead_of(first: Cause, found: Account) -> float:
    """Give the weighed minutes by which a cause leads over the largest other cause of the day; negative behind it."""
    others = (part for cause, part in found.parts.items() if cause.is_of_the_day and cause is not first)
    return found.parts.get(first, 0.0) - max((0.0, *others))
