"""The designs whose power can be told, and what is asked of a trial."""

from dataclasses import dataclass

from tiffin.engines.experiments.estimate import Caution, DesignRefused

DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What a trial promises.

    Parameters
    ----------
    durations_days : tuple of int
        Lengths to tell, ascending.
    power : float
        Chance of finding the smallest effect that is told.
    level : float
        Confidence of the read-out's interval.
    simulations : int
        Trials that are simulated for each length, where the power is not known from a formula.
    seed : int
    """

    durations_days: tuple[int, ...]
    power: float = 0.8
    level: float = 0.95
    simulations: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be promised."""
        if (
            not self.durations_days
            or min(self.durations_days) < 1
            or list(self.durations_days) != sorted(set(self.durations_days))
        ):
            raise ValueError("Durations are whole days from 1 on, each named once, in ascending order.")
        if not 1 - self.level < self.power < 1 or not 0 < self.level < 1:
            raise ValueError(
                f"A power lies between the chance of a false alarm and 1: {self.power} with level {self.level} does "
                f"not. Usual are 0.8 and 0.95."
            )
        if self.simulations < 1:
            raise ValueError(
                "Power by simulation needs one simulated trial at least; a thousand tell it to 1.3 points."
            )


@dataclass(frozen=True, slots=True)
class UnitSplit:
    """Units (users, riders, merchants, or clusters of them) are drawn once and keep their arm.

    Parameters
    ----------
    share : float
        Of units that are treated.
    """

    share: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a share that leaves an arm empty."""
        if not 0 < self.share < 1:
            raise ValueError(f"Each arm has units: a share lies between 0 and 1, and {self.share} does not.")


@dataclass(frozen=True, slots=True)
class Switchback:
    """Areas are turned on and off by windows, a coin for each or for each pair.

    Parameters
    ----------
    window_min : int
        Length of a window, minutes; divides a day.
    washout_min : int
        Beginning of each window that is not read.
    is_paired : bool
        Days come in pairs: a window of the clock is treated on one day of a pair and not on the other, and is compared
        with that one alone (`assigning.windows.Schedule`, and strata taken out by `readout.assigned`).
    """

    window_min: int
    washout_min: int = 0
    is_paired: bool = False

    def __post_init__(self) -> None:
        """Refuse windows that do not divide a day or are washed out whole."""
        if self.window_min <= 0 or DAY_MIN % self.window_min:
            raise ValueError(f"A window divides a day: {self.window_min} minutes do not. Take 60, 120, 180 or 240.")
        if self.washout_min < 0:
            raise ValueError("A wash-out lasts nought minutes or more.")
        if self.washout_min >= self.window_min:
            raise DesignRefused(
                Caution("carry_over_outlasts_windows", {"window_min": self.window_min, "needed_min": self.washout_min})
            )


@dataclass(frozen=True, slots=True)
class GeoSplit:
    """Some areas are treated from a day on, and each is compared with itself before.

    Parameters
    ----------
    treated_areas : int
    before_days : int
        Days before the beginning that an area is compared with.
    """

    treated_areas: int
    before_days: int

    def __post_init__(self) -> None:
        """Refuse a design without anything before or without treated areas."""
        if self.treated_areas < 1 or self.before_days < 1:
            raise ValueError("A geographic trial treats one area at least and compares with one day before at least.")


Design = UnitSplit | Switchback | GeoSplit
