"""Grants are answered for again and again; what nobody answers for ends on its day."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest

from tiffin.capabilities.access import service
from tiffin.capabilities.access.service import reviews
from tiffin.capabilities.access.service.reviews import Decision
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

Acting = Callable[..., AbstractContextManager[Context]]
WEEK = timedelta(days=7)


@pytest.fixture
def campaign(acting: Acting, nora: str, now: datetime) -> int:
    """A campaign over Saudi Arabia that Samir answers; Nora, Omar and Samir hold grants there, Ada elsewhere."""
    with acting() as context:
        for name, role, countries in (
            ("omar", Role.CITY_MANAGER, ["SA"]),
            ("samir", Role.STEWARD, ["*"]),
            ("ada", Role.VIEWER, ["AE"]),
        ):
            service.add_account(context, name)
            service.grant(context, name, role, countries=countries, terms=service.Terms("tests"))
        made = reviews.start_campaign(
            context, "Spring", countries=["SA"], cities=[], reviewer="samir", due_at=now + WEEK
        )
    assert (made.total, made.answered, nora) == (3, 0, "nora")
    return made.campaign_id


def number_of(acting: Acting, campaign: int, name: str) -> int:
    with acting(user="samir") as context:
        return next(one.review_id for one in reviews.show_campaign(context, campaign)[1] if one.account == name)


def holds(acting: Acting, name: str, now: datetime) -> bool:
    with acting(user=name, now=now) as context:
        return context.actor.may_see_city(country="SA", city_id="riyadh")


def test_what_nobody_answers_for_ends_on_the_day_and_the_rest_goes_on(
    acting: Acting, campaign: int, now: datetime
) -> None:
    with acting(user="samir") as context:
        kept = reviews.decide(context, number_of(acting, campaign, "nora"), Decision.KEEP, reason="Still reports")
    assert kept.decision == "keep"

    assert [holds(acting, name, now + WEEK - timedelta(seconds=1)) for name in ("nora", "omar")] == [True, True]
    assert [holds(acting, name, now + WEEK) for name in ("nora", "omar")] == [True, False]
    with acting(user="samir", now=now + WEEK) as context:
        pass
    with acting(now=now + WEEK) as context:
        shown, views = reviews.show_campaign(context, campaign)
    assert (shown.is_over, shown.answered) == (True, 1)
    assert {one.account: one.decision for one in views}["omar"] == reviews.UNANSWERED
    with acting(user="ada", now=now + WEEK) as context:
        assert context.actor.may_see_city(country="AE", city_id="dubai")


def test_a_grant_that_is_revoked_or_reduced_is_so_at_once(acting: Acting, campaign: int, now: datetime) -> None:
    with acting(user="samir") as context:
        reviews.decide(context, number_of(acting, campaign, "nora"), Decision.REVOKE)
    with acting(user="samir") as context:
        number = number_of(acting, campaign, "omar")
        reviews.decide(context, number, Decision.REDUCE, opens=[Classification.CONFIDENTIAL])

    assert not holds(acting, "nora", now)
    with acting(user="omar") as context:
        assert [(one.role, one.opened) for one in context.actor.grants] == [
            (Role.VIEWER, (Classification.CONFIDENTIAL,))
        ]


def test_a_grant_is_answered_for_once_and_never_by_its_holder(acting: Acting, campaign: int) -> None:
    nora, samir = number_of(acting, campaign, "nora"), number_of(acting, campaign, "samir")
    with acting(user="samir") as context:
        reviews.decide(context, nora, Decision.KEEP)

    with pytest.raises(Conflict), acting() as context:
        reviews.decide(context, nora, Decision.REVOKE)
    with pytest.raises(Forbidden), acting(user="samir") as context:
        reviews.decide(context, samir, Decision.KEEP)
    with pytest.raises(NotFound), acting(user="omar") as context:
        reviews.decide(context, nora, Decision.REVOKE)
    with acting() as context:
        assert reviews.decide(context, samir, Decision.KEEP).decision == "keep"


def test_an_answer_that_comes_too_late_changes_nothing(acting: Acting, campaign: int, now: datetime) -> None:
    number = number_of(acting, campaign, "nora")

    with pytest.raises(Conflict, match="over"), acting(now=now + WEEK) as context:
        reviews.decide(context, number, Decision.KEEP)
    assert not holds(acting, "nora", now + WEEK)


def test_a_reduction_that_leaves_all_is_refused(acting: Acting, campaign: int) -> None:
    with acting() as context:
        service.grant(context, "ada", Role.VIEWER, countries=["KW"], terms=service.Terms("tests"))
        due = context.now + WEEK
        made = reviews.start_campaign(context, "K", countries=["KW"], cities=[], reviewer="samir", due_at=due)
        number = reviews.show_campaign(context, made.campaign_id)[1][0].review_id
    assert campaign != made.campaign_id

    with pytest.raises(InvalidData), acting(user="samir") as context:
        reviews.decide(context, number, Decision.REDUCE)


def test_a_grant_is_in_one_open_campaign_at_a_time(acting: Acting, campaign: int, now: datetime) -> None:
    with pytest.raises(Conflict, match="a campaign has it already"), acting() as context:
        reviews.start_campaign(
            context, "Again", countries=["SA"], cities=[], reviewer="samir", due_at=now + timedelta(days=1)
        )
    with acting(user="samir") as context:
        assert [one.campaign_id for one in reviews.list_campaigns(context)] == [campaign]


def test_the_owner_renews_his_own_grant_at_the_machine_even_when_it_has_ended(
    workspace: Workspace, acting: Acting, now: datetime
) -> None:
    with acting() as context:
        assert context.actor.has_role(Role.ADMIN)
    late = now + timedelta(days=400)
    with open_context(workspace.root, now=late) as context:
        assert context.actor.grants == ()
        reviews.renew_owner(context)

    with open_context(workspace.root, now=late) as context:
        assert context.actor.has_role(Role.ADMIN)
