"""Arms of windows: a switchback gives each area one arm for a while, then perhaps another."""

from collections.abc import Sequence
from dataclasses import dataclass

from tiffin.engines.experiments.assigning.chance import fraction

DAY_MIN = 24 * 60
FAIR = 0.5


@dataclass(frozen=True, slots=True)
class Schedule:
    """When which area has which of two arms; days and minutes are those of the area's own clock.

    Days come in pairs, and of each pair a window of the clock has one arm on one day and the other on the other: hours
    of the day, and both days of a pair, have both arms equally often. Which day comes first is drawn for each area,
    pair and window.

    Parameters
    ----------
    seed : str
    arms : (str, str)
        The untreated one first.
    window_min : int
        Length of a window, minutes; divides a day.
    washout_min : int
        Minutes at the beginning of each window that are not read out: what the arm before left behind has to pass.
    is_synchronised : bool
        All areas have the same arm at the same time.
    """

    seed: str
    arms: tuple[str, str]
    window_min: int
    washout_min: int = 0
    is_synchronised: bool = False

    def __post_init__(self) -> None:
        """Refuse windows that do not divide a day or are washed out whole."""
        if self.window_min <= 0 or DAY_MIN % self.window_min:
            raise ValueError("the length of a window divides a day")
        if not 0 <= self.washout_min < self.window_min:
            raise ValueError("a wash-out is shorter than the window")

    @property
    def per_day(self) -> int:
        """Count the windows of a day."""
        return DAY_MIN // self.window_min


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a moment falls: its window, the arm there, and whether it is still washed out.

    Parameters
    ----------
    window : int
        Of the day, from 0.
    until_min : int
        Minutes after the beginning of the business day at which the window ends.
    """

    window: int
    arm: str
    until_min: int
    is_washed_out: bool


def placed(schedule: Schedule, area: str, day: int, minute: int) -> Placed:
    """Give what an area has at a moment.

    Parameters
    ----------
    day : int
        Of the trial, from 0.
    minute : int
        Since the beginning of the business day. A day on which clocks go back has a window more, one on which they go
        forward a window less; neither moves the others.
    """
    window = minute // schedule.window_min
    return Placed(
        window=window,
        arm=schedule.arms[is_treated(schedule, area, day, window)],
        until_min=(window + 1) * schedule.window_min,
        is_washed_out=minute % schedule.window_min < schedule.washout_min,
    )


def is_treated(schedule: Schedule, area: str, day: int, window: int) -> bool:
    """Tell whether an area has the second arm in a window of a day of the trial."""
    where = "" if schedule.is_synchronised else area
    comes_first = fraction(schedule.seed, where, str(day // 2), str(window)) < FAIR
    return comes_first == (day % 2 == 0)


def table_of(schedule: Schedule, areas: Sequence[str], days: int) -> list[list[list[bool]]]:
    """Lay out a schedule: (n_areas, n_days, n_windows), whether the area has the second arm in the window."""
    return [
        [[is_treated(schedule, area, day, window) for window in range(schedule.per_day)] for day in range(days)]
        for area in areas
    ]
