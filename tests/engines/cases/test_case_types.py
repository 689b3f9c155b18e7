"""Case types as tables: what is wrong with one is told, and every shipped one is sound."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.capabilities.cases.domain.data_incidents import DATA_INCIDENT
from tiffin.capabilities.cases.domain.registry import CASE_TYPES
from tiffin.engines.cases.acting import check_action, offered
from tiffin.engines.cases.checking import faults_of
from tiffin.engines.cases.clocks import due_at, due_times
from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition
from tiffin.engines.cases.folding import Event, Standing, after, begun, fold
from tiffin.engines.cases.office import OfficeHours
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, WrongUse

MONDAY = datetime(2026, 2, 16, 8, tzinfo=UTC)
ALL_ROLES = ("steward", "analyst", "city_manager")


def a_type(**changes: object) -> CaseType:
    sound = CaseType(
        "lost_parcel",
        "open",
        (State("open"), State("checked"), State("closed", is_closed=True)),
        (
            Transition("check", ("open",), "checked", frozenset({"analyst"}), (Field("text"),), assigns=True),
            Transition("close", ("checked",), "closed", frozenset({"steward"}), four_eyes_with="check"),
            Transition("back", ("closed", "checked"), "open", frozenset({"steward"})),
        ),
        (Clock("answer", ("open",), 4),),
    )
    return replace(sound, **changes)  # type: ignore[arg-type]


def opened(at: datetime = MONDAY) -> Event:
    return Event(1, at, "platform", "opened", is_platform=True)


@pytest.mark.parametrize("case_type", CASE_TYPES.values(), ids=lambda one: one.name)
def test_every_shipped_case_type_is_sound(case_type: CaseType) -> None:
    assert faults_of(case_type) == ()


def with_transition(**changes: object) -> Callable[[CaseType], CaseType]:
    def changed(one: CaseType) -> CaseType:
        first = replace(one.transitions[0], **changes)  # type: ignore[arg-type]
        return replace(one, transitions=(first, *one.transitions[1:]))

    return changed


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: replace(one, first="nowhere"), "first state"),
        (lambda one: replace(one, first="closed"), "is closed"),
        (lambda one: replace(one, states=(*one.states, State("open"))), "two states have one name"),
        (with_transition(target="nowhere"), "no state 'nowhere'"),
        (lambda one: replace(one, states=(*one.states, State("forgotten"))), "cannot be reached"),
        (
            lambda one: replace(
                one,
                states=(*one.states, State("swamp")),
                transitions=(*one.transitions, Transition("sink", ("open",), "swamp", frozenset({"steward"}))),
            ),
            "dead end",
        ),
        (lambda one: replace(one, transitions=(*one.transitions, one.transitions[0])), "two things"),
        (with_transition(fields=(Field("text"), Field("text"))), "asked for twice"),
        (with_transition(action="opened"), "no action"),
        (
            lambda one: replace(
                one, transitions=(*one.transitions, Transition("skip", ("open",), "checked", frozenset({"steward"})))
            ),
            "although nobody took check before",
        ),
        (lambda one: replace(one, clocks=(Clock("never", ("closed",), 4),)), "closed state"),
        (lambda one: replace(one, clocks=(Clock("no time", ("open",), 0),)), "above nought"),
        (lambda one: replace(one, clocks=(Clock("lost", ("nowhere",), 1),)), "no state 'nowhere'"),
        (
            lambda one: replace(
                one,
                transitions=(*one.transitions[:1], replace(one.transitions[1], four_eyes_with="sleep")),
            ),
            "is no action",
        ),
    ],
)
def test_a_faulty_declaration_is_told(change: Callable[[CaseType], CaseType], told: str) -> None:
    assert any(told in fault for fault in faults_of(change(a_type())))


def test_the_same_person_does_not_repair_and_confirm() -> None:
    standing = fold(
        DATA_INCIDENT,
        [
            opened(),
            Event(2, MONDAY, "ana", "take"),
            Event(3, MONDAY, "ana", "repair", {"cause": "late_feed", "done": "loaded"}),
        ],
    )

    with pytest.raises(Forbidden, match="second person"):
        check_action(DATA_INCIDENT, standing, "confirm", actor="ana", roles=ALL_ROLES, values={})
    assert "confirm" not in {one.action for one in offered(DATA_INCIDENT, standing, actor="ana", roles=ALL_ROLES)}
    assert (
        check_action(DATA_INCIDENT, standing, "confirm", actor="ben", roles=ALL_ROLES, values={}).target == "resolved"
    )


@pytest.mark.parametrize(
    ("action", "roles", "values", "refusal"),
    [
        ("confirm", ALL_ROLES, {}, Conflict),
        ("dismiss", ("analyst",), {"reason": "noise"}, Forbidden),
        ("dismiss", ("steward",), {}, WrongUse),
        ("note", ("analyst",), {"text": "  "}, WrongUse),
        ("note", ("analyst",), {"text": "seen", "colour": "red"}, WrongUse),
        ("seen_again", ("steward",), {}, Forbidden),
    ],
)
def test_what_may_not_be_done_is_refused(
    action: str, roles: tuple[str, ...], values: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check_action(DATA_INCIDENT, begun(DATA_INCIDENT, opened()), action, actor="ana", roles=roles, values=values)


def test_a_choice_is_one_of_those_declared() -> None:
    standing = fold(DATA_INCIDENT, [opened(), Event(2, MONDAY, "ana", "take")])

    with pytest.raises(WrongUse, match="one of"):
        check_action(
            DATA_INCIDENT,
            standing,
            "repair",
            actor="ana",
            roles=ALL_ROLES,
            values={"cause": "magic", "done": "it"},
        )


def test_an_event_that_cannot_follow_is_damage() -> None:
    with pytest.raises(InvalidData, match="cannot follow"):
        fold(DATA_INCIDENT, [opened(), Event(2, MONDAY, "ana", "confirm")])
    with pytest.raises(InvalidData, match="cannot follow"):
        fold(DATA_INCIDENT, [opened(), Event(3, MONDAY, "ana", "take")])
    with pytest.raises(InvalidData, match="begins with"):
        fold(DATA_INCIDENT, [Event(1, MONDAY, "ana", "take")])
    with pytest.raises(InvalidData, match="at least"):
        fold(DATA_INCIDENT, [])


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_case_that_only_does_what_is_offered_never_breaks_and_folds_to_where_it_stands(data: st.DataObject) -> None:
    events = [opened()]
    standing: Standing = begun(DATA_INCIDENT, events[0])
    for number in range(2, 14):
        actor = data.draw(st.sampled_from(("ana", "ben")))
        choices = offered(DATA_INCIDENT, standing, actor=actor, roles=ALL_ROLES)
        if not choices:
            break
        event = Event(number, MONDAY + timedelta(hours=number), actor, data.draw(st.sampled_from(choices)).action)
        events.append(event)
        standing = after(DATA_INCIDENT, standing, event)
        assert (standing.closed_at is not None) == DATA_INCIDENT.state(standing.state).is_closed
        assert not (standing.closed_at and standing.entered_at)

    assert fold(DATA_INCIDENT, events) == standing


RIYADH = OfficeHours("Asia/Riyadh", weekend=(5, 6))


@pytest.mark.parametrize(
    ("started", "hours", "due"),
    [
        (datetime(2026, 2, 16, 8, tzinfo=UTC), 2, datetime(2026, 2, 16, 10, tzinfo=UTC)),  # Monday 11:00 local
        (datetime(2026, 2, 16, 13, tzinfo=UTC), 4, datetime(2026, 2, 17, 9, tzinfo=UTC)),  # one hour, then three
        (datetime(2026, 2, 19, 13, tzinfo=UTC), 4, datetime(2026, 2, 22, 9, tzinfo=UTC)),  # over Friday and Saturday
        (datetime(2026, 2, 20, 10, tzinfo=UTC), 8, datetime(2026, 2, 22, 14, tzinfo=UTC)),  # on a free day
    ],
)
def test_business_hours_pass_only_while_the_office_is_open(started: datetime, hours: float, due: datetime) -> None:
    assert due_at(started, Clock("answer", ("open",), hours), RIYADH) == due


def test_public_holidays_and_nights_are_not_counted_and_plain_hours_are() -> None:
    started = datetime(2026, 2, 16, 13, tzinfo=UTC)
    holiday = replace(RIYADH, closed_on=frozenset({datetime(2026, 2, 17, tzinfo=UTC).date()}))

    assert due_at(started, Clock("answer", ("open",), 4), holiday) == datetime(2026, 2, 18, 9, tzinfo=UTC)
    assert due_at(started, Clock("answer", ("open",), 4, in_business_hours=False), RIYADH) == started + timedelta(
        hours=4
    )


def test_an_hour_that_the_clocks_take_away_is_not_worked() -> None:
    night = OfficeHours("Europe/Helsinki", opens=time(1), closes=time(9), weekend=())

    due = due_at(datetime(2026, 3, 28, 23, tzinfo=UTC), Clock("answer", ("open",), 7), night)

    assert due == datetime(2026, 3, 29, 6, tzinfo=UTC)  # that night has seven hours between one and nine


def test_an_office_that_never_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="must open"):
        due_at(MONDAY, Clock("answer", ("open",), 4), replace(RIYADH, weekend=(1, 2, 3, 4, 5, 6, 7)))


def test_a_clock_runs_on_between_its_states_and_starts_anew_after_leaving_them() -> None:
    standing = fold(DATA_INCIDENT, [opened(), Event(2, MONDAY + timedelta(hours=1), "ana", "take")])
    assert due_times(DATA_INCIDENT, standing, RIYADH).keys() == {"repair"}
    assert standing.entered_at["repair"] == MONDAY

    later = MONDAY + timedelta(days=1)
    repaired = after(DATA_INCIDENT, standing, Event(3, later, "ana", "repair"))
    again = after(DATA_INCIDENT, repaired, Event(4, later, "ben", "reopen"))
    assert repaired.entered_at == {}
    assert again.entered_at == {"repair": later}
