"""What the simulated city is set against: a record a quantity, how it is read and measured, what answers for it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.calibration_setup import Days
from tiffin.capabilities.rehearsals.domain.calibration_source import Source
from tiffin.capabilities.rehearsals.domain.purchases import Purchases
from tiffin.engines.simulation.calibrating.measures import MEASURES
from tiffin.engines.simulation.calibrating.readings import Reading
from tiffin.engines.simulation.calibrating.shares import Share
from tiffin.engines.simulation.tables import Floats

FIFTHS = 5
WEEKDAYS = 7


class Kind(StrEnum):
    """How two samples of a quantity are compared."""

    DISTRIBUTION = "distribution"
    SHARE = "share"
    PROFILE = "profile"
    EFFECT = "effect"


@dataclass(frozen=True, slots=True)
class Simulated:
    """Simulated days of a market, with what was bought.

    Parameters
    ----------
    rain : Days
        The same days with rain from morning to night; empty where no file tells of rain.
    first_weekday : int
        ISO weekday of the first day.
    """

    days: Days
    purchases: tuple[Purchases, ...]
    rain: Days = ()
    first_weekday: int = 1


Found = Floats | Share | Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A quantity of a real source that simulated days should show too.

    Parameters
    ----------
    measure : str
        What is measured; names its words.
    unit : str
        ``min``, ``m``, ``share``, ``orders``, ``items``, ``factor`` or ``log``.
    real, simulated : Callable
        Give the quantity of a source and of simulated days; either is None where it has no such thing.
    parameters : tuple of str
        Parameters that answer for it.
    fitted : bool
        Whether a fit looked at it; others show what nobody aimed at.
    reason : str
        Why it is not comparable; names its words.
    """

    source: str
    measure: str
    kind: Kind
    unit: str
    real: Callable[[Source], Found] | None
    simulated: Callable[[Simulated], Found] | None
    parameters: tuple[str, ...] = ()
    fitted: bool = False
    whole: bool = False
    reason: str = ""

    @property
    def key(self) -> str:
        """Name of the record."""
        return f"{self.source}.{self.measure}"


def column(name: str, *, most: float = 24 * 60.0) -> Callable[[Source], Floats]:
    """Read a column; what is missing, below zero or too large to be meant is left out."""

    def read(source: Source) -> Floats:
        values = source.known(name)[0]
        return values[(values >= 0) & (values < most)]

    return read


def signed(name: str) -> Callable[[Source], Floats]:
    """Read a column that may be negative."""
    return lambda source: source.known(name)[0]


def only(flag: str, value: float, read: Callable[[Source], Found]) -> Callable[[Source], Found]:
    """Read a part of a source."""
    return lambda source: read(source.where(source.columns[flag] == value))


def measured(name: str, *, whole: bool = False) -> Callable[[Simulated], Floats]:
    """Measure simulated days; in whole units where the file knows no smaller ones."""

    def measure(simulated: Simulated) -> Floats:
        values = MEASURES[name](simulated.days)
        return np.rint(values) if whole else values

    return measure


def flagged(name: str) -> Callable[[Source], Share]:
    """Read the share of rows that carry a flag."""

    def read(source: Source) -> Share:
        flags = source.known(name)[0]
        return Share(int(flags.sum()), len(flags))

    return read


def over(name: str, limit: float) -> Callable[[Source], Share]:
    """Read the share of rows above a limit."""

    def read(source: Source) -> Share:
        values = source.known(name)[0]
        return Share(int((values > limit).sum()), len(values))

    return read


def weekday_profile(source: Source) -> Floats:
    """Count the orders of a mean day of each ISO weekday, times the number of weeks."""
    counts, weekday = source.days()
    weeks = len(counts) / WEEKDAYS
    return np.array([counts[weekday == day].mean() * weeks for day in range(1, WEEKDAYS + 1)])


def counted(name: str, first: int, last: int) -> Callable[[Source], Floats]:
    """Count the rows of each whole value."""

    def read(source: Source) -> Floats:
        values = source.known(name)[0].astype(np.int64)
        return np.bincount(values[(values >= first) & (values <= last)], minlength=last + 1)[first:].astype(np.float64)

    return read


def by_fifth(took: Floats, struck: NDArray[np.bool_]) -> Floats:
    """Count the struck among the fastest fifth, the next, and so on to the slowest."""
    fifth = np.minimum(FIFTHS - 1, np.argsort(np.argsort(took, kind="stable")) * FIFTHS // len(took))
    return np.bincount(fifth[struck], minlength=FIFTHS).astype(np.float64)


def relative(values: Floats) -> Floats:
    """Write amounts as the logarithm of their ratio to the median: no currency is left in them."""
    positive = values[values > 0]
    return np.asarray(np.log(positive / np.median(positive)), dtype=np.float64)


def by_hour(part: Floats, whole: Floats) -> Floats:
    """Give hours' ratios of two counts of shape (..., 24), as a distribution over all hours that had any."""
    part, whole = part.ravel(), whole.ravel()
    return np.asarray(part[whole > 0] / whole[whole > 0], dtype=np.float64)
