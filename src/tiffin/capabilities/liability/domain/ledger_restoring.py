"""How many points good deliveries have earned back, posting by posting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Standing:
    """A posting of points, oldest first among those of a rider.

    Parameters
    ----------
    day : date
        Business day on which they were earned; deliveries of later days count.
    points : int
        As they were posted; nought where they are stayed or taken back.
    restored, good_deliveries : int
        Points that come back for so many deliveries; nought for none.
    """

    day: date
    points: int
    restored: int
    good_deliveries: int


def restored_points(postings: Sequence[Standing], good: Mapping[date, int], today: date) -> tuple[int, ...]:
    """Tell how many points of each posting have come back until a day, the day itself left out.

    Each delivery counts once: for the oldest posting that it can still help.

    Examples
    --------
    >>> day = date(2026, 2, 16)
    >>> one = Standing(day, 2, 1, 10)
    >>> restored_points([one, one], {date(2026, 2, 17): 25}, date(2026, 2, 20))
    (2, 0)
    >>> restored_points([one, one], {date(2026, 2, 17): 35}, date(2026, 2, 20))
    (2, 1)
    """
    left = {day: count for day, count in good.items() if day < today}
    return tuple(_earned(one, left) for one in postings)


def _earned(posting: Standing, left: dict[date, int]) -> int:
    if posting.points <= 0 or not posting.restored or not posting.good_deliveries:
        return 0
    days = sorted(day for day, count in left.items() if day > posting.day and count)
    there = sum(left[day] for day in days)
    steps = min(there // posting.good_deliveries, -(-posting.points // posting.restored))
    _use(left, days, steps * posting.good_deliveries)
    return min(steps * posting.restored, posting.points)


def _use(left: dict[date, int], days: Sequence[date], count: int) -> None:
    for day in days:
        taken = min(left[day], count)
        left[day] -= taken
        count -= taken
