"""What a sort of case is: its states, who may do what in which of them, and which clocks run.

A case type is a table and not code. `tiffin.engines.cases.checking` tells what is wrong with one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

OPENED = "opened"
"""The first event of every case; it is no action of anybody."""

EXCLUDED = "excluded"
"""Value of the first event: the names of those who can take no independent action."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand.

    Parameters
    ----------
    is_closed : bool
        Nobody has to do anything any more; clocks do not run.
    """

    name: str
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """Something that an action must say, or may."""

    name: str
    is_required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """One action, the states in which it may be taken and the state to which it leads.

    Parameters
    ----------
    target : str or None
        None leaves the case where it stands: a note.
    roles : frozenset of str
        Who may; none means that only the platform itself does.
    four_eyes_with : str or None
        Action whose last actor must be another person.
    assigns : bool
        Whoever acts has the case in hand from then on.
    rates : bool
        The case is as bad as its ``severity`` says from then on; ``was`` says how bad it was.
    excludes : bool
        Whoever takes it has judged, and can take no independent action of this case ever after.
    is_independent : bool
        Only for somebody who is not excluded: neither named so when the case was opened (whoever judged before, whoever
        wrote the rule), nor by an action that excludes.
    effects : tuple of str
        Names of what follows outside the case, such as ``stay``; whoever moves the case sees to them.
    """

    action: str
    sources: tuple[str, ...]
    target: str | None
    roles: frozenset[str]
    fields: tuple[Field, ...] = ()
    four_eyes_with: str | None = None
    assigns: bool = False
    rates: bool = False
    excludes: bool = False
    is_independent: bool = False
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A time within which a case must leave some states.

    It starts when the case enters the first of them, runs while it moves between them, and starts anew when it comes
    back from elsewhere.

    Parameters
    ----------
    hours : float
        Business hours, or plain hours without ``in_business_hours``; not counted where ``days`` are.
    days : int
        Days of the case's place, until the same time of its clock; working days with ``in_business_hours``.
    paused_in : tuple of str
        States among ``runs_in`` in which its time stands still: somebody else's answer is awaited.
    on_expiry : str or None
        Action that the platform takes when it runs out.
    """

    name: str
    runs_in: tuple[str, ...]
    hours: float = 0
    in_business_hours: bool = True
    days: int = 0
    paused_in: tuple[str, ...] = ()
    on_expiry: str | None = None


ASSIGN, HAND_OVER, RELEASE = "assign", "hand_over", "release"
COMMENT, ATTACH, REDACT = "comment", "attach", "redact"
TO = "to"
"""Value of an assignment and of handing over: who has the case in hand from then on."""

COMMON: Mapping[str, Transition] = {
    name: Transition(name, (), None, frozenset()) for name in (ASSIGN, HAND_OVER, RELEASE, COMMENT, ATTACH, REDACT)
}
"""What can be done with a case of any sort, by whom its capability lets; none of them moves it."""

MOVING_HANDS = frozenset({ASSIGN, HAND_OVER, RELEASE})
"""What changes who has a case in hand, and can be done only while it waits for somebody."""


@dataclass(frozen=True)  # without slots: what is looked up for every event of a log is kept
class CaseType:
    """A sort of case.

    Parameters
    ----------
    reserved : frozenset of str
        Effects that only an action of a person may have, such as ``suspend``.
    """

    name: str
    first: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    clocks: tuple[Clock, ...] = ()
    reserved: frozenset[str] = frozenset()

    def state(self, name: str) -> State:
        """Give a state by name."""
        return self.states_by_name[name]

    @cached_property
    def states_by_name(self) -> Mapping[str, State]:
        """States by name."""
        return {state.name: state for state in self.states}

    def transition(self, action: str, state: str) -> Transition | None:
        """Find what an action does in a state; None where it cannot be taken there."""
        found = self._ways.get((action, state))
        if found is None and action in COMMON and not (action in MOVING_HANDS and self.state(state).is_closed):
            return COMMON[action]
        return found

    def actions_in(self, state: str) -> tuple[Transition, ...]:
        """List what can be done in a state, by people or by the platform."""
        return tuple(one for one in self.transitions if state in one.sources)

    @cached_property
    def clocks_by_state(self) -> Mapping[str, tuple[Clock, ...]]:
        """Clocks that run in each state."""
        return {state.name: tuple(one for one in self.clocks if state.name in one.runs_in) for state in self.states}

    @cached_property
    def _ways(self) -> Mapping[tuple[str, str], Transition]:
        ways: dict[tuple[str, str], Transition] = {}
        for one in self.transitions:
            for source in one.sources:
                ways.setdefault((one.action, source), one)
        return ways
