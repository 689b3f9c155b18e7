"""Access is asked for, decided by somebody else on the least that does it, and ends by itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.requesting import Ask, Level
from tiffin.capabilities.access.service import requests
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.context import Context

Acting = Callable[..., AbstractContextManager[Context]]

MONEY = (Classification.CONFIDENTIAL,)
PEOPLE = (Classification.CONFIDENTIAL, Classification.PERSONAL)
SIMPLE = Ask(Grant(Role.VIEWER, ("AE",), (), opens=()), "Weekly review of Dubai", 30)
ABOUT_PEOPLE = Ask(Grant(Role.VIEWER, (), ("riyadh",), opens=PEOPLE), "Riders who fell ill", 30)


@pytest.fixture
def staff(acting: Acting, nora: str) -> str:
    """Beside Nora, who analyses Saudi Arabia: a steward of the Emirates, two of everywhere, and a plain viewer."""
    with acting() as context:
        for name, role, places in (
            ("sara", Role.STEWARD, ["AE"]),
            ("samir", Role.STEWARD, ["*"]),
            ("salma", Role.STEWARD, ["*"]),
            ("vic", Role.VIEWER, ["*"]),
        ):
            service.add_account(context, name)
            service.grant(context, name, role, countries=places, terms=service.Terms("tests"))
    return nora


def ask(acting: Acting, wanted: Ask, name: str = "nora") -> int:
    with acting(user=name) as context:
        return requests.ask_for(context, wanted).request_id


def may(acting: Acting, country: str, city: str, *, now: datetime) -> bool:
    with acting(user="nora", now=now) as context:
        return context.actor.may_see_city(country=country, city_id=city)


def test_a_standard_request_takes_two_steps_from_ask_to_grant(acting: Acting, staff: str, now: datetime) -> None:
    number = ask(acting, SIMPLE)
    assert not may(acting, "AE", "dubai", now=now)
    with acting(user="sara") as context:
        assert [one.request_id for one in requests.waiting_requests(context)] == [number]
        assert requests.approve(context, number).state == "granted"

    assert may(acting, "AE", "dubai", now=now)
    with acting() as context:
        given = service.find_account(context, staff).grants[-1]
    assert (given.purpose, given.owner, given.source) == ("Weekly review of Dubai", "sara", f"request:{number}")
    assert given.expires_at == now + timedelta(days=30)


def test_a_granted_request_shows_nothing_once_it_has_expired(acting: Acting, staff: str, now: datetime) -> None:
    number = ask(acting, SIMPLE)
    with acting(user="sara") as context:
        requests.approve(context, number)

    assert staff == "nora"
    assert may(acting, "AE", "dubai", now=now + timedelta(days=30, seconds=-1))
    assert not may(acting, "AE", "dubai", now=now + timedelta(days=30))


@pytest.mark.parametrize("who", ["nora", "vic"])
def test_neither_the_requester_nor_somebody_without_the_say_decides(acting: Acting, staff: str, who: str) -> None:
    number = ask(acting, SIMPLE, staff)

    with acting(user=who) as context:
        assert requests.waiting_requests(context) == ()
    with pytest.raises((Forbidden, NotFound)), acting(user=who) as context:
        requests.approve(context, number)
    with acting(user="sara") as context:
        assert requests.show_request(context, number).state == "asked"


def test_a_steward_of_elsewhere_neither_sees_nor_decides(acting: Acting, staff: str) -> None:
    number = ask(acting, replace(SIMPLE, grant=Grant(Role.VIEWER, ("SA",), (), opens=())), staff)

    with pytest.raises(NotFound), acting(user="sara") as context:
        requests.approve(context, number)


def test_what_tells_of_people_takes_two_who_decide(acting: Acting, staff: str) -> None:
    number = ask(acting, ABOUT_PEOPLE, staff)
    with acting(user="samir") as context:
        assert requests.approve(context, number).state == "half_agreed"
    with acting(user="samir") as context:
        assert not requests.show_request(context, number).may_decide
    with acting() as context:
        assert len(service.find_account(context, staff).grants) == 1
    with pytest.raises(Forbidden, match="second person"), acting(user="samir") as context:
        requests.approve(context, number)

    with acting(user="salma") as context:
        assert requests.approve(context, number).state == "granted"
    with acting() as context:
        assert service.find_account(context, staff).grants[-1].opens == PEOPLE


def test_the_second_person_agrees_to_what_the_first_left_of_it(acting: Acting, staff: str) -> None:
    number = ask(acting, ABOUT_PEOPLE, staff)
    with acting(user="samir") as context:
        requests.approve(context, number, replace(ABOUT_PEOPLE, days=7))

    with pytest.raises(InvalidData, match="within"), acting(user="salma") as context:
        requests.approve(context, number, ABOUT_PEOPLE)
    with acting(user="salma") as context:
        given = requests.approve(context, number).given
    assert given
    assert given.days == 7


def test_less_than_asked_can_be_given_and_more_cannot(acting: Acting, staff: str) -> None:
    number = ask(acting, replace(SIMPLE, grant=Grant(Role.ANALYST, ("AE",), (), opens=MONEY)), staff)
    less = replace(SIMPLE, grant=Grant(Role.VIEWER, ("AE",), (), opens=(), minimum_size=5), days=10)
    for more in (
        replace(less, grant=Grant(Role.CITY_MANAGER, ("AE",), (), opens=())),
        replace(less, grant=Grant(Role.VIEWER, ("AE", "SA"), (), opens=())),
        replace(less, grant=Grant(Role.VIEWER, ("AE",), (), opens=PEOPLE)),
        replace(less, days=31),
    ):
        with pytest.raises(InvalidData), acting(user="samir") as context:
            requests.approve(context, number, more)

    with acting(user="samir") as context:
        requests.approve(context, number, less)
    with acting() as context:
        given = service.find_account(context, staff).grants[-1]
    assert (given.role, given.opens, given.minimum_size) == ("viewer", (), 5)


def test_a_refusal_says_why_and_can_be_asked_again(acting: Acting, staff: str) -> None:
    number = ask(acting, SIMPLE, staff)
    with pytest.raises(Conflict, match="asked for this already"):
        ask(acting, SIMPLE, staff)
    with acting(user="sara") as context:
        requests.refuse(context, number, "Not your team's work")

    with acting(user=staff) as context:
        assert [(one.state, one.reason) for one in requests.my_requests(context)] == [
            ("refused", "Not your team's work")
        ]
    again = ask(acting, SIMPLE, staff)
    with acting(user=staff) as context:
        assert requests.withdraw(context, again).state == "withdrawn"
    with pytest.raises(Conflict), acting(user="sara") as context:
        requests.approve(context, again)


def test_the_decider_sees_the_least_that_does_it_and_the_risk(acting: Acting, staff: str) -> None:
    wide = Ask(Grant(Role.ANALYST, ("*",), (), opens=PEOPLE), "Find out why orders are late", 180, "table:cities")
    number = ask(acting, wide, staff)

    with acting(user="samir") as context:
        told = requests.assess(context, number)
    assert told.risk.level is Level.HIGH
    assert any("every country" in reason for reason in told.risk.reasons)
    assert (told.least.grant.role, told.least.grant.opened) == (Role.VIEWER, ())
    assert not told.is_least
    assert [held.countries for held in told.held] == [("SA",)]


def test_what_a_grant_opens_already_is_told(acting: Acting, staff: str) -> None:
    number = ask(acting, Ask(Grant(Role.VIEWER, ("SA",), (), opens=MONEY), "The same again", 10), staff)

    with acting(user="samir") as context:
        assert requests.assess(context, number).is_open_already


@pytest.mark.parametrize(
    "impossible",
    [
        replace(SIMPLE, purpose=" "),
        replace(SIMPLE, days=0),
        replace(SIMPLE, days=1000),
        replace(SIMPLE, grant=Grant(Role.VIEWER, (), ())),
        replace(SIMPLE, grant=Grant(Role.ADMIN, ("AE",), ())),
        replace(SIMPLE, grant=Grant(Role.STEWARD, ("AE",), (), minimum_size=5)),
    ],
)
def test_what_cannot_be_granted_cannot_be_asked_for(acting: Acting, staff: str, impossible: Ask) -> None:
    with pytest.raises(InvalidData):
        ask(acting, impossible, staff)
