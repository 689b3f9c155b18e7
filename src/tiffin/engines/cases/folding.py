"""The state of a case is the fold of its events; nothing else is remembered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from typing import Any

from tiffin.engines.cases.declaration import EXCLUDED, MOVING_HANDS, OPENED, TO, CaseType, Clock, Transition
from tiffin.kernel.errors import InvalidData


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case; it never changes.

    Parameters
    ----------
    sequence : int
        From one, without gaps.
    is_platform : bool
        The platform itself acted, for nobody.
    """

    sequence: int
    at: datetime
    actor: str
    action: str
    values: Mapping[str, Any] = field(default_factory=dict)
    is_platform: bool = False


@dataclass(frozen=True, slots=True)
class Rating:
    """How bad a case was from a moment on.

    Parameters
    ----------
    is_platform : bool
        The platform found it so; otherwise a person said it.
    """

    at: datetime
    severity: str
    is_platform: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """A span in which a clock's time stood still; it stands still now where the span has no end yet."""

    begins: datetime
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands after its events.

    Parameters
    ----------
    version : int
        Number of the last event.
    entered_at : mapping of str to datetime
        When the case entered each clock's states without having left them since.
    last_actor : mapping of str to str
        Who took each action last.
    closed_at : datetime or None
        None while it waits for somebody.
    ratings : tuple of Rating
        How bad it was from when on, oldest first; empty while nobody has said anything but what it was opened with.
    excluded : frozenset of str
        Who can take no independent action: has judged in this case, or before it.
    pauses : mapping of str to tuple of Pause
        By clock that runs now, when its time stood still since it started; oldest first.
    """

    state: str
    version: int
    opened_at: datetime
    entered_at: Mapping[str, datetime]
    assignee: str | None = None
    last_actor: Mapping[str, str] = field(default_factory=dict)
    closed_at: datetime | None = None
    ratings: tuple[Rating, ...] = ()
    excluded: frozenset[str] = frozenset()
    pauses: Mapping[str, tuple[Pause, ...]] = field(default_factory=dict)

    def is_paused(self, clock: str) -> bool:
        """Tell whether a clock's time stands still now."""
        spans = self.pauses.get(clock, ())
        return bool(spans) and spans[-1].ends is None

    @property
    def severity(self) -> str | None:
        """Give how bad the case is now; None while only its opening said it."""
        return self.ratings[-1].severity if self.ratings else None


def fold(case_type: CaseType, events: Iterable[Event]) -> Standing:
    """Give the standing of a case from its events.

    Raises
    ------
    InvalidData
        There is no event, or one cannot follow on those before it.
    """
    listed = tuple(events)
    if not listed:
        raise InvalidData(f"A {case_type.name} needs at least the event {OPENED!r}; none was found.")
    return reduce(lambda standing, event: after(case_type, standing, event), listed[1:], begun(case_type, listed[0]))


def begun(case_type: CaseType, event: Event) -> Standing:
    """Give the standing of a case that was just opened.

    Raises
    ------
    InvalidData
        The event opens nothing.
    """
    if event.action != OPENED or event.sequence != 1:
        raise InvalidData(f"A case begins with event 1, {OPENED!r}; found event {event.sequence}, {event.action!r}.")
    running = case_type.clocks_by_state[case_type.first]
    started = {clock.name: event.at for clock in running}
    pauses = {clock.name: (Pause(event.at),) for clock in running if case_type.first in clock.paused_in}
    excluded = frozenset(str(name) for name in event.values.get(EXCLUDED, ()))
    return Standing(case_type.first, 1, event.at, started, excluded=excluded, pauses=pauses)


def after(case_type: CaseType, standing: Standing, event: Event) -> Standing:
    """Give the standing after one more event.

    Raises
    ------
    InvalidData
        It cannot follow.
    """
    found = case_type.transition(event.action, standing.state)
    if found is None or event.sequence != standing.version + 1:
        raise InvalidData(
            f"Event {event.sequence} of a {case_type.name}, {event.action!r}, cannot follow on event "
            f"{standing.version} in the state {standing.state!r}. The log of the case is damaged."
        )
    moved = replace(
        standing,
        version=event.sequence,
        assignee=_in_hand_of(standing, found, event),
        last_actor={**standing.last_actor, event.action: event.actor},
        ratings=_rated(standing, event) if found.rates else standing.ratings,
        excluded=standing.excluded | {event.actor} if found.excludes else standing.excluded,
    )
    if found.target is None or found.target == standing.state:
        return moved
    return _entering(case_type, moved, found.target, event.at)


def _in_hand_of(standing: Standing, found: Transition, event: Event) -> str | None:
    if found.assigns:
        return event.actor
    if found.action in MOVING_HANDS and not found.sources:
        to = event.values.get(TO)
        return None if to is None else str(to)
    return standing.assignee


def _rated(standing: Standing, event: Event) -> tuple[Rating, ...]:
    severity, was = event.values.get("severity"), event.values.get("was")
    if severity is None:
        return standing.ratings
    first = (Rating(standing.opened_at, str(was), is_platform=True),) if was and not standing.ratings else ()
    return (*standing.ratings, *first, Rating(event.at, str(severity), event.is_platform))


def _entering(case_type: CaseType, standing: Standing, target: str, at: datetime) -> Standing:
    running = case_type.clocks_by_state[target]
    closed_at = (standing.closed_at or at) if case_type.state(target).is_closed else None
    return replace(
        standing,
        state=target,
        entered_at={clock.name: standing.entered_at.get(clock.name, at) for clock in running},
        closed_at=closed_at,
        pauses=_paused(standing, running, target, at),
    )


def _paused(
    standing: Standing, running: tuple[Clock, ...], target: str, at: datetime
) -> Mapping[str, tuple[Pause, ...]]:
    """Give the pauses of the clocks that run on: one begins, goes on or ends with the state that is entered."""
    found = {}
    for clock in running:
        spans = standing.pauses.get(clock.name, ())
        is_still = bool(spans) and spans[-1].ends is None
        if target in clock.paused_in and not is_still:
            spans = (*spans, Pause(at))
        elif target not in clock.paused_in and is_still:
            spans = (*spans[:-1], Pause(spans[-1].begins, at))
        if spans:
            found[clock.name] = spans
    return found
