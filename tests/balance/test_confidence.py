"""How sure a first cause is, and what it likely took, say no more than the days compared with carry."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.domain.accounting import Account
from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.confidence import MOST, lead_of
from tiffin.capabilities.balance.domain.daybook import CauseShare
from tiffin.capabilities.balance.domain.likely import PRIOR_ORDERS, likely_shares, ranked
from tiffin.capabilities.balance.domain.load import Load, gone_without, split_change, work_per_rider
from tiffin.capabilities.balance.domain.sureness import Sureness, sureness_of
from tiffin.engines.attribution.shapley import FloatArray
from tiffin.runtime.workspace import Workspace

SHARES = st.dictionaries(st.sampled_from(list(Cause)), st.floats(-1.0, 1.0), min_size=1, max_size=6)


MANY = 1e12


def shared(shares: dict[Cause, float]) -> tuple[CauseShare, ...]:
    in_order = sorted(shares.items(), key=lambda one: (not one[0].is_of_the_day, -one[1]))
    return tuple(CauseShare(cause, 100.0 * share, share, {}) for cause, share in in_order)


@given(SHARES, SHARES, st.sets(st.sampled_from(list(Cause))))
def test_likely_shares_add_up_to_what_was_accounted(
    shares: dict[Cause, float], gone: dict[Cause, float], certain: set[Cause]
) -> None:
    causes = ranked(shared(shares), certain=certain)

    likely = likely_shares(causes, gone=gone, orders=500.0)

    assert set(likely) == set(shares)
    assert sum(likely.values()) == pytest.approx(sum(shares.values()))


def test_the_first_cause_is_given_what_would_be_gone_without_it_at_the_expense_of_the_queue() -> None:
    causes = shared(
        {Cause.FEWER_RIDERS: 0.6, Cause.MORE_DEMAND: 0.3, Cause.SLOWER_MERCHANTS: 0.1, Cause.UNEXPLAINED: 0.1}
    )

    likely = likely_shares(causes, gone={Cause.FEWER_RIDERS: 0.8, Cause.MORE_DEMAND: 0.7}, orders=MANY)

    assert likely[Cause.FEWER_RIDERS] == pytest.approx(0.8)
    assert likely[Cause.MORE_DEMAND] == pytest.approx(0.3 - 0.2 * 0.3 / 0.4)
    assert likely[Cause.SLOWER_MERCHANTS] == pytest.approx(0.1 - 0.2 * 0.1 / 0.4)
    assert likely[Cause.UNEXPLAINED] == 0.1


def test_riders_missing_here_and_idle_elsewhere_are_given_theirs_together() -> None:
    causes = shared({Cause.FEWER_RIDERS: 0.5, Cause.RIDERS_ELSEWHERE: 0.2, Cause.MORE_DEMAND: 0.3})

    likely = likely_shares(causes, gone={Cause.FEWER_RIDERS: 0.65, Cause.RIDERS_ELSEWHERE: 0.26}, orders=MANY)

    assert likely == pytest.approx({Cause.FEWER_RIDERS: 0.65, Cause.RIDERS_ELSEWHERE: 0.26, Cause.MORE_DEMAND: 0.09})


def test_over_few_orders_the_first_cause_stays_near_its_share_as_accounted() -> None:
    causes = shared({Cause.FEWER_RIDERS: 0.6, Cause.MORE_DEMAND: 0.4})

    likely = [
        likely_shares(causes, gone={Cause.FEWER_RIDERS: 1.0}, orders=orders) for orders in (0, PRIOR_ORDERS, MANY)
    ]

    assert [one[Cause.FEWER_RIDERS] for one in likely] == pytest.approx([0.6, 0.8, 1.0])


USUAL = Load(orders=100.0, travel_min=20.0, riders=50.0)
"""40 riding minutes an hour asked of each rider."""


@given(more=st.floats(1.05, 2.0), fewer=st.floats(0.4, 0.95))
def test_a_queue_that_rises_ever_steeper_would_be_gone_without_either_of_two_causes(more: float, fewer: float) -> None:
    busy = Load(orders=100.0 * more, travel_min=20.0, riders=50.0 * fewer)

    def queue(factors: FloatArray) -> FloatArray:
        return work_per_rider(factors) ** 3

    change = float(queue(busy.factors) - queue(USUAL.factors))
    parts = split_change(queue, usual=USUAL, actual=busy, change=change)
    gone = gone_without(queue, usual=USUAL, actual=busy, change=change)

    assert sum(parts.values()) == pytest.approx(change)
    assert gone[Cause.MORE_DEMAND] > parts[Cause.MORE_DEMAND]
    assert gone[Cause.FEWER_RIDERS] > parts[Cause.FEWER_RIDERS]
    assert max(gone.values()) <= change * (1 + 1e-9)


def test_where_one_factor_moved_alone_all_of_the_queue_would_be_gone_without_it() -> None:
    busy = Load(orders=150.0, travel_min=20.0, riders=50.0)

    gone = gone_without(work_per_rider, usual=USUAL, actual=busy, change=7.0)

    assert gone == pytest.approx({Cause.MORE_DEMAND: 7.0})


def test_riders_who_are_surely_missing_come_before_demand_that_may_be_chance() -> None:
    causes = shared({Cause.MORE_DEMAND: 0.52, Cause.FEWER_RIDERS: 0.42})

    assert ranked(causes, certain=())[0].cause is Cause.MORE_DEMAND
    assert ranked(causes, certain={Cause.FEWER_RIDERS})[0].cause is Cause.FEWER_RIDERS


def test_a_cause_that_another_leads_lies_behind_it() -> None:
    found = Account(100.0, {Cause.MORE_DEMAND: 52.0, Cause.FEWER_RIDERS: 42.0, Cause.UNEXPLAINED: 6.0})

    assert lead_of(Cause.FEWER_RIDERS, found) == -10.0
    assert lead_of(Cause.MORE_DEMAND, found) == 10.0


def test_each_finding_of_a_simulated_day_says_how_sure_it_is(simulated: Workspace, entering: Any) -> None:
    with entering(simulated) as context:
        (found,) = service.episodes_on(context, "dubai", date(2026, 2, 25))

    assert found.first_cause is Cause.LONGER_TRAVEL
    assert 0.9 < found.confidence <= MOST
    assert found.sureness is sureness_of(found.confidence) is Sureness.SURE
    assert found.cost.late_min is not None
    assert found.cost.late_min > 0
    assert sum(found.likely.values()) == pytest.approx(1.0)
