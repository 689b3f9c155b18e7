"""Looking through everything that can happen to a case: what is counted, what is found, how it is told."""

from dataclasses import replace

import pytest

from tiffin.engines.cases.acting import PLATFORM
from tiffin.engines.cases.declaration import CaseType, Clock, State, Transition
from tiffin.engines.cases.model_checking import Beside, Invariant, Person, Step, World, prove

CLERK, CHIEF = frozenset({"clerk"}), frozenset({"chief"})
DOOR = CaseType(
    name="door",
    first="shut",
    states=(State("shut"), State("open"), State("gone", is_closed=True)),
    transitions=(
        Transition("unlock", ("shut",), "open", CLERK, effects=("light",)),
        Transition("lock", ("open",), "shut", CLERK, effects=("dark",)),
        Transition("remove", ("shut",), "gone", CHIEF, four_eyes_with="lock"),
        Transition("fall_shut", ("open",), "shut", frozenset(), effects=("dark",)),
    ),
    clocks=(Clock("wind", ("open",), hours=1, on_expiry="fall_shut"),),
)
LAMP = Beside("lamp", ("off",), {"light": {"off": "on"}, "dark": {"on": "off"}})
PEOPLE = (Person("ann", CLERK | CHIEF), Person("bo", CHIEF))


def shines(_world: World, step: Step) -> bool:
    return step.reached.beside["lamp"] == "on"


def test_every_situation_is_counted_once() -> None:
    found = prove(World(DOOR, PEOPLE, (LAMP,)), ())

    # Before anybody locked, and after ann did: shut and open; gone by bo or ann, with or without ann having locked.
    assert found.situations == 6
    assert found.is_sound


def test_the_shortest_way_to_a_fault_is_told() -> None:
    found = prove(World(DOOR, PEOPLE, (LAMP,)), (Invariant("the lamp is off", shines),))

    (told,) = found.found
    assert str(told).splitlines() == [
        "Broken: the lamp is off",
        f"   0. {'opened':<44} -> shut; lamp off",
        f"   1. {'ann: unlock':<44} -> open; lamp on",
    ]


def test_a_clock_that_ran_out_is_named_in_the_way() -> None:
    def fell(_world: World, step: Step) -> bool:
        return step.is_platform

    (told,) = prove(World(DOOR, PEOPLE, (LAMP,)), (Invariant("it stands", fell),)).found

    assert f"{PLATFORM}: fall_shut (clock wind ran out)" in str(told)


def test_nobody_does_what_check_action_refuses_him() -> None:
    steps: list[Step] = []

    def noted(_world: World, step: Step) -> bool:
        steps.append(step)
        return False

    prove(World(DOOR, PEOPLE, (LAMP,)), (Invariant("any", noted),))

    removing = {
        (one.actor, one.before.standing.last_actor.get("lock")) for one in steps if one.transition.action == "remove"
    }
    assert ("ann", "ann") not in removing
    assert {("bo", "ann"), ("bo", None), ("ann", None)} == removing


def test_a_situation_without_a_way_out_is_told() -> None:
    without = replace(DOOR, transitions=tuple(one for one in DOOR.transitions if one.action != "remove"))

    found = prove(World(without, PEOPLE, (LAMP,)), ())

    assert {one.invariant for one in found.stuck} == {
        "a case that is shut can still be closed",
        "a case that is open can still be closed",
    }


def test_a_closed_case_that_nobody_may_close_is_stuck_even_where_the_table_leads_there() -> None:
    found = prove(World(DOOR, (Person("ann", CLERK),), (LAMP,)), ())

    assert not found.is_sound


def test_an_effect_that_cannot_follow_is_known() -> None:
    def unmoved(_world: World, step: Step) -> bool:
        return bool(step.unmoved)

    broken = Beside("lamp", ("on",), {"light": {"off": "on"}, "dark": {"on": "off"}})
    (told,) = prove(World(DOOR, PEOPLE, (broken,)), (Invariant("it follows", unmoved),)).found

    assert "impossible: light of lamp on" in str(told)


def test_an_opening_that_cannot_be_taken_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot take 'lock'"):
        prove(World(DOOR, PEOPLE, (LAMP,), opening=("lock",)), ())
