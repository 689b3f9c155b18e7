"""How much a requirement promises: value, reach, effort and data readiness as points, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

VALUE, REACH, EFFORT, READINESS = "value", "reach", "effort", "readiness"
PARTS = (VALUE, REACH, EFFORT, READINESS)
MOST_POINTS = 5
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class Step:
    """Points of whatever measures at least so much.

    Parameters
    ----------
    reason : mapping of str to str
        Why so many, by language.
    """

    at_least: float
    points: int
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scale:
    """Steps from the smallest measure up, and what holds while nobody has measured."""

    steps: tuple[Step, ...]
    unknown: Step

    def step(self, measured: float | None) -> Step:
        """Give the highest step that a measure reaches."""
        if measured is None:
            return self.unknown
        return max((one for one in self.steps if one.at_least <= measured), key=lambda one: one.at_least)


@dataclass(frozen=True, slots=True)
class Scoring:
    """The dated numbers of scores.

    Parameters
    ----------
    weights : mapping of str to float
        What a point of each part counts.
    times_a_month : mapping of str to float
        How often each stated rhythm comes round in a month.
    hour_worth : float
        Money of `currency` that counts as much as one hour of somebody's work.
    """

    valid_from: date
    source: str
    weights: Mapping[str, float]
    scales: Mapping[str, Scale]
    times_a_month: Mapping[str, float]
    hour_worth: float
    currency: str


@dataclass(frozen=True, slots=True)
class Worth:
    """What a requirement says of itself, and what was found out since.

    Parameters
    ----------
    minutes_saved : float or None
        Of one person, each time the decision is taken.
    amount : float or None
        Money a month, in the currency of the scoring.
    effort_days : float or None
        Person-days of work; None while nobody has estimated.
    readiness : float or None
        0..1; None while nobody has said which facts it needs.
    """

    rhythm: str
    people: int
    minutes_saved: float | None = None
    amount: float | None = None
    effort_days: float | None = None
    readiness: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: what was measured, its points, what they count and why."""

    name: str
    measured: float | None
    points: int
    weight: float
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Score:
    """A requirement's score, 0..100, and its parts."""

    total: float
    parts: tuple[Part, ...]


def score(worth: Worth, scoring: Scoring) -> Score:
    """Score a requirement: each part's points times its weight, of the most that there could be, in hundred."""
    measured = {
        VALUE: hours_a_month(worth, scoring),
        REACH: float(worth.people),
        EFFORT: worth.effort_days,
        READINESS: worth.readiness,
    }
    parts = tuple(_part(name, measured[name], scoring) for name in PARTS)
    reached = sum(one.points * one.weight for one in parts)
    return Score(round(100 * reached / (MOST_POINTS * sum(one.weight for one in parts)), 1), parts)


def hours_a_month(worth: Worth, scoring: Scoring) -> float | None:
    """Give what it is worth in hours of work a month; None where nothing was stated.

    Time saved counts for everybody who takes the decision, money at the worth of an hour.
    """
    if worth.minutes_saved is None and worth.amount is None:
        return None
    times = scoring.times_a_month[worth.rhythm]
    saved = (worth.minutes_saved or 0.0) * times * worth.people / MINUTES_PER_HOUR
    return saved + (worth.amount or 0.0) / scoring.hour_worth


def _part(name: str, measured: float | None, scoring: Scoring) -> Part:
    step = scoring.scales[name].step(measured)
    return Part(name, measured, step.points, scoring.weights[name], step.reason)


@dataclass(frozen=True, slots=True)
class Need:
    """Whether one thing that a requirement needs is there for one city.

    Parameters
    ----------
    keeps_targets : bool or None
        None where it promises nothing.
    """

    asset: str
    city_id: str
    is_there: bool
    keeps_targets: bool | None = None


def readiness(needs: tuple[Need, ...]) -> float | None:
    """Give the share of needs that are met; one that is there but breaks its targets counts half; None for none."""
    if not needs:
        return None
    return sum(_met(one) for one in needs) / len(needs)


def _met(need: Need) -> float:
    if not need.is_there:
        return 0.0
    return 0.5 if need.keeps_targets is False else 1.0
