"""The library of levers: when each of them helps against a miss, how strong it is tried, and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.lever_findings import Figure, Finding
from tiffin.engines.simulation.levers import Lever


class LeadTime(StrEnum):
    """When something is decided: before the day begins, or while it lasts."""

    MORNING = "morning"
    INTRADAY = "intraday"


class Price(StrEnum):
    """What is paid for, in money of the market."""

    RIDER_HOUR = "rider_hour"
    ORDER_PAY = "order_pay"
    MOVE_HOUR = "move_hour"
    ORDER_MARGIN = "order_margin"
    STEERING = "steering"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Prices:
    """What things cost in a market, in minor units of its currency.

    Parameters
    ----------
    source : str
        Where the amounts are from, or that they are a convention.
    """

    market: str
    currency: str
    minor: Mapping[Price, int]
    source: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that has to hold of a finding so that a lever helps.

    Parameters
    ----------
    causes : tuple of Cause
        Whose shares are added up, of ``CAUSE_SHARE``.
    at_least, at_most : float or None
        Limits of the figure; None for none.
    hours : (int, int) or None
        First and last local hour, across midnight where the last is smaller; of ``HOUR`` alone.
    """

    figure: Figure
    causes: tuple[Cause, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    hours: tuple[int, int] | None = None

    def value(self, finding: Finding) -> float | None:
        """Give the figure; None where the facts do not tell it."""
        return finding.figure(self.figure, self.causes)

    def holds(self, finding: Finding) -> bool:
        """Tell whether it holds; what is not known does not."""
        found = self.value(finding)
        if found is None:
            return False
        if self.hours is not None:
            first, last = self.hours
            return first <= found <= last if first <= last else found >= first or found <= last
        return (self.at_least is None or found >= self.at_least) and (self.at_most is None or found <= self.at_most)


@dataclass(frozen=True, slots=True)
class Strengths:
    """How strong a lever is tried: multiples of a figure of the finding.

    Parameters
    ----------
    of : Figure or None
        None for one.
    step, least, most : float
        In the unit of the lever, as `tiffin.engines.simulation.levers.Pull` has it.
    """

    of: Figure | None
    times: tuple[float, ...]
    step: float
    least: float
    most: float

    def sized(self, finding: Finding) -> tuple[float, ...]:
        """Give the strengths to try, each once; none where the figure is not known.

        Examples
        --------
        >>> Strengths(None, (0.1, 0.12, 3.0), 0.05, 0.05, 0.5).sized(Finding())
        (0.1, 0.5)
        """
        figure = 1.0 if self.of is None else finding.figure(self.of)
        if figure is None:
            return ()
        sized = (self._rounded(figure * times) for times in self.times)
        return tuple(dict.fromkeys(sized))

    def _rounded(self, wanted: float) -> float:
        stepped = floor(wanted / self.step + 0.5) * self.step
        return round(min(max(stepped, self.least), self.most), 6)


@dataclass(frozen=True, slots=True)
class Guard:
    """A governed metric that must not get worse by more than so much, in its own unit."""

    metric: str
    most_worse: float


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """A finding of which is known whether the lever's conditions hold; it proves the definition."""

    finding: Finding
    lead_time: LeadTime
    holds: bool


@dataclass(frozen=True, slots=True)
class LeverDefinition:
    """What is known of one lever.

    Parameters
    ----------
    pulled_by : frozenset of str
        Roles of which one has to agree to it.
    paid : tuple of Price
        What it costs money for.
    metric, smallest_effect
        The governed metric by which a trial of it is decided, and what is worth knowing of it.
    guardrails : tuple of Guard
        What can go wrong.
    """

    lever: Lever
    lead_times: frozenset[LeadTime]
    pulled_by: frozenset[str]
    helps_when: tuple[Condition, ...]
    strengths: Strengths
    paid: tuple[Price, ...]
    metric: str
    smallest_effect: float
    guardrails: tuple[Guard, ...]
    source: str
    cases: tuple[WorkedCase, ...]

    def judge(self, finding: Finding, lead_time: LeadTime) -> "Judgement":
        """Say whether it helps against a finding, and why."""
        kept = tuple(one for one in self.helps_when if one.holds(finding))
        broken = tuple(one for one in self.helps_when if not one.holds(finding))
        return Judgement(self, lead_time in self.lead_times, kept, broken)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a lever helps against a finding.

    Parameters
    ----------
    is_in_time : bool
        It can be pulled with the lead time that there is.
    kept, broken : tuple of Condition
        What holds, and what does not.
    """

    definition: LeverDefinition
    is_in_time: bool
    kept: tuple[Condition, ...]
    broken: tuple[Condition, ...]

    @property
    def holds(self) -> bool:
        """Tell whether it is worth rehearsing."""
        return self.is_in_time and not self.broken


def judge_all(library: Sequence[LeverDefinition], finding: Finding, lead_time: LeadTime) -> tuple[Judgement, ...]:
    """Say of every lever whether it helps, in the order of the library."""
    return tuple(one.judge(finding, lead_time) for one in library)
