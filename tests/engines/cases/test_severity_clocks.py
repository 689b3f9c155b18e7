"""A deadline follows how bad a case is, and nobody wins time by saying otherwise."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.capabilities.cases.domain.data_incidents import BROKEN_DATA
from tiffin.engines.cases.clocks import Level, due_times
from tiffin.engines.cases.folding import Event, Rating, Standing, fold
from tiffin.engines.cases.office import OfficeHours

MONDAY = datetime(2026, 2, 16, 8, tzinfo=UTC)
RIYADH = OfficeHours("Asia/Riyadh", weekend=(5, 6))
LEVELS = (
    Level("critical", {"answer": 1, "repair": 4}, is_round_the_clock=True),
    Level("major", {"answer": 4, "repair": 8}),
    Level("minor", {"answer": 8, "repair": 24}),
)
ORDER = tuple(one.severity for one in LEVELS)


def standing(first: str, *said: tuple[float, str]) -> Standing:
    events = [Event(1, MONDAY, "platform", "opened", is_platform=True)]
    was = first
    for hours, severity in said:
        values = {"was": was, "severity": severity, "reason": "known better"}
        events.append(Event(len(events) + 1, MONDAY + timedelta(hours=hours), "ana", "rate", values))
        was = severity
    return fold(BROKEN_DATA, events)


def due(first: str, *said: tuple[float, str], clock: str = "repair") -> datetime:
    now = said[-1][1] if said else first
    return due_times(BROKEN_DATA, standing(first, *said), RIYADH, severity=now, levels=LEVELS)[clock]


def test_each_severity_has_hours_of_its_own_and_the_worst_does_not_wait_for_the_office() -> None:
    evening = [Event(1, MONDAY + timedelta(hours=5.5), "platform", "opened", is_platform=True)]  # 16:30 in Riyadh

    found = {
        one: due_times(BROKEN_DATA, fold(BROKEN_DATA, evening), RIYADH, severity=one, levels=LEVELS)["answer"]
        for one in ORDER
    }

    assert found["critical"] == MONDAY + timedelta(hours=6.5)
    assert found["major"] == MONDAY + timedelta(days=1, hours=1.5)  # half an hour, then three and a half from nine
    assert found["minor"] == MONDAY + timedelta(days=1, hours=5.5)


def test_what_becomes_worse_has_the_hours_of_its_new_level_from_then_on() -> None:
    assert due("minor", (2, "critical")) == MONDAY + timedelta(hours=6)


def test_what_becomes_worse_late_is_never_due_later_than_before() -> None:
    before = due("minor", clock="answer")

    assert due("minor", (25.5, "major"), clock="answer") == before


def test_what_becomes_less_bad_has_the_hours_of_its_new_level_from_the_start() -> None:
    assert due("critical", (1, "minor")) == due("minor")


def test_a_case_of_unknown_severity_runs_as_its_sort_was_declared() -> None:
    declared = due_times(BROKEN_DATA, standing("minor"), RIYADH)

    assert due_times(BROKEN_DATA, standing("minor"), RIYADH, severity="dire", levels=LEVELS) == declared


@given(st.sampled_from(ORDER), st.lists(st.tuples(st.floats(0.1, 60), st.sampled_from(ORDER)), max_size=5).map(sorted))
@settings(max_examples=80, deadline=None)
def test_no_history_of_ratings_wins_time_against_the_least_severity_that_it_ever_had(
    first: str, said: Sequence[tuple[float, str]]
) -> None:
    least = max((first, *(severity for _, severity in said)), key=ORDER.index)

    assert due(first, *said) <= due(least)


def test_the_history_of_ratings_tells_who_said_each_from_the_opening_on() -> None:
    found = standing("minor", (2, "major"), (3, "critical"))

    assert found.ratings == (
        Rating(MONDAY, "minor", is_platform=True),
        Rating(MONDAY + timedelta(hours=2), "major", is_platform=False),
        Rating(MONDAY + timedelta(hours=3), "critical", is_platform=False),
    )
    assert found.severity == "critical"
