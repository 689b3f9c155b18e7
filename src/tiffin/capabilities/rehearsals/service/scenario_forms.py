"""The form of a scenario file, key by key; what breaks it is refused with file and line."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from tiffin.capabilities.rehearsals.domain.city_run import DISPATCHER
from tiffin.capabilities.rehearsals.domain.scenario import Fault
from tiffin.engines.simulation.disruptions import Kind
from tiffin.engines.simulation.truth.parties import Party

CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
FEEDS = ("orders", "order_stages", "rider_sessions", "refunds", "contacts", "ratings")
"""Tables whose feed can be broken: those of which a row is told at an instant."""
MOST_DAYS = 31
SHIFT_FAULTS = frozenset({Fault.LATE, Fault.SHIFTED})


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Planted(_Form):
    """What every disruption says."""

    day: date | None = None
    starts: Annotated[str, Field(pattern=CLOCK)]
    ends: Annotated[str, Field(pattern=CLOCK)]
    zones: Literal["all"] | Annotated[list[str], Field(min_length=1)] = "all"
    story: Annotated[str, Field(max_length=500)] = ""
    party: Party | None = None


class _Struck(_Planted):
    kind: Literal[Kind.RAIN, Kind.MERCHANT_OVERLOAD, Kind.DEMAND_SURGE]
    strength: Annotated[float, Field(ge=0, le=5)]


class _Shortage(_Planted):
    kind: Literal[Kind.RIDER_SHORTAGE]
    strength: Annotated[float, Field(ge=0, le=1)]


class _WrongPromise(_Planted):
    kind: Literal[Kind.WRONG_PROMISE]
    minutes: Annotated[float, Field(ge=-60, le=120)]


class _FraudRing(_Planted):
    kind: Literal[Kind.FRAUD_RING]
    customers: Annotated[int, Field(ge=1, le=1000)]
    riders: Annotated[int, Field(ge=0, le=50)] = 0
    merchants: Annotated[int, Field(ge=0, le=50)] = 0
    claim_share: Annotated[float, Field(gt=0, le=1)]


class _BrokenFeed(_Planted):
    kind: Literal[Kind.BROKEN_FEED]
    table: Literal["orders", "order_stages", "rider_sessions", "refunds", "contacts", "ratings"]
    fault: Fault
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    minutes: Annotated[int, Field(ge=-1440, le=10_080)] = 0

    @model_validator(mode="after")
    def _has_minutes(self) -> Self:
        if (self.fault in SHIFT_FAULTS) != (self.minutes != 0):
            raise ValueError("minutes belong to rows that are late or shifted, and those need them")
        return self


def _kind(value: Any) -> str:
    kind = value.get("kind") if isinstance(value, dict) else None
    return "struck" if kind in {Kind.RAIN, Kind.MERCHANT_OVERLOAD, Kind.DEMAND_SURGE} else str(kind)


DisruptionForm = Annotated[
    Annotated[_Struck, Tag("struck")]
    | Annotated[_Shortage, Tag(Kind.RIDER_SHORTAGE.value)]
    | Annotated[_WrongPromise, Tag(Kind.WRONG_PROMISE.value)]
    | Annotated[_FraudRing, Tag(Kind.FRAUD_RING.value)]
    | Annotated[_BrokenFeed, Tag(Kind.BROKEN_FEED.value)],
    Discriminator(
        _kind,
        custom_error_type="unknown_kind",
        custom_error_message=f"kind must be one of {', '.join(Kind)}",
    ),
]


class ScenarioForm(_Form):
    """A scenario file."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    city: str
    first_day: date
    last_day: date | None = None
    seed: int | None = None
    policy: str = DISPATCHER
    riders: str = ""
    disruptions: list[DisruptionForm] = []

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        last = self.last_day or self.first_day
        if not 0 <= (last - self.first_day).days < MOST_DAYS:
            raise ValueError(f"last_day must lie 0 to {MOST_DAYS - 1} days after first_day")
        outside = [one.day for one in self.disruptions if one.day and not self.first_day <= one.day <= last]
        if outside:
            raise ValueError(f"a disruption is planted on {outside[0]}, which is not among the scenario's days")
        if last != self.first_day and any(one.day is None for one in self.disruptions):
            raise ValueError("where a scenario has several days, each disruption needs its day")
        return self
