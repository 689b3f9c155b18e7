"""What must hold of the case of every order that went wrong, as the model checker asks it."""

from tiffin.capabilities.cases.domain.incident_cases import DELIVERY_INCIDENT
from tiffin.engines.cases.declaration import CaseType
from tiffin.engines.cases.model_checking import Beside, Invariant, Person, Step, World

_PENALTY = "penalty"
_NONE, _ACTING, _REVERSED = "none", "acting", "reversed"
_DECIDING = frozenset({"decide", "decide_first"})
_CONFIRMING = frozenset({"confirm_decision"})

MOVES = {
    "post": {_NONE: _ACTING, _REVERSED: _ACTING, _ACTING: _ACTING},
    "reverse": {_ACTING: _REVERSED, _REVERSED: _REVERSED},
}
"""By effect, where what a verdict puts on parties stands after it."""

PEOPLE = (
    Person("adjudicator_1", frozenset({"adjudicator"})),
    Person("adjudicator_2", frozenset({"adjudicator", "reviewer"})),
    Person("support", frozenset({"support"})),
    Person("manager", frozenset({"experience_manager"})),
)
"""Two adjudicators, one of whom may review too, support, and whoever manages them."""


def world_of_incidents(case_type: CaseType = DELIVERY_INCIDENT) -> World:
    """Give the world of one incident: its case, and what its verdict puts on parties."""
    return World(case_type, PEOPLE, beside=(Beside(_PENALTY, (_NONE,), MOVES),), remembered=_DECIDING | _CONFIRMING)


def _machine_suspends(world: World, step: Step) -> bool:
    forbidden = world.case_type.reserved | {"suspend"}
    return step.is_platform and bool(forbidden.intersection(step.transition.effects))


def _acts_undecided(_world: World, step: Step) -> bool:
    acts = step.reached.beside[_PENALTY] == _ACTING and step.before.beside[_PENALTY] != _ACTING
    return acts and step.reached.standing.state != "decided"


def _confirms_himself(_world: World, step: Step) -> bool:
    first = {actor for actor, action in step.before.taken if action in _DECIDING}
    is_same = step.before.standing.last_actor.get("decide_first") == step.actor
    return step.transition.action in _CONFIRMING and (is_same or step.actor in first)


def _is_impossible(_world: World, step: Step) -> bool:
    return bool(step.unmoved)


INVARIANTS = (
    Invariant("no machine suspends", _machine_suspends),
    Invariant("nothing is put on anybody before it is decided", _acts_undecided),
    Invariant("nobody confirms a decision of his own", _confirms_himself),
    Invariant("every effect can be performed where it occurs", _is_impossible),
)
"""What must hold of every incident."""
