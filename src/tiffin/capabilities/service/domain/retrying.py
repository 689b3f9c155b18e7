"""When a message that was not taken is sent again, and when that is given up."""

from datetime import timedelta
from enum import StrEnum

GONE = 410
"""Answer of a receiver that wants nothing more, ever."""

WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
"""How long to wait after each failure; after the last the message is dead. As the Standard Webhooks suggest."""

JITTER = 0.2
"""Share of a wait that chance adds, so that what failed together is not sent together."""


class State(StrEnum):
    """Where the delivery of a message to one receiver stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


def wait_after(failures: int, chance: float) -> timedelta | None:
    """Tell how long to wait after so many failures; None where it is given up.

    Parameters
    ----------
    chance : float
        Drawn between 0 and 1.

    Examples
    --------
    >>> wait_after(1, 0.0), wait_after(10, 0.0)
    (datetime.timedelta(seconds=5), None)
    """
    if failures > len(WAITS):
        return None
    return WAITS[failures - 1] * (1 + JITTER * chance)
