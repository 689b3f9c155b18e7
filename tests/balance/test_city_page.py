"""What is kept of a day, what is like it, and what of it becomes a case."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.domain.daybook import Daybook
from tiffin.capabilities.balance.models.strategies import ProposalRecord, StrategyRecord
from tiffin.capabilities.balance.service.miss_cases import keep_and_watch, open_miss_case
from tiffin.capabilities.balance.service.similar import similar_days
from tiffin.capabilities.balance.service.similar_keeping import kept_episodes_of
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import CaseFilter, NewCase
from tiffin.kernel.errors import Forbidden
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

CITY, DAY = "dubai", date(2026, 2, 25)
MISSES = CaseFilter(case_type="supply_miss", is_closed=None)
Entering = Callable[..., AbstractContextManager[Context]]


@pytest.fixture
def context(simulated: Workspace, entering: Entering) -> Iterator[Context]:
    """A unit of work in the simulated workspace, undone afterwards."""
    with pytest.raises(ZeroDivisionError), entering(simulated) as found:  # noqa: PT012 - whatever is written is undone
        yield found
        raise ZeroDivisionError


@pytest.fixture(scope="module")
def book(simulated: Workspace, entering: Entering) -> Daybook:
    with entering(simulated) as found:
        return service.daybook(found, CITY, DAY)


def earlier(book: Daybook, days: int) -> Daybook:
    """The same misses some days before."""
    return replace(book, day=book.day - timedelta(days=days))


def test_a_day_is_kept_as_it_was_told_last(context: Context, book: Daybook) -> None:
    days = service.days_of(context, CITY)
    keep_and_watch(context, book, days)
    keep_and_watch(context, replace(book, episodes=book.episodes[:1]), days)

    kept = kept_episodes_of(context, CITY, DAY)

    assert [row.first_cause for row in kept] == [book.episodes[0].first_cause]
    assert kept[0].zone_ids == list(book.episodes[0].zones)


def test_the_same_miss_of_an_earlier_day_is_the_most_similar(context: Context, book: Daybook) -> None:
    days = service.days_of(context, CITY)
    keep_and_watch(context, earlier(book, 7), days)
    keep_and_watch(context, replace(earlier(book, 6), episodes=()), days)

    found = similar_days(context, book, days, service.list_cities(context))

    first = found.episodes[0].here[0]
    assert first.similar.traits.day == DAY - timedelta(days=7)
    assert first.similar.alike > 0.99
    assert first.after.days == (DAY - timedelta(days=6),)
    assert first.after.missed_on == ()
    assert found.kept == 2


def test_days_of_a_city_out_of_sight_are_not_told(context: Context, book: Daybook) -> None:
    days = service.days_of(context, CITY)
    elsewhere = replace(earlier(book, 7), city=replace(book.city, city_id="doha", country="QA"))
    keep_and_watch(context, elsewhere, service.days_of(context, "doha"))

    seen = similar_days(context, book, days, service.list_cities(context))
    only_here = [city for city in service.list_cities(context) if city.city_id == CITY]
    unseen = similar_days(context, book, days, only_here)

    assert [one.city.city_id for one in seen.episodes[0].elsewhere] == ["doha"]
    assert seen.episodes[0].here == ()
    assert unseen.episodes[0].elsewhere == ()


def test_a_large_miss_of_the_last_days_opens_one_case_and_stays_with_it(context: Context, book: Daybook) -> None:
    days = service.days_of(context, CITY)
    until = [one for one in days if one.day <= DAY]
    keep_and_watch(context, book, until)
    again = keep_and_watch(context, book, until)

    found = cases.list_cases(context, MISSES)

    assert [one.case_id for one in found] == [again[0].case_id]
    assert found[0].city_id == CITY
    assert found[0].due_at is not None


def test_a_miss_that_a_strategy_answers_asks_nobody(context: Context, book: Daybook) -> None:
    days = [one for one in service.days_of(context, CITY) if one.day <= DAY]
    place = {"country": "AE", "city_id": CITY, "day": DAY, "episode": 1}  # people count misses from one
    asked = ProposalRecord(
        fingerprint="f", question={}, state="done", done=1, total=1, heard_at=context.now, asked_by="a",
        asked_at=context.now, **place,
    )  # fmt: skip
    context.session.add(asked)
    context.session.flush()
    case = cases.open_case(context, NewCase("strategy", "f", "A strategy", {}, country="AE", city_id=CITY))
    context.session.add(
        StrategyRecord(
            case_id=case.case_id, proposal_id=asked.proposal_id, option="o", state="strategy_agreed", levers=[],
            parameters={}, finding={}, expected={}, owner="a", team="t", first_day=DAY, last_day=DAY,
            created_at=context.now, created_by="a", **place,
        )
    )  # fmt: skip
    context.session.flush()

    keep_and_watch(context, book, days)

    assert cases.list_cases(context, MISSES) == ()


def test_a_miss_long_past_or_small_asks_nobody(context: Context, book: Daybook) -> None:
    days = service.days_of(context, CITY)
    keep_and_watch(context, book, days)
    small = tuple(replace(story, miss_min=500.0) for story in book.episodes)
    keep_and_watch(context, replace(book, episodes=small), [one for one in days if one.day <= DAY])

    assert cases.list_cases(context, MISSES) == ()


def test_a_person_opens_the_case_once_and_closes_it_with_what_was_done(context: Context, book: Daybook) -> None:
    days = service.days_of(context, CITY)
    number = open_miss_case(context, book, days, 0)

    assert open_miss_case(context, book, days, 0) == number
    closed = cases.act(context, number, "answer_miss", {"done": "shifts were filled"})
    assert closed.summary.closed_at is not None
    assert open_miss_case(context, book, days, 0) == number


def test_whoever_handles_no_cases_of_the_city_opens_none(
    simulated: Workspace, entering: Entering, book: Daybook
) -> None:
    viewer = (Grant(Role.VIEWER, (), (CITY,)),)
    with entering(simulated, grants=viewer) as context, pytest.raises(Forbidden):
        open_miss_case(context, book, service.days_of(context, CITY), 0)
