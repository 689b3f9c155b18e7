"""Who goes without a remedy where it is rolled out: a function of the plan's seed and of names alone."""

from collections.abc import Sequence
from datetime import date

from tiffin.capabilities.balance.domain.roll_out import Plan
from tiffin.engines.experiments.assigning.allocation import WHOLE, Allocation, arm_of
from tiffin.engines.experiments.assigning.chance import fraction

HELD_OUT, REMEDY = "held out", "remedy"
LEAST_ZONES = 2


def allocation_of(plan: Plan) -> Allocation:
    """Give how merchants or riders are spread over those held out and the others."""
    return Allocation(plan.seed, ((HELD_OUT, plan.holdout_bp), (REMEDY, WHOLE - plan.holdout_bp)))


def is_unit_held_out(plan: Plan, unit: str) -> bool:
    """Tell whether a merchant or rider goes without the remedy for good."""
    return arm_of(allocation_of(plan), unit) == HELD_OUT


def zones_held_out(plan: Plan, city_id: str, zones: Sequence[str], day: date, window: int) -> frozenset[str]:
    """Give the zones of a city that go without the remedy in one window of a business day.

    They are as many in each window, one at least and never all; a city of one zone has nothing to compare with.
    """
    if len(zones) < LEAST_ZONES:
        return frozenset()
    count = min(max(1, round(len(zones) * plan.holdout_bp / WHOLE)), len(zones) - 1)
    when = (day.isoformat(), str(window))
    drawn = sorted(zones, key=lambda zone: (fraction(plan.seed, city_id, zone, *when), zone))
    return frozenset(drawn[:count])
