"""What must hold of every appeal whatever anybody does and whichever clock runs out, as the model checker asks it."""

from tiffin.capabilities.cases.domain.appeal_cases import APPEAL
from tiffin.capabilities.liability.domain.appeal_effects import (
    OPENING,
    PENALTY_MOVES,
    TAKEN_MOVES,
    PenaltyStanding,
    Taken,
)
from tiffin.engines.cases.declaration import CaseType
from tiffin.engines.cases.model_checking import Beside, Invariant, Person, Step, World

_PENALTY, _TAKEN = "penalty", "taken"
_JUDGE, _AUTHOR = "judge", "author"
_FIRST = frozenset({"uphold", "vary", "overturn"})
_SECOND = frozenset({"uphold_second", "vary_second", "overturn_second"})
_FOR_PARTY = frozenset({"overturned", "granted_by_silence", "second_overturned"})
_AGAINST_PARTY = frozenset({"upheld", "final", "second_upheld"})
_OVERDUE = frozenset({"overdue", "second_overdue"})

PEOPLE = (
    Person(_JUDGE, frozenset({"adjudicator", "reviewer"})),
    Person(_AUTHOR, frozenset({"steward", "reviewer"})),
    Person("reviewer_1", frozenset({"reviewer"})),
    Person("reviewer_2", frozenset({"reviewer"})),
    Person("party", frozenset({"appellant"})),
    Person("support", frozenset({"appellant", "support", "reviewer"})),
)
"""Who acts: a judge of the verdict and the author of the rule who may both review, two other reviewers, the party, and
support that lodged on its behalf and may review too."""


def world_of_appeals(case_type: CaseType = APPEAL, *, people: tuple[Person, ...] = PEOPLE) -> World:
    """Give the world of one appeal: its case, the penalty, and what that had taken before."""
    return World(
        case_type,
        people,
        beside=(
            Beside(_PENALTY, (PenaltyStanding.ACTING,), PENALTY_MOVES),
            Beside(_TAKEN, (Taken.NOTHING, Taken.TAKEN), TAKEN_MOVES),
        ),
        opening=OPENING,
        excluded=frozenset({_JUDGE, _AUTHOR, "support"}),
        remembered=_FIRST | _SECOND,
    )


def _is_open(world: World, step: Step) -> bool:
    return not world.case_type.state(step.reached.standing.state).is_closed


def _acts_while_open(world: World, step: Step) -> bool:
    return _is_open(world, step) and step.reached.beside[_PENALTY] == PenaltyStanding.ACTING


def _reviews_himself(world: World, step: Step) -> bool:
    if step.transition.action not in _FIRST | _SECOND:
        return False
    return step.actor in world.excluded or any(actor == step.actor for actor, _ in step.before.taken)


def _machine_suspends(world: World, step: Step) -> bool:
    forbidden = world.case_type.reserved | {"suspend"}
    return step.is_platform and bool(forbidden.intersection(step.transition.effects))


def _machine_decides_against(_world: World, step: Step) -> bool:
    state = step.reached.standing.state
    was_decided = step.before.standing.state in ("upheld", "varied")
    return step.is_platform and state in _AGAINST_PARTY | {"varied", "second_varied"} and not was_decided


def _keeps_what_it_won(_world: World, step: Step) -> bool:
    held = step.reached.beside
    is_back = held[_PENALTY] == PenaltyStanding.REVERSED and held[_TAKEN] != Taken.TAKEN
    return step.reached.standing.state in _FOR_PARTY and not is_back


def _stays_for_ever(world: World, step: Step) -> bool:
    return not _is_open(world, step) and step.reached.beside[_PENALTY] == PenaltyStanding.STAYED


def _waits_unseen(world: World, step: Step) -> bool:
    standing = step.reached.standing
    return _is_open(world, step) and standing.state not in _OVERDUE and not standing.entered_at


def _is_impossible(_world: World, step: Step) -> bool:
    return bool(step.unmoved)


INVARIANTS = (
    Invariant("no penalty acts during an open appeal", _acts_while_open),
    Invariant("nobody who judged, wrote the rule, lodged or decided before decides an appeal", _reviews_himself),
    Invariant("no machine suspends or varies", _machine_suspends),
    Invariant("no machine decides against the party", _machine_decides_against),
    Invariant("whoever wins has the penalty reversed and gets back what it took", _keeps_what_it_won),
    Invariant("no stay outlives its appeal", _stays_for_ever),
    Invariant("every open appeal has a clock that runs, or is marked as overdue", _waits_unseen),
    Invariant("every effect can be performed where it occurs", _is_impossible),
)
"""What must hold of every appeal."""
