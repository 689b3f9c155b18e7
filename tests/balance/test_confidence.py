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
from tiffin.capabilities.balance.domain.likely import BY_QUEUE, KEPT, likely_shares, ranked
from tiffin.capabilities.balance.domain.sureness import Sureness, sureness_of
from tiffin.runtime.workspace import Workspace

SHARES = st.dictionaries(st.sampled_from(list(Cause)), st.floats(-1.0, 1.0), min_size=1, max_size=6)


def shared(shares: dict[Cause, float]) -> tuple[CauseShare, ...]:
    in_order = sorted(shares.items(), key=lambda one: (not one[0].is_of_the_day, -one[1]))
    return tuple(CauseShare(cause, 100.0 * share, share, {}) for cause, share in in_order)


@given(SHARES, st.sets(st.sampled_from(list(Cause))))
def test_likely_shares_add_up_to_what_was_accounted(shares: dict[Cause, float], certain: set[Cause]) -> None:
    causes = ranked(shared(shares), certain=certain)

    likely = likely_shares(causes, certain=certain)

    assert set(likely) == set(shares)
    assert sum(likely.values()) == pytest.approx(sum(shares.values()))


def test_half_of_what_a_queue_tells_of_other_causes_goes_to_the_first() -> None:
    causes = shared({Cause.SLOWER_MERCHANTS: 0.7, Cause.MORE_DEMAND: 0.2, Cause.LONGER_TRAVEL: 0.1})

    likely = likely_shares(causes, certain=())

    assert Cause.MORE_DEMAND in BY_QUEUE
    assert likely[Cause.MORE_DEMAND] == pytest.approx(KEPT * 0.2)
    assert likely[Cause.LONGER_TRAVEL] == 0.1
    assert likely[Cause.SLOWER_MERCHANTS] == pytest.approx(0.8)


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
