"""Proof by looking at everything: all that people, the platform and clocks can bring a case and what hangs on it to.

A case is moved by the code that moves real cases (`check_action`, `begun`, `after`), from one situation to all that can
follow, with a handful of people and every clock free to run out at any moment. What hangs on the case is moved by the
effects of its transitions. An invariant that fails somewhere is told with the shortest way there.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from tiffin.engines.cases.acting import PLATFORM, check_action
from tiffin.engines.cases.declaration import EXCLUDED, OPENED, CaseType, Transition
from tiffin.engines.cases.folding import Event, Standing, after, begun
from tiffin.kernel.errors import Conflict, Forbidden

MAX_SITUATIONS = 500_000
_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Any instant will do: a clock may run out at every moment, whatever the time is."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Something that the effects of a case's transitions move, such as what a penalty stands at.

    Parameters
    ----------
    firsts : tuple of str
        Where it can stand when the case is opened.
    moves : mapping of str to mapping
        By effect, where it leads from each standing; an effect that is not named leaves it alone.
    """

    name: str
    firsts: tuple[str, ...]
    moves: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may act, with the roles that he has over the case."""

    name: str
    roles: frozenset[str]


_THE_PLATFORM = Person(PLATFORM, frozenset({PLATFORM}))


@dataclass(frozen=True, slots=True)
class World:
    """What is looked through.

    Parameters
    ----------
    opening : tuple of str
        Actions of the platform in the transaction that opens the case.
    excluded : frozenset of str
        Who judged before, or wrote the rule.
    remembered : frozenset of str
        Actions of which it matters to the invariants who took them.
    """

    case_type: CaseType
    people: tuple[Person, ...]
    beside: tuple[Beside, ...] = ()
    opening: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()
    remembered: frozenset[str] = frozenset()

    @property
    def paired(self) -> tuple[str, ...]:
        """Actions of which it matters to others who took them."""
        return tuple(sorted({one.four_eyes_with for one in self.case_type.transitions if one.four_eyes_with}))


@dataclass(frozen=True, slots=True)
class Situation:
    """Where everything stands at once.

    Parameters
    ----------
    beside : mapping of str to str
        Where what hangs on the case stands.
    taken : frozenset of (str, str)
        Who took which of the remembered actions.
    """

    standing: Standing
    beside: Mapping[str, str]
    taken: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One action, and where it led.

    Parameters
    ----------
    clocks : tuple of str
        Those that ran out, of which it is what follows.
    unmoved : tuple of str
        Effects that what hangs on the case could not follow.
    """

    actor: str
    transition: Transition
    before: Situation
    reached: Situation
    clocks: tuple[str, ...] = ()
    unmoved: tuple[str, ...] = ()

    @property
    def is_platform(self) -> bool:
        """Tell whether no person took it."""
        return self.actor == PLATFORM


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must hold always.

    Parameters
    ----------
    is_broken : callable
        Tells of a step whether it breaks it.
    """

    name: str
    is_broken: Callable[[World, Step], bool]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A shortest way to where an invariant does not hold."""

    invariant: str
    first: Situation
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        """Write it for people, a line for each step."""
        lines = [f"Broken: {self.invariant}", f"   0. {'opened':<44} {_told(self.first)}"]
        return "\n".join(lines + [f"  {number:>2}. {_line(one)}" for number, one in enumerate(self.steps, 1)])


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked through, and what was found.

    Parameters
    ----------
    situations, steps : int
        How many different ones were reached.
    found : tuple of Counterexample
        One for each invariant that is broken; none where all hold.
    stuck : tuple of Counterexample
        Ways to open situations from which no closed one can be reached any more; one for each state of the case.
    """

    situations: int
    steps: int
    found: tuple[Counterexample, ...]
    stuck: tuple[Counterexample, ...]

    @property
    def is_sound(self) -> bool:
        """Tell whether everything holds everywhere."""
        return not self.found and not self.stuck


@dataclass(slots=True)
class _Seen:
    """What was reached so far: each situation by its key, with the step that led there first and those that follow."""

    came: dict[object, Step | None] = field(default_factory=dict)
    situations: dict[object, Situation] = field(default_factory=dict)
    before: dict[object, set[object]] = field(default_factory=dict)
    broken: dict[str, Step] = field(default_factory=dict)
    steps: int = 0


def prove(world: World, invariants: Sequence[Invariant]) -> Proof:
    """Look through every situation that can be reached, nearest first.

    Raises
    ------
    ValueError
        There are too many, or an action of the opening cannot be taken.
    """
    seen, front = _Seen(), deque[object]()
    for first, step in _opened(world):
        if step is None:
            _note(world, seen, front, first, None)
        else:
            _note_step(world, seen, front, step, invariants)
    while front:
        key = front.popleft()
        for step in steps_from(world, seen.situations[key]):
            _note_step(world, seen, front, step, invariants)
    found = tuple(_way(world, seen, one.name, seen.broken[one.name]) for one in invariants if one.name in seen.broken)
    return Proof(len(seen.situations), seen.steps, found, tuple(_stuck(world, seen)))


def steps_from(world: World, situation: Situation) -> Iterator[Step]:
    """Give everything that anybody, or the platform, can do in a situation."""
    for transition in world.case_type.actions_in(situation.standing.state):
        for person in (*world.people, _THE_PLATFORM):
            step = _taken(world, situation, transition, person)
            if step is not None:
                yield step


def _opened(world: World) -> Iterator[tuple[Situation, Step | None]]:
    event = Event(1, _AT, PLATFORM, OPENED, {EXCLUDED: sorted(world.excluded)}, is_platform=True)
    standing = begun(world.case_type, event)
    combinations: list[dict[str, str]] = [{}]
    for one in world.beside:
        combinations = [{**held, one.name: first} for held in combinations for first in one.firsts]
    for held in combinations:
        situation, last = Situation(standing, held), None
        for action in world.opening:
            last = _opening_step(world, situation, action)
            situation = last.reached
        yield situation, last


def _opening_step(world: World, situation: Situation, action: str) -> Step:
    state = situation.standing.state
    transition = world.case_type.transition(action, state)
    step = None if transition is None else _taken(world, situation, transition, _THE_PLATFORM)
    if step is None:
        message = f"the opening cannot take {action!r} in the state {state!r}"
        raise ValueError(message)
    return step


def _taken(world: World, situation: Situation, transition: Transition, person: Person) -> Step | None:
    values = {one.name: one.choices[0] if one.choices else "said" for one in transition.fields if one.is_required}
    standing = situation.standing
    try:
        check_action(world.case_type, standing, transition.action, actor=person.name, roles=person.roles, values=values)
    except (Conflict, Forbidden):
        return None
    is_platform = person.name == PLATFORM
    event = Event(standing.version + 1, _AT, person.name, transition.action, values, is_platform=is_platform)
    moved = after(world.case_type, standing, event)
    beside, unmoved = _followed(world, situation.beside, transition)
    taken = situation.taken
    if transition.action in world.remembered:
        taken |= {(person.name, transition.action)}
    reached = Situation(replace(moved, version=standing.version), beside, taken)
    clocks = _run_out(world, standing, transition) if is_platform else ()
    # The version only counts events: without it, ways that lead to the same place meet.
    return Step(person.name, transition, situation, reached, clocks, unmoved)


def _followed(
    world: World, beside: Mapping[str, str], transition: Transition
) -> tuple[Mapping[str, str], tuple[str, ...]]:
    held, unmoved = dict(beside), []
    for effect in transition.effects:
        for one in world.beside:
            ways = one.moves.get(effect)
            if ways is None:
                continue
            if held[one.name] not in ways:
                unmoved.append(f"{effect} of {one.name} {held[one.name]}")
            held[one.name] = ways.get(held[one.name], held[one.name])
    return held, tuple(unmoved)


def _run_out(world: World, standing: Standing, transition: Transition) -> tuple[str, ...]:
    return tuple(
        clock.name
        for clock in world.case_type.clocks
        if clock.on_expiry == transition.action
        and clock.name in standing.entered_at
        and standing.state not in clock.paused_in
    )


def _key(world: World, situation: Situation) -> object:
    one = situation.standing
    return (
        one.state,
        one.excluded,
        tuple(one.last_actor.get(name) for name in world.paired),
        tuple(sorted(one.entered_at)),
        tuple(sorted(situation.beside.items())),
        situation.taken,
    )


def _note(world: World, seen: _Seen, front: deque[object], situation: Situation, step: Step | None) -> object:
    key = _key(world, situation)
    if key not in seen.situations:
        if len(seen.situations) >= MAX_SITUATIONS:
            message = f"there are more than {MAX_SITUATIONS} situations: look at fewer people, or remember less"
            raise ValueError(message)
        seen.situations[key], seen.came[key] = situation, step
        front.append(key)
    return key


def _note_step(world: World, seen: _Seen, front: deque[object], step: Step, invariants: Sequence[Invariant]) -> None:
    seen.steps += 1
    key = _note(world, seen, front, step.reached, step)
    seen.before.setdefault(key, set()).add(_key(world, step.before))
    for one in invariants:
        if one.name not in seen.broken and one.is_broken(world, step):
            seen.broken[one.name] = step


def _stuck(world: World, seen: _Seen) -> Iterator[Counterexample]:
    ends = [key for key, one in seen.situations.items() if world.case_type.state(one.standing.state).is_closed]
    reaching, front = set(ends), list(ends)
    while front:
        for key in seen.before.get(front.pop(), set()) - reaching:
            reaching.add(key)
            front.append(key)
    told: set[str] = set()
    for key, one in seen.situations.items():
        if key not in reaching and one.standing.state not in told:
            told.add(one.standing.state)
            came = seen.came[key]
            name = f"a case that is {one.standing.state} can still be closed"
            yield _way(world, seen, name, came) if came else Counterexample(name, one, ())


def _way(world: World, seen: _Seen, name: str, last: Step) -> Counterexample:
    steps = [last]
    while (came := seen.came.get(_key(world, steps[0].before))) is not None and came is not steps[0]:
        steps.insert(0, came)
    return Counterexample(name, steps[0].before, tuple(steps))


def _line(step: Step) -> str:
    why = f" (clock {', '.join(step.clocks)} ran out)" if step.clocks else ""
    failed = f", impossible: {', '.join(step.unmoved)}" if step.unmoved else ""
    return f"{step.actor + ': ' + step.transition.action + why:<44} {_told(step.reached)}{failed}"


def _told(situation: Situation) -> str:
    held = ", ".join(f"{name} {state}" for name, state in sorted(situation.beside.items()))
    return f"-> {situation.standing.state}" + (f"; {held}" if held else "")
