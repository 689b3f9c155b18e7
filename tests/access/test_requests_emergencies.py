"""An emergency opens at once, tells who answers, is audited, ends by itself and is looked at by somebody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest

from tiffin.capabilities.access import service
from tiffin.capabilities.access.service import emergencies
from tiffin.capabilities.scorecards.service.outbox import list_outbox
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

Acting = Callable[..., AbstractContextManager[Context]]


@pytest.fixture
def opened(acting: Acting, nora: str) -> int:
    """Nora, an analyst of Saudi Arabia, has opened the Emirates for two hours; Sara answers for them."""
    with acting() as context:
        for name, role, places in (("sara", Role.STEWARD, ["AE"]), ("vic", Role.VIEWER, ["*"])):
            service.add_account(context, name)
            service.grant(context, name, role, countries=places, terms=service.Terms("tests"))
    with acting(user=nora) as context:
        made = emergencies.open_emergency(context, reason="Payments fail in Dubai", countries=["AE"], hours=2)
    return made.emergency_id


def test_it_opens_at_once_and_shows_nothing_after_its_hours(acting: Acting, opened: int, now: datetime) -> None:
    assert opened
    for after, sees in ((timedelta(0), True), (timedelta(hours=2, seconds=-1), True), (timedelta(hours=2), False)):
        with acting(user="nora", now=now + after) as context:
            assert context.actor.may_see_city(country="AE", city_id="dubai") is sees


def test_everybody_who_answers_for_the_place_is_told_and_nobody_else(acting: Acting, opened: int) -> None:
    with acting(user="nora") as context:
        told = emergencies.show_emergency(context, opened).told
        owner = service.find_account(context, "nora").name
    assert "sara" in told
    assert not {"vic", owner} & {*told}
    with acting(user="sara") as context:
        assert [one.kind for one in list_outbox(context)] == ["emergency"]
        assert [one.emergency_id for one in emergencies.list_emergencies(context)] == [opened]


def test_what_is_seen_meanwhile_is_on_the_audit_trail(acting: Acting, opened: int, now: datetime) -> None:
    with acting(user="nora"):
        pass
    with acting(user="nora", now=now + timedelta(hours=3)):
        pass

    with acting() as context:
        found = service.list_audit(context, actor="nora", action="emergency_used")
    assert [entry.details["emergency"] for entry in found] == [opened]


def test_it_is_looked_at_once_by_somebody_else(acting: Acting, opened: int) -> None:
    with pytest.raises(Forbidden), acting(user="nora") as context:
        emergencies.review_emergency(context, opened, is_justified=True, reason="I say so")
    with pytest.raises(NotFound), acting(user="vic") as context:
        emergencies.review_emergency(context, opened, is_justified=True, reason="Fine")
    with pytest.raises(WrongUse), acting(user="sara") as context:
        emergencies.review_emergency(context, opened, is_justified=True, reason=" ")
    with acting(user="sara") as context:
        done = emergencies.review_emergency(context, opened, is_justified=True, reason="The outage was real")
    assert (done.finding, done.reviewed_by) == ("justified", "sara")
    with pytest.raises(Conflict), acting() as context:
        emergencies.review_emergency(context, opened, is_justified=False, reason="Too late")


def test_an_unjustified_one_ends_when_that_is_said(acting: Acting, opened: int) -> None:
    with acting(user="sara") as context:
        emergencies.review_emergency(context, opened, is_justified=False, reason="There was no outage")

    with acting(user="nora") as context:
        assert not context.actor.may_see_city(country="AE", city_id="dubai")


def test_it_can_be_given_back_before_its_end(acting: Acting, opened: int) -> None:
    with acting(user="nora") as context:
        assert emergencies.end_emergency(context, opened).grant.state == "revoked"
    with acting(user="nora") as context:
        assert not context.actor.may_see_city(country="AE", city_id="dubai")


def test_only_who_is_entitled_opens_and_not_for_long(acting: Acting, opened: int) -> None:
    assert opened
    with pytest.raises(Forbidden), acting(user="vic") as context:
        emergencies.open_emergency(context, reason="I am curious", countries=["SA"])
    for wrong in ({"hours": 5.0}, {"hours": 0.0}, {"countries": []}):
        with pytest.raises(InvalidData), acting(user="nora") as context:
            emergencies.open_emergency(context, **({"reason": "Payments fail", "countries": ["AE"]} | wrong))
