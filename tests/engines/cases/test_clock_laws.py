"""A clock agrees with a slow walk along the hours: weekends, holidays, Ramadan, pauses, clocks that change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.cases.checking import faults_of
from tiffin.engines.cases.clocks import due_at, due_times
from tiffin.engines.cases.declaration import CaseType, Clock, State, Transition
from tiffin.engines.cases.folding import Event, Pause, fold
from tiffin.engines.cases.office import OfficeHours

HOUR = timedelta(hours=1)
FASTING = {date(2026, 2, 18) + timedelta(days=n): (time(10), time(16)) for n in range(30)}
RIYADH = OfficeHours("Asia/Riyadh", weekend=(5, 6), closed_on=frozenset({date(2026, 2, 22)}), other_hours=FASTING)
HELSINKI = OfficeHours("Europe/Helsinki", opens=time(1), closes=time(9), closed_on=frozenset({date(2026, 4, 6)}))
SAO_PAULO = OfficeHours("America/Sao_Paulo")
PLACES = (RIYADH, HELSINKI, SAO_PAULO)
LODGED = datetime(2026, 3, 24, 9, tzinfo=UTC)

starts = st.integers(0, 24 * 60).map(lambda hours: datetime(2026, 2, 10, tzinfo=UTC) + hours * HOUR)
spans = st.lists(st.tuples(st.integers(0, 80), st.integers(1, 40)), max_size=3)


def pauses_after(start: datetime, drawn: list[tuple[int, int]]) -> tuple[Pause, ...]:
    found, at = [], start
    for waited, stood in drawn:
        found.append(Pause(at + waited * HOUR, at + (waited + stood) * HOUR))
        at = found[-1].ends or at
    return tuple(found)


def is_open(place: OfficeHours, instant: datetime) -> bool:
    local = instant.astimezone(ZoneInfo(place.timezone))
    opens, closes = place.other_hours.get(local.date(), (place.opens, place.closes))
    return place.is_working_day(local.date()) and opens.hour <= local.hour < closes.hour


def stands_still(pauses: tuple[Pause, ...], instant: datetime) -> bool:
    return any(one.begins <= instant < (one.ends or instant) for one in pauses)


def hours_walked(start: datetime, clock: Clock, place: OfficeHours, pauses: tuple[Pause, ...]) -> datetime:
    """Count one hour after the other, as a person with a calendar would."""
    at, left = start, clock.hours
    while True:
        if not stands_still(pauses, at) and (not clock.in_business_hours or is_open(place, at)):
            left -= 1
        at += HOUR
        if left == 0:
            return at


def days_walked(start: datetime, clock: Clock, place: OfficeHours) -> datetime:
    """Count one hour of the wall's clock after the other; hours of days without work count for nothing."""
    shown = start.astimezone(ZoneInfo(place.timezone)).replace(tzinfo=None)
    left = 24 * clock.days
    while left:
        left -= not clock.in_business_hours or place.is_working_day(shown.date())
        shown += HOUR
    zone = ZoneInfo(place.timezone)
    return max(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


@given(start=starts, hours=st.integers(1, 60), place=st.sampled_from(PLACES), is_business=st.booleans(), drawn=spans)
@settings(max_examples=150, deadline=None)
def test_a_clock_of_hours_agrees_with_a_walk_along_the_hours(
    start: datetime, hours: int, place: OfficeHours, *, is_business: bool, drawn: list[tuple[int, int]]
) -> None:
    clock, pauses = Clock("answer", ("open",), hours, in_business_hours=is_business), pauses_after(start, drawn)

    assert due_at(start, clock, place, pauses) == hours_walked(start, clock, place, pauses)


@given(start=starts, days=st.integers(1, 30), place=st.sampled_from(PLACES), is_business=st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_clock_of_days_agrees_with_a_walk_along_the_walls_clock(
    start: datetime, days: int, place: OfficeHours, *, is_business: bool
) -> None:
    clock = Clock("appeal", ("open",), days=days, in_business_hours=is_business)

    assert due_at(start, clock, place) == days_walked(start, clock, place)


@given(
    first=starts,
    other=starts,
    place=st.sampled_from(PLACES),
    in_days=st.booleans(),
    is_business=st.booleans(),
    drawn=spans,
)
@settings(max_examples=150, deadline=None)
def test_whoever_starts_later_is_never_due_earlier_and_a_pause_never_shortens(
    first: datetime,
    other: datetime,
    place: OfficeHours,
    drawn: list[tuple[int, int]],
    *,
    in_days: bool,
    is_business: bool,
) -> None:
    clock = Clock("c", ("open",), 0 if in_days else 9, is_business, 4 if in_days else 0)
    early, late = sorted((first, other))

    assert due_at(early, clock, place) <= due_at(late, clock, place)
    assert due_at(early, clock, place) <= due_at(early, clock, place, pauses_after(early, drawn))


@pytest.mark.parametrize(
    ("place", "start", "days", "is_business", "due"),
    [
        # Ten days after a Monday noon in Helsinki the clocks have gone forward: noon again, an hour earlier in UTC.
        (HELSINKI, datetime(2026, 3, 23, 10, tzinfo=UTC), 10, False, datetime(2026, 4, 2, 9, tzinfo=UTC)),
        # Half past three does not exist on the day of the change: the end is the later of what could be meant.
        (HELSINKI, datetime(2026, 3, 28, 1, 30, tzinfo=UTC), 1, False, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # Two working days from a Thursday in Riyadh, over the weekend and a holiday on Sunday.
        (RIYADH, datetime(2026, 2, 19, 12, tzinfo=UTC), 2, True, datetime(2026, 2, 24, 12, tzinfo=UTC)),
        # What comes on a Friday has all of the next working day.
        (RIYADH, datetime(2026, 2, 13, 12, tzinfo=UTC), 1, True, datetime(2026, 2, 15, 21, tzinfo=UTC)),
    ],
)
def test_days_end_at_the_same_time_of_the_walls_clock(
    place: OfficeHours, start: datetime, days: int, *, is_business: bool, due: datetime
) -> None:
    assert due_at(start, Clock("appeal", ("open",), days=days, in_business_hours=is_business), place) == due


ASKING = CaseType(
    "asking",
    "open",
    (State("open"), State("asked"), State("done", is_closed=True)),
    (
        Transition("ask", ("open",), "asked", frozenset({"reviewer"})),
        Transition("hear", ("asked",), "open", frozenset({"party"})),
        Transition("decide", ("open",), "done", frozenset({"reviewer"})),
        Transition("lapse", ("open",), "done", frozenset()),
        Transition("reopen", ("done",), "open", frozenset({"reviewer"})),
    ),
    (Clock("decision", ("open", "asked"), days=15, in_business_hours=False, paused_in=("asked",), on_expiry="lapse"),),
)


def asked(*steps: tuple[int, str]) -> list[Event]:
    events = [Event(1, LODGED, "platform", "opened", is_platform=True)]
    for days, action in steps:
        events.append(Event(len(events) + 1, LODGED + timedelta(days=days), "rena", action))
    return events


def test_time_stands_still_while_an_answer_is_awaited_and_goes_on_afterwards() -> None:
    assert faults_of(ASKING) == ()
    waiting = fold(ASKING, asked((3, "ask")))
    heard = fold(ASKING, asked((3, "ask"), (10, "hear")))

    assert waiting.is_paused("decision")
    assert due_times(ASKING, waiting, HELSINKI) == {}
    assert heard.pauses == {"decision": (Pause(LODGED + timedelta(days=3), LODGED + timedelta(days=10)),)}
    assert due_times(ASKING, heard, HELSINKI) == {"decision": LODGED + timedelta(days=22)}


def test_a_clock_that_starts_anew_forgets_its_pauses() -> None:
    found = fold(ASKING, asked((3, "ask"), (10, "hear"), (11, "decide"), (40, "reopen")))

    assert found.pauses == {}
    assert found.entered_at == {"decision": LODGED + timedelta(days=40)}


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        (Clock("c", ("open",), 4, paused_in=("asked",)), "where it does not run"),
        (Clock("c", ("open",), 4, paused_in=("open",)), "wherever it runs"),
        (Clock("c", ("open",), 4, on_expiry="hear"), "cannot be taken"),
        (Clock("c", ("open",), 4, on_expiry="decide"), "for people"),
    ],
)
def test_a_clock_that_could_never_do_what_it_says_is_told(clock: Clock, told: str) -> None:
    faulty = CaseType(ASKING.name, ASKING.first, ASKING.states, ASKING.transitions, (clock,))

    assert any(told in fault for fault in faults_of(faulty))
