"""Two people who decide at the same moment decide once, and what ends is closed a second later, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.accounts import Limits
from tiffin.capabilities.access.domain.masks import RuleKey
from tiffin.capabilities.access.domain.requesting import Ask
from tiffin.capabilities.access.service import masks, requests, reviews
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.metrics.service.policies import ground_for
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden, TiffinError
from tiffin.kernel.masks import Shape
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

TWO = ("samir", "salma")
BY_RIDER = MetricRequest(("orders",), ("rider_id",))


@pytest.fixture
def staffed(workspace: Workspace, now: datetime) -> Workspace:
    """Two stewards of everywhere and somebody who asks."""
    with open_context(workspace.root, now=now) as context:
        for name in (*TWO, "nora"):
            service.add_account(context, name)
        for name in TWO:
            service.grant(context, name, Role.STEWARD, countries=["*"], terms=service.Terms("tests"))
    return workspace


@pytest.mark.parametrize(("opens", "grants"), [((), 1), ((Classification.PERSONAL,), 0)])
def test_two_who_agree_at_once_decide_once(
    staffed: Workspace, now: datetime, opens: tuple[Classification, ...], grants: int
) -> None:
    wanted = Ask(Grant(Role.VIEWER, ("SA",), (), opens=opens), "Weekly review", 10)
    with open_context(staffed.root, user="nora", now=now) as context:
        number = requests.ask_for(context, wanted).request_id
    together = Barrier(2)

    def agree(name: str) -> bool:
        try:
            with open_context(staffed.root, user=name, now=now) as context:
                version = requests.show_request(context, number).version
                together.wait(timeout=30)
                requests.approve(context, number, version=version)
        except TiffinError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(agree, TWO))

    assert sorted(done) == [False, True]
    with open_context(staffed.root, now=now) as context:
        assert len(service.find_account(context, "nora").grants) == grants


def test_two_who_answer_for_a_grant_at_once_answer_once(staffed: Workspace, now: datetime) -> None:
    with open_context(staffed.root, now=now) as context:
        service.grant(context, "nora", Role.ANALYST, countries=["SA"], terms=service.Terms("tests"))
        service.grant(context, "salma", Role.ADMIN, countries=["*"], cities=["*"], terms=service.Terms("tests"))
        made = reviews.start_campaign(
            context, "Spring", countries=["SA"], cities=[], reviewer="samir", due_at=now + timedelta(days=7)
        )
        listed = reviews.show_campaign(context, made.campaign_id)[1]
        number = next(one.review_id for one in listed if one.account == "nora")
    together = Barrier(2)

    def answer(name: str) -> bool:
        try:
            with open_context(staffed.root, user=name, now=now) as context:
                together.wait(timeout=30)
                decision = reviews.Decision.REVOKE if name == "samir" else reviews.Decision.REDUCE
                reviews.decide(context, number, decision)
        except TiffinError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(answer, TWO))

    assert sorted(done) == [False, True]
    with open_context(staffed.root, user="nora", now=now) as context:
        assert len(context.actor.grants) <= 1


@pytest.mark.parametrize("end", ["expired", "revoked"])
def test_no_asset_and_no_mask_is_left_one_second_after_the_end(staffed: Workspace, now: datetime, end: str) -> None:
    last = now + timedelta(days=3)
    with open_context(staffed.root, now=now) as context:
        terms = service.Terms("tests", last if end == "expired" else last + timedelta(days=30))
        limits = Limits(opens=("none",), masked=("personal",), assets=("metric:orders",))
        made = service.grant(context, "nora", Role.VIEWER, countries=["SA"], limits=limits, terms=terms)
    with open_context(staffed.root, user="nora", now=last - timedelta(seconds=1)) as context:
        assert [one.assets for one in context.actor.asset_grants] == [("metric:orders",)]
        assert ground_for(context, BY_RIDER, library_of(staffed)).masks.keys() == {"rider_id"}
    if end == "revoked":
        with open_context(staffed.root, now=last) as context:
            service.revoke(context, made.grant_id)

    with open_context(staffed.root, user="nora", now=last + timedelta(seconds=1)) as context:
        assert context.actor.asset_grants == ()
        with pytest.raises(Forbidden):
            ground_for(context, BY_RIDER, library_of(staffed))


@pytest.mark.parametrize("end", ["expired", "revoked"])
def test_nothing_is_open_one_second_after_the_end(staffed: Workspace, now: datetime, end: str) -> None:
    wanted = Ask(Grant(Role.VIEWER, ("SA",), (), opens=()), "Weekly review", 10)
    with open_context(staffed.root, user="nora", now=now) as context:
        number = requests.ask_for(context, wanted).request_id
    with open_context(staffed.root, user="samir", now=now) as context:
        requests.approve(context, number)
    last = now + timedelta(days=10)
    if end == "revoked":
        last = now + timedelta(days=3)
        with open_context(staffed.root, now=last) as context:
            service.revoke(context, service.find_account(context, "nora").grants[-1].grant_id)

    for moment, sees in ((last - timedelta(seconds=1), end == "expired"), (last + timedelta(seconds=1), False)):
        with open_context(staffed.root, user="nora", now=moment) as context:
            assert context.actor.may_see_city(country="SA", city_id="riyadh") is sees


@pytest.mark.parametrize("agrees", [True, False])
def test_two_who_decide_on_a_mask_at_once_decide_once(staffed: Workspace, now: datetime, *, agrees: bool) -> None:
    key = RuleKey(Role.ANALYST, Classification.PERSONAL, Shape.TEXT)
    with open_context(staffed.root, now=now) as context:
        number = masks.propose(context, key, "last_four", reason="Who calls back compares").number
    together = Barrier(2)

    def decide(name: str) -> bool:
        try:
            with open_context(staffed.root, user=name, now=now) as context:
                together.wait(timeout=30)
                masks.decide(context, number, agrees=agrees or name == TWO[0])
        except TiffinError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(decide, TWO))

    assert sorted(done) == [False, True]
    with open_context(staffed.root, now=now) as context:
        held = masks.mask_rules(context)[key.role, key.kind][key.shape].text
    assert held == ("last_four" if agrees or done[0] else "hash")
