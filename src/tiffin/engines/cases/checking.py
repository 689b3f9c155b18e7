"""What is wrong with a case type, told before anybody opens a case of it."""

from collections.abc import Iterator, Mapping

from tiffin.engines.cases.declaration import OPENED, CaseType, Clock, Transition


def faults_of(case_type: CaseType) -> tuple[str, ...]:
    """Tell everything that is wrong with a declaration; nothing for a sound one.

    A sound one has no unknown or doubled name, reaches every state from the first, leads from every state to a closed
    one, does one thing for an action in a state, lets each action be undone by no clock, and asks for four eyes only
    where the first pair must have looked before.
    """
    unknown = tuple(_unknown_names(case_type))
    if unknown:
        return unknown
    return (
        *_doubled(case_type),
        *_unreachable(case_type),
        *_dead_ends(case_type),
        *_four_eyes(case_type),
        *_reserved(case_type),
        *_clocks(case_type),
    )


def _unknown_names(case_type: CaseType) -> Iterator[str]:
    known = case_type.states_by_name
    if len(known) != len(case_type.states):
        yield "two states have one name"
    if case_type.first not in known:
        yield f"the first state {case_type.first!r} is not among the states"
    elif known[case_type.first].is_closed:
        yield f"the first state {case_type.first!r} is closed: no case would wait for anybody"
    for where, name in _named_states(case_type):
        if name not in known:
            yield f"{where}: there is no state {name!r}"


def _named_states(case_type: CaseType) -> Iterator[tuple[str, str]]:
    for one in case_type.transitions:
        for name in (*one.sources, *([one.target] if one.target else [])):
            yield one.action, name
    for clock in case_type.clocks:
        for name in clock.runs_in:
            yield f"clock {clock.name}", name


def _doubled(case_type: CaseType) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for one in case_type.transitions:
        if one.action == OPENED:
            yield f"{OPENED!r} is the first event of every case and no action"
        fields = [field.name for field in one.fields]
        if len(set(fields)) != len(fields):
            yield f"{one.action}: a field is asked for twice"
        for source in one.sources:
            if (one.action, source) in seen:
                yield f"{one.action} means two things in the state {source!r}"
            seen.add((one.action, source))


def _unreachable(case_type: CaseType) -> Iterator[str]:
    reached = _reached(case_type, case_type.first)
    for state in case_type.states:
        if state.name not in reached:
            yield f"the state {state.name!r} cannot be reached"


def _dead_ends(case_type: CaseType) -> Iterator[str]:
    states = case_type.states_by_name
    for state in case_type.states:
        if not any(states[name].is_closed for name in _reached(case_type, state.name)):
            yield f"the state {state.name!r} is a dead end: no way leads from it to a closed state"


def _four_eyes(case_type: CaseType) -> Iterator[str]:
    actions = {one.action for one in case_type.transitions}
    for one in case_type.transitions:
        other = one.four_eyes_with
        if other is None:
            continue
        if other not in actions:
            yield f"{one.action} needs other eyes than {other!r}, which is no action"
            continue
        without = _reached(case_type, case_type.first, leaving_out=other)
        open_doors = [name for name in one.sources if name in without]
        if open_doors:
            yield f"{one.action} can be taken in {open_doors[0]!r} although nobody took {other} before"


def _reserved(case_type: CaseType) -> Iterator[str]:
    for one in case_type.transitions:
        for effect in case_type.reserved.intersection(one.effects):
            if not one.roles:
                yield f"{one.action} would {effect} without a person: that effect is reserved to people"


def _clocks(case_type: CaseType) -> Iterator[str]:
    states = case_type.states_by_name
    for clock in case_type.clocks:
        if not clock.hours > 0 and not clock.days > 0:
            yield f"clock {clock.name}: its hours or days must be above nought"
        yield from _pauses(clock)
        yield from _expiry(case_type, clock)
        for name in clock.runs_in:
            if states[name].is_closed:
                yield f"clock {clock.name} runs in the closed state {name!r}"
            elif not any(_leaves(one, name, clock.runs_in) for one in case_type.transitions):
                reached = _reached(case_type, name)
                if reached <= set(clock.runs_in):
                    yield f"clock {clock.name} can never be stopped once {name!r} is reached"


def _pauses(clock: Clock) -> Iterator[str]:
    for name in clock.paused_in:
        if name not in clock.runs_in:
            yield f"clock {clock.name} pauses in {name!r}, where it does not run"
    if clock.runs_in and set(clock.runs_in) <= set(clock.paused_in):
        yield f"clock {clock.name} stands still wherever it runs"


def _expiry(case_type: CaseType, clock: Clock) -> Iterator[str]:
    for name in clock.runs_in if clock.on_expiry else ():
        if name in clock.paused_in:
            continue
        found = case_type.transition(str(clock.on_expiry), name)
        if found is None or not found.sources:
            yield f"clock {clock.name} runs out in {name!r}, where {clock.on_expiry!r} cannot be taken"
        elif found.roles:
            yield f"clock {clock.name} takes {clock.on_expiry!r}, which is for people"


def _leaves(one: Transition, state: str, runs_in: tuple[str, ...]) -> bool:
    return state in one.sources and one.target is not None and one.target not in runs_in


def _reached(case_type: CaseType, start: str, *, leaving_out: str | None = None) -> frozenset[str]:
    """Tell which states can follow on one, itself included."""
    ways: Mapping[str, set[str]] = {state.name: set() for state in case_type.states}
    for one in case_type.transitions:
        if one.action != leaving_out and one.target is not None:
            for source in one.sources:
                ways[source].add(one.target)
    found, front = {start}, [start]
    while front:
        for following in ways[front.pop()] - found:
            found.add(following)
            front.append(following)
    return frozenset(found)
