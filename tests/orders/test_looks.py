"""How long somebody works on a case is what his browser can have seen, and is kept with what he decided."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.orders.conftest import NOW, Entering

from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.service import act_as, act_for_platform, open_case
from tiffin.capabilities.orders.domain.minutes import LEAST_CASES, SLACK_S, Handled, credited_s, minutes_rows
from tiffin.capabilities.orders.models.looks import Look
from tiffin.capabilities.orders.service.looks import hear, minutes_a_case, open_look, recent_looks, settle_looks
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.runtime.actor import Role

DAY = date(2026, 3, 3)


def a_waiting_case(entering: Entering, key: str, **changes: Any) -> int:
    """Open a case about the order and let it wait for a person."""
    stated: Mapping[str, Any] = {"country": "SA", "city_id": "riyadh", "subject": "o-1"} | changes
    with entering() as context:
        made = open_case(context, NewCase("delivery_incident", key, "An order went wrong", **stated))
        act_for_platform(context, made.case_id, "ask", {})
        return made.case_id


def a_look(entering: Entering, case_id: int | None, *, active_s: int, name: str = "ana", after_min: float = 0) -> int:
    """Open the file and work on it for some seconds."""
    opened = NOW + timedelta(minutes=after_min)
    with entering(name, now=opened) as context:
        look = open_look(context, "riyadh", "SA", "o-1", case_id)
    with entering(name, now=opened + timedelta(seconds=active_s)) as context:
        hear(context, look, active_s)
    return look


def decide(entering: Entering, case_id: int, *, name: str = "ana", after_min: float) -> None:
    with entering(name, now=NOW + timedelta(minutes=after_min)) as context:
        act_as(context, case_id, "decide", {"option": "rider"}, role="adjudicator")
        settle_looks(context)


def kept(entering: Entering, look: int) -> tuple[str | None, int | None]:
    with entering() as context:
        row = context.session.get_one(Look, look)
        return row.decision, row.handling_s


def test_a_decision_is_kept_with_the_seconds_that_were_worked_on_the_case(entering: Entering) -> None:
    case = a_waiting_case(entering, "a")
    a_look(entering, case, active_s=40)
    last = a_look(entering, case, active_s=25, after_min=30)

    decide(entering, case, after_min=31)

    assert kept(entering, last) == ("decide", 65)


def test_another_persons_decision_is_not_ones_own(entering: Entering) -> None:
    case = a_waiting_case(entering, "b")
    look = a_look(entering, case, active_s=40)

    decide(entering, case, name="omar", after_min=2)
    with entering(now=NOW + timedelta(minutes=3)) as context:
        settle_looks(context)

    assert kept(entering, look) == (None, None)


def test_where_no_script_ran_no_minutes_are_claimed(entering: Entering) -> None:
    case = a_waiting_case(entering, "c")
    with entering() as context:
        look = open_look(context, "riyadh", "SA", "o-1", case)

    decide(entering, case, after_min=7)

    assert kept(entering, look) == ("decide", None)


def test_a_case_of_another_place_is_not_measured_with_the_order(entering: Entering) -> None:
    case = a_waiting_case(entering, "d", country="AE", city_id="dubai")
    look = a_look(entering, case, active_s=10)

    with entering() as context:
        assert context.session.get_one(Look, look).case_id is None


def test_nobody_adds_to_somebody_elses_look(entering: Entering) -> None:
    look = a_look(entering, None, active_s=10)

    with entering("omar") as context, pytest.raises(NotFound):
        hear(context, look, 10)


def test_the_files_that_somebody_opened_last_are_listed_once_each_while_they_are_open_to_him(
    entering: Entering,
) -> None:
    for minute in (0, 1):
        a_look(entering, None, active_s=1, name="lina", after_min=minute)

    with entering("lina") as context:
        assert [(one.city_id, one.order_id) for one in recent_looks(context)] == [("riyadh", "o-1")]
    with entering("lina", countries=("AE",)) as context:
        assert recent_looks(context) == ()


def test_medians_are_for_managers_of_customer_experience_over_their_places(entering: Entering) -> None:
    case = a_waiting_case(entering, "e")
    a_look(entering, case, active_s=60, name="mona")
    decide(entering, case, name="mona", after_min=2)

    with entering(role=Role.EXPERIENCE_MANAGER) as context:
        assert "mona" in {one.person for one in minutes_a_case(context, DAY, DAY)}
    with entering(role=Role.EXPERIENCE_MANAGER, countries=("AE",)) as context:
        assert minutes_a_case(context, DAY, DAY) == ()
    with entering(role=Role.ADJUDICATOR) as context, pytest.raises(Forbidden):
        minutes_a_case(context, DAY, DAY)


@given(st.lists(st.integers(-10, 10_000), max_size=30), st.floats(0, 3600))
def test_no_more_is_credited_than_went_by(claims: list[int], each_s: float) -> None:
    credited = sum(credited_s(one, each_s) for one in claims)

    assert 0 <= credited <= len(claims) * (each_s + SLACK_S)


@given(st.integers(1, 3 * LEAST_CASES))
def test_a_median_is_told_of_enough_cases_only(cases: int) -> None:
    (everybody, own) = minutes_rows(Handled("ana", "delivery_incident", 60) for _ in range(cases))

    assert (everybody.person, own.person, everybody.cases) == (None, "ana", cases)
    assert everybody.median_min == (1.0 if cases >= LEAST_CASES else None)
