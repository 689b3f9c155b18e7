"""Who lost how much of an order's time: the facts on which a verdict's policy decides, of one order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tiffin.capabilities.liability.domain.parties import Party


class Outcome(StrEnum):
    """What became of an order, as liability sees it.

    ``LATE`` was delivered after its promise by more than the tolerance; ``FAILED`` was not delivered.
    """

    ON_TIME = "on_time"
    LATE = "late"
    FAILED = "failed"


class Branch(StrEnum):
    """What the order waited for last where preparation and the rider's coming overlap."""

    PREPARATION = "preparation"
    APPROACH = "approach"


class Circumstance(StrEnum):
    """What exempts everybody, decided when it happens and before anybody is asked."""

    WEATHER = "weather"
    ROAD_CLOSED = "road_closed"
    LIFT_BROKEN = "lift_broken"
    KITCHEN_OVERLOADED = "kitchen_overloaded"
    MERCHANT_PAUSED = "merchant_paused"
    SURGE = "surge"
    WRONG_PROMISE = "wrong_promise"
    RIDER_SHORTAGE = "rider_shortage"


class Question(StrEnum):
    """Why a person should look: the question that facts leave open."""

    WHO_LOST_THE_TIME = "who_lost_the_time"
    KITCHEN_OR_RIDER = "kitchen_or_rider"
    KITCHEN_OR_DISPATCH = "kitchen_or_dispatch"
    PARTY_OR_CIRCUMSTANCES = "party_or_circumstances"
    WHO_ENDED_IT = "who_ended_it"
    MILESTONES_MISSING = "milestones_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """One stage of an order: how long it took, and how long it takes under the same conditions.

    Parameters
    ----------
    actual_s : int
        Seconds; stages follow one another and add up to the order's time.
    fair_s : int
        Median under the order's conditions.
    blame_s : int
        Upper quantile under the order's conditions: only above it somebody is blamed.
    """

    actual_s: int
    fair_s: int
    blame_s: int

    @property
    def over_fair_s(self) -> int:
        """Tell by how much the stage took longer than is fair; below zero where it was faster."""
        return self.actual_s - self.fair_s

    @property
    def over_blame_s(self) -> int:
        """Tell by how much it took longer than is blamed; 0 where it did not."""
        return max(0, self.actual_s - self.blame_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAttribution:
    """Who lost how much of an order's time, and how sure that is; everything that a verdict's table may ask.

    Parameters
    ----------
    late_min : int
        Whole minutes after the promise; below zero when it came before; of an order that was not delivered, at its end.
    stages : mapping of stage to StageTime
        Acceptance, preparation, waiting, approach, pickup, ride, handover, as far as the order came.
    credits_s : mapping of Party to int
        Seconds that each party added to the order beyond what is fair, Shapley's values of the critical path; below
        zero where a party made up for time. That is nobody's blame: shares count it as nothing.
    shares_bp : mapping of Party to int
        Basis points that add up to 10,000.
    is_rider_slow, is_merchant_slow, is_customer_slow : bool
        Whether a stage of that party's own took longer than the blame quantile of its conditions.
    kitchen_min, rider_min, dispatch_min, promise_min, customer_min, circumstances_min : int
        Whole minutes lost through each, none below zero. Dispatch and promise together are the platform's.
    is_weather_severe : bool
        Whether it rained beyond the country's threshold while the order was ridden.
    is_area_slow : bool
        Whether everybody's rides around were slow.
    is_kitchen_overloaded : bool
        Whether the kitchen was late with its other orders too, or said it was overloaded or paused.
    is_area_short, is_area_crowded : bool
        Whether riders lacked against the usual; whether more was ordered than usual.
    confidence_percent : int
        Calibrated chance that what follows from it is right, 0 to 100.
    is_certain : bool
        Whether that suffices to decide without a person.
    question : Question or None
        Why a person should look; None where `is_certain`.
    exemption : Circumstance or None
        What exempts parties before anybody is asked.
    has_milestones : bool
        Whether every instant that the order should have is known.
    """

    city_id: str
    order_id: str
    country: str
    business_date: date
    placed_at: datetime
    outcome: Outcome
    late_min: int
    stages: Mapping[str, StageTime]
    binding: Branch | None
    credits_s: Mapping[Party, int]
    shares_bp: Mapping[Party, int]
    top: Party
    confidence_percent: int
    is_certain: bool
    question: Question | None
    exemption: Circumstance | None
    rider_id: str | None = None
    merchant_id: str | None = None
    customer_id: str | None = None
    vehicle: str | None = None
    cancelled_by: str | None = None
    cancel_reason: str | None = None
    kitchen_min: int = 0
    rider_min: int = 0
    dispatch_min: int = 0
    promise_min: int = 0
    customer_min: int = 0
    circumstances_min: int = 0
    is_rider_slow: bool = False
    is_merchant_slow: bool = False
    is_customer_slow: bool = False
    is_weather_severe: bool = False
    is_area_slow: bool = False
    is_kitchen_overloaded: bool = False
    is_area_short: bool = False
    is_area_crowded: bool = False
    has_milestones: bool = True
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def top_share_bp(self) -> int:
        """Give the largest share."""
        return self.shares_bp[self.top]

    def share_bp(self, party: Party) -> int:
        """Give a party's share; 0 where it has none."""
        return self.shares_bp.get(party, 0)
