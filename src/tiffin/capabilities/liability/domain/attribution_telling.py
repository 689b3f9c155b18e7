"""An attribution in the words that policies and people use: one order, whole minutes, basis points, percent."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.liability.domain.attribution import (
    Branch,
    Circumstance,
    OrderAttribution,
    Outcome,
    Question,
    StageTime,
)
from tiffin.capabilities.liability.domain.attribution_parameters import AttributionParameters
from tiffin.capabilities.liability.domain.attribution_parts import CUSTOMER, MERCHANT, NOBODY, PARTIES, PLATFORM, RIDER
from tiffin.capabilities.liability.domain.attribution_working import Worked
from tiffin.capabilities.liability.domain.parties import WHOLE, Party, split_whole
from tiffin.engines.attribution.stages.times import STAGES, Stage, stage_seconds, waits_for_rider

Floats = NDArray[np.float64]

MINUTE_S = 60
PERCENT = 100
RATIO = 10**6
EPOCH = date(1970, 1, 1)


class Teller:
    """Tells of single orders what was worked out about all."""

    def __init__(
        self, worked: Worked, parameters: AttributionParameters, *, city_id: str, country: str, severe_mm: float
    ) -> None:
        self._worked = worked
        self._parameters = parameters
        self._city: dict[str, Any] = {"city_id": city_id, "country": country}
        self._severe_mm = severe_mm
        self.city_id = city_id
        self._stage_s = stage_seconds(worked.facts.times)
        self._stood = waits_for_rider(worked.facts.times)

    def order(self, row: int, exemption: Circumstance | None) -> OrderAttribution:
        """Tell of the order in a row of the facts.

        Parameters
        ----------
        exemption : Circumstance or None
            What was declared for its place and time; else what the facts say by themselves is looked for.
        """
        worked, columns = self._worked, self._worked.facts.columns
        confidence = int(worked.confidence[row] * PERCENT)
        is_certain = confidence >= self._parameters.certain_percent
        names: dict[str, Any] = {name: _text(columns[name][row]) for name in _NAMES}
        return OrderAttribution(
            **self._city,
            order_id=str(columns["order_id"][row]),
            business_date=EPOCH + timedelta(days=int(worked.facts.day[row])),
            placed_at=_instant(worked.facts.columns["placed_at"][row]),
            outcome=self._outcome(row),
            late_min=int(np.nan_to_num(worked.facts.times.late_s[row]) // MINUTE_S),
            stages=self._stages(row),
            binding=self._binding(row),
            credits_s={party: round(float(worked.credits_s[row, n])) for n, party in enumerate(PARTIES)},
            shares_bp=self._shares(row),
            top=PARTIES[worked.top[row]],
            confidence_percent=confidence,
            is_certain=is_certain or exemption is not None,
            question=None if is_certain or exemption is not None else self._question(row),
            exemption=exemption or (self._exemption(row) if is_certain else None),
            has_milestones=self._has_milestones(row),
            **names,
            **self._minutes(row),
            **self._flags(row),
        )

    def _outcome(self, row: int) -> Outcome:
        if self._worked.is_failed[row]:
            return Outcome.FAILED
        return Outcome.LATE if self._worked.is_late[row] else Outcome.ON_TIME

    def _binding(self, row: int) -> Branch | None:
        if np.isnan(self._worked.facts.times.at_merchant_s[row]):
            return None
        return Branch.APPROACH if self._stood[row] else Branch.PREPARATION

    def _stages(self, row: int) -> Mapping[str, StageTime]:
        expected, actual = self._worked.expected, self._stage_s[:, row]
        known = {
            Stage.ACCEPTANCE: expected.acceptance_s,
            Stage.PREPARATION: expected.preparation_s,
            Stage.PICKUP: expected.pickup_s,
            Stage.RIDE: expected.ride_s,
            Stage.HANDOVER: expected.handover_s,
        }
        usual_wait = np.full(2, expected.wait_s[row])
        found = {}
        for number, stage in enumerate(STAGES):
            fair, blame = known[stage][:, row] if stage in known else usual_wait
            if np.isfinite(actual[number]):
                found[stage.value] = StageTime(
                    actual_s=round(float(actual[number])), fair_s=round(float(fair)), blame_s=round(float(blame))
                )
        return found

    def _shares(self, row: int) -> Mapping[Party, int]:
        weights = [round(float(share) * RATIO) for share in self._worked.shares[row]]
        return dict(zip(PARTIES, split_whole(WHOLE, weights), strict=True))

    def _minutes(self, row: int) -> Mapping[str, Any]:
        credit, lost = self._worked.credits_s[row], self._worked.lost
        promise_s = float(lost.promise_s[row]) + float(self._worked.ordinary_s[row])
        seconds = {
            "kitchen_min": credit[MERCHANT],
            "rider_min": credit[RIDER],
            "dispatch_min": credit[PLATFORM] - lost.promise_s[row],
            "promise_min": promise_s,
            "customer_min": credit[CUSTOMER],
            "circumstances_min": credit[NOBODY],
        }
        if self._worked.is_failed[row]:
            # Of an order that somebody ended, shares say whose it was; minutes would say nothing.
            seconds = dict.fromkeys(seconds, 0.0)
        return {name: max(0, int(float(value) // MINUTE_S)) for name, value in seconds.items()}

    def _flags(self, row: int) -> Mapping[str, Any]:
        worked, market = self._worked, self._worked.market
        over = {name: one.over_blame_s > 0 for name, one in self._stages(row).items()}
        floor = 1.0 + self._parameters.noise_floor
        is_crowded = market.crowd_spreads[row] >= self._parameters.crowd_spreads
        return {
            "is_rider_slow": over.get(Stage.RIDE, False) and bool(worked.lost.ride_s[row] > 0),
            "is_merchant_slow": over.get(Stage.PREPARATION, False) or over.get(Stage.ACCEPTANCE, False),
            "is_customer_slow": bool(worked.lost.customer_s[row] > 0),
            "is_weather_severe": bool(market.rain_mm[row] >= self._severe_mm),
            "is_area_slow": bool(market.ride_factor[row] > self._parameters.ride_floor),
            "is_kitchen_overloaded": bool(market.own_kitchen_s[row] > self._parameters.kitchen_floor_s),
            "is_area_short": bool(market.riders_factor[row] * floor < 1.0),
            "is_area_crowded": bool(market.demand_factor[row] > floor and is_crowded),
        }

    def _exemption(self, row: int) -> Circumstance | None:
        """Give what the facts say by themselves, where a circumstance took most of the time."""
        flags, top = self._flags(row), self._worked.top[row]
        if top == NOBODY:
            rides_count = flags["is_weather_severe"] or flags["is_area_slow"]
            return Circumstance.WEATHER if rides_count else Circumstance.SURGE
        if top == PLATFORM and self._worked.lost.promise_s[row] > 0:
            return Circumstance.WRONG_PROMISE
        if top == PLATFORM and flags["is_area_short"] and self._worked.lost.waiting_s[row] > 0:
            return Circumstance.RIDER_SHORTAGE
        return None

    def _has_milestones(self, row: int) -> bool:
        times = self._worked.facts.times
        needed = (times.accepted_s, times.ready_s, times.at_merchant_s, times.picked_up_s, times.at_customer_s)
        return bool(self._worked.is_failed[row]) or all(np.isfinite(one[row]) for one in needed)

    def _question(self, row: int) -> Question:
        if not self._has_milestones(row):
            return Question.MILESTONES_MISSING
        first, second = (PARTIES[number] for number in np.argsort(-self._worked.shares[row], kind="stable")[:2])
        if self._worked.is_failed[row] and Party.CIRCUMSTANCES not in {first, second}:
            return Question.WHO_ENDED_IT
        return _BETWEEN.get(frozenset({first, second}), Question.WHO_LOST_THE_TIME)


_NAMES = ("rider_id", "merchant_id", "customer_id", "vehicle", "cancelled_by", "cancel_reason")
_BETWEEN: Mapping[frozenset[Party], Question] = {
    frozenset({Party.MERCHANT, Party.RIDER}): Question.KITCHEN_OR_RIDER,
    frozenset({Party.MERCHANT, Party.PLATFORM}): Question.KITCHEN_OR_DISPATCH,
    **{
        frozenset({Party.CIRCUMSTANCES, party}): Question.PARTY_OR_CIRCUMSTANCES
        for party in Party
        if party is not Party.CIRCUMSTANCES
    },
}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _instant(value: Any) -> datetime:
    found: datetime = np.datetime64(value, "us").item()
    return found.replace(tzinfo=UTC)
